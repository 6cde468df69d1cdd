"""What a line of a queue says besides: who has the report in hand, why it is here again, the draft that waits for approval."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import url_for

from intake_app.desk.at_hand import the_directory, the_node
from intake_app.desk.queues import QueuePage
from intake_app.store.claims import Claim, claims_of
from intake_app.store.database import Db
from intake_app.store.entities import load_numbers
from intake_app.store.reports import ReportRow
from sync.returns import Return, returns_of


class RowNote(NamedTuple):
    """What a line of a queue says besides: what was seen of it, who has it, why it is here again."""

    id: str
    version: int
    claim: Claim | None
    returned: Return | None
    returns: int
    proposed: str  # an agency that may be taken with one press
    reopened: str
    rating: str
    draft: str


def _rows(page: QueuePage) -> list[ReportRow]:
    return [*(page.urgent.rows if page.urgent else ()), *page.others.rows]


def notes_of(db: Db, page: QueuePage) -> dict[str, RowNote]:
    """The notes of a page's lines, by the address that a line leads to."""
    listed = _rows(page)
    states = load_numbers(db, [row.no for row in listed])
    claims = claims_of(db, [row.id for row in listed], the_node().clock.now_ms())
    found = {}
    for row in listed:
        one = states[row.no]
        address = url_for("report.shown", report_id=row.id.hex())
        found[address] = _note(row, one.version or 0, one.seen or {}, claims.get(row.id))
    return found


def _note(row: ReportRow, version: int, state: dict[str, Any], claim: Claim | None) -> RowNote:
    past = returns_of(state) if row.status == "returned" else []
    last = past[-1] if past else None
    proposed = last.proposed if last and last.proposed in the_directory().agencies else ""
    reasons = [entry["details"]["reason"] for entry in state.get("history", ()) if entry.get("step") == "reopen"]
    reopened = reasons[-1] if reasons and row.status == "reopened" else ""
    rating = state.get("rating", {}).get("score", "") if reopened else ""
    draft = state.get("draft_answer", {}).get("answer", "") if row.status == "pending_approval" else ""
    return RowNote(row.id.hex(), version, claim, last, len(past), proposed, reopened, rating, draft)
