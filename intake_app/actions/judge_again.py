"""After an upgrade: judge what was held because its kind was not known, and is now; what waited behind it follows."""

from __future__ import annotations

from intake_app.node import Node
from intake_app.store import confirm, inbox, nodes, own_events, refused
from intake_app.store.arrived import Batch
from sync.ingest import VERDICTS
from sync.outcome import NOTHING_ADDED


def judge_held(node: Node) -> int:
    """Judge again what is understood now; returns how many verdicts changed. Nothing held costs one query."""
    with node.database.read() as db:
        found = refused.understood_now(db)
        waits = db.one("SELECT 1 FROM own_waiting LIMIT 1") is not None
    changed = 0
    for node_no, entity_no in found:
        with node.database.transaction() as db:
            if not inbox.is_ours(db, node_no):
                continue  # another worker is at this origin; the next run looks again
            sender, entity = db.one(
                "SELECT n.id, e.id FROM node n, entity e WHERE n.no = ? AND e.no = ?", node_no, entity_no
            )  # type: ignore[misc]
            computer = nodes.computer_of(db, node_no, sender == node.head.node, node.reference)
            batch = Batch(node_no, sender, None, NOTHING_ADDED, computer)
            counts = confirm.judge_again(db, batch, entity, node.reference)
        changed += sum(counts[verdict] for verdict in VERDICTS if verdict in counts)
    if waits:
        with node.database.transaction() as db:
            changed += own_events.judge_waiting(node, db)
    return changed
