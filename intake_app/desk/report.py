"""One report: everything known about it, and what an office does with it besides the steps of the workflow."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.fields import KitForm
from forms.intake import MatterForm, data_of, settle_units, show_units, with_questions
from forms.questions import answers_shown
from forms.refusals import attach
from forms.report import CallForm, ExtendForm, InformForm, NoteForm, PauseForm, RateForm, ReasonedMatterForm, ResumeForm
from intake_app import auth
from intake_app.actions.add_to_report import (
    call_report,
    inform_citizen,
    may_be_rated,
    note_report,
    rate_report,
    require_told,
)
from intake_app.actions.amend_report import EDITABLE, amend_report
from intake_app.actions.editions import today
from intake_app.actions.pause_report import extend_report, pause_report, resume_report
from intake_app.actions.reveal_identity import note_revealed
from intake_app.auth import current_actor
from intake_app.desk.answered import used_article
from intake_app.desk.at_hand import (
    find_report,
    language,
    steps_of,
    still_asking,
    surroundings,
    the_directory,
    the_node,
    topic_of,
    topics_offered,
)
from intake_app.desk.clock_face import deadline_now, face
from intake_app.desk.dispatching import dispatching
from intake_app.desk.linking import may_see_line
from intake_app.desk.meanwhile import Moved, moved
from intake_app.desk.relay import relay_form
from intake_app.desk.story import accepted_at, counter_ms, ledger, people_in, timeline
from intake_app.phone import typed_form
from intake_app.shown import when
from intake_app.store.callbacks import due_of
from intake_app.store.links import linked_with
from intake_app.store.people import person_names
from intake_app.store.reports import Report
from sync import permission
from sync.errors import InvalidFields
from sync.queries import open_queries
from sync.workflow import OPEN

blueprint = Blueprint("report", __name__)


@blueprint.route("/reports/<report_id>")
def shown(report_id: str) -> str:
    """Everything about one report."""
    report = find_report(report_id)
    state = report.state
    note_revealed(the_node(), current_actor(), report.id, state)
    with the_node().database.read() as db:
        names = person_names(db, people_in(state))
        linked = linked_with(db, report.id, report.no)
        used = used_article(db, state, today(the_node()))
        shown_of_dispatch = dispatching(db, report)
    return render_template(
        "desk/report.html",
        report=report,
        state=state,
        names=names,
        used=used,
        answers=answers_shown(state.get("answers", {}), topic_of(state["topic"]), language()),
        steps=steps_of(state),
        story=timeline(state),
        ledger=ledger(report),
        relay=relay_form(report),
        linked=[each for each in linked if may_see_line(each)],
        queries=open_queries(state),
        due=due_of(state),
        clock=face(state),
        now_ms=the_node().clock.now_ms(),
        counter_ms=counter_ms(state),
        accepted_ms=accepted_at(state),
        may=_may(state),
        **shown_of_dispatch,
    )


def _may(state: dict[str, Any]) -> set[str]:
    """The kinds of entries that this person may add to the report as it is."""
    may = {kind for kind, roles in permission.ROLES.items() if roles & current_actor().roles}
    if not the_node().is_central:
        may.discard("report.queried")
    if state["status"] not in OPEN:
        may -= {"report.paused", "report.resumed", "report.extended"}
    if state["status"] not in OPEN or not state.get("lead_agency"):
        may -= {"report.urged"}
    if not may_be_rated(state):
        may -= {"report.rated"}
    return may - {"report.paused" if "paused" in state else "report.resumed"}


@blueprint.route("/reports/<report_id>/note", methods=["GET", "POST"])
@auth.only(*permission.ROLES["report.noted"])
def note(report_id: str) -> Response | str | tuple[str, int]:
    """Write a note on a report."""
    form = NoteForm()
    return _small_page(
        report_id, form, _("Note"), lambda found: note_report(
            the_node(), current_actor(), found.id, form.text.data, internal=form.audience.data != "citizen"
        ), _("The note is saved."),
    )  # fmt: skip


@blueprint.route("/reports/<report_id>/call", methods=["GET", "POST"])
@auth.only(*permission.ROLES["report.called"])
def call(report_id: str) -> Response | str | tuple[str, int]:
    """Record a call with the citizen."""
    form = CallForm(**surroundings())
    return _small_page(
        report_id, form, _("Record a call"), lambda found: call_report(
            the_node(), current_actor(), found.id, direction=form.direction.data, result=form.result.data,
            text=form.text.data or "", next_try=form.next_try.data or None,
        ), _("The call is saved."),
    )  # fmt: skip


@blueprint.route("/reports/<report_id>/inform", methods=["GET", "POST"])
@auth.only(*permission.ROLES["report.informed"])
def inform(report_id: str) -> Response | str | tuple[str, int]:
    """Record that the citizen was told."""
    form = InformForm()
    return _small_page(
        report_id, form, _("The citizen was told"), lambda found: inform_citizen(
            the_node(), current_actor(), found.id, means=form.means.data, result=form.result.data or "",
            text=form.text.data or "",
        ), _("It is saved that the citizen was told."), "desk/inform.html",
    )  # fmt: skip


@blueprint.route("/reports/<report_id>/rate", methods=["GET", "POST"])
@auth.only(*permission.ROLES["report.rated"])
def rate(report_id: str) -> Response | str | tuple[str, int]:
    """Record how content the citizen is, as the citizen said it after being told the answer."""
    form = RateForm()
    require_told(find_report(report_id).state)
    return _small_page(
        report_id, form, _("Record a rating"), lambda found: rate_report(
            the_node(), current_actor(), found.id, form.score.data, form.text.data or ""
        ), _("The rating is saved."),
    )  # fmt: skip


@blueprint.route("/reports/<report_id>/pause", methods=["GET", "POST"])
@auth.only(*permission.ROLES["report.paused"])
def pause(report_id: str) -> Response | str | tuple[str, int]:
    """Stop the clock."""
    form = PauseForm()
    return _small_page(
        report_id, form, _("Pause"), lambda found: pause_report(
            the_node(), current_actor(), found.id, form.reason.data
        ), _("The clock of this report stands still."),
    )  # fmt: skip


@blueprint.route("/reports/<report_id>/resume", methods=["GET", "POST"])
@auth.only(*permission.ROLES["report.resumed"])
def resume(report_id: str) -> Response | str | tuple[str, int]:
    """Let the clock run again."""
    form = ResumeForm()
    return _small_page(
        report_id, form, _("Go on"), lambda found: resume_report(
            the_node(), current_actor(), found.id, form.reason.data or ""
        ), _("The clock of this report runs again."),
    )  # fmt: skip


@blueprint.route("/reports/<report_id>/extend", methods=["GET", "POST"])
@auth.only(*permission.ROLES["report.extended"])
def extend(report_id: str) -> Response | str | tuple[str, int]:
    """Give the report more time."""
    form = ExtendForm(**surroundings())
    found = deadline_now(find_report(report_id).state)
    if found is not None and found.due is not None:
        form.deadline.description = _("Later than %(time)s, like 17:00 05/12/2021.", time=when(found.due))
    return _small_page(
        report_id, form, _("Extend the deadline"), lambda found: extend_report(
            the_node(), current_actor(), found.id, form.deadline.data, form.reason.data
        ), _("The new deadline is saved."),
    )  # fmt: skip


def _small_page(
    report_id: str,
    form: KitForm,
    title: str,
    act: Callable[[Report], object],
    done: str,
    template: str = "desk/small_form.html",
) -> Response | str | tuple[str, int]:
    report = find_report(report_id)
    if form.validate_on_submit():
        try:
            act(report)
        except InvalidFields as invalid:
            attach(form, invalid)
        else:
            flash(done, "good")
            return redirect(url_for("report.shown", report_id=report_id), 303)
    page = render_template(template, report=report, form=form, title=title)
    return (page, 422) if form.errors else page


@blueprint.route("/reports/<report_id>/amend", methods=["GET", "POST"])
@auth.only(*permission.ROLES["report.amended"])
def amend(report_id: str) -> Response | str | tuple[str, int]:
    """Change what was recorded; only what really differs from what the person saw is sent."""
    report = find_report(report_id)
    note_revealed(the_node(), current_actor(), report.id, report.state)
    known = known_values(report.state)
    form, seen = _amend_form(known), _seen(known)
    changed: list[Moved] = []
    if request.method == "POST" and request.form.get("action") == "save" and form.validate():
        changed = moved(seen, known, form.changes_from(shown_values(seen)))
        if not changed and _amend(report, form, seen):
            return redirect(url_for("report.shown", report_id=report_id), 303)
        # Only what is shown now counts as seen: a field left alone keeps its old value, and so is not sent.
        seen |= {each.field: each.now for each in changed}
    elif request.method == "POST" and request.form.get("action") != "save":
        settle_units(form)
    page = render_template(
        "desk/amend.html", report=report, form=form, topic=topic_of(form.topic.data), moved=changed,
        seen=json.dumps(seen, ensure_ascii=False),
    )  # fmt: skip
    return (page, 409 if changed else 422) if changed or form.errors else page


def known_values(state: dict[str, Any]) -> dict[str, Any]:
    """The values of a report that can be changed, as they are kept."""
    holder = state | state.get("reporter", {})
    return {key: holder[key] for key in (*EDITABLE, "phone_typed") if holder.get(key) is not None}


def shown_values(known: dict[str, Any]) -> dict[str, Any]:
    """The same as a person reads and types them: the phone number as it was typed."""
    values = {key: value for key, value in known.items() if key != "phone_typed"}
    if phone := known.get("phone"):
        values["phone"] = known.get("phone_typed") or typed_form(phone)
    return values


def _amend_form(known: dict[str, Any]) -> MatterForm:
    topic = topic_of(request.form.get("topic") or known["topic"])
    topic = topic and still_asking(topic, known.get("answers", {}))
    made = with_questions(ReasonedMatterForm, topic, language())
    topics = {**the_directory().topics, **({topic.code: topic} if topic else {})}
    names = topics_offered(known["topic"])
    form = made(data=data_of(shown_values(known)), topics=topics, topic_names=names, **surroundings())
    if request.method == "GET":
        show_units(form, known)
    return form


def _amend(report: Report, form: MatterForm, seen: dict[str, Any]) -> bool:
    changes = form.changes_from(shown_values(seen))
    if not changes:
        flash(_("Nothing was changed."), "calm")
        return True
    try:
        amend_report(
            the_node(), current_actor(), report.id, changes, reason=form.reason.data or None,
            seen={key: seen.get(key) for key in changes},
        )  # fmt: skip
    except InvalidFields as invalid:
        attach(form, invalid)
        return False
    flash(_("The change is saved."), "good")
    return True


def _seen(known: dict[str, Any]) -> dict[str, Any]:
    """The values the person saw, as the form carries them; an unreadable one means that nothing is known to be seen."""
    if "seen" not in request.form:
        return dict(known)
    try:
        seen = json.loads(request.form["seen"])
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}
