"""`bench simulate`: many seeds of the simulator, or every planted bug until it is found."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from intake_app.benchmarks import find_benchmarks
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE, IN_PART
from intake_app.cli.printing import print_json

SEEDS, EVENTS, BUG_SEEDS, BUG_EVENTS, JOBS = 1000, 1000, 25, 60, 2


def simulate(call: Call) -> int:
    """Plays seeds and prints what was done; IN_PART where something did not hold."""
    module: Any = find_benchmarks()["simulate"]
    asked = call.values
    if asked.bugs:
        return _bugs(call, module)
    told = module.play(asked.first or 0, asked.seeds or SEEDS, asked.events or EVENTS, asked.jobs or JOBS)
    if call.json:
        print_json(told)
    else:
        _print(told)
    return IN_PART if told["failed"] else DONE


def _print(told: dict[str, Any]) -> None:
    for name, count in told["counts"].items():
        print(f"{name:32} {count:>12,}")
    print(f"{'seeds':32} {told['seeds']:>12,}")
    print(f"{'seeds that failed':32} {len(told['failed']):>12,}  {' '.join(map(str, told['failed'][:20]))}")
    print(f"{'lost, doubled':32} {told['lost']:>12,}  {told['doubled']:,}")
    print(f"{'processor seconds a seed':32} {told['seconds_a_seed']:>12}")


def _bugs(call: Call, module: Any) -> int:
    every = module.look_for_bugs(call.values.seeds or BUG_SEEDS, call.values.events or BUG_EVENTS)
    bad = [found for found in every if found.seed is None or found.withered]
    if call.json:
        print_json({"bugs": [asdict(found) for found in every]})
    else:
        print(f"{len(every) - len(bad)} of {len(every)} planted bugs found")
    return IN_PART if bad else DONE
