"""Entities: what is confirmed, at which version, and what this node sees of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from intake_app.store.database import Db
from sync.event import canonical

State = dict[str, Any]
_decoder = msgspec.json.Decoder(type=dict[str, Any])
CHUNK = 500  # entities looked at together where all are
_IN_MAX = 400  # parameters of one statement: SQLite's old limit is 999


@dataclass
class Entity:
    """One entity as stored; `view` is None where it equals the confirmed state."""

    no: int
    id: bytes
    type: str
    version: int | None
    confirmed: State | None
    view: State | None
    sole: int | None
    fresh: bool = False  # not in the database yet

    @property
    def seen(self) -> State | None:
        """What this node shows: the view, or the confirmed state."""
        return self.view if self.view is not None else self.confirmed


def decode(state: bytes | None) -> State | None:
    """The state of stored bytes."""
    return None if state is None else _decoder.decode(state)


_COLUMNS = "no, id, type, version, state, view, sole"


def _entity(row: Any) -> Entity:
    return Entity(row[0], row[1], row[2], row[3], decode(row[4]), decode(row[5]), row[6])


def _chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    every = list(values)
    for at in range(0, len(every), _IN_MAX):
        yield every[at : at + _IN_MAX]


def load_entities(db: Db, ids: Iterable[bytes], *, hold: bool = False) -> dict[bytes, Entity]:
    """The entities of these ids that exist; `hold` lets no other writer change them before this transaction ends."""
    found: dict[bytes, Entity] = {}
    locked = hold and db.postgres
    # Locked in one order everywhere: two that meet on the same reports from two ends would wait for each other.
    tail = f" ORDER BY id{db.for_update}" if locked else ""
    for some in _chunks(sorted(ids) if locked else ids):
        marks = ",".join("?" * len(some))
        for row in db.all(f"SELECT {_COLUMNS} FROM entity WHERE id IN ({marks}){tail}", *some):
            found[row[1]] = _entity(row)
    return found


def load_numbers(db: Db, numbers: Iterable[int]) -> dict[int, Entity]:
    """The entities of these numbers that exist."""
    found: dict[int, Entity] = {}
    for some in _chunks(numbers):
        marks = ",".join("?" * len(some))
        for row in db.all(f"SELECT {_COLUMNS} FROM entity WHERE no IN ({marks})", *some):
            found[row[0]] = _entity(row)
    return found


class Confirmed(NamedTuple):
    """An entity as the centre sends it: its confirmed state in canonical bytes."""

    no: int
    id: bytes
    type: str
    version: int | None
    state: bytes | None
    sole: int | None


def load_confirmed(db: Db, numbers: Iterable[int]) -> dict[int, Confirmed]:
    """The confirmed states of these numbers, as bytes."""
    found: dict[int, Confirmed] = {}
    for some in _chunks(numbers):
        marks = ",".join("?" * len(some))
        for row in db.all(f"SELECT no, id, type, version, state, sole FROM entity WHERE no IN ({marks})", *some):
            found[row[0]] = Confirmed(*row)
    return found


def state_sizes(db: Db, numbers: Iterable[int], node_no: int) -> dict[int, int]:
    """How many bytes the confirmed states of these numbers take to send; nothing where there is none, or a node can echo it."""
    sizes: dict[int, int] = {}
    for some in _chunks(numbers):
        marks = ",".join("?" * len(some))
        rows = db.all(
            "SELECT no, CASE WHEN sole = ? AND version = 1 THEN 0 ELSE length(state) END FROM entity"
            f" WHERE no IN ({marks})",
            node_no,
            *some,
        )
        sizes |= {row[0]: row[1] or 0 for row in rows}
    return sizes


def add_entities(db: Db, new: Sequence[tuple[bytes, str]]) -> list[Entity]:
    """Entities that do not exist yet, numbered in the order given; `save_entities` in this transaction writes them."""
    if not new:
        return []
    numbers = db.next_numbers("entity", len(new))
    return [
        Entity(no, entity_id, kind, None, None, None, None, True)
        for no, (entity_id, kind) in zip(numbers, new, strict=True)
    ]


def save_entities(db: Db, entities: Sequence[Entity]) -> None:
    """Write entities: what is confirmed and what is seen."""
    db.many(
        "INSERT INTO entity (no, id, type, version, state, view, sole) VALUES (?,?,?,?,?,?,?)",
        [(one.no, one.id, one.type, *_written(one)) for one in entities if one.fresh],
    )
    db.many(
        "UPDATE entity SET version = ?, state = ?, view = ?, sole = ? WHERE no = ?",
        [(*_written(one), one.no) for one in entities if not one.fresh],
    )
    for one in entities:
        one.fresh = False


def _written(one: Entity) -> tuple[int | None, bytes | None, bytes | None, int | None]:
    return (
        one.version,
        None if one.confirmed is None else canonical(one.confirmed),
        None if one.view is None else canonical(one.view),
        one.sole,
    )


def all_entities(db: Db) -> Iterator[list[Entity]]:
    """Every entity, some at a time."""
    last = db.value("SELECT max(no) FROM entity") or 0
    for start in range(1, last + 1, CHUNK):
        yield list(load_numbers(db, range(start, start + CHUNK)).values())
