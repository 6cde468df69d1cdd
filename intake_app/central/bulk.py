"""Several reports of a queue routed to one agency with one text: looked at once more, then each told by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.dispatch import BulkRouteForm, agency_groups
from forms.refusals import sentence
from intake_app.actions.route_many import MANY_MAX, route_many
from intake_app.auth import current_actor, only
from intake_app.central.dispatch import ROUTERS
from intake_app.central.picking import named, picked
from intake_app.clock import iso
from intake_app.desk.at_hand import agencies_offered, sight, the_node
from intake_app.desk.rows import shown_rows
from intake_app.desk.sight import may_see
from intake_app.store.alike import rows as rows_of
from sync.errors import Refused

blueprint = Blueprint("bulk", __name__)


@blueprint.route("/dispatch/route", methods=["GET", "POST"])
@only(*ROUTERS)
def route() -> Response | str | tuple[str, int]:
    """Ask where the ticked reports go, and route them."""
    found = picked(request.form)
    if not found:
        if request.method == "POST":
            flash(_("No report is ticked. Tick those that go to the same agency."), "warn")
        return redirect(url_for("dispatch.queue", queue=request.form.get("queue") or None), 303)
    form = BulkRouteForm(groups=agency_groups(agencies_offered()))
    sent = request.form.get("action") == "route"
    if sent and form.validate():
        details = {"agency": form.agency.data, "supporting": form.supporting.data, "text": form.text.data}
        try:
            results = route_many(the_node(), current_actor(), found, _sees, **details)
        except Refused as refused:
            form.form_errors.append(sentence(refused.code, refused.params))
        else:
            return _told(form, results)
    page = _asked(form, found)
    return (page, 422) if sent and form.errors else page


def _sees(state: Mapping[str, Any]) -> bool:
    return may_see(sight(), state)


def _asked(form: BulkRouteForm, found: list[tuple[bytes, int]]) -> str:
    with the_node().database.read() as db:
        rows = [row for row in rows_of(db, [one for one, _ in found]) if sight() in (None, row.lead_agency)]
    lines = shown_rows(rows, iso(the_node().clock.now_ms()))
    return render_template(
        "central/bulk.html", form=form, names=named(found), lines=lines, queue=request.form.get("queue", ""),
        count=len(found), most=MANY_MAX,
    )  # fmt: skip


def _told(form: BulkRouteForm, results: list) -> str:
    done = [each for each in results if each.refused is None]
    return render_template(
        "central/bulk_done.html", title=_("Several reports routed"), results=results, done=len(done),
        agency=form.agency.data, back=url_for("dispatch.queue", queue=request.form.get("queue") or None),
    )  # fmt: skip
