"""The dispatchers' queues: reports that nobody has taken on, and those that wait for an agency or an approver."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from intake_app.auth import only
from intake_app.central.queues import DISPATCH, count_queues, find_queue
from intake_app.desk.at_hand import the_node
from intake_app.navigation import DISPATCHERS
from intake_app.store.lists import ListFilter, list_reports

blueprint = Blueprint("dispatch", __name__)

PAGE_ROWS = 50


@blueprint.get("/dispatch")
@only(*DISPATCHERS)
def queue() -> str:
    """One queue with the counts of all."""
    chosen = find_queue(DISPATCH, request.args.get("queue")) or abort(404)
    node = the_node()
    with node.database.read() as db:
        counts = count_queues(db, DISPATCH)
        page = list_reports(db, ListFilter(statuses=chosen.statuses), request.args.get("after"), PAGE_ROWS)
    return render_template("central/dispatch.html", queues=DISPATCH, chosen=chosen, counts=counts, page=page)
