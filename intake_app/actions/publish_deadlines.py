"""Calendars and deadline rules at the centre: publish one or a new edition of one, retire it, take over what is shipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from intake_app.actions.editions import Series, clean_words, publish_edition, publish_missing, retire_edition
from intake_app.node import Actor, Node
from intake_app.store import deadlines
from intake_app.store.database import Db
from sync import deadline_rule, holidays, permission
from sync.errors import InvalidFields, Problem

EDITORS = permission.ROLES["calendar.published"]
CALENDAR, RULE = deadlines.TYPES
MISSING = {CALENDAR: "no_such_calendar", RULE: "no_such_deadline_rule"}
CHECKS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Problem]]] = {
    CALENDAR: holidays.check_content,
    RULE: deadline_rule.check_content,
}


def publish(
    node: Node, actor: Actor, kind: str, content: Mapping[str, Any], known: bytes | None = None, seen_edition: int = 0
) -> bytes:
    """Publish a calendar or rule, or the next edition of one that was seen at `seen_edition`; returns its id.

    Raises InvalidFields, and Refused("edited_meanwhile") where somebody was faster.
    """
    return publish_edition(node, actor, _SERIES[kind], content, known, seen_edition)


def retire(node: Node, actor: Actor, kind: str, known: bytes, reason: str = "") -> None:
    """Retire a calendar or rule: it holds for no report any more, and every computer hears of it."""
    retire_edition(node, actor, _SERIES[kind], known, reason)


def take_over_shipped(node: Node, actor: Actor, kind: str) -> int:
    """Publish what the program brings along and was not published yet, so that it can be changed; returns how many."""

    def missing(db: Db) -> list[Mapping[str, Any]]:
        known = {(one.seen or {})["name"] for one in deadlines.published(db, kind)}
        return [state for state in deadlines.shipped(kind) if state["name"] not in known]

    return publish_missing(node, actor, _SERIES[kind], missing)


def check(node: Node, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as it would be published; raises InvalidFields where it would not be taken."""
    return _cleaned(kind, node, content)


def _cleaned(kind: str, node: Node, content: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = clean_words(content)
    problems = CHECKS[kind](cleaned)
    topic = cleaned.get("topic")
    if topic is not None and topic not in node.directory.topics:
        problems["topic"] = Problem("not_in_set", {"allowed": ", ".join(node.directory.topics), "value": topic})
    if problems:
        raise InvalidFields(problems)
    return cleaned


_SERIES = {
    kind: Series(kind, fields, EDITORS, MISSING[kind], partial(_cleaned, kind))
    for kind, fields in ((CALENDAR, holidays.FIELDS), (RULE, deadline_rule.FIELDS))
}
