"""Which agencies help with which reports: one row each, made from what is seen of a report, so that they find theirs."""

from __future__ import annotations

from collections.abc import Sequence

from intake_app.store.database import Db
from intake_app.store.entities import Entity, State

_IN_MAX = 400


def save(db: Db, entities: Sequence[Entity]) -> None:
    """Bring the rows of reports up to date. A report that was just recorded here has none, and none is looked for."""
    rows = [(agency, one.no) for one in entities if one.seen for agency in _of(one.seen)]
    moved = [one.no for one in entities if one.version is not None or (one.seen or {}).get("history")]
    if moved and db.one("SELECT 1 FROM report_support LIMIT 1"):
        for at in range(0, len(moved), _IN_MAX):
            some = moved[at : at + _IN_MAX]
            db.run(f"DELETE FROM report_support WHERE entity_no IN ({','.join('?' * len(some))})", *some)
    if rows:
        db.many("INSERT INTO report_support (agency, entity_no) VALUES (?,?) ON CONFLICT DO NOTHING", rows)


def _of(state: State) -> list[str]:
    """The agencies that help; one that leads the report itself does not help with it."""
    return [agency for agency in state.get("supporting", ()) if agency != state.get("lead_agency")]


def fits(db: Db, no: int, state: State) -> bool:
    """Whether the rows of a report say what its state says."""
    rows = db.all("SELECT agency FROM report_support WHERE entity_no = ?", no)
    return sorted(row[0] for row in rows) == sorted(set(_of(state)))


def forget(db: Db, no: int) -> None:
    """Take the rows of a report that is not here any more."""
    db.run("DELETE FROM report_support WHERE entity_no = ?", no)
