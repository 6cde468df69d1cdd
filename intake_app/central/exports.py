"""Files of all reports: asked for here, made in the background, fetched when they are whole."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from forms.exports import FORMATS, ExportForm
from intake_app.actions.make_export import STARTS_MAX, ask_export, end_export, fetch_export
from intake_app.auth import current_actor, only, passive
from intake_app.desk.at_hand import language, now, require_whole_sight, surroundings, the_node
from intake_app.navigation import EXPORTERS
from intake_app.store import exports
from intake_app.store.exports import Export

blueprint = Blueprint("exports", __name__)

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}


@blueprint.get("/exports")
@only(*EXPORTERS)
def listed() -> str:
    """The exports of this person; an administrator sees everybody's."""
    require_whole_sight()
    return _shown(_form())


@blueprint.post("/exports")
@only(*EXPORTERS)
def ask() -> Response | tuple[str, int]:
    """Ask for a file."""
    require_whole_sight()
    form = _form()
    fits = form.validate()
    days = form.days(now().date()) if fits else None
    if not fits or form.last.errors:
        return _shown(form), 422
    ask_export(the_node(), current_actor(), form.format.data, language(), days)
    flash(_("The file is being made. You may leave this page; it will stand here when it is whole."), "good")
    return redirect(url_for("exports.listed"))


@blueprint.get("/exports/progress")
@only(*EXPORTERS)
@passive
def progress() -> str:
    """The list alone, for the page that looks again."""
    require_whole_sight()
    return render_template("central/_exports.html", **_surroundings())


@blueprint.get("/exports/<int:number>/file")
@only(*EXPORTERS)
def file(number: int) -> Response:
    """The file of an export."""
    require_whole_sight()
    wanted, path = fetch_export(the_node(), current_actor(), number)
    name = f"1022-{wanted.no}.{wanted.format}"
    return send_file(path, mimetype=KINDS[wanted.format], as_attachment=True, download_name=name, max_age=0)


@blueprint.post("/exports/<int:number>/end")
@only(*EXPORTERS)
def end(number: int) -> Response:
    """End an export, or remove its file."""
    require_whole_sight()
    end_export(the_node(), current_actor(), number)
    flash(_("The export is ended and its file removed."), "good")
    return redirect(url_for("exports.listed"))


def _form() -> ExportForm:
    return ExportForm(request.form if request.method == "POST" else None, **surroundings())


def _shown(form: ExportForm) -> str:
    return render_template("central/exports.html", form=form, **_surroundings())


def _surroundings() -> dict[str, object]:
    actor = current_actor()
    with the_node().database.read() as db:
        found: list[Export] = exports.every(db, None if "administrator" in actor.roles else actor.person)
    return {
        "rows": found,
        "formats": FORMATS,
        "busy": any(one.state in exports.UNDER_WAY for one in found),
        "keep_days": the_node().settings.export_keep_days,
        "starts_max": STARTS_MAX,
    }
