"""A shift handed over at a counter: what it received, what waits, who gave it and who took it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync import limits
from sync.errors import Problem
from sync.event import Event
from sync.outcome import Invalid, Outcome, require

HANDED_OVER = "shift.handed_over"
KINDS = (HANDED_OVER,)
COUNT_MAX = 10_000_000
CODES_MAX = 20  # urgent cases named one by one; whoever has more is told their number
KEYS_MAX = 30
SIGNED = ("password", "paper")


def _count(value: Any) -> Problem | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= COUNT_MAX
    return None if fits else Problem("not_a_number")


def _counts(value: Any) -> Problem | None:
    if not isinstance(value, dict) or len(value) > KEYS_MAX:
        return Problem("not_a_number")
    found = (limits.CODE(key) or _count(number) for key, number in value.items())
    return next((problem for problem in found if problem), None)


def _codes(value: Any) -> Problem | None:
    fits = isinstance(value, list) and len(value) <= CODES_MAX and all(_CODE(one) is None for one in value)
    return None if fits else Problem("bad_code")


_CODE = limits.shape(r"\d{12}", "bad_code")
FIELDS: Mapping[str, limits.Check] = {
    "office": limits.shape(r"\d{4}", "unknown_office"),
    "since": limits.time,
    "until": limits.time,
    "channels": _counts,
    "outcomes": _counts,
    "idle_calls": _counts,
    "unsent": _count,
    "oldest_unsent": limits.time,
    "urgent": _count,
    "urgent_codes": _codes,
    "drafts": _count,
    "conflicts": _count,
    "refused": _count,
    "call_backs": _count,
    "note": limits.LONG,
    "receiver": limits.shape(r"[0-9a-f]{32}", "unknown_person"),
    "receiver_name": limits.text(120),
    "signed": limits.one_of(*SIGNED),
}
REQUIRED = ("office", "since", "until", "receiver_name", "signed")


def apply(state: dict[str, Any] | None, event: Event, node: bytes, repaired: bool) -> Outcome:
    """Make a hand-over; it happens once and is never changed."""
    require(limits.problems_of(event.open, FIELDS))
    require({field: Problem("required") for field in REQUIRED if not event.open.get(field)})
    if event.open["signed"] == "password" and not event.open.get("receiver"):
        raise Invalid("required", field="receiver")
    if not repaired and event.entity != event.id:
        raise Invalid("invalid_event")
    if state is not None:
        return Outcome("quarantined", state, "other_payload")
    return Outcome("applied", dict(event.open) | {"giver": event.actor.hex(), "node": node.hex(), "at": event.at_ms})
