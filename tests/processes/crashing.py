"""A command of run.py that dies at a named moment, as a machine does whose power goes: no handler runs, no buffer is written.

    python -m tests.processes.crashing POINT COUNT command …

POINT is one of POINTS, COUNT the how-manieth time it is reached (the first is 1). The process ends by SIGKILL.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from intake_app.store.database import Database
from intake_app.store.side_file import SideFile

JOB = "attempt"  # the thread of intake_app/background.py
POINTS = ("before commit", "after commit", "before side file", "torn side file", "after side file")


class Fuse:
    """Counts one kind of moment and ends the process at the one that was asked for."""

    def __init__(self, point: str, count: int) -> None:
        self.point = point
        self.left = count
        self.asked = False

    def burn(self, moment: str) -> None:
        """A moment has come."""
        if self.due(moment):
            os.kill(os.getpid(), signal.SIGKILL)

    def due(self, moment: str) -> bool:
        """Whether this is the one."""
        # The job of a served centre begins at a moment of chance: before anybody has asked for anything it does not count.
        thread = threading.current_thread().name
        self.asked |= thread != JOB
        if moment != self.point or not self.asked:
            return False
        self.left -= 1
        return self.left == 0


def plant(fuse: Fuse) -> None:
    """Let every database and side file of this process tell the fuse of its moments."""
    made, written, put = Database.__init__, SideFile.write, SideFile._put

    def open_with_fuse(self: Database, engine: Any, probe: Any = None) -> None:
        made(self, engine, fuse.burn)

    def write_with_fuse(self: SideFile, mark: Any) -> None:
        fuse.burn("before side file")
        written(self, mark)
        fuse.burn("after side file")

    def put_with_fuse(self: SideFile, slot: int, data: bytes) -> None:
        if fuse.due("torn side file"):
            put(self, slot, data[: len(data) // 2 + 60])
            os.kill(os.getpid(), signal.SIGKILL)
        put(self, slot, data)

    Database.__init__ = open_with_fuse  # type: ignore[method-assign]
    SideFile.write = write_with_fuse  # type: ignore[method-assign]
    SideFile._put = put_with_fuse  # type: ignore[method-assign]


if __name__ == "__main__":
    from intake_app.cli import main

    plant(Fuse(sys.argv[1], int(sys.argv[2])))
    sys.exit(main(sys.argv[3:]))
