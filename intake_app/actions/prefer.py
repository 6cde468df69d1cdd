"""Keep how a person likes to work."""

from __future__ import annotations

from intake_app.node import Actor, Node
from intake_app.store import preferences


def prefer_keys(node: Node, actor: Actor, off: bool) -> None:
    """Turn the shortcuts off or on for this person, at every browser of this node."""
    with node.database.transaction() as db:
        preferences.set_keys_off(db, actor.person, off)
