"""An urgent report that cannot leave this computer: whom to call, what to read out, and that it was done."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.refusals import attach
from forms.relay import RelayForm
from intake_app import auth
from intake_app.actions.add_to_report import relay_by_phone
from intake_app.auth import current_actor
from intake_app.clock import iso
from intake_app.desk.at_hand import find_report, surroundings, the_node
from intake_app.navigation import RECORDERS
from intake_app.store.reports import Report
from sync.errors import InvalidFields

blueprint = Blueprint("relay", __name__)

URGENT = ("urgent", "emergency")


@blueprint.route("/reports/<report_id>/relay", methods=["GET", "POST"])
@auth.only(*RECORDERS)
def relay(report_id: str) -> Response | str | tuple[str, int]:
    """Note that an urgent report was told by telephone."""
    report = find_report(report_id)
    form = _form()
    if form.validate_on_submit():
        try:
            relay_by_phone(
                the_node(), current_actor(), report.id, form.to.data, form.when.data or iso(the_node().clock.now_ms()),
                form.by_whom.data or current_actor().name, form.text.data or "",
            )  # fmt: skip
        except InvalidFields as invalid:
            attach(form, invalid)
        else:
            flash(_("It is noted that the report was told by phone."), "good")
            return redirect(url_for("report.shown", report_id=report_id), 303)
    page = render_template("desk/relay.html", report=report, state=report.state, form=form)
    return (page, 422) if form.errors else page


def _form() -> RelayForm:
    return RelayForm(data={"by_whom": current_actor().name}, **surroundings())


def relay_form(report: Report) -> RelayForm | None:
    """The form for pages of a report that is urgent and has not left this computer; None for any other."""
    if the_node().is_central or report.state.get("urgency") not in URGENT or report.sync_state != "saved":
        return None
    if not current_actor().roles & RECORDERS:
        return None
    # A form of its own beside others: without data it is neither read from their request nor shown with their errors.
    return RelayForm(formdata=None, data={"by_whom": current_actor().name}, **surroundings())
