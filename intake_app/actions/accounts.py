"""Accounts: add, reset, end, sign in. Everything works with the cable out; guessing is slowed in a way that survives a restart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from intake_app.actions.making import make_event, require_role
from intake_app.node import Actor, Node
from intake_app.store import accounts, audits, half_typed, journal
from intake_app.store.accounts import Account
from intake_app.store.database import Db
from intake_app.store.own_events import write_events
from sync import workflow
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text

PASSWORD_MIN = 8
PASSWORD_MAX = 200
FREE_TRIES = 5  # a tired officer mistypes; a guesser does not stop at five
WINDOW_MS = 15 * 60 * 1000
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
# 19 MiB and two passes (OWASP's first choice for argon2id): 35 ms on the machines we serve, against 178 by default.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


@cache
def _nobody() -> str:
    """A hash that no password fits: an unknown name takes as long as a known one, so that nobody can tell them apart."""
    return _hasher.hash("nobody has this password")


OFFICE_ROLES = frozenset({"administrator", "intake_officer", "case_handler"})
CENTRAL_ROLES = frozenset({"administrator", "dispatcher", "operator", "case_handler", "approver"})


def first_roles(role: str) -> frozenset[str]:
    """What the first person of an installation may do: run it, and do the whole work until there are colleagues."""
    return CENTRAL_ROLES if role == "central" else OFFICE_ROLES


def check_new(username: str, name: str, roles: Iterable[str], password: str) -> dict[str, Problem]:
    """What does not fit in a new account, by field."""
    problems: dict[str, Problem] = {}
    if not _USERNAME.fullmatch(username):
        problems["username"] = Problem("bad_username")
    if not name or len(name) > 120:
        problems["name"] = Problem("required" if not name else "too_long", {"max": 120})
    unknown = set(roles) - set(workflow.ROLES)
    if unknown or not set(roles):
        problems["roles"] = Problem("not_in_set", {"allowed": ", ".join(workflow.ROLES)})
    if problem := check_password(password):
        problems["password"] = problem
    return problems


def check_password(password: str) -> Problem | None:
    """What speaks against a password: only its length does."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        return Problem("weak_password", {"min": PASSWORD_MIN, "max": PASSWORD_MAX})
    return None


def add_account(
    node: Node,
    actor: Actor | None,
    username: str,
    name: str,
    roles: Iterable[str],
    password: str,
    agency: str | None = None,
) -> Actor:
    """Add an account of this node. Without an actor it can only be the very first one. Raises InvalidFields, Refused."""
    username, name, roles = username.strip().lower(), clean_text(name, False), frozenset(roles)
    office = node.directory.offices.get(node.head.office)
    belongs = agency if agency is not None else (office.agency if office and office.agency else "")
    problems = check_new(username, name, roles, password)
    if belongs and belongs not in node.directory.agencies:
        problems["agency"] = Problem("unknown_agency", {"agency": belongs[:40]})
    if problems:
        raise InvalidFields(problems)
    if actor is not None:
        require_role(actor, "administrator")
    password_hash = _hasher.hash(password)
    with node.database.transaction() as db:
        journal.hold(db)
        if actor is None and accounts.list_accounts(db):
            raise Refused("not_allowed", role="administrator")
        if accounts.find_account(db, username):
            raise InvalidFields({"username": Problem("username_taken", {"username": username})})
        return _add(
            node, db, actor, Account(b"", username, name, password_hash, roles, node.head.office, belongs, True, 0)
        )


def _add(node: Node, db: Db, actor: Actor | None, new: Account) -> Actor:
    opened = {"username": new.username, "name": new.name, "office": new.office, "roles": sorted(new.roles)}
    if new.agency:
        opened["agency"] = new.agency
    made = Actor(actor.person if actor else bytes(16), new.username, new.name, new.roles, new.office, new.agency)
    event = make_event(node, made, "person.added", None, opened)
    write_events(node, db, [event])
    now = node.clock.now_ms()
    accounts.add(
        db, Account(event.id, new.username, new.name, new.password_hash, new.roles, new.office, new.agency, True, now)
    )
    audits.note(db, now, actor.person if actor else None, "account.added", new.username, roles=sorted(new.roles))
    return Actor(event.id, new.username, new.name, new.roles, new.office, new.agency)


def hash_of(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def reset_password(node: Node, actor: Actor, username: str, password: str) -> None:
    """Give an account a new password. On the machine itself the administrator's command does it.

    An account that has ended stays so, whoever ended it: the centre takes nothing more from that person, and who comes
    back gets a new account.
    """
    require_role(actor, "administrator")
    if problem := check_password(password):
        raise InvalidFields({"password": problem})
    password_hash = _hasher.hash(password)
    with node.database.transaction() as db:
        account = _the_account(db, username)
        if not account.active:
            raise Refused("account_ended", username=account.username)
        accounts.set_password(db, account.person, password_hash)
        accounts.forgive(db, account.username)
        audits.note(db, node.clock.now_ms(), actor.person, "account.reset", account.username)


def end_account(node: Node, actor: Actor, username: str) -> None:
    """End an account; the last administrator stays, or nobody could come back in."""
    require_role(actor, "administrator")
    with node.database.transaction() as db:
        journal.hold(db)
        account = _the_account(db, username)
        if _administrators(db) == [account.person]:
            raise Refused("last_administrator")
        write_events(node, db, [make_event(node, actor, "person.ended", account.person, {})])
        accounts.end(db, account.person)
        half_typed.drop_all_of(db, account.person)  # drafts stay: a citizen may believe that they were recorded
        audits.note(db, node.clock.now_ms(), actor.person, "account.ended", account.username)


def change_roles(node: Node, actor: Actor, username: str, roles: Iterable[str]) -> None:
    """Give a person other roles, from here on and at the centre; the last administrator stays one."""
    require_role(actor, "administrator")
    wanted = frozenset(roles)
    if not wanted or wanted - set(workflow.ROLES):
        raise InvalidFields({"roles": Problem("not_in_set", {"allowed": ", ".join(workflow.ROLES)})})
    with node.database.transaction() as db:
        journal.hold(db)
        account = _the_account(db, username)
        if not account.active:
            raise Refused("account_ended", username=account.username)
        if wanted == account.roles:
            raise Refused("nothing_changed")
        if "administrator" not in wanted and _administrators(db) == [account.person]:
            raise Refused("last_administrator")
        write_events(node, db, [make_event(node, actor, "person.changed", account.person, {"roles": sorted(wanted)})])
        accounts.set_roles(db, account.person, wanted)
        before = sorted(account.roles)
        audits.note(
            db, node.clock.now_ms(), actor.person, "account.changed", account.username, roles=sorted(wanted), was=before
        )


def _administrators(db: Db) -> list[bytes]:
    return [one.person for one in accounts.list_accounts(db) if one.active and "administrator" in one.roles]


def _the_account(db: Db, username: str) -> Account:
    account = accounts.find_account(db, username.strip().lower())
    if account is None:
        raise Refused("unknown_person", username=username[:40])
    return account


def sign_in(node: Node, username: str, password: str, address: str, noted: str = "sign_in.done") -> Actor:
    """The person of a name and password; raises Refused("bad_password") or Refused("throttled").

    `noted` is what the audit says where they fit: who proves who they are for something else notes that itself.
    """
    username = username.strip().lower()[:60]
    now = node.clock.now_ms()
    keys = (username, f"{address}/*")
    with node.database.read() as db:
        account = accounts.find_account(db, username)
        waits = [
            _wait_ms(accounts.failures_since(db, key, now - WINDOW_MS), now, free)
            for key, free in zip(keys, (FREE_TRIES, 5 * FREE_TRIES), strict=True)
        ]
    if max(waits) > 0:
        raise Refused("throttled", seconds=-(-max(waits) // 1000))
    known = account is not None and account.active
    fits = _fits(account.password_hash if account and known else _nobody(), password[:PASSWORD_MAX])
    with node.database.transaction() as db:
        if account is None or not known or not fits:
            for key in keys:
                accounts.note_failure(db, key, now, now - 10 * WINDOW_MS)
            audits.note(db, now, None, "sign_in.failed", username, address=address)
        else:
            accounts.forgive(db, username)
            if noted:
                audits.note(db, now, account.person, noted, username, address=address)
    if account is None or not known or not fits:
        raise Refused("bad_password")
    return actor_of(account)


def _wait_ms(failures: list[int], now_ms: int, free: int) -> int:
    """How long to wait: nothing for the first tries, then twice as long each time, up to five minutes."""
    # What was noted under a clock that ran years ahead would otherwise lock everyone out until then.
    past = [at_ms for at_ms in failures if at_ms <= now_ms]
    if len(past) < free:
        return 0
    pause = min(300_000, 5_000 * 2 ** (len(past) - free))
    return max(0, past[0] + pause - now_ms)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def actor_of(account: Account) -> Actor:
    """The person of an account, as actions see them."""
    return Actor(account.person, account.username, account.name, account.roles, account.office, account.agency)
