"""What is taken out of the program as a file is noted before it is written: from then on nobody here knows who reads it."""

from __future__ import annotations

from collections.abc import Mapping

from intake_app.node import Actor, Node
from intake_app.store import audits


def note_exported(
    node: Node, actor: Actor, what: str, ending: str, narrowed: Mapping[str, str] | None = None
) -> None:
    """Note that this person takes this out, in which form, and what it is narrowed to."""
    with node.database.transaction() as db:
        audits.note(db, node.clock.now_ms(), actor.person, "data.exported", what, format=ending, filter=dict(narrowed or {}))
