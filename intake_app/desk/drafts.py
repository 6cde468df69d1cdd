"""The drafts of the signed-in person: kept while they type, listed, opened, thrown away and taken back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as Redirect

from intake_app import auth, carry
from intake_app.actions.keep_draft import OLD_MS, Kept, discard_draft, keep_draft, take_back
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_node
from intake_app.desk.intake_form import BUTTONS
from intake_app.navigation import RECORDERS
from intake_app.shown import clock_time
from intake_app.store import drafts
from intake_app.store.drafts import Draft
from intake_app.store.people import person_names

blueprint = Blueprint("drafts", __name__)


@blueprint.route("/drafts")
@auth.only(*RECORDERS)
def listed() -> str:
    """What this person has begun and not recorded yet; what has waited long is told first."""
    with the_node().database.read() as db:
        own = drafts.of_person(db, current_actor().person)
        gone = drafts.of_person(db, current_actor().person, discarded=True)
        names = person_names(db, {draft.given_by.hex() for draft in own if draft.given_by})
    return render_template("desk/drafts.html", drafts=own, discarded=gone, old=old_ones(own), names=names)


@blueprint.route("/drafts/<key>", methods=["POST"])
@auth.only(*RECORDERS)
def keep(key: str) -> Response:
    """Keep what a page holds now."""
    kept = keep_typed(key, request.form.get("turn", type=int))
    recorded = url_for("intake.saved", report_id=kept.recorded.hex()) if kept.recorded else None
    return jsonify(text=kept_text(kept.saved_ms), count=kept.count, recorded=recorded)


@blueprint.route("/drafts/<key>/discard", methods=["POST"])
@auth.only(*RECORDERS)
def discard(key: str) -> Redirect:
    """Throw a draft away; for a day it stands at the end of the list and can be had back."""
    discard_draft(the_node(), current_actor(), key)
    flash(_("The draft is thrown away. It can be had back for a day, at the end of this page."), "calm")
    return redirect(url_for("drafts.listed"), 303)


@blueprint.route("/drafts/<key>/back", methods=["POST"])
@auth.only(*RECORDERS)
def back(key: str) -> Redirect:
    """Have a thrown-away draft back and go on typing."""
    take_back(the_node(), current_actor(), key)
    flash(_("The draft is back."), "good")
    return redirect(url_for("intake.new", draft=key), 303)


def keep_typed(key: str, turn: int | None = None) -> Kept:
    """Keep what was sent with this request as a draft."""
    fields = [(name, value) for name, value in carry.typed_fields(request) if name not in (*BUTTONS, "draft", "turn")]
    return keep_draft(the_node(), current_actor(), key, fields, turn)


def kept_text(saved_ms: int) -> str:
    """The words beside the heading of the form."""
    return _("Draft kept by itself %(time)s", time=clock_time(saved_ms, the_node().clock.now_ms()))


def old_ones(own: list[Draft]) -> list[Draft]:
    """Those that have waited so long that somebody has to be told: a citizen may believe that they were recorded."""
    before = the_node().clock.now_ms() - OLD_MS
    return [draft for draft in own if draft.saved_ms < before]
