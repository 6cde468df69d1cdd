"""A lock that belongs to a process, not to a file: the system lets go of it when the process ends, however it ends.

That is why a stale lock never blocks: the file may stay for ever, only a living process holds it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intake_app.files import make_private_folder

if os.name == "nt":
    import msvcrt
else:
    import fcntl


SERVE_LOCK = "serve.lock"  # in the instance folder: held as long as the node runs


class Held(Exception):
    """Another living process holds this lock."""


@contextmanager
def holding(file: Path) -> Iterator[None]:
    """Holds the lock while the block runs; raises Held at once if somebody else does."""
    make_private_folder(file.parent)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOINHERIT", 0), 0o600)
    try:
        _lock(handle, file)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, file: Path) -> None:
    try:
        if os.name == "nt":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        raise Held(str(file)) from problem
