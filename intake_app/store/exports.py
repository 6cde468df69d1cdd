"""Exports that somebody asked for: what of, how far they are, where their files lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake_app.store.database import Db

_COLUMNS = (
    "no, asked_ms, asked_by, asker, format, language, first_day, last_day, state, starts, total, done, told_ms, ended_ms,"
    " file, bytes, problem"
)
UNDER_WAY = ("waiting", "running")
LISTED_MAX = 100


@dataclass(frozen=True)
class Export:
    """One export."""

    no: int
    asked_ms: int
    asked_by: bytes
    asker: str
    format: str
    language: str
    first_day: str | None
    last_day: str | None
    state: str
    starts: int
    total: int | None
    done: int
    told_ms: int | None
    ended_ms: int | None
    file: str | None
    bytes: int | None
    problem: str | None

    @property
    def share(self) -> int:
        """How much of it is done, in hundredths."""
        return min(100, 100 * self.done // self.total) if self.total else 0


def add(db: Db, now_ms: int, person: bytes, name: str, ending: str, language: str, days: tuple[str, str] | None) -> int:
    """Ask for an export; returns its number."""
    first, last = days or (None, None)
    return int(
        db.value(
            "INSERT INTO export (asked_ms, asked_by, asker, format, language, first_day, last_day, state)"
            " VALUES (?,?,?,?,?,?,?,'waiting') RETURNING no",
            now_ms, person, name, ending, language, first, last,
        )
    )  # fmt: skip


def find(db: Db, no: int, *, hold: bool = False) -> Export | None:
    """The export of a number, or None."""
    row = db.one(f"SELECT {_COLUMNS} FROM export WHERE no = ?{db.for_update if hold else ''}", no)
    return None if row is None else Export(*row)


def every(db: Db, of: bytes | None = None) -> list[Export]:
    """The newest exports, of everybody or of one person."""
    own = "" if of is None else " WHERE asked_by = ?"
    rows: Sequence[tuple[object, ...]] = db.all(
        f"SELECT {_COLUMNS} FROM export{own} ORDER BY no DESC LIMIT {LISTED_MAX}", *(() if of is None else (of,))
    )
    return [Export(*row) for row in rows]


def under_way(db: Db) -> list[Export]:
    """The exports that wait or are being made, the oldest first."""
    rows = db.all(f"SELECT {_COLUMNS} FROM export WHERE state IN (?,?) ORDER BY no", *UNDER_WAY)
    return [Export(*row) for row in rows]


def begin(db: Db, no: int, total: int, now_ms: int) -> bool:
    """Note that an export begins, perhaps anew; False where another process has begun it, or nobody wants it any more."""
    sql = "UPDATE export SET state = 'running', starts = starts + 1, total = ?, done = 0, told_ms = ?"
    return bool(db.run(f"{sql} WHERE no = ? AND state = 'waiting'", total, now_ms, no))


def tell(db: Db, no: int, done: int, now_ms: int) -> bool:
    """Note how far an export is; False where it is to go on no more."""
    return bool(db.run("UPDATE export SET done = ?, told_ms = ? WHERE no = ? AND state = 'running'", done, now_ms, no))


def finish(db: Db, no: int, done: int, file: str, size: int, now_ms: int) -> bool:
    """Note that the file is whole; False where somebody ended the export meanwhile."""
    return bool(
        db.run(
            "UPDATE export SET state = 'done', done = ?, total = ?, file = ?, bytes = ?, ended_ms = ?"
            " WHERE no = ? AND state = 'running'",
            done, done, file, size, now_ms, no,
        )
    )  # fmt: skip


def end(db: Db, no: int, state: str, now_ms: int, problem: str | None = None) -> None:
    """Note that an export failed, was ended by somebody, or that its file is gone."""
    db.run("UPDATE export SET state = ?, ended_ms = ?, problem = ? WHERE no = ?", state, now_ms, problem, no)


def put_back(db: Db, no: int) -> None:
    """Let an export whose process died be begun anew."""
    db.run("UPDATE export SET state = 'waiting', done = 0 WHERE no = ? AND state = 'running'", no)


def old(db: Db, before_ms: int) -> list[Export]:
    """The exports whose files lie there since before a moment."""
    rows = db.all(f"SELECT {_COLUMNS} FROM export WHERE state = 'done' AND ended_ms < ?", before_ms)
    return [Export(*row) for row in rows]
