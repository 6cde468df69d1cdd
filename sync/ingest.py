"""One verdict for one event. Pure: the same at the centre, in a node's overlay and in the simulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync import article, deadline_rule, holidays, limits, permission, person, reference, report, routing_rule, shift
from sync.event import Event
from sync.outcome import NOTHING_ADDED, Added, Invalid, Outcome, require
from sync.permission import Writer

VERDICTS = ("applied", "merged", "conflict", "duplicate", "held", "quarantined", "denied")
REFUSED = frozenset({"quarantined", "denied"})
BLOCKING = frozenset({"held", "quarantined"})  # later events of the same entity from the same node wait behind these
# The newest version of each kind that this software reads; a newer one is held until it is upgraded.
DISMISSED = "event.dismissed"
KIND_VERSIONS: Mapping[str, int] = dict.fromkeys(
    (
        "report.recorded", *report.APPLY, *person.KINDS, *shift.KINDS, *article.KINDS, *routing_rule.KINDS,
        *holidays.KINDS, *deadline_rule.KINDS, *reference.KINDS, DISMISSED,
    ), 1,
)  # fmt: skip
_EVENT_ID = limits.shape(r"[0-9a-f]{32}", "invalid_event")
_DISMISSED = {"dismisses": _EVENT_ID, "reason": limits.LONG}


def entity_type(kind: str) -> str:
    """The type of entity that an event of this kind is about; a dismissal may be about any."""
    if kind in shift.KINDS:
        return "shift"
    if kind in article.KINDS:
        return "article"
    if kind in holidays.KINDS:
        return "calendar"
    if kind in deadline_rule.KINDS:
        return "deadline_rule"
    if kind in routing_rule.KINDS:
        return "routing_rule"
    if kind in reference.KINDS:
        return reference.KINDS[kind]
    return "person" if kind in person.KINDS else "report"


def settled(event: Event) -> str | None:
    """The id of the refused event whose place this one takes, in hex; None for nearly every event."""
    named = event.open.get("dismisses" if event.kind == DISMISSED else "replaces")
    return named if isinstance(named, str) else None


def judge(
    state: dict[str, Any] | None,
    event: Event,
    node: bytes,
    added: Added = NOTHING_ADDED,
    writer: Writer | None = None,
    checked: bool = False,
) -> Outcome:
    """The verdict over one event and the state after it; the state given is never changed.

    `checked` says that `report.all_fit` has looked at a report recorded already.

    Only the centre says who wrote it: at an office the action has asked already, and replaying asks nobody again.
    """
    newest = KIND_VERSIONS.get(event.kind)
    if newest is None or event.version > newest:
        return Outcome("held", state, "unknown_kind", {"kind": event.kind, "version": event.version})
    try:
        if writer is not None and (denied := permission.denial(state, event, writer)) is not None:
            return denied
        if event.kind == DISMISSED:
            return _dismissed(state, event, node)
        repaired = "replaces" in event.open
        if repaired:
            event = _repaired(event)
        if event.kind in person.KINDS:
            return person.apply(state, event, node)
        if event.kind in shift.KINDS:
            return shift.apply(state, event, node, repaired)
        if event.kind in article.KINDS:
            return article.apply(state, event)
        if event.kind in holidays.KINDS:
            return holidays.apply(state, event)
        if event.kind in deadline_rule.KINDS:
            return deadline_rule.apply(state, event)
        if event.kind in routing_rule.KINDS:
            return routing_rule.apply(state, event)
        if event.kind in reference.KINDS:
            return reference.apply(state, event)
        return report.apply(state, event, node, added, repaired, checked)
    except Invalid as reason:
        return Outcome("quarantined", state, reason.code, reason.params)
    except (TypeError, KeyError, AttributeError, ValueError) as reason:
        # Bytes from elsewhere may be shaped like anything; one poisoned event never stops the others.
        return Outcome("quarantined", state, "invalid_event", {"reason": type(reason).__name__})


def _dismissed(state: dict[str, Any] | None, event: Event, node: bytes) -> Outcome:
    """A refused event is given up; the report tells so in its history, a person has none."""
    require(limits.problems_of(event.open, _DISMISSED))
    if not event.open.get("dismisses"):
        raise Invalid("invalid_event")
    if state is None or "tracking_code" not in state:
        return Outcome("applied" if state is None else "merged", state)
    return report.dismissed(state, event, node)


def _repaired(event: Event) -> Event:
    """What a repair says beside the event it replaces; a report recorded anew keeps the id it was known by."""
    opened = dict(event.open)
    replaced = opened.pop("replaces")
    if problem := _EVENT_ID(replaced):
        raise Invalid(problem.code)
    return event._replace(open=opened)
