"""A simulator that has found nothing proves nothing: each planted bug must be found within a few seeds."""

from __future__ import annotations

import pytest

from tests.simulation.bugs import BUGS, planted
from tests.simulation.run import Failed, simulate

SEEDS_MAX = 25
STEPS = 60


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str) -> None:
    with planted(bug), pytest.raises(Failed) as found:
        for seed in range(SEEDS_MAX):
            simulate(seed, STEPS)
    # A plant that no longer fits the code it is put into has not been found, it has withered.
    assert not isinstance(found.value.__cause__, TypeError | AttributeError | NameError)
