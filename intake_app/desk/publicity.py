"""What the public may read of a report: proposed without personal data, checked by a person, shown as it will be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug import Response

from forms.publicity import PublicityForm, WithdrawPublicityForm
from forms.refusals import attach, sentence
from intake_app import auth
from intake_app.actions.reveal_identity import note_revealed
from intake_app.actions.set_publicity import (
    PUBLISHERS,
    Proposal,
    check_words,
    propose_words,
    publish_report,
    withdraw_report,
)
from intake_app.auth import current_actor
from intake_app.carry import local_path
from intake_app.desk.at_hand import find_report, the_node
from intake_app.redaction import Redacted, health_words
from intake_app.store.reports import Report
from sync.errors import InvalidFields, Refused
from sync.publicity import as_read, is_public

blueprint = Blueprint("publicity", __name__)

PREVIEW = "preview"


@blueprint.route("/reports/<report_id>/publicity", methods=["GET", "POST"])
@auth.only(*PUBLISHERS)
def publicity(report_id: str) -> Response | str | tuple[str, int]:
    """Publish a report, or change what is published of it."""
    report = find_report(report_id)
    # What is struck through are the reporter's own words about themselves: a look at a secret identity is noted here too.
    note_revealed(the_node(), current_actor(), report.id, report.state)
    proposal = propose_words(report.state)
    form = PublicityForm(data=_filled(report, proposal))
    preview = request.form.get("action") == PREVIEW
    if form.validate_on_submit():
        if not preview and _published(report, form):
            flash(_("Published. The public reads it as it is shown here."), "good")
            return redirect(_back(report_id), 303)
        if preview:
            _attach_found(report, form)
    page = render_template(
        "desk/publicity.html", report=report, state=report.state, form=form, marked=_marked(report, proposal),
        health=_health(form), read=as_read(report.state, form.words()), preview=preview, public=is_public(report.state),
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _back(report_id: str) -> str:
    """Where whoever came from the list of what is public goes on; else the report."""
    asked = request.args.get("from", "")
    return local_path(asked) if asked else url_for("report.shown", report_id=report_id)


def _filled(report: Report, proposal: Proposal) -> dict[str, str]:
    """What is published now, or the proposal."""
    if is_public(report.state):
        return {name: report.state["publicity"].get(name, "") for name in ("title", "text", "answer", "reason")}
    return {"title": proposal.title.text, "text": proposal.text.text, "answer": proposal.answer.text}


def _published(report: Report, form: PublicityForm) -> bool:
    try:
        publish_report(
            the_node(), current_actor(), report.id, form.words(), checked=form.checked.data, reason=form.reason.data
        )
    except InvalidFields as invalid:
        attach(form, invalid)
    except Refused as refused:
        form.form_errors.append(sentence(refused.code, refused.params))
    else:
        return True
    return False


def _attach_found(report: Report, form: PublicityForm) -> None:
    """A preview says at once what would be refused, but for what is only said when it is published."""
    found = check_words(report.state, form.words(), checked=True, reason=form.reason.data or "-")
    if found:
        attach(form, InvalidFields(found))


def _health(form: PublicityForm) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for text in form.words().values() for word in health_words(text)))


def _marked(report: Report, proposal: Proposal) -> dict[str, Markup]:
    """The words of the report with what was taken out of them marked."""
    answer = report.state.get("answer", {}).get("text", "")
    texts = {"title": report.state["summary"], "text": report.state.get("details") or report.state["summary"], "answer": answer}
    found: Mapping[str, Redacted] = proposal._asdict()
    return {name: _with_marks(texts[name], found[name]) for name in texts}


def _with_marks(text: str, redacted: Redacted) -> Markup:
    parts: list[Any] = []
    last = 0
    for piece in redacted.pieces:
        parts += [escape(text[last : piece.start]), Markup("<del>{}</del>").format(text[piece.start : piece.end])]
        last = piece.end
    return Markup("").join([*parts, escape(text[last:])])


@blueprint.route("/reports/<report_id>/publicity/withdraw", methods=["GET", "POST"])
@auth.only(*PUBLISHERS)
def withdraw(report_id: str) -> Response | str | tuple[str, int]:
    """Take a report away from the public."""
    report, form = find_report(report_id), WithdrawPublicityForm()
    if not is_public(report.state):
        raise Refused("not_public")
    if form.validate_on_submit():
        try:
            withdraw_report(the_node(), current_actor(), report.id, form.reason.data)
        except InvalidFields as invalid:
            attach(form, invalid)
        else:
            flash(_("Taken back. The public does not read it any more."), "good")
            return redirect(_back(report_id), 303)
    title = _("Take back what is published")
    page = render_template("desk/small_form.html", report=report, form=form, title=title)
    return (page, 422) if form.errors else page
