"""A simulator that has found nothing proves nothing: each planted bug must be found within a few seeds.

The slow ones are for `python3 run.py bench simulate --bugs`.
"""

from __future__ import annotations

import pytest

from tests.simulation.batch import find_bug
from tests.simulation.bugs import BUGS
from tests.simulation.mistakes import SLOW

SEEDS_MAX = 25
EVENTS = 60
# Where they were found last, so that the tests need not play all seeds before it; as the code changes, others may be first.
FOUND_AT = {
    "one blocks all": 1, "stored is judged": 1, "settled when stored": 1, "any nonce": 1, "verdict only in the reply": 1,
    "revoked ones are served": 1, "code given twice": 1, "judged at once or never": 2, "fork not checked at the centre": 2,
    "last writer wins": 2, "denied not checked": 3, "removed is kept": 3, "ack before commit": 4,
    "held ones block nothing": 9, "removed row ignored": 9, "held never judged again": 10,
    "dismissal does not free followers": 10,
}  # fmt: skip


@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug not in SLOW])
def test_a_planted_bug_is_found(bug: str) -> None:
    first = FOUND_AT.get(bug, 0)
    found = find_bug(bug, [*range(first, SEEDS_MAX), *range(first)], EVENTS)
    # A plant that no longer fits the code it is put into, or that nothing reaches, has not been found: it has withered.
    assert not found.withered, found.sentence
    assert found.seed is not None


def test_the_bugs_that_every_such_system_has_had_are_among_them() -> None:
    assert len(BUGS) >= 22
    assert {
        "cursor before page",
        "ack before commit",
        "no hash of an echo",
        "id from the seq",
        "first number kept",
    } <= BUGS.keys()
    assert {"any 200 is an ack", "fork not checked at the centre", "same version again"} <= BUGS.keys()
    assert {"no try without a new write", "overlay dropped at ack", "verdict only in the reply"} <= BUGS.keys()
