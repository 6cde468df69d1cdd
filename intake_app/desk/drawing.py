"""The papers about a report, drawn in the language of whoever they are for, whatever the officer reads."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale
from markupsafe import Markup

from forms.questions import answers_shown
from intake_app.desk.at_hand import language, the_directory, topic_of
from intake_app.desk.clock_face import promised_of
from intake_app.desk.letterhead import dated, letterhead
from intake_app.store.prints import Print
from intake_app.store.reports import Report

OFFICIAL = "vi"  # what goes from office to office is in the language of the state


@dataclass(frozen=True)
class Sheet:
    """One paper to be drawn: what about, which copy, dated when. Without a copy it is only looked at."""

    report: Report
    paper: str
    at_ms: int
    names: dict[str, str]
    made: Print | None = None


def draw(sheet: Sheet) -> Markup:
    """The paper as a piece of a page."""
    state = sheet.report.state
    tongue = OFFICIAL if sheet.paper == "transfer" else state.get("language", OFFICIAL)
    with force_locale(tongue):
        return Markup(_drawn(sheet, state, tongue))  # noqa: S704 - our own template, escaped there


def _drawn(sheet: Sheet, state: dict[str, Any], tongue: str) -> str:
    secret = state.get("confidential") and not (sheet.made and sheet.made.revealed)
    known = state.get("reporter", {})
    if secret:
        # The end of the number stays on the citizen's own paper: it is asked for together with the code.
        known = {"phone": known.get("phone")} if sheet.paper == "receipt" else {}
    return render_template(
        f"paper/{sheet.paper}.html",
        state=state,
        promised=promised_of(state),
        reporter=known,
        secret=secret,
        answers=answers_shown(state.get("answers", {}), topic_of(state["topic"]), language()),
        head=letterhead(the_directory(), state["office"]),
        office=the_directory().offices[state["office"]],
        names=sheet.names,
        made=sheet.made,
        signed=dated(state["received_at"] if sheet.paper == "receipt" else sheet.at_ms),
        qr=qr_code(state["tracking_code"]) if sheet.paper == "receipt" else "",
        paper_language=tongue,
    )


def qr_code(code: str) -> Markup:
    """The code as an inline drawing that needs neither a font nor a file; with the address to look it up, if there is one."""
    import segno  # loaded with the first receipt: a node that prints none need not hold it

    drawing = io.BytesIO()
    segno.make(f"{current_app.extensions['settings'].lookup_url}{code}", error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, border=2, omitsize=True, title=code, svgclass="qr", lineclass=None
    )
    return Markup(drawing.getvalue().decode())  # noqa: S704 - digits, an address of ours and paths only
