"""One approved answer for all reports of one cause: who will get it, from where they are called, then what became of each."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from forms.login import EmptyForm
from intake_app.actions.share_answer import has_answer, kin_of, share_answer
from intake_app.auth import current_actor, only
from intake_app.central.picking import picked
from intake_app.desk.at_hand import find_report, require_whole_sight, the_node
from sync.errors import Refused
from sync.workflow import STEPS

blueprint = Blueprint("sharing", __name__)


@blueprint.route("/dispatch/<report_id>/share", methods=["GET", "POST"])
@only(*STEPS["share"].roles)
def share(report_id: str) -> str | tuple[str, int]:
    """Show whom the answer reaches, and give it to those that are ticked."""
    require_whole_sight()
    report, form = find_report(report_id), EmptyForm()
    if not has_answer(report.state):
        raise Refused("no_answer_to_share")
    found = picked(request.form)
    if form.validate_on_submit() and found:
        results = share_answer(the_node(), current_actor(), report.id, found)
        done = sum(each.refused is None for each in results)
        return render_template(
            "central/bulk_done.html", title=_("An answer given to several reports"), results=results, done=done, agency="",
            back=url_for("report.shown", report_id=report_id),
        )  # fmt: skip
    with the_node().database.read() as db:
        kin = kin_of(db, report, the_node().clock.now_ms())
    page = render_template(
        "central/share.html", report=report, kin=kin, form=form, nothing=form.is_submitted() and not found
    )
    return (page, 422) if form.is_submitted() else page
