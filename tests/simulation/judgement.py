"""A second opinion on conflicts: what had each author seen, told without hashes and without the rules (invariants 10 and 11).

A change of a field conflicts if and only if it meets another value than its author saw, and would put a third one there. The
author saw what its machine held confirmed, and over that what was done on the machine itself.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from intake_app.store.entities import load_entities
from sync.conflict import value_of
from sync.limits import DEFAULTS, EDITABLE
from tests.simulation.stage import Invariant, Part, Stage
from tests.simulation.watch import Made, Watcher

TAKEN = ("applied", "merged", "conflict")


@dataclass
class _Register:
    """A field: its value, and all that stood there: from which version on, put there by whom."""

    value: Any
    sets: list[tuple[int, str, Any]] = field(default_factory=list)


@dataclass
class _Own:
    """The last value that a machine gave a field: what it knew then, and the version at which the centre came to it."""

    value: Any
    base: int
    version: int


@dataclass
class _Opinion:
    """One report, as those would tell it who watched everybody."""

    version: int = 0
    fields: dict[str, _Register] = field(default_factory=dict)
    own: dict[tuple[str, str], _Own] = field(default_factory=dict)

    def put(self, made: Made, name: str, value: Any) -> None:
        """A value stands from now on; the same one again is nothing new to anybody."""
        value = DEFAULTS.get(name) if value is None else value
        now = self.fields.setdefault(name, _Register(DEFAULTS.get(name)))
        if now.value != value:
            now.value = value
            now.sets.append((self.version, made.machine, value))
        self.own[made.machine, name] = _Own(value, made.base, self.version)

    def seen(self, made: Made, name: str) -> Any:
        """The value that the author of a change saw."""
        now = self.fields.get(name, _Register(None))
        confirmed = DEFAULTS.get(name)
        for version, _, value in now.sets:
            confirmed = value if version <= made.base else confirmed
        own = self.own.get((made.machine, name))
        if own is None or own.version <= made.base:
            return confirmed
        # Pending on the author's machine then, so that is what it saw, unless another's value lay over it.
        over = any(own.base < version <= made.base and who != made.machine for version, who, _ in now.sets)
        return confirmed if over else own.value


def _conflicts(stage: Stage) -> None:
    """Judge every change again and compare; where somebody's past was changed, nobody knows any more what each author saw.

    The same where something was judged again: it is applied at another moment than its author's other work.
    """
    if stage.watcher.parted or stage.watcher.mended:
        return
    stage.counts["conflicts"] += _judge_again(stage.watcher, stage.stale, stage.poisoned)


def _judge_again(watcher: Watcher, stale: Set[str], poisoned: Set[bytes]) -> int:
    reports: dict[bytes, _Opinion] = {}
    conflicts = 0
    blocked: set[tuple[str, bytes]] = set()
    for event_id, verdict in watcher.verdicts:
        made = watcher.made[event_id]
        place = (made.machine, made.event.entity)
        assert place not in blocked or verdict == "held", f"{event_id.hex()} went past one that is held back"
        # What is in order waits for nothing but an earlier event of the same machine about the same report (16).
        known = verdict != "held" or place in blocked or event_id in poisoned
        assert known, f"{event_id.hex()} of {made.machine} was held back, and nothing of it or before it is wrong"
        if verdict in ("held", "quarantined"):
            blocked.add(place)
        one = reports.setdefault(made.event.entity, _Opinion())
        if verdict in ("applied", "conflict"):
            one.version += 1
        if verdict not in TAKEN:
            continue
        kind = made.event.kind
        if kind == "report.recorded":
            for name, value in {**made.event.open, **made.event.private}.items():
                one.put(made, name, value)
        elif kind == "report.amended":
            conflicts += _amended(one, made, verdict, stale)
        elif kind == "conflict.decided":
            part = made.event.private or made.event.open
            if verdict == "applied":
                one.put(made, part["field"], part["value"])
            else:
                one.own[made.machine, part["field"]] = _Own(part["value"], made.base, one.version)
        elif kind in ("report.noted", "report.called", "report.linked", "report.informed"):
            assert verdict != "conflict", f"a {kind} became a conflict"
    _compare(watcher, reports)
    return conflicts


def _amended(one: _Opinion, made: Made, verdict: str, stale: Set[str]) -> bool:
    changes = {**made.event.open.get("set", {}), **made.event.private.get("set", {})}
    seen = {**made.event.open.get("was", {}), **made.event.private.get("was", {})}
    contested = []
    for name, value in changes.items():
        value = DEFAULTS.get(name) if value is None else value
        now = one.fields.get(name, _Register(DEFAULTS.get(name)))
        if now.value != value and (seen[name] in stale or one.seen(made, name) != now.value):
            contested.append(name)
            if (
                seen[name] not in stale
            ):  # such a one is contested on its own machine already, which goes on showing what was there
                one.own[made.machine, name] = _Own(value, made.base, one.version)
        else:
            one.put(made, name, value)
    assert bool(contested) == (verdict == "conflict"), (
        f"{made.event.id.hex()} of {made.machine} got {verdict}; changed unseen by it: {contested}"
    )
    return bool(contested)


def _compare(watcher: Watcher, reports: dict[bytes, _Opinion]) -> None:
    """The values of the centre are those that the watchers would tell."""
    with watcher.world.centre.node.database.read() as db:
        found = load_entities(db, list(reports))
    for entity, one in reports.items():
        state = found[entity].confirmed
        for name, register in one.fields.items():
            if state is not None and name in EDITABLE:
                assert value_of(state, name) == register.value, f"{entity.hex()}: {name} should be {register.value!r}"


PART = Part(
    invariants=(
        Invariant(
            "a conflict if and only if two changed one field unseen by each other", (10, 11, 16), "end", _conflicts
        ),
    )
)
