"""What the centre sent back: a row for each query, made from what is seen of its report, so that tasks are listed and counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, load_numbers

COUNT_MAX = 99


@dataclass(frozen=True)
class QueryRow:
    """One query with the report it is about."""

    id: str
    report_id: bytes
    office: str
    state: State
    entry: dict[str, Any]


@dataclass(frozen=True)
class QueryPage:
    """One page; `next` is the key of the following one."""

    rows: list[QueryRow]
    next: str | None


def save(db: Db, entities: Sequence[Entity]) -> None:
    """Bring the rows of reports up to date. A state never loses a query, so a report without any has no row."""
    asked = [one for one in entities if one.seen and "queries" in one.seen]
    if not asked:
        return
    db.many("DELETE FROM query WHERE entity_no = ?", [(one.no,) for one in asked])
    db.many(
        "INSERT INTO query (id, entity_no, office, at_ms, settled_ms, how) VALUES (?,?,?,?,?,?)",
        [row for one in asked for row in _rows_of(one.no, one.seen or {})],
    )


def _rows_of(no: int, state: State) -> list[tuple[Any, ...]]:
    return [
        (one["id"], no, state["office"], one["at"], *(one.get("settled", {}).get(key) for key in ("at", "how")))
        for one in state.get("queries", ())
    ]


def fits(db: Db, no: int, state: State) -> bool:
    """Whether the rows of a report say what its state says."""
    if "queries" not in state:
        return True
    found = db.all("SELECT id, entity_no, office, at_ms, settled_ms, how FROM query WHERE entity_no = ?", no)
    return sorted(map(tuple, found)) == sorted(_rows_of(no, state))


def forget(db: Db, no: int) -> None:
    """Take the rows of a report that is not here any more."""
    db.run("DELETE FROM query WHERE entity_no = ?", no)


def count_open(db: Db, offices: Collection[str] | None = None, agency: str | None = None) -> int:
    """How many wait for these offices, or for any; counted to COUNT_MAX and one more."""
    where, args = _where(offices, agency)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM query q{where} AND q.settled_ms IS NULL LIMIT {COUNT_MAX + 1}) AS counted"
    return int(db.value(sql, *args))


def list_queries(
    db: Db,
    settled: bool,
    offices: Collection[str] | None = None,
    agency: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> QueryPage:
    """A page: the open ones, the longest waiting first; or the settled ones, the newest first."""
    where, args = _where(offices, agency)
    where += f" AND q.settled_ms IS {'NOT ' if settled else ''}NULL"
    column, beyond, way = ("settled_ms", "<", "DESC") if settled else ("at_ms", ">", "ASC")
    if key := _key(after):
        where += f" AND (q.{column}, q.id) {beyond} (?, ?)"
        args = [*args, *key]
    found = db.all(
        f"SELECT q.id, q.entity_no, q.office, q.{column} FROM query q{where}"
        f" ORDER BY q.{column} {way}, q.id {way} LIMIT ?",
        *args, limit + 1,
    )  # fmt: skip
    some = found[:limit]
    more = f"{some[-1][3]}~{some[-1][0]}" if len(found) > limit else None
    entities = load_numbers(db, {row[1] for row in some})
    return QueryPage([row for each in some if (row := _row(each, entities.get(each[1])))], more)


def _row(found: Any, one: Entity | None) -> QueryRow | None:
    state = one.seen if one else None
    entry = next((each for each in (state or {}).get("queries", ()) if each["id"] == found[0]), None)
    # After a centre was put back from a copy a row may be of what nobody asked any more.
    return QueryRow(found[0], one.id, found[2], state, entry) if one and state and entry else None


def _where(offices: Collection[str] | None, agency: str | None) -> tuple[str, list[Any]]:
    clauses, args = ["1 = 1"], []
    if offices is not None:
        clauses.append(f"q.office IN ({','.join('?' * len(offices))})")
        args += sorted(offices)
    if agency is not None:
        clauses.append("q.entity_no IN (SELECT no FROM report WHERE lead_agency = ?)")
        args.append(agency)
    return f" WHERE {' AND '.join(clauses)}", args


def _key(after: str | None) -> list[Any] | None:
    at, _, query = (after or "").rpartition("~")
    try:
        return [int(at), query]
    except ValueError:
        return None
