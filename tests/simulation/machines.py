"""A machine of the simulated world: a real node on a real SQLite file, with a clock of its own, killed and started again.

A kill is an exception out of whatever the machine was writing; what was not committed is gone, and so is its memory.
"""

from __future__ import annotations

import errno
import random
import sqlite3
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from intake_app.clock import Clock
from intake_app.config import Settings
from intake_app.node import Actor, Node, database_url, open_node
from intake_app.store.database import Database, open_database
from intake_app.store.directory import Directory
from intake_app.store.side_file import Mark, SideFile
from tests.simulation.driver import WRITES, DirectEngine, fuse_writes
from tests.simulation.eye import Eye, eye_of

# What SQLite says when the disk is full, another process holds the lock too long, the file may not be written.
# For want of room it sometimes undoes the whole transaction by itself, and whoever goes on writes outside of any.
UNDONE = "database or disk is full, all undone"
TROUBLES = ("database or disk is full", UNDONE, "database is locked", "attempt to write a readonly database")
WRITING = frozenset({"write", "before commit", "before side file", "side file torn"})


class Killed(BaseException):
    """The machine's power went. No handler of ours may catch it, so it is no Exception."""


class Fuse:
    """Counts the moments at which something becomes durable; at the one it is set to, the power goes or the disk refuses."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.left: int | None = None
        self.trouble = ""
        self.times = 0
        self.moments: Counter[str] = Counter()
        self.commits = 0

    def set(self, after: int | None, trouble: str = "", times: int = 1) -> None:
        """Kill after so many more moments, or let the disk refuse so many writes then; None disarms."""
        self.left, self.trouble, self.times = after, trouble, times

    def burn(self, moment: str) -> None:
        """One moment has come."""
        self.moments[moment] += 1
        self.commits += moment == "after commit"
        if self.left is None:
            return
        self.left -= 1
        if self.left >= 0:
            return
        if not self.trouble:
            self.left = None
            raise Killed(f"{self.name} {moment}")
        self._refuse(moment)

    def _refuse(self, moment: str) -> None:
        """The disk does not take a write; what does not write goes on."""
        if moment not in WRITING:
            return
        self.times -= 1
        if not self.times:
            self.left = None
        if "side file" in moment:
            raise OSError(errno.ENOSPC, self.trouble)
        raise OperationalError(moment, (), sqlite3.OperationalError(self.trouble))


class SteppingClock(Clock):
    """A clock that is wrong by as much as it is told, and goes on a little at each look."""

    def __init__(self, start_ms: int) -> None:
        self.true_ms = start_ms
        self.wrong_ms = 0
        self.boots = 0

    def now_ms(self) -> int:
        """The time of day as this machine believes it."""
        self.true_ms += 1
        return self.true_ms + self.wrong_ms

    def mono_ms(self) -> int:
        """Milliseconds that no person sets."""
        self.true_ms += 1
        return self.true_ms

    def boot(self) -> bytes:
        """Another one after each start."""
        return self.boots.to_bytes(4, "big")

    def seconds(self) -> float:
        """Seconds for deadlines."""
        return self.true_ms / 1000


class FusedSideFile(SideFile):
    """A side file whose machine can be killed before, in the middle of and after a write."""

    def __init__(self, inner: SideFile, fuse: Fuse) -> None:
        super().__init__(inner.path)
        self.fuse = fuse

    def write(self, mark: Mark) -> None:
        """Write a mark, if the power stays."""
        self.fuse.burn("before side file")
        super().write(mark)
        self.fuse.burn("after side file")

    def _put(self, slot: int, data: bytes) -> None:
        try:
            self.fuse.burn("side file torn")
        except Killed:
            super()._put(slot, data[: len(data) // 2 + 60])
            raise
        super()._put(slot, data)


@dataclass
class Machine:
    """One installation of the simulated world."""

    name: str
    settings: Settings
    actor: Actor
    directory: Directory
    clock: SteppingClock
    entropy: random.Random
    fuse: Fuse
    direct: bool = False  # past SQLAlchemy, for speed
    hardware: bytes | None = None  # another fingerprint than that of the machine which the tests run on
    crashes: int = 0
    _node: Node | None = None
    _eye: Eye | None = None
    old_requests: list[bytes] = field(default_factory=list)
    old_replies: list[bytes] = field(default_factory=list)

    @property
    def node(self) -> Node:
        """The node at work; started when it is not."""
        if self._node is None:
            self._node = self._start()
        return self._node

    @property
    def eye(self) -> Eye:
        """Looks at the machine's file; a new one after each start, so that everything counts as changed then."""
        if self._eye is None:
            _ = self.node
            self._eye = eye_of(self.settings)
        return self._eye

    def _start(self) -> Node:
        database = open_database(database_url(self.settings), durable=False, probe=self.fuse.burn)
        if self.settings.database_url:
            event.listen(database.engine, "before_cursor_execute", self._before)
        else:
            fuse_writes(database.engine, self.fuse.burn)
        self.clock.boots += 1
        node = open_node(
            self.settings,
            clock=self.clock,
            entropy=self.entropy.randbytes,
            database=database,
            directory=self.directory,
            machine=self.hardware,
        )
        if self.direct:
            engine: Any = DirectEngine(database.engine)
            node = replace(node, database=Database(engine, self.fuse.burn))
        return replace(node, side_file=FusedSideFile(node.side_file, self.fuse))

    def crash(self) -> None:
        """Lose everything that is not on disk and start again."""
        self.fuse.set(None)
        self.crashes += 1
        self.stop()

    def stop(self) -> None:
        """Let go of the file."""
        if self._eye is not None:
            self._eye.close()
        if self._node is not None:
            self._node.database.engine.dispose()
        self._node = self._eye = None

    def _before(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Each write to a server is told through SQLAlchemy's engine."""
        if statement.startswith(WRITES):
            self.fuse.burn("write")
