"""Who a command on the machine itself acts as: nobody types a password there, so each one is written down."""

from __future__ import annotations

from intake_app.actions.accounts import actor_of
from intake_app.actor import Actor
from intake_app.node import Node
from intake_app.store import accounts, audits
from sync.errors import Refused


def act_as(node: Node, username: str | None, command: str) -> Actor:
    """Gives the person of that user name, or the first administrator; raises Refused where there is no open account."""
    with node.database.transaction() as db:
        named = username.strip().lower() if username else None
        account = accounts.find_account(db, named) if named else accounts.first_administrator(db)
        if account is None or not account.active:
            raise Refused("unknown_person", username=(username or "")[:40])
        audits.note(db, node.clock.now_ms(), account.person, "command.run", command)
    return actor_of(account)
