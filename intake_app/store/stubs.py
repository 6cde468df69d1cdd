"""Stubs: of a report that has left this node only its code stays, and where it is now. No word of the citizen's."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from intake_app.store.database import Db
from intake_app.store.entities import Entity, State
from sync import tracking_code

LEFT = "left"  # the type of a state that is sent in place of one that has left
_FIELDS = ("tracking_code", "aliases", "unit", "lead_agency")


class Stub(NamedTuple):
    """A report that has left: its id and code, the unit it is filed under, the agency that leads."""

    id: bytes
    code: str
    unit: str
    agency: str | None


def shortened(state: State) -> State:
    """What a node that held a report is told of it when it leaves."""
    return {field: state[field] for field in _FIELDS if state.get(field)}


def note(db: Db, no: int, state: State) -> None:
    """Keep where a report is now, under every code it was ever known by."""
    db.run("DELETE FROM moved_report WHERE entity_no = ?", no)
    codes = dict.fromkeys([state["tracking_code"], *state.get("aliases", ())])
    db.many(
        "INSERT INTO moved_report (code, entity_no, unit, agency) VALUES (?,?,?,?)",
        [(code, no, state["unit"], state.get("lead_agency")) for code in codes],
    )


def keep(db: Db, one: Entity) -> None:
    """Keep a stub of a report that is about to be forgotten, if the centre has not said where it went: where it was last."""
    if one.type != "report" or one.seen is None:
        return
    if db.one("SELECT 1 FROM moved_report WHERE entity_no = ? LIMIT 1", one.no) is None:
        note(db, one.no, one.seen)


def drop(db: Db, numbers: Collection[int]) -> None:
    """Reports that have come back are no stubs any more."""
    if numbers and db.one("SELECT 1 FROM moved_report LIMIT 1"):
        db.many("DELETE FROM moved_report WHERE entity_no = ?", [(no,) for no in sorted(numbers)])


def of_code(db: Db, text: str) -> Stub | None:
    """The stub of a code in any spelling, if there is one. Raises Refused("bad_code")."""
    return _found(db, "m.code = ?", tracking_code.parse(text))


def of_report(db: Db, report_id: bytes) -> Stub | None:
    """The stub of a report's id, if there is one."""
    return _found(db, "e.id = ?", report_id)


def _found(db: Db, where: str, value: Any) -> Stub | None:
    row = db.one(
        "SELECT e.id, m.code, m.unit, m.agency FROM moved_report m JOIN entity e ON e.no = m.entity_no"
        f" WHERE {where} AND e.state IS NULL AND e.view IS NULL ORDER BY m.code LIMIT 1",
        value,
    )
    return None if row is None else Stub(*row)
