"""A reorganisation of units as the administrator enters it: two tables, looked at before they are published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.reference import ReorganisationForm
from forms.refusals import attach, sentence
from intake_app.actions.publish_reference import EDITORS
from intake_app.actions.reorganise import Reorganisation, publish_reorganisation, read_reorganisation
from intake_app.auth import current_actor, only
from intake_app.desk.at_hand import surroundings, the_directory, the_node
from sync.errors import InvalidFields, Refused
from sync.reference import STRUCTURE

blueprint = Blueprint("reorganisation", __name__)

SHOWN_MAX = 20
FILE_BYTES_MAX = 2_000_000


@blueprint.route("/structures/reorganise", methods=["GET", "POST"])
@only(*EDITORS[STRUCTURE])
def new() -> Response | str | tuple[str, int]:
    """Read the tables and show what they would change; publish them when they fit."""
    form = ReorganisationForm(**surroundings())
    found = _read(form) if form.is_submitted() else None
    if found and not found.troubles and request.form.get("action") == "publish":
        try:
            publish_reorganisation(the_node(), current_actor(), found)
        except Refused as refused:
            form.form_errors.append(sentence(refused.code, refused.params))
        else:
            flash(_("Published: %(n)s units. Every computer gets them with its next exchange.", n=len(found.units)), "good")
            return redirect(url_for("structures.history", code=found.structure["code"]), 303)
    page = render_template("central/reorganise.html", form=form, found=found, shown_max=SHOWN_MAX, names=_names(found))
    return (page, 422) if form.errors or (found and found.troubles) else page


def _read(form: ReorganisationForm) -> Reorganisation | None:
    for name in ("units", "changes"):
        _take_file(form, name)
    if not form.validate():
        return None
    typed = {name: form[name].data for name in ("code", "name", "valid_from", "source")}
    try:
        return read_reorganisation(the_node(), typed, form.units.data or "", form.changes.data or "")
    except InvalidFields as invalid:
        attach(form, invalid)
        return None


def _take_file(form: ReorganisationForm, name: str) -> None:
    """A file takes the place of what stands in the box; the box keeps it for the next press."""
    sent = request.files.get(f"{name}_file")
    if not sent or not sent.filename:
        return
    data = sent.stream.read(FILE_BYTES_MAX + 1)
    try:
        form[name].data = data[:FILE_BYTES_MAX].decode("utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError:
        form.form_errors.append(sentence("file_not_utf8"))


def _names(found: Reorganisation | None) -> list[Any]:
    """The units that nobody succeeds, as they are called."""
    return [the_directory().unit_label(code) for code in found.left_over] if found else []
