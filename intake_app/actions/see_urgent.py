"""Note who has seen an urgent report first, and when: the alarm about it is silent from then on. A row of this machine."""

from __future__ import annotations

from intake_app.actions.making import require_role, the_entity
from intake_app.node import Actor, Node
from intake_app.store import claims
from sync.workflow import DISPATCHER


def see_urgent(node: Node, actor: Actor, report_id: bytes) -> None:
    """Note it for this person; whoever was first stays noted."""
    require_role(actor, *DISPATCHER)
    with node.database.transaction() as db:
        the_entity(db, report_id)
        claims.note_seen(db, report_id, actor.person, actor.name, node.clock.now_ms())
