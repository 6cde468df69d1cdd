"""One seed or a few, with what happened in them: `python -m tests.simulation --seed 17 --events 1000 --trace`.

`python3 run.py bench simulate` runs many and counts.
"""

from __future__ import annotations

import argparse
import logging
import sys
from contextlib import nullcontext

from tests.simulation.bugs import BUGS, planted
from tests.simulation.run import simulate
from tests.simulation.trace import Failed


def main() -> int:
    """Run the seeds asked for; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many from there")
    parser.add_argument("--events", type=int, default=100, help="how many events each makes")
    parser.add_argument("--bug", choices=sorted(BUGS), help="with this bug planted")
    parser.add_argument("--trace", action="store_true", help="print each step")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)  # what the product logs of the faults is no news
    failed = 0
    with planted(asked.bug) if asked.bug else nullcontext():
        for seed in range(asked.seed, asked.seed + asked.seeds):
            try:
                run = simulate(seed, asked.events)
            except Failed as reason:
                failed += 1
                print(reason, file=sys.stderr)
                continue
            print("\n".join([*run.trace] if asked.trace else []), f"seed {seed}: {run.steps} steps, {run.hash}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
