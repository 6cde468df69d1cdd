"""Open field conflicts, as rows for people; their values stand in the reports they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intake_app.store.database import Db
from intake_app.store.entities import load_numbers
from sync.conflict import value_of


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
        row["other"], row.get("replaced"), row["by"], row["at"], row["node"],
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
