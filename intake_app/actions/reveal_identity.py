"""Who saw the identity of somebody who asked that it be kept secret: noted before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from intake_app.node import Actor, Node
from intake_app.store import audits

AGAIN_MS = 10 * 60 * 1000  # the same person on the same page: once says it


def note_revealed(node: Node, actor: Actor, report_id: bytes, state: Mapping[str, Any]) -> bool:
    """Note that this person is shown who reported, where that is to be kept secret; whether it is."""
    if not state.get("confidential") or not state.get("reporter"):
        return False
    note_look(node, actor, report_id, state["reporter"])
    return True


def note_look(node: Node, actor: Actor, report_id: bytes, fields: Iterable[str]) -> None:
    """Note that this person is shown these fields of an identity that is to be kept secret."""
    now, subject = node.clock.now_ms(), report_id.hex()
    with node.database.transaction() as db:
        if not audits.noted_since(db, now - AGAIN_MS, actor.person, "audit.revealed", subject):
            audits.note(db, now, actor.person, "audit.revealed", subject, fields=sorted(fields))
