"""New urgent reports on every page of a dispatcher: a banner, and a piece that the page asks for every few seconds."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug import Response

from intake_app.actions.see_urgent import see_urgent
from intake_app.auth import current_actor, only, passive
from intake_app.desk.at_hand import find_report, sight, the_node
from intake_app.store.claims import Alert, alerts
from sync.workflow import DISPATCHER

blueprint = Blueprint("alerts", __name__)
POLL_SECONDS = 15


def urgent_alerts() -> list[Alert]:
    """The urgent reports that wait and that no dispatcher has seen; none for whoever sees only those of one agency."""
    if sight() is not None:
        return []
    with the_node().database.read() as db:
        return alerts(db)


@blueprint.app_context_processor
def _common() -> dict[str, object]:
    return {"urgent_alerts": urgent_alerts, "poll_seconds": POLL_SECONDS}


@blueprint.get("/dispatch/alerts")
@passive
@only(*DISPATCHER)
def piece() -> str:
    """The banner's list as it is now."""
    return render_template("central/_alert_list.html", alerts=urgent_alerts())


@blueprint.post("/dispatch/alerts/<report_id>/seen")
@only(*DISPATCHER)
def seen(report_id: str) -> Response:
    """Note that this person has seen the report, and open it."""
    see_urgent(the_node(), current_actor(), find_report(report_id).id)
    return redirect(url_for("report.shown", report_id=report_id), 303)
