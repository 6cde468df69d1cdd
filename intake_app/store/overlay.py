"""What the centre published, laid over what is shipped: a directory of both, made anew when either changes. No SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from intake_app.clock import iso
from intake_app.store.directory import Agency, Directory, Office, Question, Topic, Unit, assemble
from sync.reference import AGENCY, LEVELS, OFFICE, STRUCTURE, TOPIC, UNIT, last_day

State = Mapping[str, Any]
Published = Iterable[tuple[str, State]]  # type and state
UNNAMED = "Điểm tiếp nhận {number}"  # an office of which this computer has not heard yet


def overlaid(base: Directory, published: Published) -> Directory:
    """The directory with what is published in the place of what has the same code."""
    states: dict[str, list[State]] = {}
    for kind, state in published:
        states.setdefault(kind, []).append(state)
    if not states:
        return base
    new_units = [_unit(state) for state in states.get(UNIT, ())]
    offices = {**base.offices, **{one.number: one for one in map(_office, states.get(OFFICE, ()))}}
    agencies = {**base.agencies, **{one.code: one for one in map(_agency, states.get(AGENCY, ()))}}
    topics = {**base.topics, **{one.code: one for one in (_topic(base, state) for state in states.get(TOPIC, ()))}}
    return assemble(
        _in_order({**base.units, **{unit.code: unit for unit in new_units}}),
        dict(sorted(offices.items())).values(),
        agencies.values(),
        sorted(topics.values(), key=lambda topic: topic.group),
        _successors(base, states.get(UNIT, ())),
        _starts(base, states.get(STRUCTURE, ())),
    )


def with_office(base: Directory, number: str) -> Directory:
    """The directory with an office that nothing is known of yet: this computer's own, before its first exchange."""
    if number in base.offices:
        return base
    structure = base.starts[-1][1]
    province = next(unit.code for unit in base.units.values() if unit.parent is None and unit.code.startswith(structure))
    own = Office(number, UNNAMED.format(number=number), province, None, date.min, None)
    return assemble(
        base.units, [*base.offices.values(), own], base.agencies.values(), base.topics.values(), base.successors, base.starts
    )


def end_of(state: State) -> str:
    """The last day on which something published holds; empty while there is none."""
    return last_day(state, iso(state["retired"]["at"])[:10] if state.get("retired") else "")


def _unit(state: State) -> Unit:
    return Unit(
        state["code"], state["name"], state["type"], state["level"], state.get("parent"), state.get("lat"),
        state.get("lon"), state["valid_from"], end_of(state),
    )  # fmt: skip


def _office(state: State) -> Office:
    end = end_of(state)
    return Office(
        state["number"], state["name"], state["unit"], state.get("agency"), date.fromisoformat(state["valid_from"]),
        date.fromisoformat(end) if end else None,
    )  # fmt: skip


def _agency(state: State) -> Agency:
    return Agency(
        state["code"], state["name"], state["abbreviation"], state["level"], state.get("unit"), state["valid_from"],
        end_of(state),
    )  # fmt: skip


def _topic(base: Directory, state: State) -> Topic:
    """A topic; its version goes on from the shipped one's, and what is asked no more is still known by its words."""
    shipped = base.topics.get(state["code"])
    asked = [(_question(each), bool(each.get("withdrawn"))) for each in state.get("questions", ())]
    return Topic(
        state["code"], state["group"], state["name"], state["name_en"], state["short_name"],
        (shipped.version if shipped else 0) + state["edition"],
        tuple(each for each, withdrawn in asked if not withdrawn), tuple(each for each, withdrawn in asked if withdrawn),
        state["valid_from"], end_of(state),
    )  # fmt: skip


def _question(each: State) -> Question:
    choices = tuple((code, vi, en) for code, vi, en in each.get("choices", ()))
    return Question(each["code"], each["vi"], each["en"], each["type"], choices)


def _in_order(units: Mapping[str, Unit]) -> dict[str, Unit]:
    """Units by structure, level and code: what lies in another stands behind it. One that lies nowhere known is left out."""
    ordered = sorted(units.values(), key=lambda one: (one.code.partition(":")[0], LEVELS.index(one.level), one.code))
    found: dict[str, Unit] = {}
    for unit in ordered:
        if unit.parent is None or unit.parent in found:
            found[unit.code] = unit
    return found


def _successors(base: Directory, states: Iterable[State]) -> dict[str, tuple[str, ...]]:
    """For each old unit those that took its place, the one to take when in doubt first; what is published says it anew."""
    said = {state["code"]: state for state in states}
    known = base.units.keys() | said.keys()
    found = {old: [new for new in targets if new not in said] for old, targets in base.successors.items()}
    for new, state in sorted(said.items()):
        for old in state.get("predecessors", ()):
            if old in known:
                targets = found.setdefault(old, [])
                targets.insert(0 if old in state.get("main_of", ()) else len(targets), new)
    return {old: tuple(targets) for old, targets in found.items() if targets}


def _starts(base: Directory, states: Iterable[State]) -> list[tuple[date, str]]:
    starts = {structure: start for start, structure in base.starts}
    for state in states:
        starts.pop(state["code"], None)
        if not end_of(state):
            first = base.starts[0][1] == state["code"]  # the oldest one known was always there
            starts[state["code"]] = date.min if first else date.fromisoformat(state["valid_from"])
    return sorted((start, structure) for structure, start in starts.items())
