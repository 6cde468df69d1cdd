"""Three offices and a centre, in every order that hypothesis can think of: what the merge promises whatever people do.

The machine keeps a little book of its own beside the product's rules: which value each person saw, and what stands at the
centre. It knows nothing of hashes, rows or histories.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sync.conflict import value_of
from sync.event import Event
from sync.ingest import judge
from sync.overlay import view
from tests.sync.histories import amendment, make, node_of, recorded

OFFICES = st.sampled_from("ABD")
FIELDS = st.sampled_from(["summary", "village", "name"])
VALUES = st.sampled_from(["một", "hai", "ba"])


@dataclass
class Office:
    """One office: what it has pulled, what it has not pushed, what it has pushed and not yet seen confirmed."""

    confirmed: dict[str, Any]
    pending: list[tuple[Event, dict[str, Any]]] = field(default_factory=list)
    sent: list[Event] = field(default_factory=list)


class Merge(RuleBasedStateMachine):
    """What people do, and what must hold after each of it."""

    @initialize()
    def reported(self) -> None:
        """One report that everybody holds."""
        state = judge(None, recorded("A"), node_of("A")).state
        assert state is not None
        self.centre, self.made = state, 1
        self.offices = {letter: Office(state) for letter in "ABD"}
        self.stood: dict[str, set[Any]] = {"summary": {state["summary"]}, "village": set(), "name": set()}
        self.notes = 0

    def seen(self, who: str) -> dict[str, Any]:
        """What an office shows now."""
        office = self.offices[who]
        events = [*office.sent, *(event for event, _ in office.pending)]
        state = view(office.confirmed, events, node_of(who))
        assert state is not None
        return state

    def _keep(self, who: str, event: Event, book: dict[str, Any]) -> None:
        self.made += 1
        self.offices[who].pending.append((event, book))

    @rule(who=OFFICES, field=FIELDS, value=VALUES)
    def edit(self, who: str, field: str, value: str) -> None:
        """Somebody changes one field of what they see."""
        state = self.seen(who)
        if value_of(state, field) != value:
            saw = value_of(state, field)
            self._keep(who, amendment(self.made, who, {field: value}, state), {field: (saw, value)})

    @rule(who=OFFICES)
    def note(self, who: str) -> None:
        """Somebody adds a note."""
        self.notes += 1
        self._keep(who, make(self.made, who, "report.noted", {"text": f"Ghi chú {self.made}", "internal": True}), {})

    @precondition(lambda self: any(office.pending for office in self.offices.values()))
    @rule(who=OFFICES)
    def push(self, who: str) -> None:
        """The centre judges what an office has, in its order."""
        office = self.offices[who]
        for event, book in office.pending:
            before = self.centre
            outcome = judge(before, event, node_of(who))
            assert outcome.state is not None
            self.centre = outcome.state
            for name, (saw, value) in book.items():
                self._one_field(before, outcome.verdict, name, saw, value)
            office.sent.append(event)
        office.pending = []

    def _one_field(self, before: dict[str, Any], verdict: str, name: str, saw: Any, value: Any) -> None:
        """The verdict that three lines of common sense give: equal is nothing new, unchanged applies, else a person decides."""
        stood = value_of(before, name)
        expected = "merged" if stood == value else "applied" if stood == saw else "conflict"
        assert verdict == expected, f"{name}: {saw} → {value} while {stood} stands"
        assert value_of(self.centre, name) == (value if expected == "applied" else stood)
        self.stood[name].add(value_of(self.centre, name))
        if expected == "conflict":
            assert value in [row["other"] for row in _open(self.centre, name)]

    @rule(who=OFFICES)
    def pull(self, who: str) -> None:
        """An office reads what the centre holds; what it pushed is settled."""
        office = self.offices[who]
        office.confirmed, office.sent = self.centre, []

    @precondition(lambda self: self.centre.get("conflicts"))
    @rule(who=OFFICES, value=VALUES)
    def decide(self, who: str, value: str) -> None:
        """Somebody who sees a conflict decides it, and at once pushes and pulls."""
        self.push(who)
        self.pull(who)
        rows = self.centre.get("conflicts", ())
        if not rows:
            return
        name = rows[0]["field"]
        ids = [row["id"] for row in rows if row["field"] == name]
        event = _decision(self.made, who, name, value, ids, self.centre)
        self.made += 1
        outcome = judge(self.centre, event, node_of(who))
        assert outcome.verdict == "applied" and outcome.state is not None
        self.centre = self.offices[who].confirmed = outcome.state
        self.stood[name].add(value)
        assert value_of(self.centre, name) == value and not _open(self.centre, name)

    @invariant()
    def nothing_that_ever_stood_is_gone(self) -> None:
        """Every value that was confirmed is current, in the history or in a conflict row."""
        kept = repr({key: self.centre.get(key) for key in ("summary", "village", "reporter", "history", "conflicts")})
        for values in self.stood.values():
            assert all(value is None or repr(value) in kept for value in values)

    @invariant()
    def notes_never_collide(self) -> None:
        """Each pushed note is at the centre once."""
        waiting = sum(event.kind == "report.noted" for one in self.offices.values() for event, _ in one.pending)
        assert len(self.centre.get("notes", ())) == self.notes - waiting

    @invariant()
    def a_row_is_there_once(self) -> None:
        """No question is asked twice."""
        rows = self.centre.get("conflicts", ())
        assert len({row["id"] for row in rows}) == len(rows)

    @invariant()
    def an_office_without_pending_sees_what_the_centre_told(self) -> None:
        """Nothing is laid over what is confirmed once nothing is pending."""
        for who, office in self.offices.items():
            if not office.pending and not office.sent:
                assert self.seen(who) == office.confirmed


def _decision(number: int, who: str, name: str, value: str, ids: list[str], state: dict[str, Any]) -> Event:
    made = amendment(number, who, {name: value}, state)
    opened, private = {"conflicts": ids}, {}
    was = (made.private if name == "name" else made.open)["was"][name]
    (private if name == "name" else opened).update({"field": name, "value": value, "was": was})
    return make(number, who, "conflict.decided", opened, private)


def _open(state: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [row for row in state.get("conflicts", ()) if row["field"] == name]


TestMerge = Merge.TestCase
TestMerge.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
