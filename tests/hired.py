"""People with accounts for tests that are about something else: signed in through the real page, hashed in no time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from argon2 import PasswordHasher

from intake_app.actions.making import make_event
from intake_app.node import Actor, Node
from intake_app.store import accounts
from intake_app.store.accounts import Account
from intake_app.store.own_events import write_events
from tests import creators


@cache
def _cheap_hash(password: str) -> str:
    """A hash that says of itself how little it cost, so that checking it costs as little; real ones: test_accounts.py."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def hire(node: Node, username: str, name: str, roles: Iterable[str], password: str, agency: str | None = None) -> Actor:
    """What `add_account` leaves behind, without its 35 ms of hashing, and without as much at each sign-in."""
    at_home = creators.somebody(node, *roles, agency=agency, name=name)
    opened = {"username": username, "name": name, "office": at_home.office, "roles": sorted(at_home.roles)}
    if at_home.agency:
        opened["agency"] = at_home.agency
    event = make_event(node, replace(at_home, person=bytes(16)), "person.added", None, opened)
    hashed, now = _cheap_hash(password), node.clock.now_ms()
    with node.database.transaction() as db:
        write_events(node, db, [event])
        accounts.add(
            db, Account(event.id, username, name, hashed, at_home.roles, at_home.office, at_home.agency, True, now)
        )
    return Actor(event.id, username, name, at_home.roles, at_home.office, at_home.agency)
