"""What a run came to, told without any id or time: the same whatever the clocks said (PROTOCOL.md, section 12, 21)."""

from __future__ import annotations

from typing import Any

from intake_app.store.entities import decode
from sync.conflict import value_of
from sync.limits import EDITABLE
from tests.simulation.stage import Stage

TIMES = frozenset({"occurred_at", "received_at"})
GROWING = ("notes", "calls", "links", "informed", "relayed", "history", "conflicts")


def outcome(stage: Stage) -> list[str]:
    """Each verdict in the order of application, then each report with its version and what it holds."""
    watcher, eye = stage.watcher, stage.world.centre.eye
    told = []
    for event_id, verdict in watcher.verdicts:
        made = watcher.made[event_id]
        told.append(f"{made.machine} {made.seq} {made.event.kind} {verdict}")
    entities = dict.fromkeys(watcher.made[event_id].event.entity for event_id, _ in watcher.verdicts)
    for at, entity in enumerate(entities):
        row = eye.one("SELECT version, state FROM entity WHERE id = ?", entity)
        state = decode(row[1]) if row else None
        if state is not None and "tracking_code" in state:
            told.append(f"{at} at {row[0]}: {_held(state)}")
    return told


def _held(state: dict[str, Any]) -> list[Any]:
    values = [value_of(state, name) for name in sorted(EDITABLE) if name not in TIMES]
    return [state["status"], state.get("lead_agency"), *values, *(len(state.get(name, ())) for name in GROWING)]
