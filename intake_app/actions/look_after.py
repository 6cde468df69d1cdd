"""Which units a computer looks after beside its office's own: what it gains is sent to it, what it loses leaves it.

Nothing that it has not sent yet is stranded: whether it may write about a report is judged by every scope it was ever granted.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake_app.actions.enroll import fill_scopes
from intake_app.actions.making import require_role
from intake_app.node import Actor, Node
from intake_app.store import audits, feed, nodes, own_log
from sync.errors import InvalidFields, Problem, Refused
from sync.routing import scopes_of_office


def look_after(node: Node, actor: Actor, node_id: bytes, units: Sequence[str]) -> None:
    """Give a computer these units beside its office's own, and no others. Raises Refused, InvalidFields."""
    require_role(actor, "administrator")
    unknown = [unit for unit in units if node.directory.unit(unit) is None]
    if unknown:
        raise InvalidFields({"units": Problem("unknown_unit", {"unit": unknown[0][:40]})})
    with node.database.transaction() as db:
        known = nodes.find_node(db, node_id)
        if known is None or known.id == node.head.node:
            raise Refused("no_such_node", node=node_id.hex())
        if known.revoked:
            raise Refused("shut_out_already", node=node_id.hex())
        office = node.directory.offices[known.office]
        scopes = scopes_of_office(office.number, office.unit, office.agency or "", units)
        if set(scopes) == set(known.scopes):
            raise Refused("nothing_changed")
        nodes.hold(db, known.no)
        nodes.set_scopes(db, known.no, scopes)
        feed.open_scopes(db, scopes)
        own_log.log_node(node, db, node_id)
        was = sorted(set(known.scopes) - set(scopes))
        audits.note(
            db, node.clock.now_ms(), actor.person, "node.looks_after", node_id.hex(), office=known.office,
            units=list(units), lost=was,
        )  # fmt: skip
    fill_scopes(node)
