"""Run many seeds: `python -m tests.simulation --seeds 1000 --events 200`, or one with `--seed 17`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from contextlib import nullcontext

from tests.simulation.bugs import BUGS, planted
from tests.simulation.run import Failed, simulate


def main() -> int:
    """Run the seeds asked for; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=100, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--seed", type=int, help="one seed only")
    parser.add_argument("--events", type=int, default=100, help="how many steps each takes")
    parser.add_argument("--bug", choices=sorted(BUGS), help="with this bug planted")
    parser.add_argument("--trace", action="store_true", help="print what was done")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    asked = parser.parse_args()
    seeds = [asked.seed] if asked.seed is not None else range(asked.first, asked.first + asked.seeds)
    counts: Counter[str] = Counter()
    failed = 0
    started = time.perf_counter()
    with planted(asked.bug) if asked.bug else nullcontext():
        for seed in seeds:
            try:
                run = simulate(seed, asked.events)
            except Failed as reason:
                failed += 1
                print(reason, file=sys.stderr)
                continue
            counts.update(run.counts)
            if asked.trace:
                print("\n".join([*run.trace, run.hash]))
    counts["seeds"], counts["failed"] = len(seeds), failed
    counts["milliseconds"] = round((time.perf_counter() - started) * 1000)
    print(
        json.dumps(counts) if asked.json else "\n".join(f"{name:24} {count}" for name, count in sorted(counts.items()))
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
