"""Keep a broken promise: an invariant that does not hold is our bug, and an administrator has to hear of it."""

from __future__ import annotations

import traceback

from intake_app.node import Node
from sync.errors import BrokenPromise

WHAT_MAX = 500


def note_broken_promise(node: Node, problem: BaseException) -> None:
    """Write down a BrokenPromise with the place where it broke; other errors are left to the log."""
    if not isinstance(problem, BrokenPromise):
        return
    frames = traceback.extract_tb(problem.__traceback__)
    place = f" ({frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno})" if frames else ""
    with node.database.transaction() as db:
        # The words are ours and name no person: `what` of a BrokenPromise never holds what a citizen said.
        db.run(
            "INSERT INTO broken_promise (at_ms, what) VALUES (?, ?)", node.clock.now_ms(), f"{problem}"[:WHAT_MAX] + place
        )
