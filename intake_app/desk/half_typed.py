"""Half-typed changes, notes and steps of the signed-in person, kept while they type and put back into the same form."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug import Response as Answer

from intake_app import carry
from intake_app.actions.keep_half_typed import KEEP_MS, forget_half_typed, keep_half_typed
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_node
from intake_app.shown import clock_time
from intake_app.store import half_typed
from intake_app.store.half_typed import HalfTyped

blueprint = Blueprint("half_typed", __name__)

MARK = "half_typed"  # a hidden field: this form's text is kept while it is typed


@blueprint.app_context_processor
def _left() -> dict[str, object]:
    return {"half_typed": left_here}


def left_here() -> HalfTyped | None:
    """What this person has left in the form of this page; a form that was sent holds its own words."""
    if request.method != "GET" or not current_user.is_authenticated:
        return None
    with the_node().database.read() as db:
        found = half_typed.find(db, current_actor().person, request.path)
    return found if found and found.saved_ms >= the_node().clock.now_ms() - KEEP_MS else None


@blueprint.post("/half-typed")
def keep() -> Response:
    """Keep what a form holds now."""
    fields = [(name, value) for name, value in carry.typed_fields(request) if name != MARK]
    saved_ms = keep_half_typed(the_node(), current_actor(), request.args.get("page", ""), fields)
    return jsonify(text=_("Kept by itself %(time)s", time=clock_time(saved_ms, saved_ms)))


@blueprint.post("/half-typed/forget")
def forget() -> Answer:
    """Throw away what was put back, and show the form as it is without it."""
    page = carry.local_path(request.args.get("page", ""))
    forget_half_typed(the_node(), current_actor(), page)
    flash(_("What was half typed is thrown away."), "calm")
    return redirect(page, 303)


@blueprint.after_app_request
def _sent(answer: Answer) -> Answer:
    """A form that was taken leads on to another page; what it held is needed no more."""
    if request.method == "POST" and answer.status_code in (302, 303) and _marked() and current_user.is_authenticated:
        forget_half_typed(the_node(), current_actor(), request.path)
    return answer


def _marked() -> bool:
    # Only a form of a page is looked into: the body of an exchange is a stream that others read.
    return request.mimetype == "application/x-www-form-urlencoded" and request.form.get(MARK) == request.path
