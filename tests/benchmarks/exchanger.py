"""A node in a process of its own that exchanges when it is told to and says how long it took.

`run.py sync` does the same once, but its start would be most of what is measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from intake_app.actions.reconcile import reconcile
from intake_app.config import load_settings
from intake_app.node import open_node
from sync.cycle import Summary
from sync.transport import HttpLink
from tests.processes.computer import RUN, Computer, close_pipes

SECONDS = 600


class Exchanged(NamedTuple):
    """What one reconciliation moved; `acked_seconds` is when the centre had told that it has everything."""

    sent: int
    received: int
    waiting: int
    seconds: float
    acked_seconds: float
    cpu_seconds: float


class Exchanger:
    """The process, driven from outside; its connection stays open between two reconciliations."""

    def __init__(self, computer: Computer, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.exchanger", str(computer.folder), url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=RUN.parent,
        )  # fmt: skip
        self._read()

    def __enter__(self) -> Exchanger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(SECONDS)
        close_pipes(self._process)

    def reconcile(self) -> Exchanged:
        """Exchange until nothing more moves."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return Exchanged(**json.loads(self._read()))

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the exchanging node has ended")
        return line


def _serve(folder: Path, url: str) -> None:
    """Answer each line of the standard input with one reconciliation."""
    with closing(open_node(load_settings(folder))) as node, closing(HttpLink(url)) as link:
        print("ready", flush=True)
        for _ in sys.stdin:
            acked = [0.0]
            started, cpu = time.perf_counter(), time.process_time()

            def follow(summary: Summary, started: float = started, acked: list[float] = acked) -> None:
                if summary.waiting == 0 and not acked[0]:
                    acked[0] = time.perf_counter() - started

            done = reconcile(node, link, ignore_backoff=True, progress=follow)
            assert done is not None
            seconds = time.perf_counter() - started
            found = {name: asdict(done)[name] for name in ("sent", "received", "waiting")}
            print(json.dumps(Exchanged(**found, seconds=seconds, acked_seconds=acked[0] or seconds,
                                       cpu_seconds=time.process_time() - cpu)._asdict()), flush=True)  # fmt: skip


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2])
