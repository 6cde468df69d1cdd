"""Quá hạn và sắp đến hạn: who owes what, by agency, who was told of it, and urging with words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.deadlines import UrgeForm
from intake_app.actions.remind import urge_several
from intake_app.auth import current_actor, only
from intake_app.clock import from_iso, iso
from intake_app.desk.at_hand import sight, the_node
from intake_app.desk.rows import Line, shown_rows
from intake_app.navigation import DISPATCHERS
from intake_app.store.entities import State, load_entities
from intake_app.store.lists import COUNT_MAX, ListFilter, ListPage, list_reports
from intake_app.store.overdue import due_by_agency
from intake_app.store.people import person_names
from sync import permission
from sync.deadline import TOLD_SOON
from sync.working_time import DAY_MS

blueprint = Blueprint("overdue", __name__)

PAGE_ROWS = 50
NOBODY = "-"  # in the address: what no agency has yet


@dataclass(frozen=True)
class Told:
    """Somebody was told of a deadline: when, by whom, and what."""

    at: int
    by: str
    level: int
    text: str


@dataclass(frozen=True)
class Owed:
    """One report of the list, with all that was told about it, the newest first."""

    id: str
    line: Line
    days_over: int
    told: list[Told]


@blueprint.get("/deadlines")
@only(*DISPATCHERS)
def listed() -> str:
    """What is near or over, of every agency or of one."""
    return _page(UrgeForm())


def _page(form: UrgeForm) -> str:
    node, agency = the_node(), sight() or request.args.get("agency") or None
    now_ms = node.clock.now_ms()
    wanted = ListFilter(
        near_ms=now_ms, agency=None if agency == NOBODY else agency, unrouted=agency == NOBODY,
        owed_to_ms=now_ms if request.args.get("show") == "over" else None,
    )  # fmt: skip
    with node.database.read() as db:
        agencies = due_by_agency(db, now_ms, sight())
        page = list_reports(db, wanted, request.args.get("after"), PAGE_ROWS, sort="deadline")
        states = {one.id: one.seen or {} for one in load_entities(db, [row.id for row in page.rows]).values()}
        names = person_names(db, sorted({told.by for state in states.values() for told in _told(state)}))
    return render_template(
        "central/overdue.html", agencies=agencies, agency=agency, owed=_owed(page, states, now_ms), page=page, form=form,
        names=names, nobody=NOBODY, whole=sight() is None, may_urge=_may_urge(), count_max=COUNT_MAX,
        over_only=request.args.get("show") == "over", told_soon=TOLD_SOON,
    )  # fmt: skip


def _owed(page: ListPage, states: dict[bytes, State], now_ms: int) -> list[Owed]:
    lines = shown_rows(page.rows, iso(now_ms))
    return [
        Owed(row.id.hex(), line, max(0, now_ms - from_iso(row.deadline or iso(now_ms))) // DAY_MS, _told(states[row.id]))
        for row, line in zip(page.rows, lines, strict=True)
    ]


def _told(state: dict[str, Any]) -> list[Told]:
    reminders = [Told(each["at"], each["by"], each["level"], "") for each in state.get("reminders", ())]
    urges = [Told(each["at"], each["by"], 0, each["text"]) for each in state.get("urges", ())]
    return sorted(reminders + urges, key=lambda one: one.at, reverse=True)


def _may_urge() -> bool:
    return bool(permission.ROLES["report.urged"] & current_actor().roles)


@blueprint.post("/deadlines/urge")
@only("dispatcher")
def urge() -> Response | tuple[str, int]:
    """Urge the agencies of the reports that were marked."""
    form = UrgeForm()
    marked = [one for one in request.form.getlist("report") if len(one) == 32 and one.isalnum()]
    if not marked:
        form.form_errors.append(_("Mark at least one report of the list."))
    if not (form.validate_on_submit() and marked):
        return _page(form), 422
    done = urge_several(the_node(), current_actor(), [_id(one) for one in marked], form.text.data)
    flash(_("Urged: %(n)s of %(all)s. The agencies' offices see it with their next exchange.", n=done, all=len(marked)), "good")
    return redirect(url_for("overdue.listed", agency=request.args.get("agency")), 303)


def _id(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
