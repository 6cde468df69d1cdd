"""Exports of a serving centre: a process of its own makes each, one after the other, so that no page waits for it.

python -m intake_app.exporter INSTANCE NUMBER
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from intake_app.actions.make_export import make_export, next_export, remove_old_exports
from intake_app.config import load_settings
from intake_app.node import Node, open_node

ROOT = Path(__file__).resolve().parent.parent
SWEEP_SECONDS = 3600.0
STOP_SECONDS = 5
log = logging.getLogger(__name__)


def begin_export(instance: Path, no: int) -> subprocess.Popen[bytes]:
    """Start a process that makes an export; how far it is stands in the node's database."""
    command = [sys.executable, "-m", "intake_app.exporter", str(instance), str(no)]
    nothing = subprocess.DEVNULL
    slow = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    made = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, cwd=ROOT, creationflags=slow)
    if os.name == "posix":
        os.setpriority(os.PRIO_PROCESS, made.pid, 10)  # people at the desk come first
    return made


class Exporter:
    """Has the exports made that wait, and old files removed."""

    def __init__(self, node: Node, begin: Callable[[Path, int], subprocess.Popen[bytes]] = begin_export) -> None:
        self.node = node
        self.begin = begin
        self.process: subprocess.Popen[bytes] | None = None
        self.next_sweep = 0.0

    def look(self) -> None:
        """Start the next export if none is being made, and now and then remove what is old."""
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return
            self.process = None
            if status:
                log.error("an export ended with status %s", status)
        if (number := next_export(self.node)) is not None:
            self.process = self.begin(self.node.settings.instance, number)
        if self.node.clock.seconds() >= self.next_sweep:
            self.next_sweep = self.node.clock.seconds() + SWEEP_SECONDS
            remove_old_exports(self.node)

    def stop(self) -> None:
        """End an export that is being made: there is never half a file, and the next start begins it anew."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()


def main(instance: str, number: str) -> int:
    """Make one export."""
    with closing(open_node(load_settings(Path(instance)))) as node:
        return 0 if make_export(node, int(number)) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
