"""The dispatchers' queues: reports that nobody has taken on, and those that wait for an agency or an approver."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.login import EmptyForm
from forms.refusals import sentence
from intake_app.actions.step_report import step_report
from intake_app.auth import current_actor, only
from intake_app.central.picking import picked
from intake_app.desk.at_hand import find_report, sight, the_directory, the_node
from intake_app.desk.queues import DISPATCH, QueuePage, count_queues, find_queue, load_queue, load_urgent, shown_queue
from intake_app.navigation import DISPATCHERS
from intake_app.store.claims import Claim, claims_of
from intake_app.store.database import Db
from intake_app.store.entities import load_numbers
from intake_app.store.reports import ReportRow
from sync.errors import InvalidFields, Refused
from sync.returns import Return, returns_of

blueprint = Blueprint("dispatch", __name__)
ROUTERS = frozenset({"dispatcher"})


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


@blueprint.get("/dispatch")
@only(*DISPATCHERS)
def queue() -> str:
    """One queue with the counts of all."""
    chosen = find_queue(DISPATCH, request.args.get("queue")) or abort(404)
    agency = sight()
    load = load_urgent if "urgent" in request.args else load_queue
    with the_node().database.read() as db:
        counts = count_queues(db, DISPATCH, agency)
        page = load(db, chosen, agency, request.args.get("after"))
        notes = _notes(db, _rows(page))
    may_route = bool(ROUTERS & current_actor().roles)
    return render_template(
        "central/dispatch.html",
        notes=notes,
        may_route=may_route,
        pick="bulk" if may_route and "route" in chosen.steps else "",
        all_picked="all" in request.args,
        empty_form=EmptyForm(),
        **shown_queue(DISPATCH, chosen, counts, page),
    )


def _rows(page: QueuePage) -> list[ReportRow]:
    return [*(page.urgent.rows if page.urgent else ()), *page.others.rows]


def _notes(db: Db, rows: Iterable[ReportRow]) -> dict[str, RowNote]:
    """The notes of a page's lines, by the address that a line leads to."""
    listed = list(rows)
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


@blueprint.post("/dispatch/<report_id>/reroute")
@only(*ROUTERS)
def reroute(report_id: str) -> Response:
    """Route a report that came back to the agency that was named when it was given back, with the words as they were."""
    report = find_report(report_id)
    past = returns_of(report.state)
    wanted = past[-1].proposed if past else ""
    if report.state["status"] != "returned" or picked(request.form) != [(report.id, report.version or 0)] or not wanted:
        flash(_("Something happened to this report meanwhile. Nothing was routed; look at it first."), "warn")
        return redirect(url_for("report.shown", report_id=report_id), 303)
    supporting = [code for code in report.state.get("supporting", ()) if code != wanted]
    details = {"agency": wanted, "supporting": supporting, "text": report.state.get("covering_text")}
    try:
        step_report(the_node(), current_actor(), report.id, "route", seen_status="returned", **details)
    except InvalidFields:
        return redirect(url_for("steps.step", report_id=report_id, name="route"), 303)
    except Refused as refused:
        flash(sentence(refused.code, refused.params), "bad")
    else:
        flash(_("Routed to: %(agency)s.", agency=the_directory().agencies[wanted].name), "good")
    return redirect(url_for("dispatch.queue", queue="returned"), 303)
