"""Hints while somebody types: the page asks a third of a second after the last key, and drops answers that come late."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from intake_app import auth
from intake_app.desk.intake_form import Hints, make_form
from intake_app.navigation import RECORDERS

blueprint = Blueprint("hints", __name__)


@blueprint.route("/intake/hints", methods=["POST"])
@auth.only(*RECORDERS)
def hints() -> Response:
    """Who called before, what may be the same matter, which topic or procedure the words hint at; as pieces of the page.

    Sent as a form and not in the address: a phone number must not stand in a log.
    """
    form = make_form(request.form)
    found = Hints(form)
    duplicates = found.duplicates
    return jsonify(
        turn=request.form.get("turn", type=int),
        unit=found.unit,
        said=ngettext(
            "%(n)s report may be the same", "%(n)s reports may be the same", len(duplicates), n=len(duplicates)
        )
        if duplicates
        else _("No report seems to be the same"),
        caller=render_template("desk/_caller.html", caller=found.caller),
        duplicates=render_template("desk/_duplicates.html", duplicates=duplicates),
        notes=render_template("desk/_word_hints.html", hints=found),
    )
