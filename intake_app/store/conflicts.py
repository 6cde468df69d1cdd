"""Open field conflicts, as rows for people; their values stand in the reports they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intake_app.store.database import Db
from intake_app.store.entities import load_numbers
from intake_app.store.tables_lists import IS_MERGED
from sync.conflict import value_of
from sync.event import EventBytes, from_bytes
from sync.limits import PRIVATE_FIELDS


@dataclass(frozen=True)
class ConflictRow:
    """One open conflict; `replaced` is what both saw, where it is known."""

    id: str
    report_id: bytes
    tracking_code: str
    summary: str
    field: str
    current: Any
    other: Any
    replaced: Any
    by: str
    at: int
    node: str
    replaced_known: bool = False
    secret: bool = False  # a field of an identity that is to be kept secret


_OF_AGENCY = " WHERE entity_no IN (SELECT no FROM report WHERE lead_agency = ?)"


def list_conflicts(db: Db, limit: int = 100, after: int = 0, agency: str | None = None) -> list[ConflictRow]:
    """Open conflicts, oldest first, of one agency's reports or of all; `after` skips as many."""
    narrow, args = (_OF_AGENCY, [agency]) if agency else ("", [])
    found = db.all(
        f"SELECT id, entity_no FROM conflict{narrow} ORDER BY at_ms, id LIMIT ? OFFSET ?", *args, limit, after
    )
    entities = load_numbers(db, {row[1] for row in found})
    rows: list[ConflictRow] = []
    for conflict_id, no in found:
        one = entities.get(no)
        for row in (one.seen or {}).get("conflicts", ()) if one else ():
            if row["id"] == conflict_id and one is not None:
                rows.append(_row(one.id, one.seen or {}, row))
    return rows


def _row(report_id: bytes, state: dict[str, Any], row: dict[str, Any]) -> ConflictRow:
    return ConflictRow(
        row["id"], report_id, state["tracking_code"], state["summary"], row["field"], value_of(state, row["field"]),
        row["other"], row.get("replaced"), row["by"], row["at"], row["node"], "replaced" in row,
        bool(state.get("confidential")) and row["field"] in PRIVATE_FIELDS,
    )  # fmt: skip


def find(db: Db, conflict_id: str) -> ConflictRow | None:
    """The open conflict of an id, or None."""
    no = db.value("SELECT entity_no FROM conflict WHERE id = ?", conflict_id)
    if no is None:
        return None
    one = load_numbers(db, [no])[no]
    for row in (one.seen or {}).get("conflicts", ()):
        if row["id"] == conflict_id:
            return _row(one.id, one.seen or {}, row)
    return None


def of_report(state: dict[str, Any], report_id: bytes) -> list[ConflictRow]:
    """The open conflicts of one report."""
    return [_row(report_id, state, row) for row in state.get("conflicts", ())]


def count(db: Db, agency: str | None = None) -> int:
    """How many conflicts are open, on one agency's reports or on all."""
    narrow, args = (_OF_AGENCY, [agency]) if agency else ("", [])
    return int(db.value(f"SELECT count(*) FROM conflict{narrow}", *args))


@dataclass(frozen=True)
class Merged:
    """An entry of this machine that the centre found done already: two people did the same, and nothing was lost."""

    kind: str
    at: int
    report_id: bytes
    tracking_code: str
    summary: str


def list_merged(db: Db, limit: int = 20) -> list[Merged]:
    """What merged by itself, the newest first."""
    rows = db.all(
        "SELECT j.kind, j.header, j.open, j.private, e.id, r.tracking_code, r.summary FROM journal j"
        f" JOIN entity e ON e.no = j.entity_no JOIN report r ON r.no = j.entity_no WHERE {IS_MERGED}"
        " ORDER BY j.no DESC LIMIT ?",
        limit,
    )
    return [Merged(row[0], from_bytes(EventBytes(*row[1:4])).at_ms, *row[4:7]) for row in rows]


def count_merged(db: Db) -> int:
    """How many entries of this machine merged by themselves."""
    return int(db.value(f"SELECT count(*) FROM journal WHERE {IS_MERGED}"))
