"""Pages of reports: the filters people use, by key and not by offset, so that a long list is as fast as a short one."""

from __future__ import annotations

from dataclasses import dataclass

from intake_app.store import search
from intake_app.store.database import Db
from intake_app.store.reports import LIST_MAX, SELECT, ReportRow, acked, rows_of

COUNT_MAX = 1000  # a list says "more than 1,000"; counting further costs more than it tells


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
    office: str | None = None
    urgency: str | None = None
    urgent: bool | None = None  # anything but normal, or nothing but normal
    channel: str | None = None
    conflicts: bool = False
    refused: bool = False
    awaiting_told: bool = False
    received_from_ms: int | None = None
    received_to_ms: int | None = None


@dataclass(frozen=True)
class ListPage:
    """One page; `next` is the key of the following one, `total` stops counting at COUNT_MAX."""

    rows: list[ReportRow]
    next: str | None
    total: int


def _where(db: Db, wanted: ListFilter) -> tuple[list[str], list[object]]:
    clauses: list[str] = []
    args: list[object] = []
    for column in ("unit", "topic", "office", "urgency", "channel"):
        if value := getattr(wanted, column):
            clauses.append(f"r.{column} = ?")
            args.append(value)
    for column, values in (("unit", wanted.units), ("status", wanted.statuses)):
        if values:
            clauses.append(f"r.{column} IN ({','.join('?' * len(values))})")
            args += values
    for clause, value in (
        ("r.officer = ?", wanted.mine),
        ("r.lead_agency = ?", wanted.agency),
        ("r.received_ms >= ?", wanted.received_from_ms),
        ("r.received_ms < ?", wanted.received_to_ms),
    ):
        if value is not None:
            clauses.append(clause)
            args.append(value)
    if wanted.urgent is not None:
        clauses.append(f"r.urgency {'<>' if wanted.urgent else '='} 'normal'")
    if wanted.waiting:
        clauses.append("r.own_seq > ?")
        args.append(acked(db))
    if wanted.conflicts:
        clauses.append("r.conflicts > 0 AND (r.conflicts > 0 OR r.refused > 0)")
    if wanted.refused:
        clauses.append("r.refused > 0 AND (r.conflicts > 0 OR r.refused > 0)")
    if wanted.awaiting_told:
        clauses.append("r.told = 0 AND r.status IN ('answered','rejected')")
    return clauses, args


def list_reports(
    db: Db, wanted: ListFilter, after: str | None = None, limit: int = 50, *, oldest_first: bool = False
) -> ListPage:
    """A page of reports, newest first unless asked otherwise; `after` is the `next` of the page before, else it starts again."""
    beyond, order = (">", "ASC") if oldest_first else ("<", "DESC")
    limit = max(1, min(limit, LIST_MAX))
    clauses, args = _where(db, wanted)
    where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
    total = db.value(f"SELECT count(*) FROM (SELECT 1 FROM report r{where} LIMIT {COUNT_MAX + 1}) AS counted", *args)
    if key := _key(after):
        clauses.append(f"(r.received_ms, r.no) {beyond} (?, ?)")
        args += key
    where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
    found = db.all(f"{SELECT}{where} ORDER BY r.received_ms {order}, r.no {order} LIMIT {limit + 1}", *args)
    rows = rows_of(db, found[:limit])
    more = f"{rows[-1].received_ms}-{rows[-1].no}" if len(found) > limit else None
    return ListPage(rows, more, total)


def _key(after: str | None) -> tuple[int, int] | None:
    received, _, no = (after or "").rpartition("-")
    try:
        return int(received), int(no)
    except ValueError:
        return None


def search_reports(db: Db, words: str, limit: int = 50) -> list[ReportRow]:
    """The newest reports that hold all of these words: code, phone, name, text, with and without accents."""
    numbers = search.find_numbers(db, words, min(limit, LIST_MAX))
    if not numbers:
        return []
    marks = ",".join("?" * len(numbers))
    return rows_of(db, db.all(f"{SELECT} WHERE r.no IN ({marks}) ORDER BY r.received_ms DESC, r.no DESC", *numbers))


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
