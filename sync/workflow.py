"""The workflow as one table: which step leads from which status to which, who takes it, what it requires.

Pure. The words for people stand in the pages; the names here rest in journals and never change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

STATUSES = (
    "received",
    "verifying",
    "awaiting_info",
    "routed",
    "in_progress",
    "returned",
    "pending_approval",
    "answered",
    "answered_on_spot",
    "guided",
    "rejected",
    "withdrawn",
    "closed",
    "reopened",
)
OPENINGS = ("received", "answered_on_spot", "guided")
ENDED = frozenset({"answered", "answered_on_spot", "guided", "rejected", "withdrawn", "closed"})
OPEN = frozenset(STATUSES) - ENDED

INTAKE = frozenset({"intake_officer", "commune_officer", "operator"})
HANDLER = frozenset({"case_handler"})
DISPATCHER = frozenset({"dispatcher"})
APPROVER = frozenset({"approver"})
ROLES = (
    "intake_officer",
    "commune_officer",
    "operator",
    "case_handler",
    "approver",
    "dispatcher",
    "administrator",
    "auditor",
)


class Step(NamedTuple):
    """One step; `target` is None where the step goes back to the status it was asked from."""

    name: str
    sources: frozenset[str]
    target: str | None
    roles: frozenset[str]
    requires: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()


def _step(
    name: str, sources: str, target: str | None, roles: frozenset[str], requires: str = "", accepts: str = ""
) -> Step:
    return Step(name, frozenset(sources.split()), target, roles, tuple(requires.split()), tuple(accepts.split()))


_ALL = (
    _step("verify", "received", "verifying", INTAKE | DISPATCHER, accepts="text"),
    _step("ask", "received verifying in_progress", "awaiting_info", HANDLER | DISPATCHER, "text"),
    _step("supply", "awaiting_info", None, INTAKE, "text"),
    _step(
        "route",
        "received verifying returned reopened",
        "routed",
        DISPATCHER | INTAKE,
        "agency",
        "supporting text deadline",
    ),
    _step("accept", "routed", "in_progress", HANDLER, accepts="handler text"),
    _step("return", "routed in_progress", "returned", HANDLER, "reason", "agency"),
    _step("submit", "in_progress", "pending_approval", HANDLER, "answer", "sources"),
    _step("send_back", "pending_approval", "in_progress", APPROVER, "reason"),
    _step("approve", "pending_approval", "answered", APPROVER, accepts="answer sources text"),
    _step("answer", "in_progress received verifying", "answered", HANDLER, "answer", "sources"),
    _step("share", " ".join(sorted(OPEN)), "answered", APPROVER | DISPATCHER, "answer same_as", "sources"),
    _step("reject", "received verifying", "rejected", DISPATCHER | INTAKE, "reason"),
    _step("guide", "received verifying", "guided", DISPATCHER | INTAKE, "procedure"),
    _step("withdraw", " ".join(sorted(OPEN)), "withdrawn", INTAKE, "reason"),
    _step("close", "answered answered_on_spot guided rejected withdrawn", "closed", INTAKE, "how"),
    _step("reopen", "answered closed rejected", "reopened", INTAKE | DISPATCHER, "reason"),
)
STEPS: Mapping[str, Step] = {step.name: step for step in _ALL}


def steps_from(status: str) -> list[Step]:
    """The steps that lead on from a status."""
    return [step for step in _ALL if status in step.sources]


def allowed_steps(state: Mapping[str, Any], roles: Collection[str]) -> list[Step]:
    """The steps that a person with these roles may take from where the report is.

    An answer is shared from the report that has it: no list of steps offers that.
    """
    found = steps_from(state["status"])
    return [step for step in found if step.roles.intersection(roles) and step.name != "share"]


def target_of(step: Step, state: Mapping[str, Any]) -> str:
    """The status a step leads to from this state."""
    return step.target or str(state.get("asked_from", "received"))
