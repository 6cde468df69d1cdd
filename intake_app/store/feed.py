"""The feed: one row per scope and entity, its number given anew at each change, so a reader never misses a late commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from intake_app.store.database import Db
from sync.routing import scopes_of

Ancestors = Callable[[str], Sequence[str]]


def granted(db: Db) -> dict[str, int]:
    """The scopes that some node was ever granted, with their numbers; no others get rows."""
    return {row[0]: row[1] for row in db.all("SELECT name, no FROM scope")}


def hold_counter(db: Db) -> None:
    """Let nobody else number rows of the feed before this transaction ends.

    Which scopes there are is read after it: else a scope that is being granted just now would miss what changes just now.
    """
    if db.postgres:
        db.run(f"SELECT 1 FROM feed_counter WHERE id = 1{db.for_update}")


def take_numbers(db: Db, count: int) -> int:
    """Take feed numbers from the one-row counter and return the first; the last step before the rows are written."""
    last = db.value("UPDATE feed_counter SET value = value + ? WHERE id = 1 RETURNING value", count)
    return int(last) - count + 1


def publish(db: Db, changes: Iterable[tuple[int, frozenset[str], frozenset[str]]]) -> None:
    """Give entities new places in the feed: number, scopes until now, scopes from now on."""
    changes = list(changes)
    if not changes:
        return
    hold_counter(db)
    numbers = granted(db)
    rows: list[tuple[int, int, int]] = []
    for no, before, after in changes:
        rows += [(numbers[name], no, 0) for name in after if name in numbers]
        rows += [(numbers[name], no, 1) for name in before - after if name in numbers]
    if not rows:
        return
    first = take_numbers(db, len(rows))
    db.many(
        "INSERT INTO feed (scope_no, entity_no, removed, feed_seq) VALUES (?,?,?,?) ON CONFLICT (scope_no, entity_no)"
        " DO UPDATE SET feed_seq = excluded.feed_seq, removed = excluded.removed",
        [(*row, first + at) for at, row in enumerate(sorted(rows, key=lambda row: row[1]))],
    )


def grant(db: Db, names: Sequence[str], entities: Iterable[Any], ancestors: Ancestors) -> None:
    """Make scopes that nobody had before and fill them with what belongs there."""
    if set(names) <= granted(db).keys():
        return
    hold_counter(db)
    known = granted(db)
    new = [name for name in dict.fromkeys(names) if name not in known]
    db.many("INSERT INTO scope (name) VALUES (?)", [(name,) for name in new])
    wanted = frozenset(new)
    publish(
        db,
        [
            (one.no, frozenset(), scopes & wanted)
            for one in entities
            if one.confirmed is not None and (scopes := scopes_of(one.type, one.confirmed, ancestors)) & wanted
        ],
    )
