"""Finding a unit while its name is typed, for the box that offers them."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _

from intake_app.desk.at_hand import now, the_directory, the_node
from intake_app.shown import structure_note
from intake_app.store.directory import Unit

blueprint = Blueprint("units", __name__)

OFFERED_MAX = 12
OWN_MAX = 9
QUERY_MAX = 100


@blueprint.route("/units")
def found() -> Response:
    """The units whose names hold the words typed, with or without accents, best first."""
    directory = the_directory()
    return jsonify(
        [
            {
                "code": each.code,
                "label": directory.unit_label(each.code),
                "note": structure_note(directory, each.code, _),
            }
            for each in _found(request.args.get("q", "")[:QUERY_MAX])
        ]
    )


def _found(words: str) -> list[Unit]:
    """Units of the structure this office works by first; the others follow, for what happened before or since."""
    directory, today = the_directory(), now().date()
    office = directory.offices.get(the_node().settings.office)
    own = directory.structure_on(min(today, office.valid_to or today) if office else today)
    day = today.isoformat()
    first = directory.find_units(words, limit=OWN_MAX, structure=own, on=day)
    rest = [unit for unit in directory.find_units(words, limit=2 * OFFERED_MAX, on=day) if unit not in first]
    return (first + rest)[:OFFERED_MAX]
