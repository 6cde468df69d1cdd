"""One entry of this computer that the centre refused: what it said, a form to repair it, and giving it up."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.fields import KitForm
from forms.refusals import sentence
from forms.refused import DismissForm, changes_of, field_of, repair_form, show_places, shown
from intake_app import auth
from intake_app.actions.reveal_identity import note_revealed
from intake_app.actions.settle_refused import Content, dismiss_event, refused_content, repair_event
from intake_app.auth import current_actor
from intake_app.desk.at_hand import surroundings, the_directory, the_node, topic_names
from intake_app.store.reports import load_report
from sync import permission
from sync.errors import InvalidFields, Problem, Refused
from sync.ingest import DISMISSED, KIND_VERSIONS

blueprint = Blueprint("refused", __name__)


@blueprint.get("/sync/refused/<event_id>")
def one(event_id: str) -> str:
    """What the entry says, why it was refused, and what can be done."""
    content = _content(event_id)
    form = _repair_form(content)
    show_places(form, content.values, the_directory())
    return _page(content, form, DismissForm(formdata=None))


@blueprint.post("/sync/refused/<event_id>/repair")
@auth.only(*permission.WORKING)
def repair(event_id: str) -> Response | tuple[str, int]:
    """Send a corrected entry in the place of this one."""
    content = _content(event_id)
    form = _repair_form(content)
    if form.validate():
        try:
            repair_event(the_node(), current_actor(), content.event.id, changes_of(form, content.values))
        except InvalidFields as invalid:
            _beside(form, invalid.problems)
        except Refused as refused:
            form.form_errors.append(sentence(refused.code, refused.params))
        else:
            flash(_("The repaired entry is saved here and is sent with the next exchange."), "good")
            return redirect(url_for("sync.queue"), 303)
    return _page(content, form, DismissForm(formdata=None)), 422


@blueprint.post("/sync/refused/<event_id>/dismiss")
@auth.only(*permission.WORKING)
def dismiss(event_id: str) -> Response | tuple[str, int]:
    """Give the entry up."""
    content = _content(event_id)
    form = DismissForm()
    if form.validate():
        dismiss_event(the_node(), current_actor(), content.event.id, form.reason.data)
        flash(_("The entry is given up. The journal of this computer keeps it."), "good")
        return redirect(url_for("sync.queue"), 303)
    repairing = _repair_form(content, from_request=False)
    show_places(repairing, content.values, the_directory())
    return _page(content, repairing, form), 422


def _content(event_id: str) -> Content:
    try:
        wanted = bytes.fromhex(event_id)
    except ValueError:
        raise Refused("not_refused") from None
    with the_node().database.read() as db:
        return refused_content(db, wanted)


def _repair_form(content: Content, from_request: bool = True) -> KitForm:
    made = repair_form(content.values, topic_names())
    sent = {} if from_request and request.method == "POST" else {"formdata": None}
    return made(data=shown(content.values), **surroundings(), **sent)


def _beside(form: KitForm, problems: Any) -> None:
    """Each sentence beside its field, or above where the form has no such field."""
    for key, problem in problems.items():
        _put(form, key, problem)


def _put(form: KitForm, key: str, problem: Problem) -> None:
    text = sentence(problem.code, problem.params)
    if (field := field_of(form, key)) is not None:
        field.errors = [text]
    else:
        form.form_errors.append(f"{key}: {text}")


def _page(content: Content, form: KitForm, giving_up: DismissForm) -> str:
    event = content.event
    with the_node().database.read() as db:
        report = load_report(db, event.entity)
    if report is not None and event.private:
        note_revealed(the_node(), current_actor(), event.entity, report.state)
    return render_template(
        "desk/refused.html",
        content=content,
        params=json.loads(content.params) if content.params else {},
        report=report,
        form=form,
        giving_up=giving_up,
        # What waits for an earlier entry is repaired there; what this program does not know it cannot write either.
        may_repair=event.kind in KIND_VERSIONS and event.kind != DISMISSED and content.code != "blocked_by_earlier"
        and bool(permission.needed(event) & current_actor().roles),
        may_dismiss=bool(permission.WORKING & current_actor().roles),
    )  # fmt: skip
