"""One run: a seed makes a world and decides all that happens in it; a failure tells its story and how to see it again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from hashlib import sha256

from sqlalchemy.exc import OperationalError

from sync.errors import IntakeError
from tests.simulation import parts
from tests.simulation.faults import YEAR_MS
from tests.simulation.machines import TROUBLES, Killed, Machine
from tests.simulation.network import Network, moment
from tests.simulation.outcome import outcome
from tests.simulation.stage import NOTHING_SAVED, Action, Stage
from tests.simulation.story import story
from tests.simulation.trace import Failed, Run
from tests.simulation.watch import Watcher
from tests.simulation.world import World, make_world, small_limits

KILLS = 0.08  # of the steps at which a machine is set to die at one of the next writes
TROUBLED = 0.04  # of the steps at which its disk takes nothing for a while
BURST_MAX = 60
STEPS_MAX = 20  # for each event asked for: a world in which nobody can write any more would never end


def simulate(seed: int, events: int, clocks_go_wrong: bool = True, years: int = 0) -> Run:
    """Run a seed to its end, so many years later. Raises Failed with the story when something does not hold."""
    run = Run(seed, events)
    world = make_world(seed)
    for machine in world.machines.values():
        machine.clock.true_ms += years * YEAR_MS
    stage: Stage | None = None
    try:
        with small_limits(seed, events):
            stage = _stage(world, run, clocks_go_wrong)
            _play(stage, run)
            _end(stage, run)
    except BaseException as reason:
        if isinstance(reason, KeyboardInterrupt):
            raise
        sentence = f"{type(reason).__name__}: {reason}"
        raise Failed(story(run, reason, stage.watcher if stage else None), sentence) from reason
    finally:
        world.close()
    return run


def _stage(world: World, run: Run, clocks_go_wrong: bool) -> Stage:
    chance = random.Random(run.seed)
    poisoned: set[bytes] = set()
    watcher = Watcher(world, poisoned)
    stage = Stage(world, Network(world, chance, watcher.told), chance, watcher, clocks_go_wrong, poisoned=poisoned)
    stage.burst = min(BURST_MAX, max(4, run.events // 16))
    return stage


def _play(stage: Stage, run: Run) -> None:
    network, chance = stage.network, stage.chance
    while len(stage.watcher.made) < run.events:
        assert run.steps < STEPS_MAX * run.events, "nobody writes anything any more"
        action, machine, act = parts.pick(stage)
        network.last, network.lies = "", 0
        run.trace.append(f"{run.steps:4} {machine.name} {action.name}")
        luck = chance.random()
        if luck < KILLS:
            machine.fuse.set(moment(chance))
        elif luck < KILLS + TROUBLED:
            machine.fuse.set(moment(chance), chance.choice(TROUBLES), chance.choice((1, 1, 3, 20)))
        outcome = _act(machine, action, act, stage.watcher, run)
        machine.fuse.set(None)
        run.trace[-1] += f": {outcome}"
        parts.check(stage, "step")
        run.steps += 1


def _end(stage: Stage, run: Run) -> None:
    wrongly = stage.network.refused_wrongly
    assert not wrongly, f"the centre refused an honest request: {wrongly[:3]}"
    parts.before_healing(stage)
    parts.heal(stage)
    parts.check(stage, "step")
    parts.check(stage, "end")
    _count(stage, run)
    run.outcome = outcome(stage)
    run.hash = _hash(stage.world, run)


def _count(stage: Stage, run: Run) -> None:
    watcher = stage.watcher
    applied = Counter(event for event, verdict in watcher.verdicts if verdict in ("applied", "conflict"))
    counts = run.counts
    counts.update(stage.counts)
    counts.update({f"line: {fault}": times for fault, times in stage.network.counts.items()})
    counts.update(f"verdict: {verdict}" for _, verdict in watcher.verdicts)
    counts["steps"], counts["events"] = run.steps, len(watcher.made)
    counts["exchanges"] = stage.network.exchanges
    # What was only in a database that was put back is gone with it; it may still have come with a late request.
    counts["gone with a past"] = len(watcher.gone - watcher.verdict_of.keys())
    counts["lost"] = len(watcher.made.keys() - watcher.gone - watcher.verdict_of.keys())
    counts["doubled"] = sum(times - 1 for times in applied.values())
    counts["crashes"] = sum(one.crashes for one in stage.world.machines.values())


def _act(machine: Machine, action: Action, act: Callable[[], str], watcher: Watcher, run: Run) -> str:
    before = machine.eye.value("SELECT seq FROM self_node")
    run.counts[f"step: {action.name}"] += 1
    try:
        outcome = act()
    except Killed as reason:
        machine.crash()
        run.counts["killed in the middle"] += 1
        return f"KILLED: {reason}"
    except IntakeError as refusal:
        return f"refused: {refusal.code}"
    except (OperationalError, OSError) as reason:
        if not machine.fuse.trouble:
            raise
        run.counts["disk refused in the middle"] += 1
        return f"DISK: {machine.fuse.trouble} ({type(reason).__name__})"
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
