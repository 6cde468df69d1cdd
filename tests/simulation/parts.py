"""The modules that make up the simulated world. Whoever adds a fault adds a module with a `PART` and one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from tests.simulation import (
    deadlines,
    ending,
    faults,
    holding,
    judgement,
    library,
    lives,
    people,
    promises,
    rules,
    scopes,
    troubles,
)
from tests.simulation.machines import Machine
from tests.simulation.stage import Action, Part, Stage

PARTS: tuple[Part, ...] = (
    people.PART,
    faults.PART,
    troubles.PART,
    promises.PART,
    lives.PART,
    holding.PART,
    scopes.PART,
    rules.PART,
    library.PART,
    deadlines.PART,
    ending.PART,
    judgement.PART,
)
_ACTIONS = [action for part in PARTS for action in part.actions]


def pick(stage: Stage) -> tuple[Action, Machine, Callable[[], str]]:
    """The next thing that happens: what, on which machine, and how."""
    action = stage.chance.choices(_ACTIONS, [one.weight for one in _ACTIONS])[0]
    world = stage.world
    among = {"anyone": [*world.machines.values()], "office": world.offices, "centre": [world.centre]}[action.who]
    machine = stage.chance.choice(among)
    return action, machine, lambda: str(action.act(stage, machine))


def before_healing(stage: Stage) -> None:
    """Let each part put an end to what it does."""
    for part in PARTS:
        for act in part.before_healing:
            act(stage)


def heal(stage: Stage) -> None:
    """The faults stop: everybody talks until all is still."""
    ending.heal(stage)


def check(stage: Stage, when: Literal["step", "end"]) -> None:
    """Check what must hold now; the first thing that does not raises AssertionError."""
    for part in PARTS:
        for invariant in part.invariants:
            if invariant.when == when:
                invariant.check(stage)
