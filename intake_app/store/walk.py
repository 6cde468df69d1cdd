"""Every report of a period, newest first, a page at a time: for exports, however many there are."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.store.database import Db
from intake_app.store.entities import Entity, load_numbers

ALWAYS = (0, 2**62)
Place = tuple[int, int]  # when it was received, its number


class Walked(NamedTuple):
    """A page, and from where the next one goes on; None at the end."""

    reports: list[Entity]
    next: Place | None


def walk_reports(db: Db, after: Place | None, limit: int, received: tuple[int, int] = ALWAYS) -> Walked:
    """The reports that follow a place, received from one moment until before another."""
    rows = db.all(
        "SELECT r.received_ms, r.no FROM report r WHERE r.received_ms >= ? AND r.received_ms < ?"
        f"{'' if after is None else ' AND (r.received_ms, r.no) < (?, ?)'} ORDER BY r.received_ms DESC, r.no DESC LIMIT ?",
        *received, *(after or ()), limit,
    )  # fmt: skip
    found = load_numbers(db, [row[1] for row in rows])
    last = (int(rows[-1][0]), int(rows[-1][1])) if len(rows) == limit else None
    return Walked([found[row[1]] for row in rows if row[1] in found], last)


def count_received(db: Db, received: tuple[int, int] = ALWAYS) -> int:
    """How many reports were received in a period."""
    return int(db.value("SELECT count(*) FROM report WHERE received_ms >= ? AND received_ms < ?", *received))
