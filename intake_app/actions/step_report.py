"""Take a step of the workflow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intake_app.actions.claim_report import KEEPS, refuse_if_claimed
from intake_app.actions.editions import today
from intake_app.actions.making import make_event, the_entity, write_one
from intake_app.clock import PROVINCE_ZONE
from intake_app.node import Actor, Node
from intake_app.store import claims
from sync import permission, returns, workflow
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.outcome import Outcome

SINGLE_LINE = frozenset({"procedure", "handler", "agency"})


def step_report(
    node: Node, actor: Actor, report_id: bytes, step: str, *, seen_status: str | None = None, **details: Any
) -> Outcome:
    """Take a step with what it requires; raises Refused or InvalidFields. `seen_status` is where the person saw the report."""
    rule = workflow.STEPS.get(step)
    if rule is None:
        raise Refused("unknown_step", step=str(step)[:40], steps=", ".join(workflow.STEPS))
    if not rule.roles.intersection(actor.roles):
        raise Refused("not_allowed", role=", ".join(sorted(rule.roles)))
    cleaned = _details(node, rule, details)
    with node.database.transaction() as db:
        state = the_entity(db, report_id).seen or {}
        status = state["status"]
        if seen_status and seen_status != status:
            raise Refused("stale", field="status", seen=seen_status, now=status)
        if status not in rule.sources:
            raise Refused("step_not_possible", step=step, status=status)
        _may(node, actor, rule, state, cleaned)
        refuse_if_claimed(db, actor, report_id, node.clock.now_ms())
        opened = {"step": step, "from": status, **_corrected(rule, state, cleaned)}
        outcome = write_one(node, db, make_event(node, actor, "report.stepped", report_id, opened))
        if step not in KEEPS:
            claims.release(db, report_id)
        return outcome


def _corrected(rule: workflow.Step, state: dict[str, Any], details: dict[str, Any]) -> dict[str, Any]:
    """An approval carries the text only where the approver has changed it: then both texts stand in the history."""
    if rule.name != "approve":
        return details
    draft = state.get("draft_answer", {})
    return {key: value for key, value in details.items() if key == "text" or value != draft.get(key)}


def _details(node: Node, rule: workflow.Step, details: dict[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    problems: dict[str, Problem] = {}
    for name, value in details.items():
        if isinstance(value, str):
            value = clean_text(value, multiline=name not in SINGLE_LINE)
        if value in (None, "", [], ()):
            continue
        if name not in {*rule.requires, *rule.accepts}:
            problems[name] = Problem("unknown_key", {"key": name})
            continue
        cleaned[name] = list(value) if isinstance(value, tuple) else value
    problems |= {name: Problem("required") for name in rule.requires if not cleaned.get(name)}
    offered = node.directory.agencies_on(today(node))
    for code in [cleaned.get("agency"), *cleaned.get("supporting", ())]:
        if code is not None and code not in node.directory.agencies:
            problems["agency"] = Problem("unknown_agency", {"agency": str(code)[:40]})
        elif code is not None and code not in offered:
            problems["agency"] = Problem("agency_ended", {"agency": node.directory.agencies[code].name})
    if "deadline" in cleaned:
        _read_deadline(cleaned, problems)
    if problems:
        raise InvalidFields(problems)
    return cleaned


def _read_deadline(cleaned: dict[str, Any], problems: dict[str, Problem]) -> None:
    try:
        moment = datetime.fromisoformat(cleaned["deadline"])
    except (ValueError, TypeError):
        problems["deadline"] = Problem("not_a_time")
        return
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=PROVINCE_ZONE)
    cleaned["deadline"] = moment.isoformat(timespec="seconds")


def _may(node: Node, actor: Actor, rule: workflow.Step, state: dict[str, Any], details: dict[str, Any]) -> None:
    """What only the report tells: an office routes only to itself, and a handler acts for the lead agency."""
    if rule.name == "route" and not permission.routes_to(actor.roles, actor.agency, details["agency"]):
        raise Refused("not_allowed", role="dispatcher")
    if rule.name == "return" and returns.is_kept(state):
        raise Refused("returned_twice", agency=state.get("lead_agency", ""))
    if returns.sets_anew(state, rule.name, details):
        raise Refused("deadline_stays")
    own = node.directory.offices[node.head.office].agency or ""
    if permission.handles(rule.name, state) and not permission.leads(actor.agency, own, node.is_central, state):
        raise Refused("not_lead_agency", agency=state["lead_agency"])
