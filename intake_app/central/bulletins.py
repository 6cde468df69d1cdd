"""Bulletins: the figures of a period as a sheet, looked at first, then issued for good; printed and taken along as a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from forms.figures import BULLETINS, EDITIONS, BulletinForm
from intake_app.actions.issue_bulletin import ISSUERS, figures_now, issue_bulletin, note_copy
from intake_app.auth import current_actor, only
from intake_app.central import bulletin_sheet
from intake_app.central.bulletin_sheet import Sheet, sheet_of
from intake_app.desk.at_hand import now, require_whole_sight, surroundings, the_directory, the_node
from intake_app.desk.drawing import OFFICIAL
from intake_app.desk.letterhead import dated, letterhead
from intake_app.navigation import FIGURE_READERS
from intake_app.periods import before, period_of
from intake_app.protecting import THRESHOLD, is_small
from intake_app.store import bulletins
from intake_app.store.bulletins import Bulletin
from sync.errors import Refused

blueprint = Blueprint("bulletins", __name__)

WRITERS = {
    "csv": (bulletin_sheet.as_csv, "text/csv"),
    "xlsx": (bulletin_sheet.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "jsonl": (bulletin_sheet.as_jsonl, "application/x-ndjson"),
}


@blueprint.get("/bulletins")
@only(*FIGURE_READERS)
def listed() -> str:
    """The issued bulletins, and what another one is to be of."""
    require_whole_sight()
    form = BulletinForm(request.args if "kind" in request.args else None, **surroundings())
    with the_node().database.read() as db:
        rows = [(one, bulletins.arrived_since(db, one)) for one in bulletins.every(db)]
    return render_template("central/bulletins.html", form=form, rows=rows, kinds=BULLETINS, usual=_usual())


def _usual() -> list[tuple[str, str]]:
    """The bulletins that are due now and then: of the last whole day, week, month, quarter and year."""
    today = now().date()
    return [(kind, before(kind, today).strftime("%d/%m/%Y")) for kind in ("day", "week", "month", "quarter", "year")]


@blueprint.get("/bulletins/new")
@only(*FIGURE_READERS)
def preview() -> str | tuple[str, int]:
    """What a bulletin would say if it were issued now."""
    require_whole_sight()
    form = BulletinForm(request.args, **surroundings())
    chosen = _chosen(form)
    if chosen is None:
        with the_node().database.read() as db:
            rows = [(one, bulletins.arrived_since(db, one)) for one in bulletins.every(db)]
        return render_template("central/bulletins.html", form=form, rows=rows, kinds=BULLETINS, usual=_usual()), 422
    kind, first, last = chosen
    content = figures_now(the_node(), kind, first, last)
    with force_locale(OFFICIAL):
        drawn = _drawn(sheet_of(kind, content, "inside"), the_node().clock.now_ms())
    return render_template(
        "central/bulletin.html", size="a4", drawn=drawn, kind=kind, kinds=BULLETINS, first=first, last=last, issued=None,
        editions=EDITIONS, edition="inside", may_issue=bool(ISSUERS & current_actor().roles), over=last < now().date(),
        threshold=THRESHOLD,
    )  # fmt: skip


def _chosen(form: BulletinForm) -> tuple[str, date, date] | None:
    """Kind and days; None where something does not fit, which is said beside its field."""
    if not form.validate() or form.kind.data not in BULLETINS:
        return None
    kind, day = form.kind.data, date.fromisoformat(form.first.data) if form.first.data else now().date()
    if kind != "free":
        return (kind, *period_of(kind, day))
    first, last = form.period(now().date())
    return None if form.last.errors else (kind, first, last)


@blueprint.post("/bulletins/new")
@only(*ISSUERS)
def issue() -> Response:
    """Issue the bulletin that was looked at."""
    require_whole_sight()
    try:
        first, last = (date.fromisoformat(request.form.get(name, "")) for name in ("first", "last"))
    except ValueError:
        raise Refused("no_such_bulletin") from None
    no = issue_bulletin(the_node(), current_actor(), request.form.get("kind", ""), first, last)
    flash(_("The bulletin is issued. Nothing changes it any more."), "good")
    return redirect(url_for("bulletins.one", number=no))


@blueprint.get("/bulletins/<int:number>")
@only(*FIGURE_READERS)
def one(number: int) -> str:
    """An issued bulletin, and what arrived for its days since."""
    require_whole_sight()
    edition = _edition()
    with the_node().database.read() as db:
        found = _found(bulletins.find(db, number))
        arrived = bulletins.arrived_since(db, found)
        topics = bulletins.topics_since(db, found) if arrived else {}
    with force_locale(OFFICIAL):
        drawn = _drawn(sheet_of(found.kind, found.content, edition, found.name), found.issued_ms)
    hides = edition == "outside"
    return render_template(
        "central/bulletin.html", size="a4", drawn=drawn, kind=found.kind, kinds=BULLETINS, first=found.first,
        last=found.last, issued=found, editions=EDITIONS, edition=edition, may_issue=False, over=True,
        arrived=bulletin_sheet.HIDDEN if hides and is_small(arrived) else arrived, topics={} if hides else topics,
        threshold=THRESHOLD,
    )  # fmt: skip


@blueprint.get("/bulletins/<int:number>/file")
@only(*FIGURE_READERS)
def file(number: int) -> Response:
    """An issued bulletin as a file."""
    require_whole_sight()
    edition, form = _edition(), request.args.get("format", "csv")
    form = form if form in WRITERS else "csv"
    with the_node().database.read() as db:
        found = _found(bulletins.find(db, number))
    write, kind = WRITERS[form]
    with force_locale(OFFICIAL):
        data = write(sheet_of(found.kind, found.content, edition, found.name))
    note_copy(the_node(), current_actor(), found, edition, form)
    answer = make_response(data)
    answer.headers["Content-Type"] = kind
    name = f"1022-bulletin-{found.year}-{found.number}-{edition}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _edition() -> str:
    wanted = request.args.get("edition", "inside")
    return wanted if wanted in EDITIONS else "inside"


def _found(bulletin: Bulletin | None) -> Bulletin:
    if bulletin is None:
        raise Refused("no_such_bulletin")
    return bulletin


def _drawn(sheet: Sheet, at_ms: int) -> Markup:
    """The sheet as a piece of a page, in the language of the state."""
    office = the_node().head.office
    more: dict[str, Any] = {"head": letterhead(the_directory(), office), "signed": dated(at_ms)}
    drawn = render_template(
        "paper/bulletin.html",
        sheet=sheet,
        heads=bulletin_sheet.heads(),
        threshold=THRESHOLD,
        paper_language=OFFICIAL,
        **more,
    )
    return Markup(drawn)  # our own template, escaped there
