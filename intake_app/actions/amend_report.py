"""Change fields of a report: only what changed travels, each with the short hash of the value it replaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake_app.actions.lines import clean_value, read_line
from intake_app.actions.making import make_event, require_role, the_entity, write_one
from intake_app.node import Actor, Node
from sync import limits, permission
from sync.conflict import short_hash, value_of
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.outcome import Outcome

EDITABLE = limits.EDITABLE - {"topic_version", "phone_typed"}


def amend_report(
    node: Node,
    actor: Actor,
    report_id: bytes,
    changes: Mapping[str, Any],
    *,
    reason: str | None = None,
    seen: Mapping[str, Any] | None = None,
) -> Outcome:
    """Change fields. `seen` holds the values the person saw; where one has moved since, it becomes a conflict row."""
    require_role(actor, *permission.EDITORS)
    with node.database.transaction() as db:
        state = the_entity(db, report_id).seen or {}
        new = checked(node, state, changes)
        parts: tuple[dict[str, Any], dict[str, Any]] = ({"set": {}, "was": {}}, {"set": {}, "was": {}})
        for field, value in new.items():
            before = seen[field] if seen is not None and field in seen else value_of(state, field)
            if value == before or (value is None and before == limits.DEFAULTS.get(field)):
                continue
            part = parts[1 if field in limits.PRIVATE_FIELDS else 0]
            part["set"][field], part["was"][field] = value, short_hash(before)
        if not parts[0]["set"] and not parts[1]["set"]:
            raise Refused("nothing_changed")
        opened = parts[0] if parts[0]["set"] else {}
        if why := clean_text(reason or "", multiline=True)[: limits.TEXT_MAX]:
            opened["reason"] = why
        private = parts[1] if parts[1]["set"] else {}
        return write_one(node, db, make_event(node, actor, "report.amended", report_id, opened, private))


def checked(node: Node, state: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The new values as they would be kept: checked together with what stays, as a whole line is. Raises InvalidFields."""
    problems = {
        field: Problem("unknown_key" if field not in limits.FIXED else "fixed", {"key": str(field)[:60]})
        for field in changes
        if field not in EDITABLE
    }
    if problems:
        raise InvalidFields(problems)
    cleaned = {field: clean_value(field, value) for field, value in changes.items()}
    required = {field: Problem("required") for field in limits.REQUIRED if field in cleaned and cleaned[field] is None}
    if required:
        raise InvalidFields(required)
    base = {"channel": state["channel"], "topic": state["topic"], "summary": state["summary"], "unit": state["unit"]}
    if "answers" in cleaned and "topic" not in cleaned:
        base["topic"] = state["topic"]
    line = base | {field: value for field, value in cleaned.items() if value is not None}
    parts = read_line(line, node.directory, node.clock.now_ms())
    made = {**parts.open, **parts.private}
    new: dict[str, Any] = {}
    for field, value in cleaned.items():
        new[field] = None if value is None else made.get(field, value)
    if "phone" in new:
        new["phone_typed"] = made.get("phone_typed")
    if "answers" in new and "topic_version" in made:
        new["topic_version"] = made["topic_version"]
    return new
