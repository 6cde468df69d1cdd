"""An article of the answer library: a question, what to say, on which document it rests, where and how long it holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sync import limits
from sync.errors import Problem
from sync.event import Event
from sync.outcome import Invalid, Outcome

KINDS = ("article.published", "article.retired")
TOPICS_MAX = 12  # more topics than the hotline has would mean that it belongs to none
QUESTION_MAX = 200
SHORT_MAX = 600  # what is read aloud in less than a minute
TEXT_MAX = 12_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def day(value: Any) -> Problem | None:
    """Refuse anything but a day of the calendar as 2021-12-05."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return Problem("not_a_day")
    try:
        date.fromisoformat(value)
    except ValueError:
        return Problem("not_a_day")
    return None


def _topics(value: Any) -> Problem | None:
    if not isinstance(value, list) or not 0 < len(value) <= TOPICS_MAX:
        return Problem("required")
    return next((problem for topic in value if (problem := limits.CODE(topic))), None)


FIELDS: Mapping[str, limits.Check] = {
    "question": limits.text(QUESTION_MAX),
    "short": limits.text(SHORT_MAX, multiline=True),
    "text": limits.text(TEXT_MAX, multiline=True),
    "source": limits.text(250),
    "valid_from": day,
    "valid_to": day,
    "area": limits.UNIT,  # left out: the whole province
    "topics": _topics,
    "sample": limits.yes_no,
}
REQUIRED = ("question", "short", "source", "valid_from", "topics")
# Which edition this one becomes: two people who edit at the same time are told so, and none overwrites the other unseen.
_EDITION = {"edition": lambda value: None if type(value) is int and 0 < value < 100_000 else Problem("not_a_number")}
_RETIRED = {"reason": limits.text(500)}


def check_content(content: Mapping[str, Any]) -> dict[str, Problem]:
    """What does not fit in an article, by field; empty when all is well."""
    found = limits.problems_of(content, FIELDS)
    for field in REQUIRED:
        if not content.get(field):
            found.setdefault(field, Problem("required"))
    first, last = content.get("valid_from"), content.get("valid_to")
    if not found and first and last and last < first:
        found["valid_to"] = Problem("ends_before_it_begins")
    return found


def apply(state: dict[str, Any] | None, event: Event) -> Outcome:
    """Fold one event into an article; an edition replaces the one before it as a whole."""
    if state is not None and "question" not in state:
        raise Invalid("invalid_event")  # what it names is no article
    if event.kind == "article.published":
        return _published(state, event)
    for field, problem in limits.problems_of(event.open, _RETIRED).items():
        raise Invalid(problem.code, field=field, **problem.params)
    if state is None:
        return Outcome("quarantined", None, "no_such_article")
    if state.get("retired"):
        return Outcome("merged", state)
    retired = {"at": event.at_ms, "by": event.actor.hex(), "reason": event.open.get("reason", "")}
    return Outcome("applied", state | {"retired": retired})


def _published(state: dict[str, Any] | None, event: Event) -> Outcome:
    content = dict(event.open)
    edition = content.pop("edition", None)
    for field, problem in (limits.problems_of({"edition": edition}, _EDITION) | check_content(content)).items():
        raise Invalid(problem.code, field=field, **problem.params)
    if edition != (state["edition"] if state else 0) + 1:
        return Outcome("denied", state, "edited_meanwhile", {"edition": state["edition"] if state else 0})
    return Outcome("applied", content | {"edition": edition, "at": event.at_ms, "by": event.actor.hex()})


def standing(state: Mapping[str, Any], today: str) -> str:
    """`current`, `coming`, `expired` or `retired` on a day; the last day of validity still counts."""
    if state.get("retired"):
        return "retired"
    if state["valid_from"] > today:
        return "coming"
    return "expired" if state.get("valid_to") and state["valid_to"] < today else "current"
