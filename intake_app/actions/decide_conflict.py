"""Decide a field conflict: a person says which value stands; the other stays in the history for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from intake_app.actions.amend_report import checked
from intake_app.actions.making import make_event, require_role, the_entity, write_one
from intake_app.node import Actor, Node
from intake_app.store import conflicts, journal
from intake_app.store.conflicts import ConflictRow
from sync import limits, permission
from sync.conflict import short_hash, value_of
from sync.errors import InvalidFields, Problem, Refused
from sync.outcome import Outcome


def decide_conflict(
    node: Node,
    actor: Actor,
    ids: Sequence[str],
    keep: str,
    value: Any = None,
    *,
    seen_current: Any = None,
    has_seen: bool = False,
) -> Outcome:
    """Decide conflicts of one field: keep "current", "other" or a "value" of one's own. Raises Refused, InvalidFields."""
    require_role(actor, *permission.ROLES["conflict.decided"])
    with node.database.transaction() as db:
        journal.hold(db)
        rows = [conflicts.find(db, conflict_id) for conflict_id in ids]
        if not rows or any(row is None for row in rows):
            raise Refused("no_such_conflict", conflict=(ids[0] if ids else "")[:40])
        first = rows[0]
        assert first is not None
        state = the_entity(db, first.report_id).seen or {}
        current = value_of(state, first.field)
        if has_seen and seen_current != current:
            raise Refused("stale", field=first.field)
        chosen = _chosen(node, state, first, keep, value)
        body = {"field": first.field, "value": chosen, "was": short_hash(current)}
        private = first.field in limits.PRIVATE_FIELDS
        opened = {"conflicts": list(ids)} | ({} if private else body)
        event = make_event(node, actor, "conflict.decided", first.report_id, opened, body if private else {})
        return write_one(node, db, event)


def _chosen(node: Node, state: dict[str, Any], row: ConflictRow, keep: str, value: Any) -> Any:
    """The value that is to stand; one of a person's own is checked as an amendment is."""
    if keep == "current":
        return value_of(state, row.field)
    if keep == "other":
        return row.other
    if keep != "value":
        raise InvalidFields({"keep": Problem("not_in_set", {"allowed": "current, other, value"})})
    return value if row.field == "status" else checked(node, state, {row.field: value})[row.field]
