"""Linking a report to another: found by its code, looked at, then linked. Both stay what they are."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.refusals import attach, sentence
from forms.report import LinkForm
from intake_app import auth
from intake_app.actions.add_to_report import link_report
from intake_app.auth import current_actor
from intake_app.desk.at_hand import find_report, sight, the_node
from intake_app.desk.sight import may_see
from intake_app.store.links import Linked
from intake_app.store.reports import Report, find_by_code
from sync import permission
from sync.errors import InvalidFields, Refused

blueprint = Blueprint("linking", __name__)


@blueprint.route("/reports/<report_id>/link", methods=["GET", "POST"])
@auth.only(*permission.ROLES["report.linked"])
def link(report_id: str) -> Response | str | tuple[str, int]:
    """Find the other report by its code; it is shown before the link is saved."""
    report, form = find_report(report_id), LinkForm()
    other = _other(form) if form.validate_on_submit() else None
    if other is not None and request.form.get("found") == other.id.hex() and _linked(report, other, form):
        flash(_("The link is saved. The other report shows it too."), "good")
        return redirect(url_for("report.shown", report_id=report_id), 303)
    page = render_template("desk/link.html", report=report, form=form, other=None if form.errors else other)
    return (page, 422) if form.errors else page


def _other(form: LinkForm) -> Report | None:
    """The report of the code typed, or a sentence beside the field."""
    try:
        with the_node().database.read() as db:
            found = [each for each in find_by_code(db, form.code.data) if may_see(sight(), each.state)]
    except Refused as refused:
        form.code.errors = [sentence(refused.code, refused.params)]
        return None
    if len(found) == 1:
        return found[0]
    form.code.errors = [sentence("ambiguous_code" if found else "no_such_report")]
    return None


def _linked(report: Report, other: Report, form: LinkForm) -> bool:
    try:
        link_report(the_node(), current_actor(), report.id, other.id, form.relation.data)
    except InvalidFields as invalid:
        attach(form, invalid)
        return False
    return True


def may_see_line(linked: Linked) -> bool:
    """Whether the report at the other end is this person's to see; what is not here shows nothing but that it exists."""
    agency = sight()
    return agency is None or linked.tracking_code is None or linked.lead_agency == agency
