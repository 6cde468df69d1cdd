"""Offices and a centre under faults: nothing lost, nothing doubled, and everybody agrees once the faults stop.

More seeds, longer runs: `python -m tests.simulation --seeds 1000 --events 200`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.simulation import machines, world
from tests.simulation.parts import PARTS
from tests.simulation.pinned import PINNED
from tests.simulation.run import simulate
from tests.simulation.story import story
from tests.simulation.trace import Failed, Run

SEEDS = 32  # one of them goes through SQLAlchemy; more: `python3 run.py bench simulate`
EVENTS = 45


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_is_lost_and_nothing_doubled(seed: int) -> None:
    simulate(seed, EVENTS)


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_nothing_is_lost_where_the_centre_is_on_postgresql(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "centre_database", world.POSTGRES)
    simulate(seed, EVENTS)


@pytest.mark.parametrize("seed", [0, 2])
def test_a_seed_gives_the_same_run_every_time(seed: int) -> None:
    first, second = simulate(seed, 40), simulate(seed, 40)
    assert (first.trace, first.hash) == (second.trace, second.hash)


def test_the_short_way_to_a_file_gives_the_same_run_as_the_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    short = simulate(2, 40)
    monkeypatch.setattr(machines, "DirectEngine", None)
    monkeypatch.setattr(world, "DIRECT_OF_32", 0)
    assert simulate(2, 40).hash == short.hash


def test_two_seeds_give_two_runs() -> None:
    assert simulate(0, 20).hash != simulate(4, 20).hash


def test_a_failure_tells_its_story_and_how_to_see_it_again() -> None:
    run = Run(17, 60, trace=[f"{at:4} A sync: timed_out" for at in range(60)])
    told = story(run, AssertionError("an ack is gone"))
    assert "an ack is gone" in told
    assert "  59 A sync" in told
    assert told.endswith("again: python3 run.py bench simulate --first 17 --seeds 1 --events 60 --jobs 1")
    assert issubclass(Failed, AssertionError)


def test_every_invariant_stands_in_the_table_of_what_is_checked() -> None:
    told = (Path(__file__).resolve().parents[2] / "docs" / "simulation.md").read_text(encoding="utf-8")
    for invariant in (one for part in PARTS for one in part.invariants):
        place = f"{invariant.check.__module__.rpartition('.')[2]}.{invariant.check.__name__}"
        rows = [line for line in told.splitlines() if line.startswith("|") and place in line]
        assert rows, f"{place} is in no row"
        for number in invariant.numbers:
            assert any(number in map(int, re.findall(r"\d+", row.split("|")[1])) for row in rows), (place, number)


@pytest.mark.parametrize(("seed", "events"), PINNED)
def test_a_seed_that_failed_once_does_not_fail_again(seed: int, events: int) -> None:
    simulate(seed, events)
