"""Deadline rules as the centre writes them: which holds for what, tried out before it is published."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from forms.deadlines import RuleForm, TryForm
from forms.login import EmptyForm
from intake_app.actions.publish_deadlines import EDITORS, RULE
from intake_app.auth import only
from intake_app.central.publishing import (
    Shelf,
    edit_page,
    find,
    history_page,
    lines,
    may_edit,
    retire_page,
    take_over,
    today_here,
)
from intake_app.clock import from_iso, iso
from intake_app.desk.at_hand import surroundings, the_node, topic_names
from intake_app.navigation import CATALOGUE_READERS
from intake_app.store.deadlines import terms_of
from intake_app.store.entities import State
from sync.deadline import Clock, Terms, clock_of
from sync.deadline_rule import steps_of
from sync.errors import Refused

blueprint = Blueprint("deadline_rules", __name__)


class Tried(NamedTuple):
    """What a rule would say of a report received at a moment."""

    received: int
    rule: State | None
    due: int | None
    soon: int | None
    steps: list[tuple[int, int]]


def _try_out(terms: Terms, topic: str, urgency: str, received: str) -> Tried:
    state = {"topic": topic, "urgency": urgency, "received_at": received, "status": "received"}
    clock = clock_of(state, terms)
    return Tried(from_iso(received), dict(clock.rule) if clock.rule else None, clock.due, clock.soon, _steps(clock))


def _steps(clock: Clock) -> list[tuple[int, int]]:
    return [(each, clock.step_at(each)) for each in steps_of(clock.rule)] if clock.due is not None else []


def _preview(content: State) -> Tried:
    """What was typed, by itself, for a report that is received now."""
    with the_node().database.read() as db:
        terms = terms_of(db)
    topic, urgency = content.get("topic", ""), content.get("urgency", "normal")
    alone = content | {"valid_from": "1900-01-01"}
    alone.pop("valid_to", None)
    return _try_out(Terms(terms.calendar, (alone,)), topic, urgency, iso(the_node().clock.now_ms()))


SHELF = Shelf(
    RULE, "deadline_rules", "central/deadline_rule_form.html",
    lambda: _("Published. Every computer gets it with its next exchange, and deadlines are worked out anew."), _preview,
)  # fmt: skip


@blueprint.get("/deadline-rules")
@only(*CATALOGUE_READERS)
def listed() -> str:
    """The rules, and what they say of a report received now."""
    form = TryForm(request.args, topic_names=topic_names(), **surroundings())
    received = form.received.data if form.validate() and form.received.data else iso(the_node().clock.now_ms())
    with the_node().database.read() as db:
        found, terms = lines(db, RULE, today_here()), terms_of(db)
    topic, urgency = form.topic.data or topic_names()[0][0], form.urgency.data or "normal"
    form.topic.data, form.urgency.data = topic, urgency
    return render_template(
        "central/deadline_rules.html", lines=found, form=form, tried=_tried(terms, topic, urgency, received),
        may_edit=may_edit(), empty_form=EmptyForm(),
    )  # fmt: skip


def _tried(terms: Terms, topic: str, urgency: str, received: str) -> Tried | None:
    try:
        return _try_out(terms, topic, urgency, received)
    except (ValueError, OverflowError):
        return None


@blueprint.route("/deadline-rules/new", methods=["GET", "POST"])
@only(*EDITORS)
def new() -> Response | str | tuple[str, int]:
    """Write a rule."""
    form = _form()
    if request.method == "GET":
        form.valid_from.data, form.unit_of_time.data, form.to_check.data = today_here(), "working_days", True
        form.escalate_at.data = [100, 150, 200]
    return edit_page(SHELF, form, None)


@blueprint.route("/deadline-rules/<known>/edit", methods=["GET", "POST"])
@only(*EDITORS)
def edit(known: str) -> Response | str | tuple[str, int]:
    """Write a new edition of a rule; the one before stays in its history."""
    one, form = find(RULE, known), _form()
    if request.method == "GET":
        state: dict[str, Any] = one.seen or {}
        for name in form.content():
            form[name].data = state.get(name)
    return edit_page(SHELF, form, one)


@blueprint.route("/deadline-rules/<known>/retire", methods=["GET", "POST"])
@only(*EDITORS)
def retire(known: str) -> Response | str | tuple[str, int]:
    """Retire a rule, with the reason."""
    return retire_page(SHELF, known)


@blueprint.get("/deadline-rules/<known>")
@only(*CATALOGUE_READERS)
def history(known: str) -> str:
    """Every edition of a rule, the newest first."""
    return history_page(SHELF, known, "central/deadline_rule_history.html")


@blueprint.post("/deadline-rules/shipped")
@only(*EDITORS)
def take_over_shipped() -> Response:
    """Publish the rules that the program brings along."""
    if not EmptyForm().validate_on_submit():
        raise Refused("not_allowed")
    return take_over(SHELF)


def _form() -> RuleForm:
    return RuleForm(topic_names=topic_names(), **surroundings())
