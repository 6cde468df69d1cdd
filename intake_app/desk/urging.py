"""Urging the lead agency of a report, in words that stand in its history."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.deadlines import UrgeForm
from forms.refusals import attach
from intake_app.actions.remind import urge_report
from intake_app.auth import current_actor, only
from intake_app.desk.at_hand import find_report, the_node
from sync import permission
from sync.errors import InvalidFields

blueprint = Blueprint("urging", __name__)


@blueprint.route("/reports/<report_id>/urge", methods=["GET", "POST"])
@only(*permission.ROLES["report.urged"])
def urge(report_id: str) -> Response | str | tuple[str, int]:
    """Urge the lead agency."""
    report, form = find_report(report_id), UrgeForm()
    if form.validate_on_submit():
        try:
            urge_report(the_node(), current_actor(), report.id, form.text.data)
        except InvalidFields as invalid:
            attach(form, invalid)
        else:
            flash(_("Urged. The agency's office sees it with its next exchange."), "good")
            return redirect(url_for("report.shown", report_id=report_id), 303)
    page = render_template("desk/small_form.html", report=report, form=form, title=_("Urge the agency"))
    return (page, 422) if form.errors else page
