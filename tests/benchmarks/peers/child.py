"""Children of the peers' benchmark: a process that answers a JSON line per line, the relay, and what a server has used."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from tests.processes.computer import free_port

HERE = Path(__file__).resolve().parent
END_SECONDS = 20
LISTEN_SECONDS = 60
MEBIBYTE = 1024 * 1024


class Child:
    """A process that answers one JSON line for each line it is given; a context manager."""

    def __init__(self, command: Sequence[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=cwd,
            env=env,
        )
        self._read()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                found: dict[str, Any] = json.loads(line)
                return found
        raise RuntimeError(f"{self.process.args} has ended")

    def tell(self, line: str) -> dict[str, Any]:
        """Give it a line and wait for the answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._read()

    def order(self, order: str, **values: object) -> dict[str, Any]:
        """Give it an order; raises RuntimeError with what went wrong there."""
        answer = self.tell(json.dumps({"order": order, **values}))
        if "error" in answer:
            raise RuntimeError(str(answer["error"]))
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Relay(Child):
    """The counting relay before a server; `url` is where clients find it."""

    def __init__(self, target: int, *, kbit: float = 0, round_trip_seconds: float = 0) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        shape = ["--kbit", str(kbit), "--round-trip-ms", str(round_trip_seconds * 1000)]
        super().__init__([sys.executable, str(HERE / "relay.py"), str(self.port), str(target), *shape])

    def take(self) -> dict[str, int]:
        """What crossed since this was asked last: up, down, requests, connections."""
        return self.tell("take")


class Server:
    """A peer's server in a folder of its own; a context manager."""

    def __init__(self, command: Sequence[str], port: int, env: dict[str, str] | None = None) -> None:
        self.port = port
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env
        )
        _await_listener(port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()


def _await_listener(port: int) -> None:
    ends = time.monotonic() + LISTEN_SECONDS
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens at {port}")


def _tree(pid: int) -> list[psutil.Process]:
    found = psutil.Process(pid)
    return [found, *found.children(recursive=True)]


def cpu_seconds(*pids: int) -> float:
    """Processor time of whole trees of processes, those that have ended included."""
    times = [one.cpu_times() for pid in pids for one in _tree(pid)]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)


def peak_memory_mib(pid: int) -> float:
    """The most memory that a server has held; of several processes the sum."""
    return sum(_peak_bytes(one.pid) for one in _tree(pid)) / MEBIBYTE


def _peak_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)
