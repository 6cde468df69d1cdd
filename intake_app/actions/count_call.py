"""Count a call that makes no report, and take that back within a minute."""

from __future__ import annotations

from intake_app.actions.making import require_role
from intake_app.clock import iso
from intake_app.node import Actor, Node
from intake_app.store import idle_calls
from sync import permission
from sync.errors import Refused

KINDS = ("wrong_number", "silent", "nuisance", "information")
UNDO_MS = 60_000


def count_call(node: Node, actor: Actor, kind: str, key: str) -> None:
    """Count one call for this person and day; the same key again counts nothing."""
    require_role(actor, *permission.ROLES["report.recorded"])
    if kind not in KINDS:
        raise Refused("unknown_kind", kind=kind[:40])
    with node.database.transaction() as db:
        now = node.clock.now_ms()
        idle_calls.add(db, now, iso(now)[:10], kind, actor.person, key)


def undo_call(node: Node, actor: Actor, no: int) -> None:
    """Take one's own call back; after a minute it stays counted."""
    with node.database.transaction() as db:
        now = node.clock.now_ms()
        if not idle_calls.undo(db, no, actor.person, now - UNDO_MS, now):
            raise Refused("too_late_to_undo")
