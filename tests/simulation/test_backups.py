"""The centre is lost and comes back: offices send again what it lacks, nothing is doubled, everybody agrees."""

from __future__ import annotations

from contextlib import ExitStack
from unittest.mock import patch

import pytest

from tests.simulation import world
from tests.simulation.backups import BUGS, play

SEEDS = 8  # two of each way
SEEDS_MAX = 12


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_centre_that_was_put_back_loses_nothing_that_anybody_has(seed: int) -> None:
    play(seed)


@pytest.mark.parametrize("seed", range(4))  # one of each way
def test_a_centre_on_postgresql_that_was_put_back_loses_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "centre_database", world.POSTGRES)
    play(seed)


def play_all() -> None:
    for seed in range(SEEDS_MAX):
        play(seed)


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str) -> None:
    with ExitStack() as stack:
        for place, attribute, replacement in BUGS[bug]():
            stack.enter_context(patch.object(place, attribute, replacement))
        with pytest.raises(AssertionError):
            play_all()
