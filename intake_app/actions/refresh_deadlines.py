"""List rows follow a calendar or a rule that has changed: a chunk a transaction, so that nobody waits for all of them."""

from __future__ import annotations

from intake_app.node import Node
from intake_app.store import deadlines

CHUNKS_MAX = 50  # of one run: the exchange does not wait for a million rows


def refresh_deadlines(node: Node) -> bool:
    """Bring rows up to what holds now; whether there may be more than one run takes."""
    with node.database.read() as db:
        if deadlines.all_refreshed(db):
            return False
    for _ in range(CHUNKS_MAX):
        if not node.database.again(lambda: _refresh(node)):
            return False
    return True


def _refresh(node: Node) -> bool:
    with node.database.transaction() as db:
        return deadlines.refresh_some(db)
