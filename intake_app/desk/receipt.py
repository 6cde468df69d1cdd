"""The receipt the citizen takes home: one A5 page that the browser prints, valid before any network."""

from __future__ import annotations

import io

from flask import Blueprint, render_template, request
from flask_babel import force_locale
from markupsafe import Markup

from intake_app.desk.at_hand import find_report, the_directory, the_node
from intake_app.store.people import person_names
from intake_app.store.reports import Report

blueprint = Blueprint("receipt", __name__)


@blueprint.route("/reports/<report_id>/receipt")
def receipt(report_id: str) -> str:
    """The receipt of a report, in the citizen's language whatever the officer reads."""
    report = find_report(report_id)
    again = "again" in request.args
    with force_locale(report.state.get("language", "vi")):
        paper = Markup(_paper(report, again))  # noqa: S704 - our own template, escaped there
    return render_template("desk/receipt.html", report=report, paper=paper, again=again)


def _paper(report: Report, again: bool) -> str:
    state = report.state
    with the_node().database.read() as db:
        names = person_names(db, [state["officer"]])
    return render_template(
        "desk/_receipt.html",
        state=state,
        reporter=state.get("reporter", {}),
        office=the_directory().offices[state["office"]],
        officer=names.get(state["officer"], ""),
        qr=_qr(state["tracking_code"]),
        again=again,
        paper_language=state.get("language", "vi"),
    )


def _qr(code: str) -> Markup:
    """The code as an inline drawing that needs neither a font nor a file."""
    import segno  # loaded with the first receipt: a node that prints none need not hold it

    drawing = io.BytesIO()
    segno.make(code, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, border=2, omitsize=True, title=code, svgclass="qr", lineclass=None
    )
    return Markup(drawing.getvalue().decode())  # noqa: S704 - digits and paths only
