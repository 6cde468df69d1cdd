"""A simulator that has found nothing proves nothing: each planted bug must be found within a few seeds."""

from __future__ import annotations

import pytest

from tests.simulation.bugs import BUGS, planted
from tests.simulation.run import simulate
from tests.simulation.trace import Failed

SEEDS_MAX = 25
EVENTS = 60


def first_failure() -> Failed | None:
    for seed in range(SEEDS_MAX):
        try:
            simulate(seed, EVENTS)
        except Failed as found:
            return found
    return None


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str) -> None:
    with planted(bug):
        found = first_failure()
    assert found is not None
    # A plant that no longer fits the code it is put into has not been found, it has withered.
    assert not isinstance(found.__cause__, TypeError | AttributeError | NameError)
