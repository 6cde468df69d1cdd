"""Help: how the pages are meant, the keys, and the switch that turns them off for one person."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug import Response

from intake_app.actions.prefer import prefer_keys
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_node
from intake_app.node import Actor
from intake_app.store import preferences

blueprint = Blueprint("guide", __name__)


@blueprint.route("/help")
def help_page() -> str:
    """The help page."""
    return render_template("desk/help.html")


@blueprint.route("/help/keys", methods=["POST"])
def keys() -> Response:
    """Turn the keys off or on for the signed-in person."""
    prefer_keys(the_node(), current_actor(), off="on" not in request.form)
    recall(current_actor())
    flash(_("The keys are off for you.") if session["keys_off"] else _("The keys are on for you."), "good")
    return redirect(url_for("guide.help_page"), 303)


def recall(actor: Actor) -> None:
    """Put into the session how this person likes to work."""
    with the_node().database.read() as db:
        session["keys_off"] = preferences.keys_off(db, actor.person)
