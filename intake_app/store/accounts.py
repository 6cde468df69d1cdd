"""Accounts of this machine. The password hash never leaves it; the person, without it, is an entity that central sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intake_app.store import audits
from intake_app.store.database import Db
from intake_app.store.entities import Entity


@dataclass(frozen=True)
class Account:
    """An account as stored."""

    person: bytes
    username: str
    name: str
    password_hash: str
    roles: frozenset[str]
    office: str
    agency: str
    active: bool
    created_ms: int


_SELECT = "SELECT person, username, name, password_hash, roles, office, agency, active, created_ms FROM account"


def _account(row: tuple[object, ...]) -> Account:
    person, username, name, password_hash, roles, office, agency, active, created = row
    return Account(
        person, username, name, password_hash, frozenset(str(roles).split()), office, agency, bool(active), created
    )  # type: ignore[arg-type]


def find_account(db: Db, username: str) -> Account | None:
    """The account of a name, ended or not, or None."""
    row = db.one(f"{_SELECT} WHERE username = ?", username)
    return _account(tuple(row)) if row else None


def account_of(db: Db, person: bytes) -> Account | None:
    """The account of a person, or None."""
    row = db.one(f"{_SELECT} WHERE person = ?", person)
    return _account(tuple(row)) if row else None


def list_accounts(db: Db) -> list[Account]:
    """Every account, in the order they were made."""
    return [_account(tuple(row)) for row in db.all(f"{_SELECT} ORDER BY no")]


def first_administrator(db: Db) -> Account | None:
    """The first administrator whose account is open: who commands act as by default."""
    for account in list_accounts(db):
        if account.active and "administrator" in account.roles:
            return account
    return None


def add(db: Db, account: Account) -> None:
    """Keep a new account."""
    db.run(
        "INSERT INTO account (person, username, name, password_hash, roles, office, agency, active, created_ms)"
        " VALUES (?,?,?,?,?,?,?,1,?)",
        account.person, account.username, account.name, account.password_hash, " ".join(sorted(account.roles)),
        account.office, account.agency, account.created_ms,
    )  # fmt: skip


def set_password(db: Db, person: bytes, password_hash: str) -> None:
    """Replace a password."""
    db.run("UPDATE account SET password_hash = ? WHERE person = ?", password_hash, person)


def set_roles(db: Db, person: bytes, roles: Iterable[str]) -> None:
    """Replace what somebody may do."""
    db.run("UPDATE account SET roles = ? WHERE person = ?", " ".join(sorted(roles)), person)


def end(db: Db, person: bytes) -> None:
    """Close an account."""
    db.run("UPDATE account SET active = 0 WHERE person = ?", person)


def follow(db: Db, people: Iterable[Entity], now_ms: int) -> None:
    """Let accounts follow what the centre said of people: close those of whom it ended, name and roles as it says."""
    for one in people:
        state = one.confirmed or {}
        username = str(state.get("username", ""))
        if state.get("active") is False:
            if db.run("UPDATE account SET active = 0 WHERE person = ? AND active = 1", one.id):
                audits.note(db, now_ms, None, "account.closed", username)
        elif one.view is None and "name" in state:  # what was changed here and is not judged yet comes later
            roles = " ".join(sorted(state.get("roles", ())))
            changed = db.run(
                "UPDATE account SET name = ?, roles = ? WHERE person = ? AND active = 1 AND (name <> ? OR roles <> ?)",
                state["name"], roles, one.id, state["name"], roles,
            )  # fmt: skip
            if changed:
                audits.note(db, now_ms, None, "account.followed", username, roles=roles.split())


def failures_since(db: Db, who: str, since_ms: int) -> list[int]:
    """When signing in failed for this name and address, newest first."""
    return [
        row[0]
        for row in db.all(
            "SELECT at_ms FROM login_failure WHERE who = ? AND at_ms > ? ORDER BY at_ms DESC", who, since_ms
        )
    ]


def note_failure(db: Db, who: str, now_ms: int, forget_before_ms: int) -> None:
    """Keep a failed sign-in, in the database so that a restart does not forgive it."""
    db.run("INSERT INTO login_failure (who, at_ms) VALUES (?, ?)", who, now_ms)
    db.run("DELETE FROM login_failure WHERE at_ms < ?", forget_before_ms)


def forgive(db: Db, who: str) -> None:
    """Forget failed sign-ins after one that worked."""
    db.run("DELETE FROM login_failure WHERE who = ?", who)
