"""Pages of reports: the filters people use, by key and not by offset, so that a long list is as fast as a short one.

Few reports fit: all their keys are fetched, sorted here and counted. Many fit: the list is walked in its order, and what
is narrowed to several units or statuses is one such walk for each, put together by the database; else it would sort all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import gt, lt
from typing import Any, NamedTuple

from intake_app.clock import iso
from intake_app.store.database import Db
from intake_app.store.reports import LIST_MAX, SELECT, ReportRow, acked, rows_of
from intake_app.store.tables_lists import IS_OWED
from sync import workflow

COUNT_MAX = 1000  # a list says "more than 1,000"; counting further costs more than it tells
VIEW_COUNT_MAX = 99  # beside a link "99+" is enough
WALKS_MAX = 60  # units of one list; the largest district has 35 communes
_IS_OPEN = "(" + " AND ".join(f"r.status <> '{status}'" for status in sorted(workflow.ENDED)) + ")"


# An office that nobody of its has to call would have all reports looked at: PostgreSQL expects to find some soon.
_CALLED_POSTGRES = "r.no = ANY(ARRAY(SELECT entity_no FROM callback WHERE office = ?))"
_CALLED_SQLITE = "r.no IN (SELECT entity_no FROM callback WHERE office = ?)"


class Order(NamedTuple):
    """An order of a list: the column it goes by, and whether the largest comes first."""

    column: str
    falling: bool


# A letter comes after the digits of a time in every collation: what has no deadline stands last.
ORDERS: Mapping[str, Order] = {
    "newest": Order("r.received_ms", True),
    "oldest": Order("r.received_ms", False),
    "deadline": Order("coalesce(r.deadline, 'z')", False),
}
NO_DEADLINE = "'z'"
PIECES = {"r.deadline": "r.deadline IS NOT NULL", NO_DEADLINE: "r.deadline IS NULL"}


@dataclass(frozen=True)
class ListFilter:
    """What a list is narrowed to."""

    mine: bytes | None = None
    waiting: bool = False
    statuses: tuple[str, ...] = ()
    unit: str | None = None
    units: tuple[str, ...] = ()
    topic: str | None = None
    agency: str | None = None
    supporting: str | None = None  # what this agency helps with while another one leads
    office: str | None = None
    urgency: str | None = None
    urgent: bool | None = None  # anything but normal, or nothing but normal
    channel: str | None = None
    unrouted: bool = False
    conflicts: bool = False
    refused: bool = False
    awaiting_call: str | None = None  # the office that has to call
    sent_back: bool = False
    open: bool = False  # nobody has answered or ended it
    received_from_ms: int | None = None
    received_to_ms: int | None = None
    owed_from_ms: int | None = None  # the deadline of what is still open
    owed_to_ms: int | None = None
    near_ms: int | None = None  # its deadline is near or over by this moment
    told_from: int | None = None  # how far somebody was told of it, at least


@dataclass(frozen=True)
class ListPage:
    """One page; `next` is the key of the following one, `total` stops counting at COUNT_MAX."""

    rows: list[ReportRow]
    next: str | None
    total: int


def _where(db: Db, wanted: ListFilter, walking: bool = False, aside_all: bool = False) -> tuple[str, list[Any]]:
    """The condition; one who walks in the order of the list must not be led away by an index of another order."""
    clauses: list[str] = []
    args: list[Any] = []
    for column in ("unit", "topic", "office", "urgency", "channel"):
        if value := getattr(wanted, column):
            clauses.append(f"r.{column} = ?")
            args.append(value)
    for column, values in (("unit", wanted.units), ("status", wanted.statuses)):
        if values:
            aside = "+" if walking and (aside_all or len(values) > 1) and not db.postgres else ""
            clauses.append(f"{aside}r.{column} IN ({','.join('?' * len(values))})")
            args += values
    for clause, value in (
        ("r.officer = ?", wanted.mine),
        ("r.lead_agency = ?", wanted.agency),
        ("r.no IN (SELECT entity_no FROM report_support WHERE agency = ?)", wanted.supporting),
        (_CALLED_POSTGRES if db.postgres else _CALLED_SQLITE, wanted.awaiting_call),
        ("r.received_ms >= ?", wanted.received_from_ms),
        ("r.received_ms < ?", wanted.received_to_ms),
        (f"{IS_OWED} AND r.deadline >= ?", None if wanted.owed_from_ms is None else iso(wanted.owed_from_ms)),
        (f"{IS_OWED} AND r.deadline < ?", None if wanted.owed_to_ms is None else iso(wanted.owed_to_ms)),
        (f"{IS_OWED} AND r.soon <= ?", None if wanted.near_ms is None else iso(wanted.near_ms)),
        (f"{IS_OWED} AND r.reminded >= ?", wanted.told_from),
        ("+r.own_seq > ?" if walking else "r.own_seq > ?", acked(db) if wanted.waiting else None),
    ):
        if value is not None:
            clauses.append(clause)
            args.append(value)
    if wanted.urgent is not None:
        clauses.append(f"r.urgency {'<>' if wanted.urgent else '='} 'normal'")
    for asked, clause in (
        (wanted.conflicts, "r.conflicts > 0 AND (r.conflicts > 0 OR r.refused > 0)"),
        (wanted.refused, "r.refused > 0 AND (r.conflicts > 0 OR r.refused > 0)"),
        (wanted.sent_back, "r.no IN (SELECT entity_no FROM query WHERE settled_ms IS NULL)"),
        (wanted.open, _IS_OPEN),
        (wanted.unrouted, "r.lead_agency IS NULL"),
    ):
        if asked:
            clauses.append(clause)
    return f" WHERE {' AND '.join(clauses)}" if clauses else "", args


def list_reports(
    db: Db, wanted: ListFilter, after: str | None = None, limit: int = 50, sort: str = "newest"
) -> ListPage:
    """A page of reports in an order of ORDERS; `after` is the `next` of the page before, else the list starts again."""
    order = ORDERS[sort]
    limit = max(1, min(limit, LIST_MAX))
    start = _key(after, order)
    every = _all_keys(db, wanted, order)
    if len(every) <= COUNT_MAX:
        keys = _following(every, order, start)[: limit + 1]
    else:
        keys = _walk(db, wanted, order, start, limit + 1)
    rows = _rows(db, [key[1] for key in keys[:limit]])
    more = f"{keys[limit - 1][0]}~{keys[limit - 1][1]}" if len(keys) > limit else None
    return ListPage(rows, more, len(every))


def _all_keys(db: Db, wanted: ListFilter, order: Order) -> Sequence[Any]:
    where, args = _where(db, wanted)
    return db.all(f"SELECT {order.column}, r.no FROM report r{where} LIMIT {COUNT_MAX + 1}", *args)


def _following(every: Sequence[Any], order: Order, start: tuple[Any, int] | None) -> list[Any]:
    keys = sorted((tuple(key) for key in every), reverse=order.falling)
    beyond = lt if order.falling else gt
    return keys if start is None else [key for key in keys if beyond(key, start)]


def _walk(db: Db, wanted: ListFilter, order: Order, start: tuple[Any, int] | None, limit: int) -> Sequence[Any]:
    if order is not ORDERS["deadline"]:
        return _walk_by(db, wanted, order, start, limit)
    # What has a deadline stands before all that has none: mostly the first is enough, and an index gives it.
    found: list[Any] = []
    for piece in (Order("r.deadline", False), Order(NO_DEADLINE, False)):
        if len(found) < limit and not (start and start[0] == "z" and piece.column != NO_DEADLINE):
            found += _walk_by(db, wanted, piece, start, limit - len(found))
    return found


def _walk_by(db: Db, wanted: ListFilter, order: Order, start: tuple[Any, int] | None, limit: int) -> Sequence[Any]:
    beyond, way = ("<", "DESC") if order.falling else (">", "ASC")
    by = "r.no" if order.column == NO_DEADLINE else f"{order.column} {way}, r.no"
    parts: list[str] = []
    args: list[Any] = []
    for part in _split(wanted):
        where, values = _where(db, part, walking=True, aside_all=order.column == "r.deadline")
        if only := PIECES.get(order.column):
            where += f"{' AND' if where else ' WHERE'} {only}"
        if start is not None:
            where += f"{' AND' if where else ' WHERE'} ({order.column}, r.no) {beyond} (?, ?)"
            values += start
        parts.append(
            f"SELECT * FROM (SELECT {order.column} AS place, r.no AS no FROM report r{where}"
            f" ORDER BY {by} {way} LIMIT {limit}) AS part{len(parts)}"
        )
        args += values
    return db.all(f"{' UNION ALL '.join(parts)} ORDER BY 1 {way}, 2 {way} LIMIT {limit}", *args)


def _split(wanted: ListFilter) -> list[ListFilter]:
    """The list as several of one unit or one status each, whose order an index gives."""
    if wanted.units and not wanted.unit and len(wanted.units) <= WALKS_MAX:
        return [replace(wanted, units=(), unit=unit) for unit in wanted.units]
    if 1 < len(wanted.statuses) <= WALKS_MAX and not wanted.units:
        return [replace(wanted, statuses=(status,)) for status in wanted.statuses]
    return [wanted]


def _rows(db: Db, numbers: Sequence[int]) -> list[ReportRow]:
    """The lines of these reports, in this order."""
    if not numbers:
        return []
    found = rows_of(db, db.all(f"{SELECT} WHERE r.no IN ({','.join('?' * len(numbers))})", *numbers))
    by_number = {row.no: row for row in found}
    return [by_number[no] for no in numbers]


def _key(after: str | None, order: Order) -> tuple[Any, int] | None:
    place, _, no = (after or "").rpartition("~")
    try:
        return (int(place) if order.column == "r.received_ms" else place, int(no))
    except ValueError:
        return None


def count_views(db: Db, views: Mapping[str, ListFilter]) -> dict[str, int]:
    """How many reports each of these lists has, counted to VIEW_COUNT_MAX and one more."""
    if not views:
        return {}
    parts, args = [], []
    for wanted in views.values():
        where, values = _where(db, wanted)
        parts.append(f"(SELECT count(*) FROM (SELECT 1 FROM report r{where} LIMIT {VIEW_COUNT_MAX + 1}) AS counted)")
        args += values
    return dict(zip(views, db.one(f"SELECT {', '.join(parts)}", *args) or (), strict=True))


def count_reports(db: Db) -> int:
    """How many reports this machine holds."""
    return int(db.value("SELECT count(*) FROM report"))


def count_by_sync_state(db: Db) -> dict[str, int]:
    """How many reports are where on their way; only those that wait or need a person are looked at."""
    stored_to = acked(db)
    rows = db.all("SELECT own_seq, conflicts, refused FROM report WHERE conflicts > 0 OR refused > 0")
    refused = sum(1 for row in rows if row[2])
    waiting = db.value("SELECT count(*) FROM report WHERE own_seq > ?", stored_to) - sum(
        1 for row in rows if row[0] > stored_to
    )
    counts = {"saved": waiting, "conflict": len(rows) - refused, "refused": refused}
    return counts | {"at_centre": count_reports(db) - len(rows) - waiting}
