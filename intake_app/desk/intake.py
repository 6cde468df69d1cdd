"""The one-screen form of a new report, and the page that says it is saved."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.intake import IntakeForm, data_of, settle_units, show_units, with_questions
from forms.refusals import attach
from intake_app import auth
from intake_app.actions.lines import read_line
from intake_app.actions.record_report import Recorded, record_report
from intake_app.auth import current_actor
from intake_app.desk.at_hand import (
    find_report,
    language,
    surroundings,
    the_directory,
    the_node,
    topic_names,
    topic_of,
)
from intake_app.navigation import RECORDERS
from sync import tracking_code
from sync.errors import InvalidFields
from sync.limits import PRIVATE_FIELDS

blueprint = Blueprint("intake", __name__)

SAVES = ("save", "save_next")


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
    form = _form()
    if request.method == "GET":
        _begin(form)
    elif request.form.get("action") not in SAVES:
        settle_units(form)
    elif recorded := _record(form):
        return _go_on(recorded, form.channel.data)
    page = render_template("desk/intake.html", form=form, topic=topic_of(form.topic.data))
    return (page, 422) if form.errors else page


@blueprint.route("/intake/questions")
@auth.only(*RECORDERS)
def questions() -> str:
    """The questions of a topic as a piece of the form."""
    topic = topic_of(request.args.get("topic"))
    return render_template("desk/_questions.html", form=_form(topic.code if topic else ""), topic=topic)


@blueprint.route("/reports/<report_id>/saved")
def saved(report_id: str) -> str:
    """The page after saving: the code, what happens next, and the receipt."""
    return render_template("desk/saved.html", report=find_report(report_id), draft=request.args.get("draft", ""))


def _form(topic_code: str | None = None) -> IntakeForm:
    topic = topic_of(request.form.get("topic") if topic_code is None else topic_code)
    made = with_questions(IntakeForm, topic, language())
    return made(topics=the_directory().topics, topic_names=topic_names(), **surroundings())


def _begin(form: IntakeForm) -> None:
    node, actor = the_node(), current_actor()
    office = the_directory().offices.get(actor.office)
    form.draft.data = node.entropy(16).hex()
    form.channel.data = session.get("channel", "phone")
    known = _same_person(request.args.get("same")) if request.args.get("same") else {}
    for name, value in data_of(known).items():
        if name in form:
            form[name].data = value
    show_units(form, known)
    unit = the_directory().unit(office.unit) if office else None
    # A commune mostly records its own matters; a district has to say in which commune, or the case goes astray.
    if unit and unit.level == "commune":
        form.unit.show(unit.code, the_directory())


def _same_person(report_id: str) -> dict[str, Any]:
    """Who reported another matter a moment ago: nobody is asked the same twice in one visit."""
    state = find_report(report_id).state
    person = {key: value for key, value in state.get("reporter", {}).items() if key in PRIVATE_FIELDS}
    if typed := person.pop("phone_typed", None):
        person["phone"] = typed
    kept = ("channel", "anonymous", "representative", "confidential", "consent", "language", "reply_by")
    return person | {key: state[key] for key in kept if key in state}


def _record(form: IntakeForm) -> Recorded | None:
    """Record what was typed, or put beside the fields, all at once, what does not fit."""
    node = the_node()
    try:
        if not form.validate():
            read_line(form.line(), node.directory, node.clock.now_ms())  # says what else does not fit
            return None
        return record_report(node, current_actor(), form.line(), draft=form.draft.data or None, **form.ending())
    except InvalidFields as invalid:
        attach(form, invalid)
        return None


def _go_on(recorded: Recorded, channel: str) -> Response:
    session["channel"] = channel
    if request.form["action"] == "save":
        return redirect(url_for("intake.saved", report_id=recorded.id.hex(), draft=request.form.get("draft")), 303)
    flash(_("Saved on this computer: %(code)s", code=tracking_code.show(recorded.tracking_code)), "good")
    return redirect(url_for("intake.new", saved=request.form.get("draft")), 303)
