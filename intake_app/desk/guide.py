"""Help: the keys, what the bar says, what to do when something fails, and the switch that turns them off for one person."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.words import N_
from intake_app.actions.prefer import prefer_keys
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_node
from intake_app.node import Actor
from intake_app.store import preferences

blueprint = Blueprint("guide", __name__)

# The states of intake_app/syncbar.py, by the mark that stands before each.
BAR = {
    "sent": ("✓", N_("All sent"), N_("The centre has everything that was recorded here.")),
    "waiting": (
        "↑",
        N_("Saved on this computer: … entries waiting"),
        N_("The network is there; they go with the next exchange, within minutes. Nothing to do."),
    ),
    "sending": ("↻", N_("Sending"), N_("Entries are on their way just now. You can go on working.")),
    "offline": (
        "⚠",
        N_("No contact with the centre"),
        N_(
            "Everything is saved here and sent later by itself. Go on working. After days without contact, tell the centre."
        ),
    ),
    "unenrolled": (
        "⚠",
        N_("Not connected to a centre yet"),
        N_(
            "The computer has never been connected. Record as usual; the administrator connects it with a code from the centre."
        ),
    ),
    "conflicts": (
        "⚖",
        N_("… values need a decision"),
        N_("Two people changed the same field. Open it and choose; nothing is lost either way."),
    ),
    "refused": (
        "✖",
        N_("The centre did not take … entries"),
        N_("They are kept here with the reason. Open them and repair each one, or give it up."),
    ),
    "centre": ("✓", N_("This is the centre"), N_("Everything recorded here is in place at once.")),
}


@blueprint.route("/help")
def help_page() -> str:
    """The help page."""
    return render_template("desk/help.html", bar_words=BAR.values())


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
