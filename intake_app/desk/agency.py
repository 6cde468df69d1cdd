"""What is routed to the signed-in person's agency and what it still owes: at its own office, or at the centre if it has none."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from intake_app.auth import current_actor, only
from intake_app.desk.at_hand import the_node
from intake_app.desk.queues import AGENCY, count_queues, find_queue, load_queue, load_urgent, shown_queue
from intake_app.desk.row_notes import notes_of
from intake_app.navigation import HANDLERS

blueprint = Blueprint("agency", __name__)


@blueprint.get("/agency")
@only(*HANDLERS)
def queue() -> str:
    """One queue of the signed-in person's agency."""
    chosen = find_queue(AGENCY, request.args.get("queue")) or abort(404)
    agency = current_actor().agency
    if not agency:  # else a filter by no agency would show the whole province
        return render_template("desk/no_agency.html")
    load = load_urgent if "urgent" in request.args else load_queue
    with the_node().database.read() as db:
        counts = count_queues(db, AGENCY, agency)
        page = load(db, chosen, agency, request.args.get("after"))
        notes = notes_of(db, page)
    return render_template("desk/agency.html", agency=agency, notes=notes, **shown_queue(AGENCY, chosen, counts, page))
