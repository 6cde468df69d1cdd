"""Shut a computer out: it learns nothing more, and what it still pushes is kept apart until somebody lets it in again."""

from __future__ import annotations

from collections.abc import Sequence

from intake_app.actions.making import require_role
from intake_app.node import Actor, Node
from intake_app.store import apart, audits, epochs, inbox, nodes, own_log
from sync.errors import Refused
from sync.segment import Segment


def shut_out(node: Node, actor: Actor, node_id: bytes) -> None:
    """Revoke a node, as when a laptop is stolen. Raises Refused("no_such_node"); a second time changes nothing."""
    require_role(actor, "administrator")
    with node.database.transaction() as db:
        known = nodes.find_node(db, node_id)
        if known is None or known.id == node.head.node:
            raise Refused("no_such_node", node=node_id.hex())
        now_ms = node.clock.now_ms()
        if nodes.revoke(db, known.no, now_ms):
            own_log.log_node(node, db, node_id)
            audits.note(db, now_ms, actor.person, "node.revoked", node_id.hex(), office=known.office)


def keep_apart(node: Node, known: nodes.Known, items: Sequence[Segment], carrier: str, clock_ms: int) -> None:
    """Keep what a revoked node pushes, each segment once; it changes nothing that anybody reads."""
    now_ms = node.clock.now_ms()
    with node.database.transaction() as db:
        nodes.hold(db, known.no)
        for item in items:
            if apart.keep(db, known.no, item, carrier, now_ms, clock_ms - now_ms):
                audits.note(db, now_ms, None, "node.kept_apart", known.id.hex(), events=item.count)


def let_in_again(node: Node, node_id: bytes) -> int:
    """Send on its way what was kept apart of a node that has been enrolled again; returns how many segments.

    What follows the last event that was acknowledged goes on there. The rest is judged event by event, without moving the
    ack: the node itself says where its history stands.
    """
    with node.database.transaction() as db:
        known = nodes.find_node(db, node_id)
        if known is None or known.revoked:
            return 0
        nodes.hold(db, known.no)
        now_ms, found = node.clock.now_ms(), apart.waiting(db, known.no, node_id)
        for kept in found:
            item = kept.segment
            life = nodes.life_of(db, known, item.incarnation)
            follows = (item.first, item.before) == (life.ack + 1, life.hash)
            number = inbox.store_segment(
                db, known.no, item, ahead=not follows, carrier=kept.carrier, now_ms=kept.received_ms,
                clock_offset_ms=kept.clock_offset_ms or 0,
            )  # fmt: skip
            epochs.note_stored(node, db, number)
            if follows:
                nodes.save_life(db, known.no, item.incarnation, item.last, item.tip)
            apart.let_in(db, kept.no, now_ms)
        if found:
            audits.note(db, now_ms, None, "node.let_in", node_id.hex(), segments=len(found))
    return len(found)
