"""The page of an agency that has no node of its own: what is routed to it, and what it still owes."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from intake_app.auth import current_actor, only
from intake_app.central.queues import AGENCY, count_queues, find_queue
from intake_app.desk.at_hand import the_node
from intake_app.navigation import HANDLERS
from intake_app.store.lists import ListFilter, list_reports

blueprint = Blueprint("agency", __name__)

PAGE_ROWS = 50


@blueprint.get("/agency")
@only(*HANDLERS)
def queue() -> str:
    """One queue of the signed-in person's agency."""
    chosen = find_queue(AGENCY, request.args.get("queue")) or abort(404)
    agency = current_actor().agency
    if not agency:  # else a filter by no agency would show the whole province
        return render_template("central/no_agency.html")
    node = the_node()
    with node.database.read() as db:
        counts = count_queues(db, AGENCY, agency)
        wanted = ListFilter(statuses=chosen.statuses, agency=agency)
        page = list_reports(db, wanted, request.args.get("after"), PAGE_ROWS)
    return render_template("central/agency.html", queues=AGENCY, chosen=chosen, counts=counts, page=page, agency=agency)
