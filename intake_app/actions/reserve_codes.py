"""Give tracking codes out beforehand on blank paper forms, and strike out a form that was spoiled."""

from __future__ import annotations

from intake_app.actions.making import require_role
from intake_app.actions.record_report import RECORDERS, new_codes
from intake_app.node import Actor, Node
from intake_app.store import audits, reserved
from sync.errors import InvalidFields, Problem, Refused

FORMS_MAX = 100  # of seven digits that an office has, a printing may take this many


def reserve_codes(node: Node, actor: Actor, count: int, key: str) -> str:
    """Promise that many codes and give the name of the printing; the same key again gives the first printing."""
    require_role(actor, *RECORDERS)
    if not 1 <= count <= FORMS_MAX:
        raise InvalidFields({"count": Problem("number_of_forms", {"max": FORMS_MAX})})
    with node.database.transaction() as db:
        if not reserved.batch_of(db, key):
            now = node.clock.now_ms()
            reserved.add(db, key, new_codes(node, db, count), actor.person, now)
            audits.note(db, now, actor.person, "codes.reserved", key, count=count)
    return key


def spoil_form(node: Node, actor: Actor, code: str) -> None:
    """Strike a form out: its code is never used."""
    require_role(actor, *RECORDERS)
    with node.database.transaction() as db:
        now = node.clock.now_ms()
        if not reserved.spoil(db, code, now):
            raise Refused("code_used")
        audits.note(db, now, actor.person, "code.spoiled", code)
