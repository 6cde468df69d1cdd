"""A person of an office: name, office, roles. The password never leaves the machine it was set on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync import limits, workflow
from sync.errors import Problem
from sync.event import Event
from sync.outcome import Invalid, Outcome

KINDS = ("person.added", "person.changed", "person.ended")


def _roles(value: Any) -> Problem | None:
    fits = isinstance(value, list) and len(value) <= len(workflow.ROLES) and set(value) <= set(workflow.ROLES)
    return None if fits else Problem("not_in_set", {"allowed": ", ".join(workflow.ROLES)})


FIELDS: Mapping[str, limits.Check] = {
    "username": limits.text(60),
    "name": limits.text(120),
    "office": limits.shape(r"\d{4}", "unknown_office"),
    "agency": limits.AGENCY,
    "roles": _roles,
}


def apply(state: dict[str, Any] | None, event: Event, node: bytes) -> Outcome:
    """Fold one event into a person; the last in the centre's order stands."""
    for field, problem in limits.problems_of(event.open, FIELDS).items():
        raise Invalid(problem.code, field=field, **problem.params)
    if state is not None and "active" not in state:
        raise Invalid("invalid_event")  # what it names is a report
    if event.kind == "person.added":
        if state is not None:
            return Outcome("quarantined", state, "other_payload")
        return Outcome("applied", dict(event.open) | {"active": True})
    if state is None:
        return Outcome("quarantined", None, "unknown_person")
    if event.kind == "person.ended":
        # Which computer ended it: an office that could not have heard of it yet is not blamed for what it wrote.
        return Outcome("applied", state | {"active": False, "ended_by": state.get("ended_by") or node.hex()})
    return Outcome("applied", state | dict(event.open))
