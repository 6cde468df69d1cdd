"""The page of an agency that has no node of its own: what is routed to it, and what it still owes."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from intake_app.auth import current_actor, only
from intake_app.central.queues import AGENCY, count_queues, find_queue, load_queue, load_urgent
from intake_app.desk.at_hand import the_node
from intake_app.navigation import HANDLERS
from intake_app.store.lists import COUNT_MAX

blueprint = Blueprint("agency", __name__)


@blueprint.get("/agency")
@only(*HANDLERS)
def queue() -> str:
    """One queue of the signed-in person's agency."""
    chosen = find_queue(AGENCY, request.args.get("queue")) or abort(404)
    agency = current_actor().agency
    if not agency:  # else a filter by no agency would show the whole province
        return render_template("central/no_agency.html")
    load = load_urgent if "urgent" in request.args else load_queue
    with the_node().database.read() as db:
        counts = count_queues(db, AGENCY, agency)
        page = load(db, chosen, agency, request.args.get("after"))
    return render_template(
        "central/agency.html",
        count_max=COUNT_MAX,
        queues=AGENCY,
        chosen=chosen,
        counts=counts,
        page=page,
        agency=agency,
    )
