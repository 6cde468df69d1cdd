"""What is added to a report and can never collide: notes, calls, "the citizen was told", links, an urgent case told by phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake_app.actions.making import make_event, require_role, the_entity, write_one
from intake_app.node import Actor, Node
from sync import permission
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.outcome import Outcome


def _add(node: Node, actor: Actor, report_id: bytes, kind: str, opened: dict[str, Any]) -> Outcome:
    require_role(actor, *permission.ROLES[kind])
    kept = {key: value for key, value in opened.items() if value not in (None, "")}
    with node.database.transaction() as db:
        the_entity(db, report_id)
        return write_one(node, db, make_event(node, actor, kind, report_id, kept))


def _text(text: str | None, needed: bool = False) -> str:
    cleaned = clean_text(text or "", multiline=True)
    if needed and not cleaned:
        raise InvalidFields({"text": Problem("required")})
    return cleaned


def note_report(node: Node, actor: Actor, report_id: bytes, text: str, internal: bool = True) -> Outcome:
    """Add a note, for colleagues or for the citizen."""
    return _add(node, actor, report_id, "report.noted", {"text": _text(text, needed=True), "internal": internal})


def call_report(
    node: Node,
    actor: Actor,
    report_id: bytes,
    direction: str,
    result: str,
    text: str = "",
    next_try: str | None = None,
) -> Outcome:
    """Note a call: whether the person was reached, and when to try again."""
    opened = {"direction": direction, "result": result, "text": _text(text), "next_try": next_try}
    return _add(node, actor, report_id, "report.called", opened)


def inform_citizen(node: Node, actor: Actor, report_id: bytes, means: str, result: str = "", text: str = "") -> Outcome:
    """Note that the citizen was told the result, and how."""
    opened = {"means": means, "result": clean_text(result, False), "text": _text(text)}
    return _add(node, actor, report_id, "report.informed", opened)


def may_be_rated(state: Mapping[str, Any]) -> bool:
    """Whether the citizen knows what came of it: nobody is asked to rate what they have not heard."""
    return bool(state.get("informed")) or state["status"] == "answered_on_spot"


def require_told(state: Mapping[str, Any]) -> None:
    """Refuse a rating of what the citizen has not heard."""
    if not may_be_rated(state):
        raise Refused("not_told_yet")


def rate_report(node: Node, actor: Actor, report_id: bytes, score: str, text: str = "") -> Outcome:
    """Note how content the citizen is, from 1 to 4; a later rating takes the place of the one before."""
    require_role(actor, *permission.ROLES["report.rated"])
    with node.database.transaction() as db:
        require_told(the_entity(db, report_id).seen or {})
        opened = {"score": score} | ({"text": said} if (said := _text(text)) else {})
        return write_one(node, db, make_event(node, actor, "report.rated", report_id, opened))


def relay_by_phone(
    node: Node, actor: Actor, report_id: bytes, to: str, when: str, by_whom: str, text: str = ""
) -> Outcome:
    """Note that an urgent case was told by telephone: to whom, when, by whom."""
    opened = {"to": clean_text(to, False), "when": when, "by_whom": clean_text(by_whom, False), "text": _text(text)}
    return _add(node, actor, report_id, "report.relayed", opened)


def link_report(node: Node, actor: Actor, report_id: bytes, other: bytes, relation: str) -> Outcome:
    """Link a report to another; both stay what they are."""
    require_role(actor, *permission.ROLES["report.linked"])
    if other == report_id:
        raise InvalidFields({"code": Problem("linked_to_itself")})
    with node.database.transaction() as db:
        state = the_entity(db, report_id).seen or {}
        the_entity(db, other)
        if any(each["other"] == other.hex() and each["relation"] == relation for each in state.get("links", ())):
            raise InvalidFields({"code": Problem("linked_already")})
        opened = {"other": other.hex(), "relation": relation}
        return write_one(node, db, make_event(node, actor, "report.linked", report_id, opened))
