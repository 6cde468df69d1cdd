"""The people to call back: what to tell them, when it was tried, and the result in one press. Needs no network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from forms.refusals import sentence
from forms.report import CallResultForm
from forms.words import word
from intake_app import auth
from intake_app.actions.add_to_report import call_report, inform_citizen
from intake_app.actions.reveal_identity import note_revealed
from intake_app.auth import current_actor
from intake_app.desk.at_hand import find_report, sight, surroundings, the_node
from intake_app.shown import masked
from intake_app.store.callbacks import UNTOLD, Callback, list_callbacks
from intake_app.store.reports import Report
from sync import permission
from sync.errors import InvalidFields

blueprint = Blueprint("calls", __name__)

CALLERS = permission.ROLES["report.called"]
TRIES_SHOWN = 3


@dataclass(frozen=True)
class Person:
    """One person to call, as the list shows them."""

    id: str
    state: dict[str, Any]
    due_ms: int
    planned: bool
    is_due: bool
    tries: int
    last: tuple[dict[str, Any], ...]
    name: str
    number: str
    number_shown: str
    secret: bool


@blueprint.get("/calls")
@auth.only(*CALLERS, "auditor")
def listed() -> str:
    """Who waits for a call, the longest first."""
    return _page(CallResultForm(formdata=None, **surroundings()))


@blueprint.post("/calls/<report_id>/reveal")
@auth.only(*CALLERS)
def reveal(report_id: str) -> str:
    """Show the number of somebody whose identity is kept secret; that it was shown is noted first."""
    report = find_report(report_id)
    note_revealed(the_node(), current_actor(), report.id, report.state)
    return _page(CallResultForm(formdata=None, **surroundings()), revealed=report_id)


@blueprint.post("/calls/<report_id>")
@auth.only(*CALLERS)
def result(report_id: str) -> Response | tuple[str, int]:
    """Record what came of a call; who was reached has been told."""
    report, form = find_report(report_id), CallResultForm(**surroundings())
    outcome = form.result.data
    if form.validate():
        try:
            _record(report, form)
        except InvalidFields as invalid:
            form.form_errors += [sentence(problem.code, problem.params) for problem in invalid.problems.values()]
        else:
            flash(_("Recorded: %(result)s.", result=word("result", outcome)), "good")
            return redirect(url_for("calls.listed", office=request.args.get("office")), 303)
    return _page(form, failed=report_id), 422


def _record(report: Report, form: CallResultForm) -> None:
    node, actor, said = the_node(), current_actor(), form.text.data or ""
    call_report(node, actor, report.id, "out", form.result.data, said, next_try=form.next_try.data or None)
    if form.result.data == "reached" and not form.next_try.data and report.state["status"] in UNTOLD:
        inform_citizen(node, actor, report.id, "phone", text=said)


def waited(ms: int) -> str:
    """How long somebody has been waiting, as one says it."""
    hours = ms // 3_600_000
    if hours < 2:
        return _("an hour") if hours else _("less than an hour")
    return (
        ngettext("%(n)s hour", "%(n)s hours", hours, n=hours)
        if hours < 48
        else ngettext("%(n)s day", "%(n)s days", hours // 24, n=hours // 24)
    )


def _page(form: CallResultForm, revealed: str = "", failed: str = "") -> str:
    node, every = the_node(), request.args.get("office") == "all"
    now_ms = node.clock.now_ms()
    with node.database.read() as db:
        page = list_callbacks(db, now_ms, None if every else node.head.office, sight(), request.args.get("after"))
    people = [_person(row, now_ms, row.id.hex() == revealed) for row in page.rows]
    return render_template(
        "desk/calls.html", form=form, people=people, page=page, every=every, failed=failed, waited=waited, now_ms=now_ms,
        may_call=bool(CALLERS & current_actor().roles),
    )  # fmt: skip


def _person(row: Callback, now_ms: int, revealed: bool) -> Person:
    state, reporter = row.state, row.state.get("reporter", {})
    hidden = bool(state.get("confidential")) and not revealed
    phone = str(reporter.get("phone", ""))
    calls = sorted(state.get("calls", ()), key=lambda call: call["at"], reverse=True)
    return Person(
        id=row.id.hex(), state=state, due_ms=row.due.at_ms, planned=row.due.planned, is_due=row.due.at_ms <= now_ms,
        tries=row.due.tries, last=tuple(calls[:TRIES_SHOWN]), name="" if hidden else reporter.get("name", ""),
        number="" if hidden else phone,
        number_shown=masked(phone) if hidden else reporter.get("phone_typed") or phone, secret=hidden,
    )  # fmt: skip
