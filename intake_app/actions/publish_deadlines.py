"""Calendars and deadline rules at the centre: publish one or a new edition of one, retire it, take over what is shipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from intake_app.actions.making import make_event, require_role, write_one
from intake_app.node import Actor, Node
from intake_app.store import deadlines, journal
from intake_app.store.database import Db
from intake_app.store.entities import Entity
from sync import deadline_rule, holidays, permission
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text

EDITORS = permission.ROLES["calendar.published"]
CALENDAR, RULE = deadlines.TYPES
CHECKS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Problem]]] = {
    CALENDAR: holidays.check_content,
    RULE: deadline_rule.check_content,
}
FIELDS = {CALENDAR: holidays.FIELDS, RULE: deadline_rule.FIELDS}
MISSING = {CALENDAR: "no_such_calendar", RULE: "no_such_deadline_rule"}


def publish(
    node: Node, actor: Actor, kind: str, content: Mapping[str, Any], known: bytes | None = None, seen_edition: int = 0
) -> bytes:
    """Publish a calendar or rule, or the next edition of one that was seen at `seen_edition`; returns its id.

    Raises InvalidFields, and Refused("edited_meanwhile") where somebody was faster.
    """
    _may(node, actor)
    cleaned = check(node, kind, content)
    with node.database.transaction() as db:
        if known is not None:
            state = _the_one(db, known, kind).seen or {}
            if state["edition"] != seen_edition:
                raise Refused("edited_meanwhile", edition=state["edition"])
            if not state.get("retired") and all(state.get(key) == cleaned.get(key) for key in FIELDS[kind]):
                raise Refused("nothing_changed")
        return _publish(node, db, actor, kind, cleaned | {"edition": seen_edition + 1}, known)


def retire(node: Node, actor: Actor, kind: str, known: bytes, reason: str = "") -> None:
    """Retire a calendar or rule: it holds for no report any more, and every computer hears of it."""
    _may(node, actor)
    cleaned = clean_text(reason, multiline=False)
    if not cleaned:
        raise InvalidFields({"reason": Problem("required")})
    with node.database.transaction() as db:
        if (_the_one(db, known, kind).seen or {}).get("retired"):
            raise Refused("nothing_changed")
        write_one(node, db, make_event(node, actor, f"{kind}.retired", known, {"reason": cleaned}))


def take_over_shipped(node: Node, actor: Actor, kind: str) -> int:
    """Publish what the program brings along and was not published yet, so that it can be changed; returns how many."""
    _may(node, actor)
    with node.database.transaction() as db:
        journal.hold(db)
        known = {(one.seen or {})["name"] for one in deadlines.published(db, kind)}
        missing = [state for state in deadlines.shipped(kind) if state["name"] not in known]
        for state in missing:
            _publish(node, db, actor, kind, state | {"edition": 1}, None)
    return len(missing)


def check(node: Node, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as it would be published; raises InvalidFields where it would not be taken."""
    cleaned: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, str):
            value = clean_text(value, multiline=False)
        if value not in (None, "", [], False):
            cleaned[name] = value
    problems = CHECKS[kind](cleaned)
    topic = cleaned.get("topic")
    if topic is not None and topic not in node.directory.topics:
        problems["topic"] = Problem("not_in_set", {"allowed": ", ".join(node.directory.topics), "value": topic})
    if problems:
        raise InvalidFields(problems)
    return cleaned


def _may(node: Node, actor: Actor) -> None:
    require_role(actor, *EDITORS)
    if not node.is_central:
        raise Refused("centre_only")


def _publish(
    node: Node, db: Db, actor: Actor, kind: str, opened: Mapping[str, Any], known: bytes | None
) -> bytes:
    event = make_event(node, actor, f"{kind}.published", known, opened)
    write_one(node, db, event)
    return event.entity


def _the_one(db: Db, known: bytes, kind: str) -> Entity:
    journal.hold(db)
    found = deadlines.find_source(db, known, kind, hold=True)
    if found is None:
        raise Refused(MISSING[kind])
    return found
