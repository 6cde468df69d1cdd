"""One box for everything: a whole tracking code leads straight to its report, anything else to a list."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from forms.search import SearchForm
from intake_app.desk.at_hand import sight, the_node
from intake_app.store.database import Db
from intake_app.store.lists import search_reports
from intake_app.store.reports import LIST_MAX, Report, ReportRow, find_by_code
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
        return render_template("desk/search.html", form=form, words="", rows=[], shared=False, found_max=FOUND_MAX)
    with the_node().database.read() as db:
        exact = _by_code(db, words)
        stub = None if exact else _stub(db, words)
        rows = _found(db, words)
    if stub or len(exact) == 1:
        return redirect(url_for("report.shown", report_id=(stub or exact[0]).id.hex()))
    return render_template(
        "desk/search.html", form=form, words=words, rows=rows, shared=len(exact) > 1, found_max=FOUND_MAX
    )


def _found(db: Db, words: str) -> list[ReportRow]:
    agency = sight()
    if agency is None:
        return search_reports(db, words, limit=FOUND_MAX)
    # Sifted after the search: of the newest reports with these words, those of the person's own agency.
    return [row for row in search_reports(db, words, limit=LIST_MAX) if row.lead_agency == agency][:FOUND_MAX]


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
