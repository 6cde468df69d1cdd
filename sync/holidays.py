"""A calendar as the centre publishes it: the hours of the offices, the days that are off, the days worked instead. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sync import edition, limits
from sync.edition import day
from sync.errors import Problem
from sync.event import Event
from sync.outcome import Outcome

KINDS = ("calendar.published", "calendar.retired")
DAYS_MAX = 100  # days off of one calendar: a year has about twenty
SPANS_MAX = 3
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_YEARLY = re.compile(r"\d\d-\d\d")


def _hours(value: Any) -> Problem | None:
    """Spans of a day, the morning first, none into the other."""
    if not isinstance(value, list) or not 0 < len(value) <= SPANS_MAX:
        return Problem("not_office_hours")
    flat: list[str] = []
    for span in value:
        if not isinstance(span, list) or len(span) != 2:
            return Problem("not_office_hours")
        flat += span
    fits = all(isinstance(each, str) and _CLOCK.fullmatch(each) for each in flat)
    return None if fits and flat == sorted(set(flat)) else Problem("not_office_hours")


def _weekdays(value: Any) -> Problem | None:
    fits = isinstance(value, list) and value and all(type(each) is int and 1 <= each <= 7 for each in value)
    return None if fits and value == sorted(set(value)) else Problem("required")


def _days(yearly: bool) -> limits.Check:
    name = limits.text(80)

    def check(value: Any) -> Problem | None:
        if not isinstance(value, list) or len(value) > DAYS_MAX:
            return Problem("too_long", {"max": DAYS_MAX})
        for each in value:
            if not isinstance(each, dict) or each.keys() != {"day", "name"}:
                return Problem("not_a_day")
            if problem := _a_day(each["day"], yearly) or name(each["name"]):
                return problem
        days = [each["day"] for each in value]
        return None if len(days) == len(set(days)) else Problem("day_twice")

    return check


def _a_day(value: Any, yearly: bool) -> Problem | None:
    """A day of one year, or where that is allowed of every year, as 04-30."""
    if yearly and isinstance(value, str) and _YEARLY.fullmatch(value):
        return day(f"2000-{value}")
    return day(value)


FIELDS: Mapping[str, limits.Check] = {
    "name": limits.text(120),
    "weekdays": _weekdays,
    "hours": _hours,
    "holidays": _days(yearly=True),
    "make_up_days": _days(yearly=False),
    "source": limits.text(250),
    "valid_from": edition.since,
    "valid_to": day,
    "to_check": limits.yes_no,
}
REQUIRED = ("name", "weekdays", "hours", "source", "valid_from")


def check_content(content: Mapping[str, Any]) -> dict[str, Problem]:
    """What does not fit in a calendar, by field; empty when all is well."""
    found = edition.check_fields(content, FIELDS, REQUIRED)
    if found:
        return found
    off = {each["day"] for each in content.get("holidays", ())}
    if off & {each["day"] for each in content.get("make_up_days", ())}:
        found["make_up_days"] = Problem("day_twice")
    return found


def apply(state: dict[str, Any] | None, event: Event) -> Outcome:
    """Fold one event into a calendar."""
    return edition.apply(state, event, "weekdays", "no_such_calendar", check_content)
