"""The write-ahead log cut at every byte: what a power cut leaves of the last transactions when the disk kept only a part.

    python -m tests.processes.cut_log [--reports 3] [--step 1]

An office records reports; the log of its database is cut after each byte in turn, and what opens then must be a whole number
of reports: no half one, nothing damaged, none missing whose commit lies in what is left.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import struct
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from intake_app.actions.verify_node import verify_node
from intake_app.node import DATABASE_FILE, SIDE_FILE, Node, open_node
from tests.creators import DIRECTORY, SetClock, make_node, make_settings, record
from tests.ram import fast_folder

HEAD_BYTES = 32  # of the log
FRAME_HEAD_BYTES = 24


class Left(NamedTuple):
    """What a cut leaves: how many events the journal has, and whether SQLite finds the file whole."""

    seq: int
    whole: bool


@dataclass(frozen=True)
class Logged:
    """A database with its log, and after how many bytes of the log each report was committed."""

    folder: Path
    log: bytes
    commits: list[int]  # at [n] the log's length when n reports were saved
    first_seq: int

    @property
    def frame_bytes(self) -> int:
        """A page and its head."""
        return int(struct.unpack_from(">I", self.log, 8)[0]) + FRAME_HEAD_BYTES

    def borders(self) -> Iterator[int]:
        """Every place where a frame ends, one byte before it and one after."""
        for end in range(HEAD_BYTES, len(self.log) + 1, self.frame_bytes):
            yield from (at for at in (end - 1, end, end + 1) if 0 <= at <= len(self.log))

    def expected_seq(self, length: int) -> int:
        """The last event whose commit lies in the first bytes of the log."""
        return self.first_seq + max(n for n, end in enumerate(self.commits) if end <= max(length, self.commits[0]))


def write_reports(folder: Path, reports: int) -> Logged:
    """Record reports and keep the files as they lay on the disk before anybody closed them."""
    node = make_node(folder / "living")
    with closing(sqlite3.connect(folder / "living" / DATABASE_FILE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = folder / "kept"
    kept.mkdir()
    shutil.copy(folder / "living" / DATABASE_FILE, kept)
    log = folder / "living" / f"{DATABASE_FILE}-wal"
    with node.database.read() as db:
        first = db.value("SELECT seq FROM self_node")
    commits = [0]
    for _ in range(reports):
        record(node)
        commits.append(log.stat().st_size)
    whole = log.read_bytes()
    for name in (SIDE_FILE, "keys"):
        source = folder / "living" / name
        if source.exists():
            (shutil.copytree if source.is_dir() else shutil.copy)(source, kept / name)
    node.close()
    return Logged(kept, whole, commits, first)


def cut(logged: Logged, length: int, place: Path) -> Left:
    """Open a copy whose log ends after so many bytes."""
    _lay_out(logged, length, place)
    with closing(sqlite3.connect(place / DATABASE_FILE)) as database:
        seq = database.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()[0]
        kept = database.execute("SELECT seq FROM self_node").fetchone()[0]
        sound = database.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    return Left(seq or kept, sound and (seq or kept) == kept)


@contextmanager
def reopened(logged: Logged, length: int, place: Path) -> Iterator[Node]:
    """The node that starts from what such a cut leaves, with its side file as it was."""
    _lay_out(logged, length, place)
    node = open_node(make_settings(place), clock=SetClock(), directory=DIRECTORY)
    try:
        yield node
    finally:
        node.close()


def _lay_out(logged: Logged, length: int, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(logged.folder, place)
    (place / f"{DATABASE_FILE}-wal").write_bytes(logged.log[:length])


def faults(logged: Logged, lengths: Iterable[int], place: Path) -> list[str]:
    """What is wrong after a cut at each of these places."""
    found = []
    for length in lengths:
        left = cut(logged, length, place)
        if left != Left(logged.expected_seq(length), True):
            found.append(f"cut after {length} bytes: {left}, expected {logged.expected_seq(length)}")
    return found


def main() -> int:
    """Cut at every byte (or every so many) and say what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.processes.cut_log")
    parser.add_argument("--reports", type=int, default=3)
    parser.add_argument("--step", type=int, default=1, help="cut after every so many bytes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=fast_folder()) as name:
        logged = write_reports(Path(name), asked.reports)
        lengths = range(0, len(logged.log) + 1, asked.step)
        found = faults(logged, lengths, Path(name) / "cut")
        with reopened(logged, len(logged.log), Path(name) / "cut") as node:
            found += [str(problem) for problem in verify_node(node).problems]
    print(
        "\n".join(found)
        or f"{len(lengths)} cuts of {len(logged.log)} bytes: nothing lost that was saved, no half report"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
