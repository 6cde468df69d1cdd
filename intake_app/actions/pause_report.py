"""The clock of a report: it stops with a reason, runs again, and its deadline moves with a reason."""

from __future__ import annotations

from typing import Any

from intake_app.actions.making import make_event, require_role, the_entity, write_one
from intake_app.clock import from_iso
from intake_app.node import Actor, Node
from intake_app.store.deadlines import terms_of
from sync import limits, permission, workflow
from sync.deadline import clock_of
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.outcome import Outcome


def pause_report(node: Node, actor: Actor, report_id: bytes, reason: str) -> Outcome:
    """Stop the clock of a report that is open; raises Refused where it stands still or has ended."""
    return _write(node, actor, report_id, "report.paused", {"reason": _reason(reason)}, paused=False)


def resume_report(node: Node, actor: Actor, report_id: bytes, reason: str = "") -> Outcome:
    """Let the clock of a paused report run again."""
    text = clean_text(reason, multiline=True)
    return _write(node, actor, report_id, "report.resumed", {"reason": text} if text else {}, paused=True)


def extend_report(node: Node, actor: Actor, report_id: bytes, deadline: str, reason: str) -> Outcome:
    """Give a report a later deadline."""
    if not deadline:
        raise InvalidFields({"deadline": Problem("required")})
    if problem := limits.time(deadline):
        raise InvalidFields({"deadline": problem})
    opened = {"deadline": deadline, "reason": _reason(reason)}
    return _write(node, actor, report_id, "report.extended", opened)


def _reason(text: str) -> str:
    cleaned = clean_text(text or "", multiline=True)
    if not cleaned:
        raise InvalidFields({"reason": Problem("required")})
    return cleaned


def _write(
    node: Node, actor: Actor, report_id: bytes, kind: str, opened: dict[str, Any], paused: bool | None = None
) -> Outcome:
    require_role(actor, *permission.ROLES[kind])
    with node.database.transaction() as db:
        state = the_entity(db, report_id).seen or {}
        if state["status"] not in workflow.OPEN:
            raise Refused("report_has_ended", status=state["status"])
        if paused is not None and paused != ("paused" in state):
            raise Refused("not_paused" if paused else "paused_already")
        earlier = clock_of(state, terms_of(db)).due if kind == "report.extended" else None
        if earlier is not None and from_iso(opened["deadline"]) <= earlier:
            raise InvalidFields({"deadline": Problem("deadline_not_later")})
        return write_one(node, db, make_event(node, actor, kind, report_id, opened))
