"""What SQLite alone takes for what a push leaves at the centre: the same rows in the same transactions, with nothing decided.

No product could be quicker on this machine with these tables and indexes; what ours takes beside it is reading, proving
and judging in Python.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from intake_app.store import search
from sync.fold import fold_words

# Each with what picks the rows of one segment out of it.
OF_SEGMENT = {
    "inbox_event": "segment_no = ?",
    "entity": "no IN (SELECT entity_no FROM inbox_event WHERE segment_no = ?)",
    "report": "no IN (SELECT entity_no FROM inbox_event WHERE segment_no = ?)",
    "feed": "entity_no IN (SELECT entity_no FROM inbox_event WHERE segment_no = ?)",
}


class Bare(NamedTuple):
    """Seconds on the clock and of the processor."""

    seconds: float
    cpu_seconds: float


class _Segment(NamedTuple):
    stored: tuple[Any, ...]
    rows: dict[str, list[tuple[Any, ...]]]
    words: list[tuple[int, str]]


def write_bare(centre: Path, folder: Path, segments: int) -> Bare:
    """Write the last so many segments of a centre's file, and all they led to, into an empty one of the same make."""
    with closing(sqlite3.connect(f"file:{centre}?mode=ro", uri=True)) as source:
        work = list(_segments(source, segments))
        schema = _schema(source)
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as target:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
            target.execute(f"PRAGMA {pragma}")
        for sql in (*schema, search.TUNE):
            target.execute(sql)
        began, cpu = time.perf_counter(), time.process_time()
        for each in work:
            _write(target, each)
        return Bare(time.perf_counter() - began, time.process_time() - cpu)


def _schema(source: sqlite3.Connection) -> list[str]:
    names = ("inbox_segment", *OF_SEGMENT, "report_search")
    marks = ",".join("?" * len(names))
    found = source.execute(
        f"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ({marks}) ORDER BY type DESC, name", names
    )
    return [row[0] for row in found]


def _segments(source: sqlite3.Connection, count: int) -> Iterator[_Segment]:
    newest = source.execute("SELECT * FROM inbox_segment ORDER BY no DESC LIMIT ?", (count,)).fetchall()
    for stored in reversed(newest):
        rows = {
            table: source.execute(f"SELECT * FROM {table} WHERE {which}", stored[:1]).fetchall()
            for table, which in OF_SEGMENT.items()
        }
        yield _Segment(stored, rows, _words(source, stored[0]))


def _words(source: sqlite3.Connection, segment_no: int) -> list[tuple[int, str]]:
    found = source.execute(
        f"SELECT no, state FROM entity WHERE {OF_SEGMENT['entity']} AND type = 'report' ORDER BY no", (segment_no,)
    ).fetchall()
    texts = fold_words(["\n".join(search.parts_of(msgspec.json.decode(state))) for _, state in found])
    return [(row[0], text) for row, text in zip(found, texts, strict=True)]


def _write(target: sqlite3.Connection, each: _Segment) -> None:
    """One transaction for the bytes, which an ack would wait for, and one for all that follows."""
    target.execute("BEGIN IMMEDIATE")
    target.execute(f"INSERT INTO inbox_segment VALUES ({_marks(each.stored)})", each.stored)
    target.execute("COMMIT")
    target.execute("BEGIN IMMEDIATE")
    for table, rows in each.rows.items():
        target.executemany(f"INSERT INTO {table} VALUES ({_marks(rows[0])})", rows)
    target.executemany("INSERT INTO report_search (rowid, words) VALUES (?, ?)", each.words)
    target.execute("COMMIT")


def _marks(row: tuple[Any, ...]) -> str:
    return ",".join("?" * len(row))
