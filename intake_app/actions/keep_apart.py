"""Say that two reports that look alike are not the same matter: nobody is asked again. A row of this machine, no event."""

from __future__ import annotations

from intake_app.actions.making import require_role, the_entity
from intake_app.node import Actor, Node
from intake_app.store import claims
from sync import permission
from sync.errors import InvalidFields, Problem


def keep_apart(node: Node, actor: Actor, one: bytes, other: bytes) -> None:
    """Note it; saying it twice changes nothing."""
    require_role(actor, *permission.ROLES["report.linked"])
    if one == other:
        raise InvalidFields({"code": Problem("linked_to_itself")})
    with node.database.transaction() as db:
        the_entity(db, one)
        the_entity(db, other)
        claims.tell_apart(db, one, other, actor.person, node.clock.now_ms())
