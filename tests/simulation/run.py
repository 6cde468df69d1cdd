"""One run: a seed makes a world and a script; a failure tells its story and how to see it again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from sync.errors import IntakeError
from tests.simulation import ending, judgement, parts
from tests.simulation.machines import Killed, Machine
from tests.simulation.network import Network, moment
from tests.simulation.stage import NOTHING_SAVED, Action, Stage
from tests.simulation.watch import Watcher
from tests.simulation.world import World, make_world, small_limits

STORY_LINES = 40
KILLS = 0.08  # of the steps at which a machine is set to die at one of the next writes


@dataclass
class Run:
    """What became of one seed."""

    seed: int
    events: int  # after how many it ends
    steps: int = 0
    trace: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    hash: str = ""


class Failed(AssertionError):
    """A run in which something did not hold."""


def simulate(seed: int, events: int, clocks_go_wrong: bool = True) -> Run:
    """Run a seed to its end. Raises Failed with the story when something does not hold."""
    run = Run(seed, events)
    world = make_world(seed)
    try:
        with small_limits(seed, events):
            _play(world, run, clocks_go_wrong)
    except BaseException as reason:
        if isinstance(reason, KeyboardInterrupt):
            raise
        raise Failed(story(run, reason)) from reason
    finally:
        world.close()
    return run


def story(run: Run, reason: BaseException) -> str:
    """The last steps before something did not hold, and how to run them again."""
    told = "\n".join(f"  {line}" for line in run.trace[-STORY_LINES:])
    return (
        f"seed {run.seed}, {run.events} events: {type(reason).__name__}: {reason}\n{told}\n"
        f"again: python -m tests.simulation --seed {run.seed} --events {run.events}"
    )


def _play(world: World, run: Run, clocks_go_wrong: bool) -> None:
    chance = random.Random(run.seed)
    network = Network(world, chance, lambda *args: stage.watcher.told(*args))
    poisoned: set[bytes] = set()
    stage = Stage(world, network, chance, Watcher(world, poisoned), clocks_go_wrong, poisoned=poisoned)
    stage.burst = min(60, max(4, run.events // 16))
    while len(stage.watcher.made) < run.events:
        action, machine, act = parts.pick(stage)
        network.last, network.lies = "", 0
        run.trace.append(f"{run.steps:4} {machine.name} {action.name}")
        if chance.random() < KILLS:
            machine.fuse.set(moment(chance))
        outcome = _act(machine, action, act, stage.watcher, run)
        machine.fuse.set(None)
        run.trace[-1] += f": {outcome}"
        parts.check(stage, "step")
        run.steps += 1
    assert not network.refused_wrongly, f"the centre refused an honest request: {network.refused_wrongly[:3]}"
    parts.before_healing(stage)
    ending.heal(stage)
    parts.check(stage, "step")
    parts.check(stage, "end")
    run.counts["conflicts"] += judgement.check(stage.watcher, stage.stale)
    run.counts.update(network.counts + stage.counts)
    run.counts.update(f"verdict {verdict}" for _, verdict in stage.watcher.verdicts)
    run.counts["steps"], run.counts["events"] = run.steps, len(stage.watcher.made)
    run.counts["crashes"] += sum(one.crashes for one in world.machines.values())
    run.hash = _hash(world, run)


def _act(machine: Machine, action: Action, act: Callable[[], str], watcher: Watcher, run: Run) -> str:
    before = machine.eye.value("SELECT seq FROM self_node")
    run.counts[action.name] += 1
    try:
        outcome = act()
    except Killed as reason:
        machine.crash()
        run.counts["killed"] += 1
        return f"KILLED: {reason}"
    except IntakeError as refusal:
        return f"refused: {refusal.code}"
    machine.fuse.set(None)
    if action.saves and not outcome.endswith(NOTHING_SAVED):
        watcher.saved(machine, before)
    return outcome


def _hash(world: World, run: Run) -> str:
    """The run as one hash: what was done, and what everybody holds in the end."""
    whole = sha256("\n".join(run.trace).encode())
    for machine in world.machines.values():
        if not machine.node.is_central:
            whole.update(machine.eye.digest())
    return whole.hexdigest()[:16]
