"""The centre's daily care of its feed: what left a scope, or was told, longer ago than the horizon is forgotten."""

from __future__ import annotations

from intake_app.node import Node
from intake_app.store import horizon

PURGES = 20  # of one call; the next goes on


def purge_feed(node: Node) -> int:
    """Forget what is older than the horizon, some rows a transaction; returns how many rows went."""
    now_ms = node.clock.now_ms()
    moment_ms = now_ms - node.settings.horizon_days * horizon.DAY_MS
    with node.database.transaction() as db:
        horizon.note_mark(db, now_ms)
        horizon.forget_marks(db, moment_ms)
        through = horizon.passed(db, moment_ms)
    gone = 0
    for _ in range(PURGES if through else 0):
        with node.database.transaction() as db:
            some = horizon.purge_removed(db, through) + horizon.purge_verdicts(db, through)
        gone += some
        if not some:
            break
    return gone
