"""Help: how the pages are meant, and the keys."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("guide", __name__)


@blueprint.route("/help")
def help_page() -> str:
    """The help page."""
    return render_template("desk/help.html")
