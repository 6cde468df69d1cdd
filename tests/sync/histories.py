"""Histories as one would say them: `history("A: reported; B: summary=x; A~1: summary=y")`.

A letter is a machine and the person at it; C is the centre. `~1` says that its author had seen only the first clause (and what
was done on that machine itself); without it, everything before. What is said is folded by the product's own rules.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from sync.conflict import short_hash, value_of
from sync.event import Event
from sync.ingest import judge
from sync.limits import PRIVATE_FIELDS
from sync.outcome import Added, Outcome
from sync.workflow import STEPS

REPORT = bytes.fromhex("017d7e35e1007000800000000000000a")
AT_MS = 1_638_500_000_000
OPEN = {
    "channel": "phone",
    "topic": "price_fraud",
    "summary": "Giá cao",
    "unit": "2021:14758",
    "tracking_code": "038000000019",
    "office": "0380",
    "received_at": "2021-12-03T09:53:20+07:00",
}
WORDS = {"routed": "route", "accepted": "accept", "answered": "answer", "closed": "close", "reopened": "reopen"}
WORDS |= {"withdrawn": "withdraw", "rejected": "reject", "guided": "guide", "asked": "ask", "supplied": "supply"}
WORDS |= {
    "submitted": "submit",
    "approved": "approve",
    "returned": "return",
    "verified": "verify",
    "sent back": "send_back",
}
_CLAUSE = re.compile(r"(?P<who>[A-Z])(?:~(?P<seen>\d+))?: (?P<what>.+)")


class Told(NamedTuple):
    """What became of a history: each clause's event and outcome, and the state in the end."""

    events: list[Event]
    outcomes: list[Outcome]
    state: dict[str, Any]

    @property
    def verdicts(self) -> list[str]:
        return [outcome.verdict for outcome in self.outcomes]


def node_of(letter: str) -> bytes:
    return letter.encode() * 16


def make(number: int, letter: str, kind: str, opened: dict[str, Any], private: dict[str, Any] | None = None) -> Event:
    """An event of a letter's machine about the one report."""
    event_id = REPORT if kind == "report.recorded" else REPORT[:15] + bytes([number + 16])
    person = letter.lower().encode() * 16
    return Event(event_id, kind, 1, REPORT, person, AT_MS + number, b"boot", number, opened, private or {})


def recorded(letter: str = "A", private: dict[str, Any] | None = None, **changes: Any) -> Event:
    return make(0, letter, "report.recorded", OPEN | changes, private)


def fold(events: list[tuple[str, Event]], state: dict[str, Any] | None = None) -> list[Outcome]:
    """What becomes of events of machines, one after the other."""
    outcomes = []
    for letter, event in events:
        outcome = judge(state, event, node_of(letter), Added(AT_MS) if state is None else Added())
        state = outcome.state
        outcomes.append(outcome)
    return outcomes


def history(told: str) -> Told:
    """Fold a history that is written down as one would tell it."""
    made: list[tuple[str, Event]] = []
    for number, clause in enumerate(told.split("; ")):
        found = _CLAUSE.fullmatch(clause)
        assert found, f"not a clause: {clause}"
        who = found["who"]
        seen = made[: int(found["seen"])] if found["seen"] else made
        seen = [*seen, *(item for item in made[len(seen) :] if item[0] == who)]
        state = fold(seen)[-1].state if seen else None
        made.append((who, _event(number, who, found["what"], state)))
    outcomes = fold(made)
    assert outcomes[-1].state is not None
    return Told([event for _, event in made], outcomes, outcomes[-1].state)


def _event(number: int, who: str, what: str, state: dict[str, Any] | None) -> Event:
    if what.startswith("reported"):
        return recorded(who)
    if what == "noted":
        return make(number, who, "report.noted", {"text": f"Ghi chú {number}", "internal": True})
    assert state is not None
    if what.startswith("decided "):
        return _decision(number, who, what.removeprefix("decided "), state)
    if what in WORDS:
        return make(number, who, "report.stepped", _step(WORDS[what], state))
    return amendment(number, who, dict(part.split("=") for part in what.split(", ")), state)


def _step(name: str, state: dict[str, Any]) -> dict[str, Any]:
    details = {needed: "UBND-380" if needed == "agency" else f"Về việc {needed}" for needed in STEPS[name].requires}
    return {"step": name, "from": state["status"], **details}


def amendment(number: int, who: str, changes: dict[str, Any], state: dict[str, Any]) -> Event:
    """A change of fields by someone who sees a state; `-` takes a value away."""
    parts: list[dict[str, Any]] = [{}, {}]
    for field, value in changes.items():
        part = parts[field in PRIVATE_FIELDS]
        part.setdefault("set", {})[field] = None if value == "-" else value
        part.setdefault("was", {})[field] = short_hash(value_of(state, field))
    return make(number, who, "report.amended", parts[0], parts[1])


def _decision(number: int, who: str, what: str, state: dict[str, Any]) -> Event:
    """`summary=x` decides all open rows of the field; the person saw what stood there."""
    field, value = what.split("=")
    ids = [row["id"] for row in state.get("conflicts", ()) if row["field"] == field]
    body = {"field": field, "value": value, "was": short_hash(value_of(state, field))}
    return make(number, who, "conflict.decided", {"conflicts": ids or ["0" * 32], **body})
