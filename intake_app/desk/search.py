"""One box for everything: a whole tracking code leads straight to its report, anything else to a list."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from forms.search import SearchForm
from intake_app.clock import iso
from intake_app.desk.at_hand import sight, the_node
from intake_app.desk.rows import Line, shown_rows
from intake_app.desk.sight import may_see
from intake_app.desk.why import Looked, marked, reasons
from intake_app.store.database import Db
from intake_app.store.finding import Found, find_reports
from intake_app.store.reports import LIST_MAX, Report, find_by_code
from intake_app.store.stubs import Stub, of_code
from sync.errors import Refused

blueprint = Blueprint("search", __name__)

FOUND_MAX = 50


@blueprint.route("/search")
def search() -> Response | str:
    """The reports that hold the words typed."""
    form = SearchForm(request.args)
    words = (form.q.data or "").strip()
    if not words:
        return render_template("desk/search.html", form=form, words="", lines=[], shared=False, found_max=FOUND_MAX)
    with the_node().database.read() as db:
        exact = _by_code(db, words)
        stub = None if exact else _stub(db, words)
        found = [] if stub or len(exact) == 1 else _found(db, words)
    if stub or len(exact) == 1:
        return redirect(url_for("report.shown", report_id=(stub or exact[0]).id.hex()))
    return render_template(
        "desk/search.html", form=form, words=words, lines=_lines(found, words), shared=len(exact) > 1,
        found_max=FOUND_MAX,
    )  # fmt: skip


def _found(db: Db, words: str) -> list[Found]:
    agency = sight()
    if agency is None:
        return find_reports(db, words, FOUND_MAX)
    # Sifted after the search: of the newest reports with these words, those of the person's own agency.
    return [one for one in find_reports(db, words, LIST_MAX) if may_see(agency, one.state)][:FOUND_MAX]


def _lines(found: list[Found], words: str) -> list[Line]:
    looked, states = Looked(words), {one.row.no: one.state for one in found}
    lines = shown_rows(
        [one.row for one in found], iso(the_node().clock.now_ms()), lambda row: reasons(looked, states[row.no])
    )
    return [line._replace(summary=marked(looked, line.summary)) for line in lines]


def _by_code(db: Db, words: str) -> list[Report]:
    try:
        return find_by_code(db, words)
    except Refused:
        return []  # not a whole code: it may still be a part of one, or a phone number


def _stub(db: Db, words: str) -> Stub | None:
    try:
        return of_code(db, words)
    except Refused:
        return None
