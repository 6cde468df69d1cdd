"""Half-typed reports: private rows of one person on this node. They have no code, are never journalled and never sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from intake_app.store.database import Db

Typed = list[tuple[str, str]]  # names and values as a form sends them, in its order

_COLUMNS = "key, person, turn, fields, began_ms, saved_ms, discarded_ms, given_by"


@dataclass(frozen=True)
class Draft:
    """One half-typed report."""

    key: str
    person: bytes
    turn: int
    fields: Typed
    began_ms: int
    saved_ms: int
    discarded_ms: int | None
    given_by: bytes | None  # whose it was before, where an account that ended left it

    def value(self, name: str) -> str:
        """What stands in a field; nothing where it is not there."""
        return next((value for each, value in reversed(self.fields) if each == name), "")


def _draft(row: Any) -> Draft:
    fields = [(str(name), str(value)) for name, value in json.loads(row[3])]
    return Draft(row[0], row[1], row[2], fields, row[4], row[5], row[6], row[7])


def find(db: Db, key: str) -> Draft | None:
    """The draft of a key, whosever it is."""
    row = db.one(f"SELECT {_COLUMNS} FROM draft WHERE key = ?{db.for_update if db.writable else ''}", key)
    return None if row is None else _draft(row)


def of_person(db: Db, person: bytes, *, discarded: bool = False) -> list[Draft]:
    """A person's drafts, the one saved last first; those in use, or those thrown away that can still be had back."""
    which = "IS NOT NULL" if discarded else "IS NULL"
    sql = f"SELECT {_COLUMNS} FROM draft WHERE person = ? AND discarded_ms {which} ORDER BY saved_ms DESC, no DESC"
    return [_draft(row) for row in db.all(sql, person)]


def count(db: Db, person: bytes) -> int:
    """How many drafts a person has in use."""
    return int(db.value("SELECT count(*) FROM draft WHERE person = ? AND discarded_ms IS NULL", person))


def count_all(db: Db) -> int:
    """How many drafts are in use on this computer, whosever they are."""
    return int(db.value("SELECT count(*) FROM draft WHERE discarded_ms IS NULL"))


def counts(db: Db) -> dict[bytes, int]:
    """How many drafts are in use, by person."""
    sql = "SELECT person, count(*) FROM draft WHERE discarded_ms IS NULL GROUP BY person"
    return {row[0]: row[1] for row in db.all(sql)}


def give(db: Db, person: bytes, to: bytes, at_most: int) -> int:
    """Give somebody's drafts to a colleague, those that have waited longest first; how many that were."""
    sql = "SELECT key FROM draft WHERE person = ? AND discarded_ms IS NULL ORDER BY saved_ms, no LIMIT ?"
    keys = [row[0] for row in db.all(sql, person, max(0, at_most))]
    for key in keys:
        db.run("UPDATE draft SET person = ?, given_by = ? WHERE key = ?", to, person, key)
    return len(keys)


def save(db: Db, key: str, person: bytes, turn: int, fields: Typed, now_ms: int) -> None:
    """Keep what is typed now; a draft that was thrown away is in use again."""
    db.run(
        "INSERT INTO draft (key, person, turn, fields, began_ms, saved_ms) VALUES (?,?,?,?,?,?)"
        " ON CONFLICT (key) DO UPDATE SET turn = excluded.turn, fields = excluded.fields,"
        " saved_ms = excluded.saved_ms, discarded_ms = NULL",
        key, person, turn, json.dumps(fields, ensure_ascii=False), now_ms, now_ms,
    )  # fmt: skip


def set_discarded(db: Db, key: str, at_ms: int | None) -> None:
    """Throw a draft away for a while, or take it back."""
    db.run("UPDATE draft SET discarded_ms = ? WHERE key = ?", at_ms, key)


def drop(db: Db, key: str) -> None:
    """Delete a draft for good, as when its report is recorded."""
    db.run("DELETE FROM draft WHERE key = ?", key)


def drop_discarded(db: Db, before_ms: int) -> None:
    """Delete for good what was thrown away before then."""
    db.run("DELETE FROM draft WHERE discarded_ms < ?", before_ms)
