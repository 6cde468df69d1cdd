"""Half-typed changes, notes and steps: private rows of one person on this node, by the address of the form."""

from __future__ import annotations

import json
from typing import NamedTuple

from intake_app.store.database import Db
from intake_app.store.drafts import Typed


class HalfTyped(NamedTuple):
    """What somebody has typed into a form and not sent."""

    fields: Typed
    saved_ms: int


def find(db: Db, person: bytes, page: str) -> HalfTyped | None:
    """What a person has left in the form of a page."""
    row = db.one("SELECT fields, saved_ms FROM half_typed WHERE person = ? AND page = ?", person, page)
    return HalfTyped([(str(name), str(value)) for name, value in json.loads(row[0])], row[1]) if row else None


def save(db: Db, person: bytes, page: str, fields: Typed, now_ms: int) -> None:
    """Keep what a form holds now in place of what it held before."""
    db.run(
        "INSERT INTO half_typed (person, page, fields, saved_ms) VALUES (?,?,?,?)"
        " ON CONFLICT (person, page) DO UPDATE SET fields = excluded.fields, saved_ms = excluded.saved_ms",
        person, page, json.dumps(fields, ensure_ascii=False), now_ms,
    )  # fmt: skip


def drop(db: Db, person: bytes, page: str) -> None:
    """Forget what was typed in one form."""
    db.run("DELETE FROM half_typed WHERE person = ? AND page = ?", person, page)


def drop_all_of(db: Db, person: bytes) -> None:
    """Forget all that somebody has half typed."""
    db.run("DELETE FROM half_typed WHERE person = ?", person)


def drop_before(db: Db, before_ms: int) -> None:
    """Forget what nobody has gone on with since then."""
    db.run("DELETE FROM half_typed WHERE saved_ms < ?", before_ms)


def drop_beyond(db: Db, person: bytes, rows: int) -> None:
    """Forget the oldest of somebody who has more than so many."""
    db.run(
        "DELETE FROM half_typed WHERE person = ? AND page NOT IN"
        " (SELECT page FROM half_typed WHERE person = ? ORDER BY saved_ms DESC LIMIT ?)",
        person, person, rows,
    )  # fmt: skip
