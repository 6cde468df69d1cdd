"""A second opinion on conflicts: who had seen what, without any hash (invariants 10 and 11).

A change of a field conflicts if and only if the value it meets was put there by someone whose change its author had not
seen, and is another one. The author had seen what its machine held confirmed, and what was done on that machine itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from intake_app.store.entities import load_entities
from sync.conflict import value_of
from sync.limits import DEFAULTS, EDITABLE
from tests.simulation.watch import Made, Watcher

TAKEN = ("applied", "merged", "conflict")


@dataclass
class _Register:
    value: Any
    version: int
    machine: str


@dataclass
class _Opinion:
    """One report, as those would tell it who watched everybody."""

    version: int = 0
    fields: dict[str, _Register] = field(default_factory=dict)


def check(watcher: Watcher, stale: set[bytes]) -> int:
    """Judge every change again and compare; returns how many conflicts there were."""
    reports: dict[bytes, _Opinion] = {}
    conflicts = 0
    for event_id, verdict in watcher.verdicts:
        made = watcher.made[event_id]
        one = reports.setdefault(made.event.entity, _Opinion())
        if verdict in ("applied", "conflict"):
            one.version += 1
        if verdict not in TAKEN:
            continue
        kind = made.event.kind
        if kind == "report.recorded":
            _set_all(one, made, {**made.event.open, **made.event.private})
        elif kind == "report.amended":
            conflicts += _amended(one, made, verdict, made.event.id in stale)
        elif kind == "conflict.decided" and verdict == "applied":
            part = made.event.private or made.event.open
            _put(one, made, part["field"], part["value"])
        elif kind in ("report.noted", "report.called", "report.linked", "report.informed"):
            assert verdict != "conflict", f"a {kind} became a conflict"
    _compare(watcher, reports)
    return conflicts


def _put(one: _Opinion, made: Made, name: str, value: Any) -> None:
    one.fields[name] = _Register(DEFAULTS.get(name) if value is None else value, one.version, made.machine)


def _set_all(one: _Opinion, made: Made, values: dict[str, Any]) -> None:
    for name, value in values.items():
        _put(one, made, name, value)


def _amended(one: _Opinion, made: Made, verdict: str, stale: bool) -> bool:
    changes = {**made.event.open.get("set", {}), **made.event.private.get("set", {})}
    unseen = []
    for name, value in changes.items():
        now = one.fields.get(name, _Register(DEFAULTS.get(name), 0, made.machine))
        if now.value == (DEFAULTS.get(name) if value is None else value):
            continue
        if stale:
            if verdict == "conflict":
                unseen.append(name)
                continue
        elif now.version > made.base and now.machine != made.machine:
            unseen.append(name)
            continue
        _put(one, made, name, value)
    assert bool(unseen) == (verdict == "conflict"), (
        f"{made.event.id.hex()} of {made.machine} got {verdict}; changed unseen by it: {unseen}"
    )
    return bool(unseen)


def _compare(watcher: Watcher, reports: dict[bytes, _Opinion]) -> None:
    """The values of the centre are those that the watchers would tell."""
    with watcher.world.centre.node.database.read() as db:
        found = load_entities(db, list(reports))
    for entity, one in reports.items():
        state = found[entity].confirmed
        for name, register in one.fields.items():
            if state is not None and name in EDITABLE:
                assert value_of(state, name) == register.value, f"{entity.hex()}: {name} should be {register.value!r}"
