"""Hand-overs of shifts as this node sees them, and what is counted for the next one."""

from __future__ import annotations

from typing import Any, NamedTuple

from intake_app.store.database import Db
from intake_app.store.entities import State, decode
from sync.workflow import OPEN

LIST_MAX = 100
_ROWS = "SELECT id, state, view FROM entity WHERE type = 'shift'"
_OPEN = ",".join(f"'{status}'" for status in sorted(OPEN))


class Shift(NamedTuple):
    """One hand-over."""

    id: bytes
    state: State


def hand_overs(db: Db, limit: int = LIST_MAX) -> list[Shift]:
    """The newest hand-overs that this node holds."""
    rows = db.all(f"{_ROWS} AND (state IS NOT NULL OR view IS NOT NULL) ORDER BY no DESC LIMIT ?", limit)
    return sorted((_shift(row) for row in rows), key=lambda one: str(one.state["until"]), reverse=True)


def find(db: Db, shift_id: bytes) -> Shift | None:
    """The hand-over of an id, or None."""
    row = db.one(f"{_ROWS} AND id = ? AND (state IS NOT NULL OR view IS NOT NULL)", shift_id)
    return None if row is None else _shift(row)


def last_here(db: Db, node: str) -> Shift | None:
    """The last hand-over at this very computer."""
    return next((one for one in hand_overs(db) if one.state["node"] == node), None)


def _shift(row: Any) -> Shift:
    return Shift(row[0], decode(row[2]) or decode(row[1]) or {})


def received(db: Db, office: str, from_ms: int, to_ms: int) -> list[tuple[str, str, int]]:
    """How many reports an office recorded in a time, by channel and status; by when they were typed, not by what was typed."""
    rows = db.all(
        "SELECT r.channel, r.status, count(*) FROM entity e JOIN report r ON r.no = e.no"
        " WHERE e.id >= ? AND e.id < ? AND r.office = ? GROUP BY r.channel, r.status",
        _least_id(from_ms), _least_id(to_ms), office,
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in rows]


def _least_id(ms: int) -> bytes:
    return ms.to_bytes(6, "big") + bytes(10)


def urgent_codes(db: Db, office: str) -> list[str]:
    """The codes of an office's urgent reports that are still open, the newest first."""
    sql = f"SELECT tracking_code FROM report WHERE urgency <> 'normal' AND office = ? AND status IN ({_OPEN})"
    return [row[0] for row in db.all(f"{sql} ORDER BY received_ms DESC", office)]
