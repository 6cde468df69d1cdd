"""A computer as the outside sees it: a folder with an installation, its commands, its server; and how it dies.

Everything here is a process of its own and real HTTP. What is kept on disk is read straight from the database, so that a
look at it changes nothing and costs no start of Python.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from intake_app.actions.setup import set_up
from intake_app.actions.verify_node import verify_node
from intake_app.config import Role, load_settings, write_settings
from intake_app.node import open_node

RUN = Path(__file__).resolve().parents[2] / "run.py"
USERNAME, PASSWORD = "quantri", "một mật khẩu dài"
COMMAND_SECONDS = 600
END_SECONDS = 20
# What a person or a peer could tell apart: everything but the log of tries and the times of the last talk.
_KEPT = {
    "entity": "SELECT id, type, version, state, view FROM entity ORDER BY no",
    "journal": "SELECT life, seq, hash, verdict FROM journal ORDER BY no",
    "cursor": "SELECT scope, position FROM scope_cursor ORDER BY scope",
    "acked": "SELECT acked, judged, settled FROM upstream",
    "inbox": "SELECT node_no, incarnation, first_seq, last_seq, tip FROM inbox_segment ORDER BY no",
    "verdicts": "SELECT event, verdict FROM inbox_event ORDER BY event",
    "feed": "SELECT scope_no, entity_no, feed_seq, removed FROM feed ORDER BY feed_seq",
    "lives": "SELECT node_no, incarnation, ack, hash, judged FROM node_life ORDER BY node_no",
}


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        return found


class Computer:
    """One installation; `port` is where its server listens, always the same one."""

    def __init__(self, folder: Path, role: Role, office: str, *, sync_seconds: int = 86_400) -> None:
        self.folder = folder
        self.office = office
        self.port = free_port()
        made = set_up(folder, role, office, USERNAME, "Vũ Văn Quản", PASSWORD, port=self.port)
        write_settings(replace(made, sync_seconds=sync_seconds))

    @property
    def url(self) -> str:
        """The address of its server."""
        return f"http://127.0.0.1:{self.port}"

    def begin(self, *words: str, program: tuple[str, ...] = (str(RUN),)) -> subprocess.Popen[str]:
        """Start a command and leave it running; `program` may be one that dies on the way."""
        return subprocess.Popen(
            [sys.executable, *program, *words, "--instance", str(self.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(),
            encoding="utf-8", cwd=RUN.parent,
        )  # fmt: skip

    def call(self, *words: str, stdin: str = "") -> Said:
        """Run a command to its end."""
        process = self.begin(*words)
        out, err = process.communicate(stdin, timeout=COMMAND_SECONDS)
        return Said(process.returncode, out, err)

    def start(self, *words: str) -> Serving:
        """Start the server; returns once it listens."""
        return Serving(self, words=words)

    @contextmanager
    def serving(self, *words: str) -> Iterator[Serving]:
        """The server for the time of a block."""
        running = self.start(*words)
        try:
            yield running
        finally:
            running.end()

    def enroll_at(self, central: Computer, url: str | None = None) -> None:
        """Bind this computer to a centre that is serving, over another address of it if one is given."""
        code = central.call("enrollment-code", "--office", self.office, "--json").json["code"]
        said = self.call("enroll", "--central", url or central.url, "--code", code, "--json")
        assert said.status == 0, said.err

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of its database as they stand on disk now."""
        with closing(sqlite3.connect(f"file:{self.folder / 'intake.db'}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(sql).fetchall()

    def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that an exchange could change here."""
        return {name: self.rows(sql) for name, sql in _KEPT.items()}

    def confirmed(self) -> dict[bytes, tuple[Any, ...]]:
        """The state of its reports as confirmed, with the version, by id."""
        return {row[0]: row[1:] for row in self.rows("SELECT id, version, state FROM entity WHERE type = 'report'")}

    def problems(self) -> list[dict[str, Any]]:
        """What `verify` finds, without a process of its own."""
        with closing(open_node(load_settings(self.folder))) as node:
            return verify_node(node).problems

    def exported(self) -> dict[str, dict[str, Any]]:
        """Its reports by id, every key of the export line."""
        said = self.call("export", "--format", "jsonl")
        assert said.status == 0, said.err
        return {line["id"]: line for line in map(json.loads, said.out.splitlines())}


class Serving:
    """A server that runs, until it is ended or killed."""

    def __init__(self, computer: Computer, program: tuple[str, ...] = (str(RUN),), words: tuple[str, ...] = ()) -> None:
        self.process = computer.begin("serve", "--no-browser", "--json", *words, program=program)
        assert self.process.stdout is not None and self.process.stderr is not None
        line = self.process.stdout.readline()
        if '"address"' not in line:
            raise RuntimeError(f"serve did not start: {line}{self.process.communicate()[1]}")
        # Nobody reads on: a pipe that fills up would stop the server.
        for pipe in (self.process.stdout, self.process.stderr):
            threading.Thread(target=pipe.read, daemon=True).start()
        self.address: str = json.loads(line)["address"]

    def kill(self) -> None:
        """What a power cut does to a process."""
        self.process.kill()
        self.process.wait(END_SECONDS)

    def end(self) -> None:
        """Ask it to end, and wait."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(END_SECONDS)
        close_pipes(self.process)


def kill(process: subprocess.Popen[str]) -> None:
    """End a process as a power cut does: nothing in it gets to run any more."""
    process.kill()
    process.wait(END_SECONDS)
    close_pipes(process)


def close_pipes(process: subprocess.Popen[str]) -> None:
    """Let go of the pipes of a process that has ended."""
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    # A server whose test was killed must not be left over.
    return os.environ | {"INTAKE_LANG": "en", "PYTHONUTF8": "1", "INTAKE_ENDS_WITH": str(os.getpid())}
