"""Finding a unit while its name is typed, for the box that offers them."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _

from intake_app.desk.at_hand import the_directory
from intake_app.shown import structure_note

blueprint = Blueprint("units", __name__)

OFFERED_MAX = 12
QUERY_MAX = 100


@blueprint.route("/units")
def found() -> Response:
    """The units whose names hold the words typed, with or without accents, best first."""
    directory = the_directory()
    units = directory.find_units(request.args.get("q", "")[:QUERY_MAX], limit=OFFERED_MAX)
    return jsonify(
        [
            {
                "code": unit.code,
                "label": directory.unit_label(unit.code),
                "note": structure_note(directory, unit.code, _),
            }
            for unit in units
        ]
    )
