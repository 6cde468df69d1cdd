"""Give the half-typed reports of an ended account to a colleague: a citizen may believe that they were recorded."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.actions.keep_draft import DRAFTS_MAX
from intake_app.actions.making import require_role
from intake_app.node import Actor, Node
from intake_app.store import accounts, audits, drafts
from intake_app.store.accounts import Account
from intake_app.store.database import Db
from sync import permission
from sync.errors import InvalidFields, Problem, Refused

RECORDERS = permission.ROLES["report.recorded"]


class Given(NamedTuple):
    """How many drafts changed hands, and how many there was no room for."""

    given: int
    left: int


def takers(db: Db) -> list[Account]:
    """Who may take drafts: whoever may record."""
    return [one for one in accounts.list_accounts(db) if one.active and one.roles & RECORDERS]


def give_drafts(node: Node, actor: Actor, username: str, to: str) -> Given:
    """Give all drafts of an ended account to a colleague, as far as there is room. The administrator reads none of them."""
    require_role(actor, "administrator")
    with node.database.transaction() as db:
        ended = accounts.find_account(db, username)
        if ended is None:
            raise Refused("unknown_person", username=username[:40])
        if ended.active:
            raise Refused("not_ended", username=ended.username)
        taker = next((one for one in takers(db) if one.username == to), None)
        if taker is None:
            raise InvalidFields({"to": Problem("required")})
        given = drafts.give(db, ended.person, taker.person, DRAFTS_MAX - drafts.count(db, taker.person))
        audits.note(db, node.clock.now_ms(), actor.person, "drafts.given", ended.username, to=taker.username, n=given)
        return Given(given, drafts.count(db, ended.person))
