"""The processes of the demo: each node is started as a person would start it, and ended by its own process id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from intake_app.files import make_private_folder
from intake_app.serve import ADDRESS_FILE, PARENT_VARIABLE, running_address
from sync.errors import IntakeError

RUN = Path(__file__).resolve().parent.parent.parent / "run.py"
# An old laptop with a virus scanner takes ten; four nodes start at once.
START_SECONDS = 60
END_SECONDS = 10
POLL_SECONDS = 0.05
TAIL_LINES = 5


class ChildFailed(IntakeError):
    """A node of the demo ended instead of serving; carries the end of what it said."""


@dataclass(frozen=True)
class Child:
    """A running node."""

    office: str
    instance: Path
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self.process.poll() is None

    def tail(self) -> str:
        """The last lines of what it said."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return " / ".join(line.strip() for line in lines[-TAIL_LINES:])


def start_child(office: str, instance: Path, port: int) -> Child:
    """Starts the node of that instance on that port."""
    (instance / ADDRESS_FILE).unlink(missing_ok=True)
    log = instance / "log" / "start.log"
    make_private_folder(log.parent)
    command = [sys.executable, str(RUN), "serve", "--instance", str(instance), "--port", str(port), "--no-browser"]
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            # The nodes end with the demo even if the demo is killed so hard that it cannot say so.
            env=dict(os.environ, **{PARENT_VARIABLE: str(os.getpid()), "PYTHONUTF8": "1"}),
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    return Child(office, instance, process, log)


def wait_until_serving(child: Child) -> None:
    """Returns when the node listens; raises ChildFailed when it ended instead or takes too long."""
    give_up = time.monotonic() + START_SECONDS
    while running_address(child.instance) is None:
        if not child.is_running or time.monotonic() > give_up:
            raise ChildFailed("child_failed", office=child.office, said=child.tail(), file=str(child.log))
        time.sleep(POLL_SECONDS)


def end_all(children: list[Child]) -> None:
    """Asks every node to end, waits for each, and kills by its id the one that does not."""
    for child in children:
        if child.is_running:
            child.process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))
    for child in children:
        try:
            child.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
