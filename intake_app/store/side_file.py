"""The side file: how far the journal had come, kept outside the database and fsynced before a person reads "saved".

A database that is behind it was rolled back. Two slots are written in turn, each with its own check, so that a power cut
in the middle of one leaves the other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

if os.name != "nt":
    import fcntl

SLOT_BYTES = 192


class Mark(NamedTuple):
    """How far the journal had come: life's incarnation, last seq, its hash."""

    incarnation: bytes
    seq: int
    hash: bytes


class SideFile:
    """The side file at a path."""

    def __init__(self, path: Path, durable: bool = True) -> None:
        self.path = path
        self.durable = durable

    def read(self) -> Mark | None:
        """The newest mark that is whole, or None."""
        marks = [mark for _, mark in self._slots() if mark]
        return max(marks, key=lambda mark: mark.seq, default=None) if marks else None

    def write(self, mark: Mark) -> None:
        """Write a mark durably; an older one of the same life than what stands there is left alone."""
        with alone(self.path):
            self._write(mark)

    def _write(self, mark: Mark) -> None:
        newest = self.read()
        if newest and newest.incarnation == mark.incarnation and newest.seq >= mark.seq:
            return
        slots = self._slots()
        target = min(range(2), key=lambda at: slots[at][1].seq if slots[at][1] else -1) if newest else 0
        if newest and newest.incarnation != mark.incarnation:
            self._put(1 - target, b" " * SLOT_BYTES)
        self._put(target, _encode(mark))

    def _put(self, slot: int, data: bytes) -> None:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.lseek(handle, slot * SLOT_BYTES, os.SEEK_SET)
            os.write(handle, data)
            if self.durable:
                os.fsync(handle)
        finally:
            os.close(handle)

    def _slots(self) -> list[tuple[int, Mark | None]]:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            data = b""
        return [(at, _decode(data[at * SLOT_BYTES : (at + 1) * SLOT_BYTES])) for at in range(2)]


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Lets nobody else write this file meanwhile: two who chose the same slot could leave the older mark."""
    if os.name == "nt":
        yield  # a lock there keeps readers out too; its one process writes one mark after the other
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _encode(mark: Mark) -> bytes:
    body = f"{mark.incarnation.hex()} {mark.seq} {mark.hash.hex()}"
    line = f"{body} {sha256(body.encode()).hexdigest()[:16]}\n"
    return line.encode().rjust(SLOT_BYTES)


def _decode(data: bytes) -> Mark | None:
    parts = data.decode("ascii", "replace").split()
    if len(parts) != 4 or sha256(" ".join(parts[:3]).encode()).hexdigest()[:16] != parts[3]:
        return None
    return Mark(bytes.fromhex(parts[0]), int(parts[1]), bytes.fromhex(parts[2]))
