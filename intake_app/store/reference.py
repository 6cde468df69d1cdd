"""Reference data as a node holds it: rows of what the centre published, and the directory of both that and what is shipped.

Every process keeps the directory it made last, and makes it anew when the mark in the database is another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from intake_app.store import overlay
from intake_app.store.database import Db
from intake_app.store.directory import Directory
from intake_app.store.entities import Entity, State, load_entities, load_numbers
from sync.digest import wrapped
from sync.event import canonical
from sync.reference import KEY, TYPES, id_of
from sync.routing import Units


class Reference:
    """Units, offices, agencies and topics as this process knows them."""

    def __init__(self, shipped: Directory, own_office: str = "") -> None:
        self._shipped = shipped
        self._own = own_office
        self._held = (0, overlay.with_office(shipped, own_office) if own_office else shipped)

    @property
    def directory(self) -> Directory:
        """What was made last; `at` looks whether it still holds."""
        return self._held[1]

    def at(self, db: Db) -> Directory:
        """The directory as this transaction sees it."""
        mark = db.value("SELECT mark FROM reference_mark WHERE id = 1") or 0
        if mark != self._held[0]:
            made = overlay.overlaid(self._shipped, published(db))
            self._held = (mark, overlay.with_office(made, self._own) if self._own else made)
        return self._held[1]

    def units_at(self, db: Db) -> Units:
        """The scopes of units as this transaction sees them."""
        return self.at(db).unit_scopes


def save_rows(db: Db, entities: Iterable[Entity]) -> None:
    """Write the rows of the reference data among these entities; the others are not looked at."""
    found = [(one, one.seen) for one in entities if one.type in KEY and one.seen is not None]
    if not found:
        return
    db.many("DELETE FROM reference WHERE no = ?", [(one.no,) for one, _ in found])
    db.many(
        "INSERT INTO reference (no, type, code, at_ms) VALUES (?,?,?,?)",
        [(one.no, *columns_of(one.type, state)) for one, state in found],
    )
    _mark(db, sum(_share(one.id, state) for one, state in found))


def columns_of(kind: str, state: State) -> tuple[object, ...]:
    """What a row says, in the order of its columns."""
    return kind, state[KEY[kind]], state["at"]


def differing(db: Db, entities: Iterable[Entity]) -> Iterator[bytes]:
    """What has a row that does not say what its state does."""
    for one in entities:
        if one.type in KEY and one.seen is not None:
            row = db.one("SELECT type, code, at_ms FROM reference WHERE no = ?", one.no)
            if row is None or tuple(row) != columns_of(one.type, one.seen):
                yield one.id


def _share(known: bytes, state: State) -> int:
    return int.from_bytes(sha256(known + canonical(state)).digest()[:8], "big")


def _mark(db: Db, more: int) -> None:
    before = db.value("SELECT mark FROM reference_mark WHERE id = 1") or 0
    db.run(
        "INSERT INTO reference_mark (id, mark) VALUES (1,?) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark",
        wrapped(before + more),
    )


def published(db: Db) -> Iterator[tuple[str, State]]:
    """Type and state of all that is published, retired or not."""
    numbers = [row[0] for row in db.all("SELECT no FROM reference ORDER BY no")]
    for one in load_numbers(db, numbers).values():
        if one.type in TYPES and one.seen is not None:
            yield one.type, one.seen


def of_type(db: Db, kind: str) -> dict[str, Entity]:
    """What is published of a type, by its code."""
    rows = db.all("SELECT code, no FROM reference WHERE type = ? ORDER BY code", kind)
    found = load_numbers(db, [no for _, no in rows])
    return {code: found[no] for code, no in rows if no in found}


def find(db: Db, kind: str, code: str) -> Entity | None:
    """What is published under a code; None while only the shipped one is there, or none."""
    one = load_entities(db, [id_of(kind, code)]).get(id_of(kind, code))
    return one if one is not None and one.type == kind and one.seen is not None else None
