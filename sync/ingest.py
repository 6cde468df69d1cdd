"""One verdict for one event. Pure: the same at the centre, in a node's overlay and in the simulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync import person, report
from sync.event import Event
from sync.outcome import NOTHING_ADDED, Added, Invalid, Outcome

VERDICTS = ("applied", "merged", "conflict", "duplicate", "held", "quarantined", "denied")
REFUSED = frozenset({"quarantined", "denied"})
BLOCKING = frozenset({"held", "quarantined"})  # later events of the same entity from the same node wait behind these
# The newest version of each kind that this software reads; a newer one is held until it is upgraded.
KIND_VERSIONS: Mapping[str, int] = dict.fromkeys(("report.recorded", *report.APPLY, *person.KINDS), 1)


def entity_type(kind: str) -> str:
    """The type of entity that an event of this kind is about."""
    return "person" if kind in person.KINDS else "report"


def judge(state: dict[str, Any] | None, event: Event, node: bytes, added: Added = NOTHING_ADDED) -> Outcome:
    """The verdict over one event and the state after it; the state given is never changed."""
    newest = KIND_VERSIONS.get(event.kind)
    if newest is None or event.version > newest:
        return Outcome("held", state, "unknown_kind", {"kind": event.kind, "version": event.version})
    try:
        if event.kind in person.KINDS:
            return person.apply(state, event)
        return report.apply(state, event, node, added)
    except Invalid as reason:
        return Outcome("quarantined", state, reason.code, reason.params)
    except (TypeError, KeyError, AttributeError, ValueError) as reason:
        # Bytes from elsewhere may be shaped like anything; one poisoned event never stops the others.
        return Outcome("quarantined", state, "invalid_event", {"reason": type(reason).__name__})
