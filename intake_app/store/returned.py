"""Reports that lie with the centre because agencies gave them back: which, how often."""

from __future__ import annotations

from intake_app.store.database import Db
from intake_app.store.entities import load_numbers
from intake_app.store.lists import ListFilter, list_reports
from intake_app.store.reports import LIST_MAX, ReportRow
from sync.returns import RETURNS_MAX, returns_of

LOOKED_AT_MAX = 1000  # given back and not routed again: a centre with more of them has other worries


def returned_twice(db: Db, agency: str | None = None) -> list[ReportRow]:
    """The reports that were given back so often that the centre decides, who waits longest first."""
    found: list[ReportRow] = []
    after: str | None = None
    for _ in range(LOOKED_AT_MAX // LIST_MAX):
        page = list_reports(db, ListFilter(statuses=("returned",), agency=agency), after, LIST_MAX, sort="oldest")
        states = load_numbers(db, [row.no for row in page.rows])
        found += [row for row in page.rows if len(returns_of(states[row.no].seen or {})) >= RETURNS_MAX]
        after = page.next
        if after is None:
            break
    return found
