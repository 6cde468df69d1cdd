"""Somebody at the centre has seen to what needed attention in some batches: they leave the list of those, and nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence

from intake_app.actions.making import require_role
from intake_app.node import Actor, Node
from intake_app.store import audits, batches
from sync.errors import Refused

LOOKERS = frozenset({"dispatcher", "operator", "administrator"})


def look_at_batches(node: Node, actor: Actor, numbers: Sequence[int], done: bool = True) -> int:
    """Note who looked at these batches and when, or that they need attention again; returns how many changed.

    Raises Refused("no_such_batch") where one does not exist; a batch looked at already stays as it is.
    """
    require_role(actor, *LOOKERS)
    now_ms, changed = node.clock.now_ms(), 0
    with node.database.transaction() as db:
        for no in dict.fromkeys(numbers):
            if batches.load_batch(db, no, limit=0) is None:
                raise Refused("no_such_batch")
            if batches.look_at(db, no, actor.person if done else None, now_ms if done else None):
                audits.note(db, now_ms, actor.person, "batch.looked_at" if done else "batch.reopened", str(no))
                changed += 1
    return changed
