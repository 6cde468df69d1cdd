"""How often a report was given back, by whom, why and to whom it should go: what keeps it from flying to and fro for ever. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sync.workflow import STEPS

RETURNS_MAX = 2  # after that the centre decides which agency it is


class Return(NamedTuple):
    """One time that an agency gave a report back; `agency` is empty where nobody had been named."""

    agency: str
    reason: str
    proposed: str
    at_ms: int
    by: str


def returns_of(state: Mapping[str, Any]) -> list[Return]:
    """The returns of this round, the first one first; a report that was taken up again begins anew."""
    found: list[Return] = []
    lead = ""
    for entry in state.get("history", ()):
        details = entry.get("details", {})
        if entry.get("step") == "route":
            lead = str(details.get("agency", ""))
        elif entry.get("step") == "reopen":
            found = []
        elif entry.get("step") == "return":
            words = str(details.get("reason", "")), str(details.get("agency", ""))
            found.append(Return(lead, *words, entry["at"], entry["by"]))
    return found


def is_kept(state: Mapping[str, Any]) -> bool:
    """Whether the agency that has the report has to keep it: it was given back too often already.

    Who gives back what lies with the centre already does what somebody else did at the same time: that is no third return.
    """
    return state.get("status") in STEPS["return"].sources and len(returns_of(state)) >= RETURNS_MAX


def sets_anew(state: Mapping[str, Any], step: str, details: Mapping[str, Any]) -> bool:
    """Whether a step would give a report that was given back another deadline: sending to and fro must not buy time."""
    asked = details.get("deadline") if step == "route" else None
    return bool(asked and state.get("deadline") and asked != state["deadline"] and returns_of(state))
