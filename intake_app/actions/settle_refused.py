"""What an office does about entries that the centre refused: repair them, or give them up. The journal keeps all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from intake_app.actions.amend_report import checked
from intake_app.actions.lines import KEYS, MULTILINE, read_line
from intake_app.actions.making import make_event, require_role
from intake_app.node import Actor, Node
from intake_app.store import audits, journal
from intake_app.store.database import Db
from intake_app.store.entities import Entity
from intake_app.store.own_events import show_again, write_events
from sync import limits, permission
from sync.conflict import short_hash, value_of
from sync.errors import InvalidFields, Problem, Refused
from sync.event import Event, new_id
from sync.fold import clean_text
from sync.ingest import DISMISSED, KIND_VERSIONS, REFUSED, judge
from sync.outcome import Outcome

# What a first record says beside the keys of a record line; a repair keeps it as it was.
_KEPT = ("tracking_code", "office", "opening", "answer_text", "procedure", "article")
_CHANGING = ("report.amended",)


class Content(NamedTuple):
    """What a refused event says, field by field, and which fields a repair may give another value."""

    event: Event
    verdict: str
    code: str
    params: str | None
    values: dict[str, Any]


def refused_content(db: Db, event_id: bytes) -> Content:
    """A refused event of this computer, opened; raises Refused where there is none (any more)."""
    found = journal.refused_event(db, event_id)
    if found is None:
        raise Refused("not_refused")
    stored = found[1]
    return Content(stored.event, str(stored.verdict), stored.code or "", stored.params, _values(stored.event))


def _values(event: Event) -> dict[str, Any]:
    parts: list[Any] = [event.open, event.private]
    if event.kind in _CHANGING:
        parts = [part.get("set", {}) for part in parts]
    values = {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}
    if event.kind == "report.recorded":
        return {key: value for key, value in values.items() if key in KEYS}
    return {key: value for key, value in values.items() if key not in ("replaces", "conflicts", "was", "topic_version")}


def repair_event(node: Node, actor: Actor, event_id: bytes, changes: Mapping[str, Any]) -> Outcome:
    """Put a corrected event in the place of a refused one, in the name of whoever repairs it. Raises Refused, InvalidFields."""
    with node.database.transaction() as db:
        entity_no, stored = _refused(node, db, event_id)
        old = stored.event
        if old.kind not in KIND_VERSIONS or old.kind == DISMISSED:
            raise Refused("unknown_kind", kind=old.kind[:40], version=old.version)
        if stored.code == "blocked_by_earlier":
            raise Refused("blocked_by_earlier")
        require_role(actor, *permission.needed(old))
        own_id = new_id(node.clock.now_ms(), node.entropy)
        journal.settle(db, event_id, own_id)
        one = show_again(db, node.head.node, entity_no)
        values = {key: value for key, value in (_values(old) | dict(changes)).items() if value not in (None, "")}
        if old.kind in _CHANGING:
            values = _values(old) | dict(changes)  # there, an empty value empties the field
        opened, private = _corrected(node, old, values, one)
        opened["replaces"] = event_id.hex()
        made = make_event(node, actor, old.kind, old.entity, opened, private)._replace(id=own_id)
        outcome = judge(one.seen, made, node.head.node)
        if outcome.verdict in REFUSED or outcome.verdict == "held":
            raise Refused(outcome.code or "invalid_event", **outcome.params)
        write_events(node, db, [made])
        show_again(db, node.head.node, entity_no)
        audits.note(db, node.clock.now_ms(), actor.person, "event.repaired", event_id.hex(), kind=old.kind)
    return outcome


def dismiss_event(node: Node, actor: Actor, event_id: bytes, reason: str) -> None:
    """Give up a refused event, with the reason; of a report that the centre never took, all that was done to it."""
    require_role(actor, *permission.WORKING)
    why = clean_text(reason, multiline=True)
    if not why or len(why) > limits.TEXT_MAX:
        raise InvalidFields({"reason": Problem("too_long", {"max": limits.TEXT_MAX}) if why else Problem("required")})
    with node.database.transaction() as db:
        entity_no, stored = _refused(node, db, event_id)
        old = stored.event
        opened = {"dismisses": event_id.hex(), "reason": why}
        made = make_event(node, actor, DISMISSED, old.entity, opened)
        journal.settle(db, event_id, made.id)
        write_events(node, db, [made])
        if old.kind == "report.recorded" and _unconfirmed(db, entity_no):
            journal.settle_all(db, entity_no, made.id)
        show_again(db, node.head.node, entity_no)
        audits.note(db, node.clock.now_ms(), actor.person, DISMISSED, event_id.hex(), kind=old.kind, reason=why)


def _refused(node: Node, db: Db, event_id: bytes) -> tuple[int, journal.Stored]:
    if node.is_central:
        raise Refused("wrong_role", role="office")
    found = journal.refused_event(db, event_id)
    if found is None:
        raise Refused("not_refused")
    return found


def _unconfirmed(db: Db, entity_no: int) -> bool:
    return db.value("SELECT version FROM entity WHERE no = ?", entity_no) is None


def _corrected(node: Node, old: Event, values: dict[str, Any], one: Entity) -> tuple[dict[str, Any], dict[str, Any]]:
    """The open and the private part with these values, checked as if they were typed for the first time."""
    if old.kind == "report.recorded":
        line = {key: value for key, value in values.items() if key in KEYS}
        if typed := old.private.get("phone_typed"):
            line["phone"] = typed if values.get("phone") == old.private.get("phone") else values.get("phone")
        parts = read_line({key: value for key, value in line.items() if value}, node.directory, node.clock.now_ms())
        kept = {key: old.open[key] for key in _KEPT if key in old.open}
        return {**parts.open, **kept}, parts.private
    if old.kind in _CHANGING:
        return _changed(node, old, values, one)
    cleaned = {
        key: clean_text(value, key in MULTILINE or key in ("text", "reason", "answer", "sources", "how"))
        if isinstance(value, str) else value
        for key, value in values.items()
    }  # fmt: skip
    secret = bool(old.private)
    body = {key: value for key, value in (old.private if secret else old.open).items() if key in ("was", "conflicts")}
    rest = {"conflicts": old.open["conflicts"]} if secret and "conflicts" in old.open else {}
    return (rest, body | cleaned) if secret else (body | cleaned, {})


def _changed(node: Node, old: Event, values: dict[str, Any], one: Entity) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of an amendment; each goes on saying which value its author saw, where that is known."""
    state = one.seen
    if state is None:
        raise Refused("no_such_report", text=old.entity.hex())
    typed = {key: value for key, value in values.items() if key not in ("phone_typed", "topic_version")}
    new = checked(node, state, typed)
    seen = {**_part(old.open, "was"), **_part(old.private, "was")}
    parts: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for field, value in new.items():
        part = parts[field in limits.PRIVATE_FIELDS]
        part.setdefault("set", {})[field] = value
        before = seen.get(field)
        known = isinstance(before, str) and len(before) == 16
        part.setdefault("was", {})[field] = before if known else short_hash(value_of(state, field))
    if isinstance(reason := old.open.get("reason"), str):
        parts[0]["reason"] = reason
    return parts


def _part(part: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = part.get(name)
    return found if isinstance(found, dict) else {}
