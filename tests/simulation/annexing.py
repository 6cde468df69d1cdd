"""The centre of the simulated world publishes units and offices anew: who sees which reports changes while everything goes on."""

from __future__ import annotations

from typing import Any

from intake_app.actions.publish_reference import known_content, publish
from intake_app.store import reference
from sync.reference import KEY, OFFICE, UNIT
from tests.simulation.machines import Machine
from tests.simulation.stage import Stage

# One after the other, over and over: a commune goes to the other district and back, a unit loses its predecessors and gets
# them again, an office gets what is routed to another agency and loses it.
CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    (UNIT, {"code": "2021:14758", "parent": "2021:381"}),
    (OFFICE, {"number": "0381", "agency": "SYT"}),
    (UNIT, {"code": "2025:14758", "predecessors": [], "main_of": []}),
    (UNIT, {"code": "2021:14758", "parent": "2021:380"}),
    (OFFICE, {"number": "0381", "agency": "UBND-381"}),
    (UNIT, {"code": "2025:14758", "predecessors": ["2021:14758"], "main_of": []}),
)


def annex(stage: Stage, machine: Machine) -> str:
    """Publish the next of the changes. No chance of its own: the worlds stay those in which each planted bug was found."""
    number = stage.memory.setdefault("annexed", 0)
    kind, change = CHANGES[number % len(CHANGES)]
    code = change[KEY[kind]]
    with machine.node.database.read() as db:
        directory, one = machine.node.reference.at(db), reference.find(db, kind, code)
    content = {**(known_content(directory, kind, code) or {}), **change}
    stage.memory["annexed"] = number + 1
    publish(machine.node, machine.actor, kind, content, (one.seen or {})["edition"] if one else 0)
    stage.counts["units and offices published"] += 1
    return f"{kind} {code} published"
