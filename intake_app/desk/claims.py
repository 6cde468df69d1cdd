"""Taking a report in hand, letting go of it, taking it over: so that two colleagues do not work on one case."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.publicity import TakeOverForm
from forms.refusals import attach
from intake_app import auth
from intake_app.actions.claim_report import CLAIMANTS, claim_report, release_report, shown_time, take_over
from intake_app.auth import current_actor
from intake_app.desk.at_hand import find_report, the_node
from intake_app.store.claims import claim_of
from sync.errors import InvalidFields

blueprint = Blueprint("claims", __name__)


@blueprint.post("/reports/<report_id>/claim")
@auth.only(*CLAIMANTS)
def claim(report_id: str) -> Response:
    """Take a report in hand for a while."""
    made = claim_report(the_node(), current_actor(), find_report(report_id).id)
    flash(_("The report is in your hands until %(time)s.", time=shown_time(made.until_ms)), "good")
    return redirect(url_for("report.shown", report_id=report_id), 303)


@blueprint.post("/reports/<report_id>/release")
@auth.only(*CLAIMANTS)
def release(report_id: str) -> Response:
    """Let go of a report."""
    release_report(the_node(), current_actor(), find_report(report_id).id)
    flash(_("The report is free for everybody again."), "good")
    return redirect(url_for("report.shown", report_id=report_id), 303)


@blueprint.route("/reports/<report_id>/take-over", methods=["GET", "POST"])
@auth.only(*CLAIMANTS)
def over(report_id: str) -> Response | str | tuple[str, int]:
    """Take a report out of a colleague's hands, with a note."""
    report, form = find_report(report_id), TakeOverForm()
    if form.validate_on_submit():
        try:
            take_over(the_node(), current_actor(), report.id, form.note.data)
        except InvalidFields as invalid:
            attach(form, invalid)
        else:
            flash(_("The report is in your hands now; your colleague finds your note on its page."), "good")
            return redirect(url_for("report.shown", report_id=report_id), 303)
    with the_node().database.read() as db:
        held = claim_of(db, report.id, the_node().clock.now_ms())
    page = render_template("desk/take_over.html", report=report, form=form, title=_("Take over"), claim=held)
    return (page, 422) if form.errors else page
