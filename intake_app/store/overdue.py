"""What is near or over its deadline, by agency: few rows among all that are open, found by their index."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.clock import iso
from intake_app.store.database import Db
from intake_app.store.tables_lists import IS_OWED


class AgencyDue(NamedTuple):
    """One agency, or nobody yet: how much is over and how much is near, since when, and what was done about it."""

    agency: str | None
    near: int
    over: int
    oldest: str
    escalated: int
    urged: int


def due_by_agency(db: Db, now_ms: int, agency: str | None = None) -> list[AgencyDue]:
    """Who owes what, the most overdue first; of one agency or of all."""
    now = iso(now_ms)
    narrow, args = (" AND r.lead_agency = ?", [agency]) if agency else ("", [])
    rows = db.all(
        "SELECT r.lead_agency, sum(CASE WHEN r.deadline >= ? THEN 1 ELSE 0 END),"
        " sum(CASE WHEN r.deadline < ? THEN 1 ELSE 0 END), min(r.deadline),"
        " sum(CASE WHEN r.reminded >= 100 THEN 1 ELSE 0 END), sum(r.urged)"
        f" FROM report r WHERE {IS_OWED} AND r.soon <= ?{narrow} GROUP BY r.lead_agency",
        now, now, now, *args,
    )  # fmt: skip
    found = [AgencyDue(row[0], int(row[1]), int(row[2]), row[3], int(row[4]), int(row[5])) for row in rows]
    return sorted(found, key=lambda one: (-one.over, -one.near, one.agency or ""))
