"""Decide a field conflict: a person says which value stands; the other stays in the history for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from intake_app.actions.making import make_event, require_role, the_entity, write_one
from intake_app.actions.record_report import RECORDERS
from intake_app.node import Actor, Node
from intake_app.store import conflicts
from sync import limits
from sync.conflict import short_hash, value_of
from sync.errors import InvalidFields, Refused
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
    require_role(actor, *RECORDERS, "approver")
    with node.database.transaction() as db:
        rows = [conflicts.find(db, conflict_id) for conflict_id in ids]
        if not rows or any(row is None for row in rows):
            raise Refused("no_such_conflict", conflict=(ids[0] if ids else "")[:40])
        first = rows[0]
        assert first is not None
        state = the_entity(db, first.report_id).seen or {}
        current = value_of(state, first.field)
        if has_seen and seen_current != current:
            raise Refused("stale", field=first.field)
        chosen = {"current": current, "other": first.other}.get(keep, value)
        if keep == "value" and chosen is not None:
            check = {**limits.OPEN_FIELDS, **limits.PRIVATE_FIELDS}.get(first.field)
            if check is not None and (problem := check(chosen)):
                raise InvalidFields({first.field: problem})
        body = {"field": first.field, "value": chosen, "was": short_hash(current)}
        private = first.field in limits.PRIVATE_FIELDS
        opened = {"conflicts": list(ids)} | ({} if private else body)
        event = make_event(node, actor, "conflict.decided", first.report_id, opened, body if private else {})
        return write_one(node, db, event)
