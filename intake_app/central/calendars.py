"""Calendars as the centre writes them: the year that follows from all of them, and each with its editions."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from forms.deadlines import CalendarForm
from forms.login import EmptyForm
from intake_app.actions.publish_deadlines import CALENDAR, EDITORS
from intake_app.auth import only
from intake_app.central.publishing import (
    Shelf,
    edit_page,
    find,
    history_page,
    lines,
    may_edit,
    retire_page,
    take_over,
    today_here,
)
from intake_app.desk.at_hand import now, surroundings, the_node
from intake_app.navigation import CATALOGUE_READERS
from intake_app.store.deadlines import sources, terms_of
from intake_app.store.entities import State
from sync.errors import Refused
from sync.working_time import HOLIDAY, MADE_UP, Calendar, Day

blueprint = Blueprint("calendars", __name__)

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Special(NamedTuple):
    """A day off or a day worked instead."""

    day: str
    weekday: int
    kind: str
    name: str


class Year(NamedTuple):
    """A year as pages show it: its months in weeks, its special days, how many days are worked."""

    number: int
    months: list[list[list[tuple[int, Day] | None]]]
    special: list[Special]
    worked: int


def year_of(found: Calendar, number: int) -> Year:
    """A year by these calendars."""
    months = [list(_weeks(found, number, month)) for month in range(1, 13)]
    days = [date.fromordinal(each) for each in range(date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal())]
    known = [(each, found.day(each.toordinal())) for each in days]
    special = [
        Special(each.isoformat(), each.isoweekday(), day.kind, day.name)
        for each, day in known
        if day.kind in (HOLIDAY, MADE_UP)
    ]
    return Year(number, months, special, sum(bool(day.spans) for _each, day in known))


def _weeks(found: Calendar, year: int, month: int) -> Iterator[list[tuple[int, Day] | None]]:
    for week in calendar.Calendar().monthdayscalendar(year, month):
        yield [(day, found.day(date(year, month, day).toordinal())) if day else None for day in week]


def _preview(content: State) -> Year:
    """The first year for which what was typed would hold, with all that holds besides."""
    with the_node().database.read() as db:
        before = [one.state for one in sources(db, CALENDAR)]
    number = min(max(int(content["valid_from"][:4]), FIRST_YEAR), LAST_YEAR)
    return year_of(Calendar([*before, content]), number)


SHELF = Shelf(
    CALENDAR, "calendars", "central/calendar_form.html",
    lambda: _("Published. Every computer gets it with its next exchange, and deadlines are worked out anew."), _preview,
)  # fmt: skip


@blueprint.get("/calendars")
@only(*CATALOGUE_READERS)
def listed() -> str:
    """A year, and the calendars from which it follows."""
    number = _year_asked()
    with the_node().database.read() as db:
        found = lines(db, CALENDAR, today_here())
        year = year_of(terms_of(db).calendar, number)
    return render_template(
        "central/calendars.html", year=year, lines=found, may_edit=may_edit(), empty_form=EmptyForm(),
        first_year=FIRST_YEAR, last_year=LAST_YEAR,
    )  # fmt: skip


def _year_asked() -> int:
    text = request.args.get("year", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else now().year
    return min(max(number, FIRST_YEAR), LAST_YEAR)


@blueprint.route("/calendars/new", methods=["GET", "POST"])
@only(*EDITORS)
def new() -> Response | str | tuple[str, int]:
    """Write a calendar; it begins with what holds in the year it is for."""
    form = CalendarForm(**surroundings())
    if request.method == "GET":
        _begin(form, _year_asked())
    return edit_page(SHELF, form, None)


def _begin(form: CalendarForm, number: int) -> None:
    first, last = f"{number}-01-01", f"{number}-12-31"
    with the_node().database.read() as db:
        holding = [one.state for one in sources(db, CALENDAR) if one.state["valid_from"] <= first]
        days = year_of(terms_of(db).calendar, number).special
    holding = [each for each in holding if (each.get("valid_to") or last) >= last]
    made = [{"day": each.day, "name": each.name} for each in days if each.kind == MADE_UP]
    off = [{"day": each.day, "name": each.name} for each in days if each.kind == HOLIDAY]
    content = {"name": _("Year %(year)s", year=number), "valid_from": first, "valid_to": last, "to_check": True}
    content |= {"weekdays": holding[-1]["weekdays"], "hours": holding[-1]["hours"], "holidays": off, "make_up_days": made}
    _fill(form, content)


def _fill(form: CalendarForm, state: dict[str, Any]) -> None:
    for name in form.content():
        form[name].data = state.get(name)
    form.weekdays.data = [str(each) for each in state["weekdays"]]


@blueprint.route("/calendars/<known>/edit", methods=["GET", "POST"])
@only(*EDITORS)
def edit(known: str) -> Response | str | tuple[str, int]:
    """Write a new edition of a calendar; the one before stays in its history."""
    one, form = find(CALENDAR, known), CalendarForm(**surroundings())
    if request.method == "GET":
        _fill(form, one.seen or {})
    return edit_page(SHELF, form, one)


@blueprint.route("/calendars/<known>/retire", methods=["GET", "POST"])
@only(*EDITORS)
def retire(known: str) -> Response | str | tuple[str, int]:
    """Retire a calendar, with the reason."""
    return retire_page(SHELF, known)


@blueprint.get("/calendars/<known>")
@only(*CATALOGUE_READERS)
def history(known: str) -> str:
    """Every edition of a calendar, the newest first."""
    return history_page(SHELF, known, "central/calendar_history.html")


@blueprint.post("/calendars/shipped")
@only(*EDITORS)
def take_over_shipped() -> Response:
    """Publish the calendars that the program brings along."""
    if not EmptyForm().validate_on_submit():
        raise Refused("not_allowed")
    return take_over(SHELF)
