"""The simulator at length: seeds in which everything goes wrong, and every planted bug until it is found.

Not about speed: `python3 run.py bench simulate` prints what was done and what did not hold. As a benchmark it gives what a
seed costs.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from intake_app.benchmarks import Figure
from tests.simulation.batch import Ended, Found, Totals, find_bugs, play_all

NAME = "simulate"
REPORTS = 100  # seeds, of EVENTS events each
EVENTS = 1000
ON_REQUEST = True
TOLD_EVERY = 10


def run(reports: int) -> list[Figure]:
    """Plays as many seeds as said, in turn."""
    totals = play_all(range(reports), EVENTS, 1, _tell(reports))
    counts, seeds = totals.counts, totals.seeds
    return [
        Figure("seeds that failed", len(totals.failed), "", "≤ 0"),
        Figure("events lost", counts["lost"], "", "≤ 0"),
        Figure("events doubled", counts["doubled"], "", "≤ 0"),
        Figure("events", counts["events"], ""),
        Figure("processor time a seed", totals.seconds / seeds, "s", "≤ 4"),
    ]


def play(first: int, seeds: int, events: int, jobs: int) -> dict[str, object]:
    """Plays seeds side by side; a failed one tells its story on stderr at once."""
    logging.disable(logging.CRITICAL)  # what the product logs of the faults is no news
    totals = play_all(range(first, first + seeds), events, jobs, _tell(seeds))
    counts = dict(sorted(totals.counts.items()))
    return {
        "seeds": totals.seeds,
        "failed": sorted(totals.failed),
        "lost": totals.counts["lost"],
        "doubled": totals.counts["doubled"],
        "seconds_a_seed": round(totals.seconds / totals.seeds, 2),
        "counts": counts,
    }


def _tell(seeds: int) -> Callable[[Ended, Totals], None]:
    def tell(ended: Ended, totals: Totals) -> None:
        if ended.story:
            print(ended.story, file=sys.stderr, flush=True)
        if totals.seeds % TOLD_EVERY == 0 or totals.seeds == seeds:
            done = f"{totals.seeds} of {seeds} seeds, {totals.counts['events']} events"
            print(f"{done}, {len(totals.failed)} failed", file=sys.stderr, flush=True)

    return tell


def look_for_bugs(seeds: int, events: int) -> list[Found]:
    """Plants each bug and plays seeds until one fails; tells of each on stderr as it is found."""
    logging.disable(logging.CRITICAL)
    return find_bugs(seeds, events, lambda found: print(in_words(found), file=sys.stderr, flush=True))


def in_words(found: Found) -> str:
    """How a planted bug was found, in a line."""
    if found.withered:
        return f"{found.bug}: the plant no longer fits the code: {found.sentence}"
    if found.seed is None:
        return f"{found.bug}: NOT FOUND"
    return f"{found.bug}: seed {found.seed}: {found.sentence}"
