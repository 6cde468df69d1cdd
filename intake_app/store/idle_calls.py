"""Calls without a case, counted per person and day."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.store.database import Db


class Call(NamedTuple):
    """One counted call."""

    no: int
    kind: str
    at_ms: int


def add(db: Db, at_ms: int, day: str, kind: str, person: bytes, key: str) -> None:
    """Count a call; a key that was here before counts nothing."""
    db.run(
        "INSERT INTO idle_call (at_ms, day, kind, person, key) VALUES (?,?,?,?,?) ON CONFLICT (key) DO NOTHING",
        at_ms, day, kind, person, key,
    )  # fmt: skip


def undo(db: Db, no: int, person: bytes, since_ms: int, now_ms: int) -> bool:
    """Take one's own call back if it was counted since then; whether it is taken back, now or by an earlier try."""
    row = db.one("SELECT at_ms, undone_ms FROM idle_call WHERE no = ? AND person = ?", no, person)
    if row is None or (row[1] is None and row[0] < since_ms):
        return False
    db.run("UPDATE idle_call SET undone_ms = coalesce(undone_ms, ?) WHERE no = ?", now_ms, no)
    return True


def last_of(db: Db, person: bytes, since_ms: int) -> Call | None:
    """The last call that somebody counted since then and did not take back."""
    row = db.one(
        "SELECT no, kind, at_ms FROM idle_call WHERE person = ? AND at_ms >= ? AND undone_ms IS NULL"
        " ORDER BY no DESC LIMIT 1",
        person, since_ms,
    )  # fmt: skip
    return Call(*row) if row else None


def between(db: Db, from_ms: int, to_ms: int) -> dict[str, int]:
    """How many were counted in a time, by kind."""
    rows = db.all(
        "SELECT kind, count(*) FROM idle_call WHERE at_ms >= ? AND at_ms < ? AND undone_ms IS NULL GROUP BY kind",
        from_ms, to_ms,
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def by_day(db: Db, first: str, last: str) -> list[tuple[str, bytes, str, int]]:
    """The counts of some days: day, person, kind, how many; the newest day first."""
    rows = db.all(
        "SELECT day, person, kind, count(*) FROM idle_call WHERE day >= ? AND day <= ? AND undone_ms IS NULL"
        " GROUP BY day, person, kind ORDER BY day DESC, person, kind",
        first, last,
    )  # fmt: skip
    return [(row[0], row[1], row[2], row[3]) for row in rows]
