"""The dispatchers' queues: reports that nobody has taken on, and those that wait for an agency or an approver."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from intake_app.auth import only
from intake_app.desk.at_hand import sight, the_node
from intake_app.desk.queues import DISPATCH, count_queues, find_queue, load_queue, load_urgent, shown_queue
from intake_app.navigation import DISPATCHERS

blueprint = Blueprint("dispatch", __name__)


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
    return render_template("central/dispatch.html", **shown_queue(DISPATCH, chosen, counts, page))
