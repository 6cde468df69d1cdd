"""What the centre sent back: the office's list of tasks, settling one; at the centre the same list says how far they are."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.refusals import attach, sentence
from forms.sent_back import SettleForm
from intake_app import auth
from intake_app.actions.send_back import settle_query
from intake_app.auth import current_actor
from intake_app.desk.at_hand import find_report, sight, the_node
from intake_app.desk.sight import answering_offices
from intake_app.navigation import QUERY_READERS
from intake_app.store.people import person_names
from intake_app.store.queries import count_open, list_queries
from intake_app.store.reports import Report
from sync import permission
from sync.errors import InvalidFields, Refused
from sync.queries import amended_since, open_queries

blueprint = Blueprint("sent_back", __name__)

SETTLERS = permission.ROLES["report.query_settled"]
SHOWS = ("open", "settled")


@blueprint.get("/sent-back")
@auth.only(*QUERY_READERS)
def listed() -> str:
    """What waits to be settled, or how it was."""
    show = request.args.get("show", SHOWS[0])
    if show not in SHOWS:
        abort(404)
    offices = answering_offices(the_node())
    with the_node().database.read() as db:
        page = list_queries(db, show == "settled", offices, sight(), request.args.get("after"))
        open_count = count_open(db, offices, sight())
        people = {who for row in page.rows for who in (row.entry["by"], row.entry.get("settled", {}).get("by", ""))}
        names = person_names(db, people)
    return render_template(
        "desk/sent_back.html", page=page, show=show, names=names, open_count=open_count,
        may_settle=bool(SETTLERS & current_actor().roles),
    )  # fmt: skip


@blueprint.route("/reports/<report_id>/sent-back/<query>", methods=["GET", "POST"])
@auth.only(*SETTLERS)
def settle(report_id: str, query: str) -> Response | str | tuple[str, int]:
    """Tell the centre how it is settled."""
    report = find_report(report_id)
    entry = next((one for one in open_queries(report.state) if one["id"] == query), None)
    if entry is None:
        raise Refused("no_such_query")
    amended = amended_since(report.state, query)
    form = SettleForm(data={"how": "amended" if amended else "noted"})
    if form.validate_on_submit() and _settled(report, entry, form):
        flash(_("The centre will read that it is settled."), "good")
        return redirect(url_for("sent_back.listed"), 303)
    page = render_template(
        "desk/settle_query.html", report=report, form=form, title=_("Settle what the centre asks"), entry=entry,
        amended=amended,
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _settled(report: Report, entry: dict[str, Any], form: SettleForm) -> bool:
    try:
        settle_query(the_node(), current_actor(), report.id, entry["id"], form.how.data, form.text.data or "")
    except InvalidFields as invalid:
        attach(form, invalid)
        return False
    except Refused as refused:
        if refused.code != "not_amended":
            raise
        form.how.errors = [sentence(refused.code)]
        return False
    return True
