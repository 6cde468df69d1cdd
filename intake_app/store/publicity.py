"""What is public, what waits to be and what was taken back: found by the list row, and by the words that are released.

Only the words that the public reads are looked in: whoever finds something here finds nothing that the public would not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from intake_app.store.database import Db
from intake_app.store.entities import State, load_numbers
from intake_app.store.search import FTS5, TSQUERY, query_of, words_of
from sync.fold import fold
from sync.publicity import PUBLIC, STAGES, WAITING, is_public

COUNT_MAX = 1000  # as in other lists: counting further costs more than it tells
EXPORTED_AT_ONCE = 500  # a snapshot each, so that a long file holds nothing up
_IN_MAX = 400
_CREATE_SQLITE = (
    'CREATE VIRTUAL TABLE IF NOT EXISTS public_search USING fts5(words, tokenize="unicode61 remove_diacritics 0")'
)
_CREATE_POSTGRES = (
    "CREATE TABLE IF NOT EXISTS public_search (no BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX IF NOT EXISTS public_search_words ON public_search USING gin (words)",
)
_FOUND_SQLITE = "SELECT rowid FROM public_search WHERE public_search MATCH ?"
_FOUND_POSTGRES = "SELECT no FROM public_search WHERE words @@ ?::tsquery"
# Many fit: the list is walked in its order, and each is asked. PostgreSQL would fetch and sort them all, for it expects few.
_AMONG_SQLITE = f"r.no IN ({_FOUND_SQLITE})"
_AMONG_POSTGRES = "(SELECT s.words @@ ?::tsquery FROM public_search s WHERE s.no = r.no)"
FEW_MAX = 5000


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; `words` counts among what is public."""

    stage: str = PUBLIC
    words: str = ""
    topic: str = ""
    agency: str = ""
    from_ms: int | None = None
    to_ms: int | None = None


class Narrow(NamedTuple):
    """A condition and its values."""

    where: str
    args: list[Any]


class Key(NamedTuple):
    """The place of a line in its view: since when it is what it is, and its number."""

    since_ms: int
    no: int


class Listed(NamedTuple):
    """One line: since when it is what it is, the report, and what is seen of it."""

    since_ms: int
    no: int
    id: bytes
    state: State


@dataclass(frozen=True)
class PublicPage:
    """One page; `next` is the key of the following one, `total` stops counting at COUNT_MAX and one more."""

    rows: list[Listed]
    next: str | None
    total: int


class Reading(Protocol):
    """Opens a snapshot."""

    def __call__(self) -> AbstractContextManager[Db]: ...


def create(db: Db) -> None:
    """Make the table of released words where there is none."""
    for sql in _CREATE_POSTGRES if db.postgres else (_CREATE_SQLITE,):
        db.run(sql)


def empty(db: Db) -> None:
    """Take every entry out: each report is to be entered anew."""
    db.run("DELETE FROM public_search")


def index(db: Db, changes: Sequence[tuple[int, State | None, State | None]]) -> None:
    """Bring the released words of reports up to date: number, what was seen until now, what is seen from now on."""
    changed = [(no, now) for no, before, after in changes if _words(before) != (now := _words(after))]
    if not changed:
        return
    key = "no" if db.postgres else "rowid"
    for at in range(0, len(changed), _IN_MAX):
        some = [no for no, _ in changed[at : at + _IN_MAX]]
        db.run(f"DELETE FROM public_search WHERE {key} IN ({','.join('?' * len(some))})", *some)
    texts = [(no, fold(text)) for no, text in changed if text]
    if db.postgres:
        texts = [(no, " ".join(f"'{word}'" for word in words_of(text))) for no, text in texts]
    db.many(f"INSERT INTO public_search ({key}, words) VALUES (?,?)", texts)


def _words(state: State | None) -> str:
    """What the public reads of a report, in one; nothing of one that is not public, which are nearly all."""
    if not state or not is_public(state):
        return ""
    return "\n".join(str(state["publicity"].get(name, "")) for name in ("title", "text", "answer"))


def fits(db: Db, no: int, state: State) -> bool:
    """Whether a report has an entry if it is public, and none if it is not."""
    key = "no" if db.postgres else "rowid"
    return bool(_words(state)) == bool(db.one(f"SELECT 1 FROM public_search WHERE {key} = ?", no))


def list_publicity(db: Db, wanted: Wanted, after: str | None = None, limit: int = 50) -> PublicPage:
    """A page: the newest first; what waits, the longest waiting first."""
    narrow = _where(db, wanted)
    # In one look, for looking for words that many hold is what costs: the first page, and how many there are.
    every = _keys(db, wanted, narrow, None, COUNT_MAX + 1)
    keys = _keys(db, wanted, narrow, after, limit + 1) if _key(after) else every[: limit + 1]
    more = _place(keys[limit - 1]) if len(keys) > limit else None
    return PublicPage(_listed(db, keys[:limit]), more, len(every))


def each_public(reading: Reading, wanted: Wanted) -> Iterator[Listed]:
    """All that is public and fits, the newest first, for a file."""
    after: str | None = None
    while True:
        with reading() as db:
            keys = _keys(db, wanted, _where(db, replace(wanted, stage=PUBLIC)), after, EXPORTED_AT_ONCE)
            rows = _listed(db, keys)
        yield from rows
        if len(keys) < EXPORTED_AT_ONCE:
            return
        after = _place(keys[-1])


def count_stages(db: Db, agency: str = "") -> Mapping[str, int]:
    """How many there are of each, counted to COUNT_MAX and one more."""
    narrow, args = (" AND r.lead_agency = ?", [agency]) if agency else ("", [])
    counts = {}
    for stage in STAGES:
        inside = f"SELECT 1 FROM report r WHERE r.publicity = ?{narrow} LIMIT {COUNT_MAX + 1}"
        counts[stage] = db.value(f"SELECT count(*) FROM ({inside}) AS counted", stage, *args)
    return counts


def _keys(db: Db, wanted: Wanted, narrow: Narrow | None, after: str | None, limit: int) -> list[Key]:
    """Since when and which, in order, from behind a place on; an index tells all of it."""
    if narrow is None:
        return []
    where, args = narrow.where, narrow.args
    beyond, way = (">", "ASC") if wanted.stage == WAITING else ("<", "DESC")
    if start := _key(after):
        where, args = f"{where} AND (r.publicity_ms, r.no) {beyond} (?, ?)", [*args, *start]
    found = db.all(
        f"SELECT r.publicity_ms, r.no FROM report r WHERE {where}"
        f" ORDER BY r.publicity_ms {way}, r.no {way} LIMIT {int(limit)}",
        *args,
    )
    return [Key(*row) for row in found]


def _listed(db: Db, keys: Sequence[Key]) -> list[Listed]:
    entities = load_numbers(db, [key.no for key in keys])
    known = [(key, entities[key.no]) for key in keys if key.no in entities]
    return [Listed(key.since_ms, key.no, one.id, one.seen or {}) for key, one in known]


def _where(db: Db, wanted: Wanted) -> Narrow | None:
    """The condition; None where words were typed that nothing holds."""
    # The plus keeps SQLite from an index of another order: it would sort all that has the topic.
    aside = "" if db.postgres else "+"
    clauses: list[str] = ["r.publicity = ?"]
    args: list[Any] = [wanted.stage]
    for clause, value in (
        (f"{aside}r.topic = ?", wanted.topic or None),
        (f"{aside}r.lead_agency = ?", wanted.agency or None),
        ("r.publicity_ms >= ?", wanted.from_ms),
        ("r.publicity_ms < ?", wanted.to_ms),
    ):
        if value is not None:
            clauses.append(clause)
            args.append(value)
    if wanted.words.strip() and wanted.stage == PUBLIC:
        clause, values = _with_words(db, wanted.words)
        if not values:
            return None
        clauses.append(clause)
        args += values
    return Narrow(" AND ".join(clauses), args)


def _with_words(db: Db, words: str) -> tuple[str, list[Any]]:
    """The condition of words; no values where nothing can fit.

    What few reports hold is looked up by their numbers: else all that is public would be walked through for them.
    """
    query = query_of(words, TSQUERY if db.postgres else FTS5)
    found = _FOUND_POSTGRES if db.postgres else _FOUND_SQLITE
    few = [row[0] for row in db.all(f"{found} LIMIT {FEW_MAX + 1}", query)] if query else []
    if len(few) > FEW_MAX:
        return _AMONG_POSTGRES if db.postgres else _AMONG_SQLITE, [query]
    return f"r.no IN ({','.join('?' * len(few))})", few


def _place(key: Key) -> str:
    return f"{key.since_ms}~{key.no}"


def _key(after: str | None) -> list[int] | None:
    at, _, no = (after or "").rpartition("~")
    try:
        return [int(at), int(no)]
    except ValueError:
        return None
