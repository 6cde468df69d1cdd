"""What becomes of one event, and how it is remembered in the state it changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sync.conflict import Origin, State
from sync.errors import Problem
from sync.event import Event


class Added(NamedTuple):
    """What the centre adds when it confirms; nothing of it is known while an event is pending."""

    at_centre_ms: int | None = None
    clock_offset_seconds: int | None = None


NOTHING_ADDED = Added()
OFFSET_SECONDS_MIN = 60  # a clock this close to central's is right


def told_offset(offset_ms: int | None) -> int | None:
    """How wrong the sender's clock was, in seconds; None where it was right."""
    seconds = round((offset_ms or 0) / 1000)
    return seconds if abs(seconds) >= OFFSET_SECONDS_MIN else None


class Outcome(NamedTuple):
    """What became of one event; `state` is None only for an entity that does not exist (yet)."""

    verdict: str
    state: State | None
    code: str = ""
    params: Mapping[str, object] = {}


class Invalid(Exception):
    """The event does not hold what its kind requires."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def require(problems: Mapping[str, Problem]) -> None:
    for field, problem in problems.items():
        raise Invalid(problem.code, field=field, **problem.params)


def remember(state: State, event: Event, origin: Origin, **details: Any) -> None:
    entry = {"id": origin.event, "kind": event.kind, "at": origin.at_ms, "by": origin.by, "node": origin.node}
    entry |= {key: value for key, value in details.items() if value not in (None, "", [], {})}
    state["history"] = [*state.get("history", ()), entry]
