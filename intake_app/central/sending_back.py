"""The centre sends a report back to the office that recorded it, with the reason."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.refusals import attach
from forms.sent_back import SendBackForm
from intake_app.actions.send_back import send_back
from intake_app.auth import current_actor, only
from intake_app.carry import local_path
from intake_app.desk.at_hand import find_report, the_node
from intake_app.presentation import office_name
from sync import permission
from sync.errors import InvalidFields

blueprint = Blueprint("sending_back", __name__)


@blueprint.route("/reports/<report_id>/send-back", methods=["GET", "POST"])
@only(*permission.ROLES["report.queried"])
def ask(report_id: str) -> Response | str | tuple[str, int]:
    """Ask why, then send it back; who came from a batch goes on there."""
    report, form = find_report(report_id), SendBackForm()
    if form.validate_on_submit():
        try:
            send_back(the_node(), current_actor(), report.id, form.reason.data)
        except InvalidFields as invalid:
            attach(form, invalid)
        else:
            flash(_("Sent back. The office sees it as a task with its next exchange."), "good")
            back = local_path(request.args.get("from", ""))
            return redirect(back if request.args.get("from") else url_for("report.shown", report_id=report_id), 303)
    page = render_template(
        "central/send_back.html", report=report, form=form, office=office_name(report.state["office"]),
        title=_("Send back to the office"),
    )  # fmt: skip
    return (page, 422) if form.errors else page
