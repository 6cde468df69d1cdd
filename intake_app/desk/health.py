"""What the browser and a watchdog ask by themselves: is the program there, where are the reports, is anybody here."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from intake_app import auth, syncbar
from intake_app.desk.at_hand import the_node

blueprint = Blueprint("health", __name__)


@blueprint.route("/healthz")
@auth.public
def healthz() -> Response:
    """Whether the program answers and can read its database; tells nothing about anybody."""
    with the_node().database.read() as db:
        db.value("SELECT 1")
    return jsonify(ok=True, role=the_node().settings.role)


@blueprint.route("/sync/status")
@auth.passive
def sync_status() -> Response:
    """The bar of every page, made anew: its state and its words."""
    bar = syncbar.current()
    return jsonify(
        state=bar.state, text=bar.text, detail=bar.detail, html=render_template("desk/_sync_bar.html", bar=bar)
    )


@blueprint.route("/still-here", methods=["POST"])
def still_here() -> Response:
    """Somebody pressed “stay signed in”: asking is enough, the session begins anew."""
    return jsonify(ok=True)
