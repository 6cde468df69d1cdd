"""The one-screen form of a new report, and the page that says it is saved."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from forms.intake import IntakeForm, settle_units
from forms.refusals import attach, sentence
from intake_app import auth
from intake_app.actions.keep_draft import own_draft, source_of
from intake_app.actions.lines import read_line
from intake_app.actions.record_report import Link, Recorded, record_report
from intake_app.auth import current_actor
from intake_app.desk.at_hand import find_report, sight, the_directory, the_node, topic_of
from intake_app.desk.clock_face import promised_of
from intake_app.desk.drafts import keep_typed, kept_text, old_ones
from intake_app.desk.intake_form import Hints, drafted_form, make_form, new_form, shown_hints
from intake_app.desk.relay import relay_form
from intake_app.desk.sight import may_see
from intake_app.navigation import RECORDERS
from intake_app.phone import to_e164
from intake_app.store import drafts
from intake_app.store.reports import Report, id_of_source
from sync import tracking_code
from sync.errors import InvalidFields, Refused

blueprint = Blueprint("intake", __name__)

SAVES = ("save", "save_next")
# What a report of the same matter takes over from the known one where nobody has typed it.
TAKEN_OVER = ("topic", "summary", "unit", "address", "village")


@blueprint.route("/")
def start() -> Response:
    """The page people begin with: the form for those who record, else the centre's overview or the list."""
    if current_actor().roles & RECORDERS:
        return redirect(url_for("intake.new"))
    return redirect(url_for("home.overview" if the_node().settings.role == "central" else "lists.reports"))


@blueprint.route("/intake", methods=["GET", "POST"])
@auth.only(*RECORDERS)
def new() -> Response | str | tuple[str, int]:
    """The form; it saves only on a button that says so, every other button shows it again."""
    if request.method == "GET":
        return _open_draft(request.args["draft"]) if request.args.get("draft") else _page(new_form())
    form = make_form(_sent())
    if request.form.get("action") == "draft":
        return _park(form)
    if request.form.get("action") not in SAVES and not request.form.get("join"):
        settle_units(form)
        _press(form)
    elif recorded := _record(form):
        return _go_on(recorded, form.channel.data)
    page = _page(form)
    return (page, 422) if form.errors else page


@blueprint.route("/intake/questions")
@auth.only(*RECORDERS)
def questions() -> str:
    """The questions of a topic as a piece of the form."""
    topic = topic_of(request.args.get("topic"))
    form = make_form(topic_code=topic.code if topic else "")
    return render_template("desk/_questions.html", form=form, topic=topic)


@blueprint.route("/reports/<report_id>/saved")
def saved(report_id: str) -> str:
    """The page after saving: the code, what happens next, and the receipt."""
    report = find_report(report_id)
    return render_template(
        "desk/saved.html", report=report, state=report.state, relay=relay_form(report), promised=promised_of(report.state)
    )


def _page(form: IntakeForm) -> str:
    with the_node().database.read() as db:
        own = drafts.of_person(db, current_actor().person)
    kept = next((draft for draft in own if draft.key == form.draft.data), None)
    return render_template(
        "desk/intake.html", form=form, topic=topic_of(form.topic.data), hints=shown_hints(form),
        kept=kept, kept_text=kept_text(kept.saved_ms) if kept else "", old=old_ones(own),
        others=[draft for draft in own if draft.key != form.draft.data], last_saved=session.get("last_saved"),
    )  # fmt: skip


def _open_draft(key: str) -> Response | str:
    try:
        return _page(drafted_form(own_draft(the_node(), current_actor(), key)))
    except Refused as refused:
        with the_node().database.read() as db:
            recorded = id_of_source(db, source_of(key), the_node().head.office)
        if recorded:
            flash(_("What was typed here is recorded already."), "good")
            return redirect(url_for("intake.saved", report_id=recorded.hex()))
        flash(sentence(refused.code, refused.params), "warn")
        return redirect(url_for("intake.new"))


def _park(form: IntakeForm) -> Response:
    """Keep the draft by a button, as pages without scripts do."""
    kept = keep_typed(form.draft.data or "")
    flash(kept_text(kept.saved_ms), "good")
    return redirect(url_for("intake.new", draft=form.draft.data), 303)


def _sent() -> MultiDict[str, str]:
    """What was sent, with the suggested topic in it where its button was pressed: the form needs its questions."""
    sent = request.form.copy()
    if request.form.get("take_topic"):
        sent["topic"] = request.form["take_topic"]
    return sent


def _press(form: IntakeForm) -> None:
    """Do what a button of a hint says: guide to the procedure, fill what is empty."""
    if code := request.form.get("guide"):
        form.opening.data, form.guided_to.data = "guided", code
    caller = Hints(form).caller if request.form.get("fill") else None
    for name, value in (caller.fills if caller else {}).items():
        if name == "home_unit" and not form.home_unit.typed:
            form.home_unit.show(value, the_directory())
        elif name != "home_unit" and not form[name].data:
            form[name].data = value


def _record(form: IntakeForm) -> Recorded | None:
    """Record what was typed, or put beside the fields, all at once, what does not fit."""
    node = the_node()
    other = find_report(request.form["join"]) if request.form.get("join") else None
    try:
        valid, line = form.validate(), _line(form, other)
        if not valid:
            read_line(line, node.directory, node.clock.now_ms())  # says what else does not fit
            return None
        return record_report(
            node, current_actor(), line, draft=form.draft.data or None, link=_link(line, other),
            code=form.paper_code.data or None, **form.ending(),
        )  # fmt: skip
    except InvalidFields as invalid:
        attach(form, invalid)
        return None


def _line(form: IntakeForm, other: Report | None) -> dict[str, Any]:
    known = {key: other.state[key] for key in TAKEN_OVER if other.state.get(key)} if other else {}
    return known | form.line()


def _link(line: dict[str, Any], other: Report | None) -> Link | None:
    """The same person tells the matter again, or another citizen has it too.

    Of a reporter to be kept secret the link does not tell: whoever typed a number would learn whose it is.
    """
    if other is None or not may_see(sight(), other.state):
        return None
    phone = to_e164(str(line.get("phone", ""))) if line.get("phone") else None
    same = phone is not None and not other.state.get("confidential") and phone == other.state.get("reporter", {}).get("phone")
    return Link(other.id, "duplicate_of" if same else "same_matter")


def _go_on(recorded: Recorded, channel: str) -> Response:
    session["channel"] = channel
    session["last_saved"] = {"id": recorded.id.hex(), "code": recorded.tracking_code}
    if request.form.get("action") != "save_next":
        return redirect(url_for("intake.saved", report_id=recorded.id.hex()), 303)
    flash(_("Saved on this computer: %(code)s", code=tracking_code.show(recorded.tracking_code)), "good")
    return redirect(url_for("intake.new"), 303)
