"""Bring the counts of reports up to date: which days were touched, then those days, a few in each transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intake_app.node import Node
from intake_app.store import postgres, tally
from intake_app.store.database import Db

EVERY_MS = 15_000
REPORTS_AT_ONCE = 2_000  # in one transaction: some 50 ms, in which nobody else can write on SQLite


@dataclass
class Settling:
    """How far no event with a lower number can appear any more.

    SQLite has one writer. On PostgreSQL a number is given before its transaction commits: what was given at one look is
    settled once every transaction of that moment has ended. Until then the events since are looked at again, which changes nothing.
    """

    number: int | None = None
    transaction: int | None = None

    def settled(self, db: Db, before: int) -> int:
        """The number up to which all is settled, at least `before`."""
        if not db.postgres:
            return tally.last_event(db)
        oldest, own, given = postgres.transactions(db, "inbox_event")
        if self.number is not None and self.transaction is not None and oldest >= self.transaction:
            before = max(before, self.number)
            self.number = None
        if self.number is None:
            self.number, self.transaction = given, own
        return before


def tally_reports(node: Node, settling: Settling | None = None, ended: Callable[[], bool] = lambda: False) -> int:
    """Count what changed since the last time; returns how many days that were.

    What is interrupted, as by a server that is `ended`, goes on the next time.
    """
    now_ms = node.clock.now_ms()
    _note(node, settling or Settling(), now_ms)
    with node.database.read() as db:
        days = tally.days_left(db)
    left = iter(days)
    while not ended() and _count_some(node, left, now_ms):
        pass
    with node.database.transaction() as db:
        mark = tally.mark_of(db, hold=True)
        if mark is not None and not tally.days_left(db):
            tally.set_mark(db, mark._replace(counted_ms=max(now_ms, mark.counted_ms or 0)))
    return len(days)


def _count_some(node: Node, left: Iterator[int], now_ms: int) -> bool:
    """Count days until so many reports were looked at; False once none is left."""
    looked_at = 0
    with node.database.transaction() as db:
        if tally.mark_of(db, hold=True) is None:  # somebody has thrown all of it away meanwhile
            return False
        for number in left:
            looked_at += tally.count_day(db, number, now_ms)
            if looked_at >= REPORTS_AT_ONCE:
                return True
    return False


def _note(node: Node, settling: Settling, now_ms: int) -> None:
    with node.database.transaction() as db:
        mark = tally.mark_of(db, hold=True)
        settled = settling.settled(db, mark.event_no if mark else 0)
        if mark is None:
            # A second look: if nobody is under way who was at the first, days counted below are not to be looked at again.
            settled = settling.settled(db, settled)
            tally.forget_all(db)
            tally.note_all_days(db)
            mark = tally.Mark(settled, now_ms, None)
        else:
            tally.note_days(db, mark.event_no, min(mark.looked_ms, now_ms), now_ms)
            mark = mark._replace(event_no=settled, looked_ms=now_ms)
        tally.set_mark(db, mark)
