"""Many seeds, in several processes; and every planted bug until it is found."""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from tests.simulation.bugs import BUGS, planted
from tests.simulation.run import simulate
from tests.simulation.trace import Failed


@dataclass(frozen=True)
class Ended:
    """What became of one seed; without a story nothing went wrong."""

    seed: int
    counts: Counter[str]
    seconds: float  # of processor time
    story: str = ""


@dataclass
class Totals:
    """What became of all seeds."""

    seeds: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    failed: list[int] = field(default_factory=list)

    def add(self, one: Ended) -> None:
        """Count a seed in."""
        self.seeds += 1
        self.seconds += one.seconds
        self.counts.update(one.counts)
        if one.story:
            self.failed.append(one.seed)


def play(seed: int, events: int) -> Ended:
    """Play one seed."""
    began = time.process_time()
    try:
        run = simulate(seed, events)
    except Failed as failure:
        return Ended(seed, Counter(), time.process_time() - began, str(failure))
    return Ended(seed, run.counts, time.process_time() - began)


def play_all(seeds: Sequence[int], events: int, jobs: int, tell: Callable[[Ended, Totals], None]) -> Totals:
    """Play seeds, in as many processes as jobs; `tell` hears of each as it ends."""
    totals = Totals()
    for ended in _in_turn(seeds, events) if jobs == 1 else _side_by_side(seeds, events, jobs):
        totals.add(ended)
        tell(ended, totals)
    return totals


def _in_turn(seeds: Sequence[int], events: int) -> Iterator[Ended]:
    for seed in seeds:
        yield play(seed, events)


def _quiet() -> None:
    logging.disable(logging.CRITICAL)


def _side_by_side(seeds: Sequence[int], events: int, jobs: int) -> Iterator[Ended]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_quiet) as pool:
        for ended in as_completed([pool.submit(play, seed, events) for seed in seeds]):
            yield ended.result()


@dataclass(frozen=True)
class Found:
    """How a planted bug was found: the first seed that failed, and what did not hold; no seed where none did."""

    bug: str
    seed: int | None
    sentence: str = ""
    withered: bool = False  # the plant no longer fits the code: it failed by itself instead of being found


def find_bug(bug: str, seeds: Sequence[int], events: int) -> Found:
    """Play seeds with a bug planted until one fails."""
    try:
        return _find(bug, seeds, events)
    except AttributeError as reason:  # the plant's place is gone
        return Found(bug, None, str(reason), withered=True)


def _find(bug: str, seeds: Sequence[int], events: int) -> Found:
    with planted(bug) as plant:
        for seed in seeds:
            try:
                simulate(seed, events)
            except Failed as failure:
                withered = isinstance(failure.__cause__, TypeError | AttributeError | NameError) or not plant.reached
                return Found(bug, seed, failure.sentence, withered)
    return Found(bug, None, withered=not plant.reached)


def find_bugs(seeds: int, events: int, tell: Callable[[Found], None]) -> list[Found]:
    """Look for every planted bug."""
    every = []
    for bug in BUGS:
        found = find_bug(bug, range(seeds), events)
        tell(found)
        every.append(found)
    return every
