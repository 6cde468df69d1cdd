"""One page for the leader on duty, to be read or printed: urgent, overdue, returned twice, and what each agency owes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from forms.words import N_
from intake_app.auth import only
from intake_app.clock import iso
from intake_app.desk.at_hand import require_whole_sight, the_node
from intake_app.desk.rows import Line, shown_rows
from intake_app.navigation import DISPATCHERS
from intake_app.store.claims import alerts
from intake_app.store.database import Db
from intake_app.store.lists import COUNT_MAX, ListFilter, list_reports
from intake_app.store.returned import returned_twice
from intake_app.store.unanswered import unanswered

blueprint = Blueprint("duty", __name__)
SHOWN_MAX = 50  # of one kind: what is more is told by its number, a leader reads no hundred lines


@dataclass(frozen=True)
class Part:
    """One list of the page."""

    code: str
    title: str
    empty: str
    lines: list[Line]
    total: int


@blueprint.get("/dispatch/duty")
@only(*DISPATCHERS)
def sheet() -> str:
    """The page as of this moment."""
    require_whole_sight()
    now_ms = the_node().clock.now_ms()
    with the_node().database.read() as db:
        parts = _parts(db, now_ms)
        owed = unanswered(db, iso(now_ms))
        unseen = {each.tracking_code for each in alerts(db)}
    return render_template(
        "central/duty.html", parts=parts, owed=owed, now_ms=now_ms, unseen=unseen, count_max=COUNT_MAX
    )


def _parts(db: Db, now_ms: int) -> list[Part]:
    now_iso = iso(now_ms)
    urgent = list_reports(db, ListFilter(open=True, urgent=True), limit=SHOWN_MAX, sort="oldest")
    overdue = list_reports(db, ListFilter(owed_to_ms=now_ms), limit=SHOWN_MAX, sort="deadline")
    twice = returned_twice(db)
    return [
        Part("urgent", N_("Urgent, open"), N_("No urgent report is open."), shown_rows(urgent.rows, now_iso), urgent.total),
        Part("overdue", N_("Overdue"), N_("Nothing is overdue."), shown_rows(overdue.rows, now_iso), overdue.total),
        Part(
            "twice", N_("Returned twice"), N_("Nothing was given back twice."), shown_rows(twice[:SHOWN_MAX], now_iso),
            len(twice),
        ),
    ]  # fmt: skip
