"""Which values of a report are nowhere any more, neither current nor in its history nor in a conflict row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sync import deadline_rule, holidays, limits, reference
from sync.event import canonical

# What the centre or a rule computes; no person said it, so nobody can lose it.
COMPUTED = frozenset({"history", "conflicts", "asked_from", "at_centre", "clock_offset_seconds", "aliases", "answers"})


REPORT_KEYS = frozenset(limits.OPEN_FIELDS) | frozenset(
    (
        "tracking_code",
        "aliases",
        "office",
        "officer",
        "status",
        "lead_agency",
        "supporting",
        "covering_text",
        "deadline",
    )
    + (
        "handler",
        "draft_answer",
        "answer",
        "procedure",
        "asked_from",
        "reporter",
        "notes",
        "calls",
        "links",
        "informed",
    )
    + ("relayed", "rating", "publicity", "paused", "extension", "history", "conflicts", "at_centre")
    + ("clock_offset_seconds", "reminders", "urges", "queries")
)
ARTICLE_KEYS = frozenset(
    {"question", "short", "text", "source", "valid_from", "valid_to", "area", "topics", "sample"}
    | {"edition", "at", "by", "retired"}
)
TERMS_KEYS = frozenset({*holidays.FIELDS, *deadline_rule.FIELDS, "edition", "at", "by", "retired"})
RULE_KEYS = frozenset(
    {"name", "topics", "unit", "urgency", "lead", "local", "supporting", "text", "valid_from", "valid_to", "sample"}
    | {"edition", "at", "by", "retired"}
)
REFERENCE_KEYS = frozenset().union(*reference.FIELDS.values()) | {"edition", "at", "by", "retired"}
PERSON_KEYS = frozenset({"username", "name", "office", "agency", "roles", "active", "ended_by"})


def unknown_keys(state: bytes) -> list[str]:
    """What stands in a state and belongs to none."""
    keys = set(msgspec.json.decode(state))
    if "question" in keys:
        return sorted(keys - ARTICLE_KEYS)
    if keys & {"weekdays", "unit_of_time"}:
        return sorted(keys - TERMS_KEYS)
    if keys & {"level", "number"} and "edition" in keys:
        return sorted(keys - REFERENCE_KEYS)
    if "edition" in keys:
        return sorted(keys - RULE_KEYS)
    return sorted(keys - (REPORT_KEYS if "tracking_code" in keys else PERSON_KEYS))


def _leaves(name: str, value: Any) -> Iterator[tuple[str, bytes]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(name, inner)
    elif not isinstance(value, bool):
        yield name, canonical(value)


def _values(state: dict[str, Any]) -> set[tuple[str, bytes]]:
    found: set[tuple[str, bytes]] = set()
    for name, value in state.items():
        if name not in COMPUTED:
            found.update(_leaves(name, value))
    for row in state.get("conflicts", ()):
        found.update(_leaves("untaken", row.get("details", {})))
    return found


def lost_values(before: bytes, after: bytes) -> list[str]:
    """The values of a state that the state after it does not hold anywhere.

    An edition of an article, a calendar or a rule replaces the one before as a whole; the centre's journal has the earlier ones.
    """
    state = msgspec.json.decode(before)
    if "edition" in state:
        return []
    was = _values(state)
    return sorted(f"{name}={value.decode()}" for name, value in was if value not in after)
