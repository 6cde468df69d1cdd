"""The nodes' door: how many are at work at once."""

from __future__ import annotations

import threading

from intake_app.api.exchange import _waiting_outside


def test_whoever_waits_for_verdicts_leaves_their_place_to_others() -> None:
    place, found = threading.BoundedSemaphore(1), []

    def hold(done: object) -> None:
        found.append(place.acquire(blocking=False))
        place.release()

    with place:
        _waiting_outside(place, hold, lambda: True)
        found.append(place.acquire(blocking=False))
    assert found == [True, False]
