"""The dispatchers' queues: reports that nobody has taken on, and those that wait for an agency or an approver."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.login import EmptyForm
from forms.refusals import sentence
from intake_app.actions.step_report import step_report
from intake_app.auth import current_actor, only
from intake_app.central.picking import picked
from intake_app.desk.at_hand import find_report, sight, the_directory, the_node
from intake_app.desk.queues import DISPATCH, count_queues, find_queue, load_queue, load_urgent, shown_queue
from intake_app.desk.row_notes import notes_of
from intake_app.navigation import DISPATCHERS
from sync.errors import InvalidFields, Refused
from sync.returns import returns_of

blueprint = Blueprint("dispatch", __name__)
ROUTERS = frozenset({"dispatcher"})


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
        notes = notes_of(db, page)
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
