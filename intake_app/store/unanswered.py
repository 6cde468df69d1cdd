"""What agencies still owe: how many reports lie with each, how many past their deadline, since when. For the leader on duty."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.store.database import Db

WITH_AGENCY = ("routed", "in_progress", "pending_approval", "awaiting_info")


class Owed(NamedTuple):
    """What lies with one agency."""

    agency: str
    count: int
    not_accepted: int
    overdue: int
    oldest_ms: int


def unanswered(db: Db, now_iso: str) -> list[Owed]:
    """What lies with each agency, who owes most that is overdue first; `now_iso` is written on the province's clock."""
    marks = ",".join("?" * len(WITH_AGENCY))
    rows = db.all(
        "SELECT lead_agency, count(*), sum(CASE WHEN status = 'routed' THEN 1 ELSE 0 END),"
        " sum(CASE WHEN deadline IS NOT NULL AND deadline < ? THEN 1 ELSE 0 END), min(received_ms)"
        f" FROM report WHERE status IN ({marks}) AND lead_agency IS NOT NULL GROUP BY lead_agency",
        now_iso, *WITH_AGENCY,
    )  # fmt: skip
    found = [Owed(row[0], int(row[1]), int(row[2]), int(row[3]), int(row[4])) for row in rows]
    return sorted(found, key=lambda each: (-each.overdue, -each.count, each.agency))
