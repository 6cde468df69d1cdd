"""Taking a step of the workflow: what it requires, what it sets, and what happens when the report has moved meanwhile. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync import conflict, limits, workflow
from sync.conflict import Origin, State
from sync.errors import Problem
from sync.event import Event
from sync.limits import LONG
from sync.outcome import Invalid, Outcome, remember, require

_STEP_DETAILS: Mapping[str, limits.Check] = {
    "step": limits.one_of(*workflow.STEPS),
    "from": limits.one_of(*workflow.STATUSES),
    "reason": LONG,
    "text": LONG,
    "answer": LONG,
    "sources": LONG,
    "procedure": limits.text(500),
    "how": LONG,
    "agency": limits.AGENCY,
    "deadline": limits.time,
    "handler": limits.text(120),
    "same_as": limits.shape(r"[0-9a-f]{32}", "invalid_event"),
    "supporting": lambda value: (
        None
        if isinstance(value, list) and len(value) <= 20 and not any(limits.AGENCY(code) for code in value)
        else Problem("unknown_agency")
    ),
}


def stepped(state: State, event: Event, origin: Origin) -> Outcome:
    details = dict(event.open)
    require(limits.problems_of(details, _STEP_DETAILS))
    name, leaves = details.pop("step", None), details.pop("from", None)
    step = workflow.STEPS.get(name or "")
    if step is None or leaves is None:
        raise Invalid("invalid_event")
    for field in step.requires:
        if not details.get(field):
            raise Invalid("step_needs", step=step.name, field=field)
    if unknown := set(details) - {*step.requires, *step.accepts}:
        raise Invalid("unknown_key", key=sorted(unknown)[0])
    return take_step(state, step, details, str(leaves), event, origin)


def take_step(
    state: State, step: workflow.Step, details: dict[str, Any], leaves: str, event: Event, origin: Origin
) -> Outcome:
    """Take a step from where the report is, if it leads on from there; else it is a conflict about the status."""
    status = state["status"]
    if status not in step.sources:
        if leaves != status and status == step.target and not details.get("answer"):
            return Outcome("merged", state)
        other = workflow.target_of(step, state)
        row = conflict.new_row("status", other, origin) | {"replaced": leaves, "step": step.name, "details": details}
        conflict.open_row(state, row)
        return Outcome("conflict", state)
    before = dict(state)
    state["status"] = workflow.target_of(step, state)
    effects(state, step.name, details, origin, status)
    was = replaced(before, state)
    remember(state, event, origin, step=step.name, to=state["status"], details=details, was=was, **{"from": status})
    return Outcome("applied", state)


def replaced(before: State, state: State) -> dict[str, Any]:
    """What a step put something else in place of and no earlier step of the history tells: the words of the opening."""
    return {
        name: before[name] for name in ("answer", "procedure") if name in before and before[name] != state.get(name)
    }


def effects(state: State, step: str, details: Mapping[str, Any], origin: Origin, status: str) -> None:
    """What a step sets beside the status; the rest of its words stands in the history."""
    if step == "ask":
        state["asked_from"] = status
    elif step == "supply":
        state.pop("asked_from", None)
    elif step == "route":
        state["lead_agency"] = details["agency"]
        state["supporting"] = list(details.get("supporting", []))
        for field, source in (("covering_text", "text"), ("deadline", "deadline")):
            if details.get(source):
                state[field] = details[source]
    elif step == "accept":
        state["handler"] = details.get("handler") or origin.by
    elif step == "submit":
        state["draft_answer"] = {key: details[key] for key in ("answer", "sources") if details.get(key)}
    elif step == "approve":
        # What the approver has put right takes the place of the draft, which stands in the history as it was submitted.
        draft = state.pop("draft_answer", {})
        _answer(state, draft | {key: details[key] for key in ("answer", "sources") if details.get(key)}, origin)
    elif step in ("answer", "share"):
        _answer(state, details, origin)
    elif step == "guide":
        state["procedure"] = details["procedure"]


def _answer(state: State, details: Mapping[str, Any], origin: Origin) -> None:
    answer = {"text": details.get("answer", ""), "by": origin.by, "at": origin.at_ms}
    if details.get("sources"):
        answer["sources"] = details["sources"]
    if details.get("same_as"):
        answer["same_as"] = details["same_as"]
    state["answer"] = answer
