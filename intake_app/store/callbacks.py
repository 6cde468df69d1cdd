"""Who is to be called back, and when: one row a report, made from what is seen of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from intake_app.clock import from_iso
from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, load_numbers

UNTOLD = frozenset({"answered", "rejected"})
OVER = frozenset({"withdrawn", "closed"})


class Due(NamedTuple):
    """That somebody is to be called: when, whether that time was set by hand, and how often it was tried."""

    at_ms: int
    planned: bool
    tries: int


@dataclass(frozen=True)
class Callback:
    """One line of the list of people to call."""

    no: int
    id: bytes
    state: State
    due: Due


@dataclass(frozen=True)
class CallbackPage:
    """One page; `next` is the key of the following one."""

    rows: list[Callback]
    next: str | None
    due: int
    total: int


def due_of(state: State) -> Due | None:
    """Whether and when the citizen of a report is to be called; no calendar decides, only what was written down."""
    status = state["status"]
    calls, informed = state.get("calls", ()), told_of(state)
    if status in OVER or not (calls or status in UNTOLD):
        return None
    last = max(calls, key=lambda call: call["at"], default=None)
    told_at = max((each["at"] for each in informed), default=0)
    tries = sum(call.get("direction") != "in" for call in calls)
    if last is not None and last.get("next_try") and last["at"] >= told_at:
        return Due(from_iso(last["next_try"]), True, tries)
    if status in UNTOLD and not informed and state.get("reply_by") != "none":
        return Due(_answered_ms(state), False, tries)
    return None


def told_of(state: State) -> list[State]:
    """When and how the citizen was told, since the report was last taken up again: the answer of before is no answer any more."""
    if not state.get("informed"):
        return []
    again = max((entry["at"] for entry in state.get("history", ()) if entry.get("step") == "reopen"), default=0)
    return [each for each in state["informed"] if each["at"] > again]


def _answered_ms(state: State) -> int:
    said = [entry["at"] for entry in state.get("history", ()) if entry.get("to") in UNTOLD]
    return max(said) if said else int(state.get("answer", {}).get("at") or from_iso(state["received_at"]))


def save(db: Db, entities: Sequence[Entity]) -> None:
    """Bring the rows of reports up to date. A fresh report on which nothing happened yet has none and had none."""
    rows = [(one.no, one.seen["office"], *due) for one in entities if one.seen and (due := due_of(one.seen))]
    if rows or db.one("SELECT 1 FROM callback LIMIT 1"):
        gone = [(one.no,) for one in entities if one.version is not None or not _is_fresh(one.seen or {})]
        db.many("DELETE FROM callback WHERE entity_no = ?", gone)
    db.many(
        "INSERT INTO callback (entity_no, office, due_ms, planned, tries) VALUES (?,?,?,?,?)",
        [(no, office, at_ms, int(planned), tries) for no, office, at_ms, planned, tries in rows],
    )


def _is_fresh(state: State) -> bool:
    return not (state.get("history") or state.get("calls") or state.get("informed"))


def fits(db: Db, no: int, state: State) -> bool:
    """Whether the row of a report says what its state says."""
    row = db.one("SELECT due_ms, planned, tries FROM callback WHERE entity_no = ? AND office = ?", no, state["office"])
    return (None if row is None else Due(row[0], bool(row[1]), row[2])) == due_of(state)


def forget(db: Db, no: int) -> None:
    """Take the row of a report that is not here any more."""
    db.run("DELETE FROM callback WHERE entity_no = ?", no)


def list_callbacks(
    db: Db, now_ms: int, office: str | None, agency: str | None, after: str | None = None, limit: int = 50
) -> CallbackPage:
    """Whom to call, who waits longest first; of one office's reports or of all, of one agency's or of all."""
    narrow, args = "", []
    for column, value in (("c.office", office), ("r.lead_agency", agency)):
        if value is not None:
            narrow += f" AND {column} = ?"
            args.append(value)
    joined = f" FROM callback c JOIN report r ON r.no = c.entity_no WHERE 1 = 1{narrow}"
    total, due = db.one(f"SELECT count(*), sum(CASE WHEN c.due_ms <= ? THEN 1 ELSE 0 END){joined}", now_ms, *args) or (
        0,
        0,
    )
    if not total:
        return CallbackPage([], None, 0, 0)
    if key := _key(after):
        joined += " AND (c.due_ms, c.entity_no) > (?, ?)"
        args += key
    found = db.all(
        f"SELECT c.entity_no, c.due_ms, c.planned, c.tries{joined} ORDER BY c.due_ms, c.entity_no LIMIT ?",
        *args,
        limit + 1,
    )
    entities = load_numbers(db, [row[0] for row in found[:limit]])
    rows = [
        Callback(row[0], entities[row[0]].id, entities[row[0]].seen or {}, Due(row[1], bool(row[2]), row[3]))
        for row in found[:limit]
    ]
    more = f"{found[limit - 1][1]}-{found[limit - 1][0]}" if len(found) > limit else None
    return CallbackPage(rows, more, due, total)


def count_due(db: Db, now_ms: int, office: str) -> int:
    """How many people of an office's reports are to be called by now: what its list of people to call shows as due."""
    sql = "SELECT count(*) FROM callback WHERE office = ? AND due_ms <= ?"
    return int(db.value(sql, office, now_ms))


def _key(after: str | None) -> list[int] | None:
    due, _, no = (after or "").rpartition("-")
    try:
        return [int(due), int(no)]
    except ValueError:
        return None
