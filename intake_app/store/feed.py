"""The feed: one row per scope and entity, its number given anew at each change, so a reader never misses a late commit.

Beside each scope stands its digest (`sync.digest`): what lies in it, kept in the transaction that changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from intake_app.store import nodes
from intake_app.store.database import Db
from intake_app.store.entities import Entity, load_numbers
from intake_app.store.tables_central import metadata
from sync.digest import share, wrapped
from sync.routing import Units, scopes_of

_T = TypeVar("_T")
_IN_MAX = 400
FILL_ENTITIES = 2000  # looked at in one transaction: some 50 ms, in which nobody else can write


class Change(NamedTuple):
    """An entity that got another version: the one it had, the one it has, and its scopes with each."""

    no: int
    id: bytes
    was: int | None
    version: int
    before: frozenset[str]
    after: frozenset[str]


def granted(db: Db, names: Iterable[str]) -> dict[str, int]:
    """Those of these scopes that some node was ever granted, with their numbers; no others get rows."""
    found: dict[str, int] = {}
    for some in _chunks(list(names)):
        found.update(tuple(row) for row in db.all(f"SELECT name, no FROM scope WHERE name IN ({_marks(some)})", *some))
    return found


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


class _Places(dict[frozenset[str], tuple[int, ...]]):
    """The numbers of scopes by their names; most reports of a batch lie in the same ones."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers

    def __missing__(self, names: frozenset[str]) -> tuple[int, ...]:
        found = self[names] = tuple(self._numbers[name] for name in sorted(names) if name in self._numbers)
        return found


def publish(db: Db, changes: Sequence[Change]) -> None:
    """Give entities new places in the feed, and bring the digests of their scopes up to date."""
    if not changes:
        return
    hold_counter(db)
    numbers = granted(
        db, frozenset().union(*{scopes for change in changes for scopes in (change.before, change.after)})
    )
    places = _Places(numbers)
    rows: list[tuple[int, int, int]] = []
    known: dict[tuple[int, int], Change] = {}  # rows that may exist already
    digests = Digests()
    for change in changes:
        there = places[change.after]
        part = share(change.id, change.version) if there else 0
        for no in there:
            rows.append((no, change.no, 0))
            digests.add(no, part)
        if change.was is not None:
            known |= {(no, change.no): change for no in there}
        if change.before:
            left = places[change.before - change.after]
            rows += [(no, change.no, 1) for no in left]
            known |= {(no, change.no): change for no in left}
    if not rows:
        return
    first = take_numbers(db, len(rows))
    for place in _live(db, known):
        change = known[place]
        digests.take(place[0], share(change.id, change.was or 0))
    db.merge(
        "INSERT INTO feed (scope_no, entity_no, removed, feed_seq) VALUES (?,?,?,?) ON CONFLICT (scope_no, entity_no)"
        " DO UPDATE SET feed_seq = excluded.feed_seq, removed = excluded.removed",
        [(*row, first + at) for at, row in enumerate(rows)],
        metadata,
    )
    digests.save(db, "scope")


def _live(db: Db, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of these places (scope, entity) that the feed holds as not removed."""
    found: list[tuple[int, int]] = []
    for some in _chunks(list(pairs)):
        values = ",".join(["(?,?)"] * len(some))
        rows = db.all(
            f"SELECT f.scope_no, f.entity_no FROM (VALUES {values}) AS v JOIN feed f"
            " ON f.scope_no = v.column1 AND f.entity_no = v.column2 WHERE f.removed = 0",
            *(number for pair in some for number in pair),
        )
        found += [(row[0], row[1]) for row in rows]
    return found


class Digests:
    """What a transaction adds to the digests of scopes, and takes from them."""

    def __init__(self) -> None:
        self.entities: Counter[int] = Counter()
        self.sums: Counter[int] = Counter()

    def add(self, scope_no: int, part: int) -> None:
        """An entity at a version lies in a scope now."""
        self.entities[scope_no] += 1
        self.sums[scope_no] += part

    def take(self, scope_no: int, part: int) -> None:
        """It did so until now."""
        self.entities[scope_no] -= 1
        self.sums[scope_no] -= part

    def save(self, db: Db, table: str) -> None:
        """Write what changed; the last lock of a transaction."""
        changed = [no for no in sorted(self.sums) if self.sums[no] or self.entities[no]]
        for some in _chunks(changed):
            rows = db.all(f"SELECT no, entities, digest FROM {table} WHERE no IN ({_marks(some)})", *some)
            db.many(
                f"UPDATE {table} SET entities = ?, digest = ? WHERE no = ?",
                [(row[1] + self.entities[row[0]], wrapped(row[2] + self.sums[row[0]]), row[0]) for row in rows],
            )


class Kept(NamedTuple):
    """What is kept of a scope: its digest, and up to where rows that said "removed" may have been purged."""

    entities: int
    digest: int
    purged: int


def kept_of(db: Db, names: Sequence[str]) -> dict[str, Kept]:
    """What is kept of scopes."""
    found: dict[str, Kept] = dict.fromkeys(names, Kept(0, 0, 0))
    for some in _chunks(list(names)):
        rows = db.all(f"SELECT name, entities, digest, purged FROM scope WHERE name IN ({_marks(some)})", *some)
        found |= {row[0]: Kept(*row[1:]) for row in rows}
    return found


def counted(db: Db, scope_no: int) -> tuple[int, int]:
    """Count and sum of a scope, made anew from its rows."""
    rows = db.stream(
        "SELECT e.id, e.version FROM feed f JOIN entity e ON e.no = f.entity_no WHERE f.scope_no = ? AND f.removed = 0",
        scope_no,
    )
    entities = total = 0
    for entity, version in rows:
        entities, total = entities + 1, total + share(entity, version or 0)
    return entities, wrapped(total)


def open_scopes(db: Db, names: Sequence[str]) -> None:
    """Make the scopes that nobody had before; `fill` puts into them what belongs there."""
    wanted = list(dict.fromkeys(names))
    known = granted(db, wanted)
    new = [(name,) for name in wanted if name not in known]
    if new:
        hold_counter(db)
    db.many("INSERT INTO scope (name, fill_from) VALUES (?,1) ON CONFLICT (name) DO NOTHING", new)


def fill(db: Db, units: Units) -> bool:
    """Look at the next entities for the scopes that are not filled yet; whether there was anything to do.

    A node may read such a scope meanwhile: what is put into it gets a later number. What changes meanwhile is put into
    it by that change.
    """
    if db.one("SELECT 1 FROM scope WHERE fill_from IS NOT NULL LIMIT 1") is None:
        return False
    hold_counter(db)
    start = db.value("SELECT min(fill_from) FROM scope WHERE fill_from IS NOT NULL")
    if start is None:
        return False
    new = {row[0]: row[1] for row in db.all("SELECT name, no FROM scope WHERE fill_from = ?", start)}
    end = start + FILL_ENTITIES
    around = nodes.places(db, units)
    rows: list[tuple[int, int, int]] = []
    found: dict[int, Entity] = load_numbers(db, range(start, end))
    for one in found.values():
        if one.confirmed is not None and one.version is not None:
            rows += [
                (new[name], one.no, one.version) for name in scopes_of(one.type, one.confirmed, around) & new.keys()
            ]
    _put(db, rows, found)
    more = db.one("SELECT 1 FROM entity WHERE no >= ? LIMIT 1", end)
    db.many("UPDATE scope SET fill_from = ? WHERE no = ?", [(end if more else None, no) for no in new.values()])
    return True


def _put(db: Db, rows: Sequence[tuple[int, int, int]], found: dict[int, Entity]) -> None:
    if not rows:
        return
    first = take_numbers(db, len(rows))
    there = set(_live(db, [(row[0], row[1]) for row in rows]))
    digests = Digests()
    new = [row for row in rows if (row[0], row[1]) not in there]
    for scope_no, no, version in new:
        digests.add(scope_no, share(found[no].id, version))
    db.many(
        "INSERT INTO feed (scope_no, entity_no, feed_seq) VALUES (?,?,?) ON CONFLICT (scope_no, entity_no)"
        " DO UPDATE SET feed_seq = excluded.feed_seq, removed = 0",
        [(row[0], row[1], first + at) for at, row in enumerate(new)],
    )
    digests.save(db, "scope")


def _chunks(values: Sequence[_T]) -> Iterable[Sequence[_T]]:
    for at in range(0, len(values), _IN_MAX):
        yield values[at : at + _IN_MAX]


def _marks(some: Sequence[object]) -> str:
    return ",".join("?" * len(some))
