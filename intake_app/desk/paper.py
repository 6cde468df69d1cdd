"""The papers about a report: each is looked at first, then printed as a copy that is counted.

Printing is a form: the page of a copy may be reloaded or come back to without another one being counted, and after a while,
or once a later copy was made, it leads back to the look, so that no second original ever leaves the printer.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.login import EmptyForm
from forms.words import word
from intake_app import auth
from intake_app.actions.print_paper import REVEALING, is_fresh, papers_of, print_paper, require_paper
from intake_app.auth import current_actor
from intake_app.desk import blank as blanks
from intake_app.desk import books
from intake_app.desk.at_hand import find_report, the_node
from intake_app.desk.drawing import Sheet, draw
from intake_app.desk.story import people_in
from intake_app.navigation import BOOK_READERS, RECORDERS
from intake_app.shown import when
from intake_app.store.people import person_names
from intake_app.store.prints import Print, prints_of
from intake_app.store.reports import Report
from sync import permission
from sync.errors import Refused

blueprint = Blueprint("paper", __name__)

SIZES = {"receipt": "a5"}  # every other paper about a report is A4
KEY_MAX = 64


@blueprint.get("/books/reception")
@auth.only(*BOOK_READERS)
def register() -> str:
    """Sổ tiếp công dân: who came to the counter."""
    return books.book("register", "walk_in")


@blueprint.get("/books/tracking")
@auth.only(*BOOK_READERS)
def tracking() -> str:
    """Sổ theo dõi tiếp nhận và xử lý: every report of this office and what became of it."""
    return books.book("tracking", None)


@blueprint.route("/blank-forms", methods=["GET", "POST"])
@auth.only(*RECORDERS)
def blank() -> Response | str | tuple[str, int]:
    """Blank forms with codes given beforehand."""
    return blanks.blank_page()


@blueprint.get("/blank-forms/<batch>")
@auth.only(*RECORDERS)
def blank_sheets(batch: str) -> Response | str:
    """The forms of one printing."""
    return blanks.sheets_page(batch)


@blueprint.post("/blank-forms/<code>/spoiled")
@auth.only(*RECORDERS)
def spoil(code: str) -> Response:
    """Strike a form out."""
    return blanks.strike_out(code)


@blueprint.app_context_processor
def _papers() -> dict[str, object]:
    return {"papers_of": papers_of, "paper_page": paper_page}


def paper_page(paper: str, report_id: str) -> str:
    """Where a paper is looked at before it is printed."""
    return url_for("receipt.receipt" if paper == "receipt" else f"paper.{paper}", report_id=report_id)


@blueprint.get("/reports/<report_id>/transfer-slip")
def transfer(report_id: str) -> str:
    """The slip that goes to the agency with the report."""
    return look_at(report_id, "transfer")


@blueprint.get("/reports/<report_id>/guidance-slip")
def guidance(report_id: str) -> str:
    """The slip that names the right procedure to the citizen."""
    return look_at(report_id, "guidance")


@blueprint.get("/reports/<report_id>/reply-slip")
def reply(report_id: str) -> str:
    """The slip with the answer."""
    return look_at(report_id, "reply")


def look_at(report_id: str, paper: str) -> str:
    """A paper as it would be printed, with the copies that were made so far and the button for the next."""
    report = find_report(report_id)
    require_paper(report.state, paper)
    return _page(report, paper, None)


@blueprint.post("/reports/<report_id>/print/<paper>")
def make_copy(report_id: str, paper: str) -> Response:
    """Count a copy and show it, ready for the printer."""
    report = find_report(report_id)
    if not EmptyForm().validate_on_submit():
        raise Refused("not_allowed")
    key = request.form.get("key", "")[:KEY_MAX] or the_node().entropy(16).hex()
    copy = print_paper(
        the_node(), current_actor(), report.id, report.state, paper, key, reveal=request.form.get("reveal") == "yes"
    )
    return redirect(url_for("paper.copy", report_id=report_id, paper=paper, copy=copy), 303)


@blueprint.get("/reports/<report_id>/print/<paper>/<int:copy>")
def copy(report_id: str, paper: str, copy: int) -> Response | str:
    """A copy that was just counted."""
    report = find_report(report_id)
    require_paper(report.state, paper)
    with the_node().database.read() as db:
        made = prints_of(db, report.id, paper)
    here = next((one for one in made if one.copy == copy), None)
    if here and is_fresh(here, len(made), current_actor().person, the_node().clock.now_ms()):
        return _page(report, paper, here)
    if here:
        flash(_("This copy was printed at %(time)s. The next one says that it is a reprint.", time=when(here.at_ms)))
    return redirect(paper_page(paper, report_id))


def _page(report: Report, paper: str, made: Print | None) -> str:
    with the_node().database.read() as db:
        copies = prints_of(db, report.id, paper)
        people = [one.person.hex() for one in copies]
        names = person_names(db, [*people, *people_in(report.state), current_actor().person.hex()])
    at_ms = copies[0].at_ms if copies else the_node().clock.now_ms()  # a reprint bears the day of the original
    return render_template(
        "paper/page.html",
        report=report,
        paper=paper,
        size=SIZES.get(paper, "a4"),
        title=word("paper", paper),
        drawn=draw(Sheet(report, paper, at_ms, names, made)),
        made=made,
        copies=copies,
        names=names,
        key=the_node().entropy(16).hex(),
        may_print=bool(permission.WORKING & current_actor().roles),
        may_reveal=paper in REVEALING and report.state.get("confidential") and bool(report.state.get("reporter")),
    )
