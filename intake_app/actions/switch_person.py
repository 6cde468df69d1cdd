"""Another person takes the place at this computer: the password is asked for and slowed as at signing in."""

from __future__ import annotations

from intake_app.actions.accounts import sign_in
from intake_app.node import Actor, Node
from intake_app.store import audits


def switch_person(node: Node, leaving: Actor, username: str, password: str, address: str) -> Actor:
    """The person of a name and password, with a note of who left the place to whom."""
    coming = sign_in(node, username, password, address)
    with node.database.transaction() as db:
        audits.note(db, node.clock.now_ms(), leaving.person, "session.switched", coming.username)
    return coming
