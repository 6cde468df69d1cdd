"""Changing one field by compare-and-set on the value it replaces; what does not fit becomes a conflict row for a person.

Pure. The current value always stays; nothing here decides between two people.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from sync.event import canonical
from sync.limits import DEFAULTS, PRIVATE_FIELDS

State = dict[str, Any]
SHORT_HASH_CHARS = 16  # 64 bits: enough to tell two values of one field apart


class Origin(NamedTuple):
    """Who changed something, where and when: what a conflict row and the history say."""

    event: str
    node: str
    by: str
    at_ms: int


def short_hash(value: Any) -> str:
    """The short hash of a field's value; a field that was never set has the hash of its default."""
    return sha256(canonical(value)).hexdigest()[:SHORT_HASH_CHARS]


def value_of(state: Mapping[str, Any], field: str) -> Any:
    """The current value of a field, or its default."""
    holder = state.get("reporter", {}) if field in PRIVATE_FIELDS else state
    return holder.get(field, DEFAULTS.get(field))


def put(state: State, field: str, value: Any) -> None:
    """Set a field in a state that the caller owns; None and the default leave no trace."""
    private = field in PRIVATE_FIELDS
    holder = dict(state.get("reporter", {})) if private else state
    if value is None or value == DEFAULTS.get(field):
        holder.pop(field, None)
    else:
        holder[field] = value
    if private:
        state["reporter"] = holder


class Change(NamedTuple):
    """What became of one changed field."""

    verdict: str  # applied, merged, conflict
    was: Any = None


def change(state: State, field: str, new: Any, was: str, origin: Origin) -> Change:
    """Change one field if it still holds what the person saw, else keep it and add a conflict row."""
    current = value_of(state, field)
    if current == new or (new is None and current == DEFAULTS.get(field)):
        return Change("merged")
    if short_hash(current) == was:
        put(state, field, new)
        return Change("applied", current)
    _contest(state, field, new, was, origin)
    return Change("conflict")


def _contest(state: State, field: str, new: Any, was: str, origin: Origin) -> None:
    rows = list(state.get("conflicts", ()))
    for at, row in enumerate(rows):
        if row["field"] == field and origin.event in row.get("moved", ()):
            return  # laid again over a state that holds it already
        # The same node goes on editing what it cannot know to be contested: its side moves, no second row.
        if row["field"] == field and row["node"] == origin.node and short_hash(row["other"]) == was:
            moved = [*row.get("moved", ()), origin.event]
            rows[at] = row | {"other": new, "at": origin.at_ms, "by": origin.by, "moved": moved}
            state["conflicts"] = rows
            return
    open_row(state, new_row(field, new, origin) | _replaced(state, field, was))


def open_row(state: State, row: dict[str, Any]) -> None:
    """Add a row; one that is there stays as it is, for a pending event may be laid over a state that holds it already."""
    rows = state.get("conflicts", ())
    if all(other["id"] != row["id"] for other in rows):
        state["conflicts"] = [*rows, row]


def new_row(field: str, other: Any, origin: Origin) -> dict[str, Any]:
    """A conflict row; its id follows from the event and the field, so every machine names it alike."""
    name = sha256(f"{origin.event}/{field}".encode()).hexdigest()[:32]
    return {
        "id": name,
        "field": field,
        "other": other,
        "node": origin.node,
        "by": origin.by,
        "at": origin.at_ms,
        "event": origin.event,
    }


def _replaced(state: State, field: str, was: str) -> dict[str, Any]:
    """The value that the person saw, found by its hash in the history."""
    for entry in reversed(state.get("history", ())):
        if field in entry.get("was", {}) and short_hash(entry["was"][field]) == was:
            return {"replaced": entry["was"][field]}
    return {"replaced": None} if was == short_hash(DEFAULTS.get(field)) and DEFAULTS.get(field) is None else {}


def close(state: State, ids: set[str]) -> list[dict[str, Any]]:
    """Take rows out of the open conflicts and return them."""
    rows = state.get("conflicts", [])
    kept = [row for row in rows if row["id"] not in ids]
    taken = [row for row in rows if row["id"] in ids]
    if kept:
        state["conflicts"] = kept
    else:
        state.pop("conflicts", None)
    return taken
