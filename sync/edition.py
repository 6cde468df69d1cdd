"""What the centre publishes in editions: each replaces the one before as a whole, nobody overwrites an unseen one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sync import limits
from sync.errors import Problem
from sync.event import Event
from sync.outcome import Invalid, Outcome

Check = Callable[[Mapping[str, Any]], dict[str, Problem]]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# Which edition this one becomes: two people who edit at the same time are told so, and none overwrites the other unseen.
_EDITION = {"edition": lambda value: None if type(value) is int and 0 < value < 100_000 else Problem("not_a_number")}
_RETIRED = {"reason": limits.text(500)}


def apply(
    state: dict[str, Any] | None,
    event: Event,
    mark: str,
    missing: str,
    check: Check,
) -> Outcome:
    """Fold one event; `mark` is a key that all of this type have, `missing` the refusal where there is none to retire."""
    if state is not None and mark not in state:
        raise Invalid("invalid_event")  # what it names is something else
    if event.kind.endswith(".published"):
        return _published(state, event, check)
    _refuse(limits.problems_of(event.open, _RETIRED))
    if state is None:
        return Outcome("quarantined", None, missing)
    if state.get("retired"):
        return Outcome("merged", state)
    retired = {"at": event.at_ms, "by": event.actor.hex(), "reason": event.open.get("reason", "")}
    return Outcome("applied", state | {"retired": retired})


def _published(state: dict[str, Any] | None, event: Event, check: Check) -> Outcome:
    content = dict(event.open)
    edition = content.pop("edition", None)
    _refuse(limits.problems_of({"edition": edition}, _EDITION) | check(content))
    before = state["edition"] if state else 0
    if edition != before + 1:
        return Outcome("denied", state, "edited_meanwhile", {"edition": before})
    return Outcome("applied", content | {"edition": edition, "at": event.at_ms, "by": event.actor.hex()})


def _refuse(problems: Mapping[str, Problem]) -> None:
    for field, problem in problems.items():
        raise Invalid(problem.code, field=field, **problem.params)


FIRST_DAY = "1900-01-01"  # from here on always: nothing that anybody counts is older


def day(value: Any) -> Problem | None:
    """Refuse anything but a day of the calendar as 2021-12-05."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return Problem("not_a_day")
    try:
        date.fromisoformat(value)
    except ValueError:
        return Problem("not_a_day")
    return None


def since(value: Any) -> Problem | None:
    """Refuse anything but a day from which something may hold."""
    return day(value) or (Problem("not_a_day") if value < FIRST_DAY else None)


def check_fields(
    content: Mapping[str, Any], fields: Mapping[str, limits.Check], required: tuple[str, ...]
) -> dict[str, Problem]:
    """What does not fit in a content with validity dates, by field; empty when all is well."""
    return check_validity(content, check_present(content, fields, required))


def check_present(
    content: Mapping[str, Any], fields: Mapping[str, limits.Check], required: tuple[str, ...]
) -> dict[str, Problem]:
    """What does not fit in the fields, each by itself, and what is missing."""
    found = limits.problems_of(content, fields)
    for field in required:
        if not content.get(field):
            found.setdefault(field, Problem("required"))
    return found


def check_validity(content: Mapping[str, Any], found: dict[str, Problem]) -> dict[str, Problem]:
    """The same where the days are the wrong way round; they are looked at once everything else fits."""
    first, last = content.get("valid_from"), content.get("valid_to")
    if not found and first and last and last < first:
        found["valid_to"] = Problem("ends_before_it_begins")
    return found


def standing(state: Mapping[str, Any], today: str) -> str:
    """`current`, `coming`, `expired` or `retired` on a day; the last day of validity still counts."""
    if state.get("retired"):
        return "retired"
    if state["valid_from"] > today:
        return "coming"
    return "expired" if state.get("valid_to") and state["valid_to"] < today else "current"
