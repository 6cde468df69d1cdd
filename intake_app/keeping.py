"""Scheduled backups of a serving node: a process of its own makes each, so that nobody waits for it, however long it takes."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from intake_app.actions.backup_health import is_due
from intake_app.node import Node

RUN = Path(__file__).resolve().parent.parent / "run.py"
LOOK_SECONDS = 300.0
AGAIN_SECONDS = 3600.0  # after one that failed: a disk that is full or away is not back in a minute
STOP_SECONDS = 5
log = logging.getLogger(__name__)


def begin_backup(instance: Path) -> subprocess.Popen[bytes]:
    """Start a process that makes a backup if one is due; what became of it stands in the node's database."""
    command = [sys.executable, str(RUN), "backup", "--if-due", "--instance", str(instance)]
    nothing = subprocess.DEVNULL
    slow = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    made = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, creationflags=slow)
    if os.name == "posix":
        os.setpriority(os.PRIO_PROCESS, made.pid, 10)  # people at the desk come first
    return made


class Keeper:
    """Looks now and then whether a backup is due, and has it made."""

    def __init__(self, node: Node, begin: Callable[[Path], subprocess.Popen[bytes]] = begin_backup) -> None:
        self.node = node
        self.begin = begin
        self.process: subprocess.Popen[bytes] | None = None
        self.next_look = node.clock.seconds() + LOOK_SECONDS

    def look(self) -> None:
        """Start a backup if one is due and none is being made."""
        now = self.node.clock.seconds()
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return
            self.process = None
            if status:
                log.error("the scheduled backup failed with status %s", status)
                self.next_look = now + AGAIN_SECONDS
        if now < self.next_look:
            return
        self.next_look = now + LOOK_SECONDS
        if is_due(self.node):
            self.process = self.begin(self.node.settings.instance)

    def stop(self) -> None:
        """End a backup that is being made: there is never half a file, and the next start makes another."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
