"""Keep the telephone numbers of agencies and the duty roster; the administrator of the computer does it."""

from __future__ import annotations

from dataclasses import replace

from intake_app.actions.making import require_role
from intake_app.node import Actor, Node
from intake_app.phone import to_e164
from intake_app.store import audits, contacts
from intake_app.store.contacts import Contact
from sync.errors import InvalidFields, Problem
from sync.fold import clean_text

TEXT_MAX = 120


def add_contact(node: Node, actor: Actor, typed: Contact) -> None:
    """Add a number; it has to be one that can be dialled, and belong to somebody."""
    require_role(actor, "administrator")
    new = replace(typed, **{key: clean_text(getattr(typed, key), False) for key in ("place", "name", "phone", "note")})
    if problems := _problems(node, new):
        raise InvalidFields(problems)
    with node.database.transaction() as db:
        now = node.clock.now_ms()
        contacts.add(db, new, actor.person, now)
        audits.note(db, now, actor.person, "contact.added", new.agency or new.place, phone=new.phone)


def remove_contact(node: Node, actor: Actor, no: int) -> None:
    """Take a number away."""
    require_role(actor, "administrator")
    with node.database.transaction() as db:
        now = node.clock.now_ms()
        contacts.remove(db, no, now)
        audits.note(db, now, actor.person, "contact.removed", str(no))


def _problems(node: Node, new: Contact) -> dict[str, Problem]:
    problems: dict[str, Problem] = {}
    if not new.agency and not new.place:
        problems["place"] = Problem("required")
    if new.agency and new.agency not in node.directory.agencies:
        problems["agency"] = Problem("unknown_agency")
    if new.duty and not new.name:
        problems["name"] = Problem("required")
    if to_e164(new.phone) is None:
        problems["phone"] = Problem("bad_phone")
    if new.last_day and new.last_day < new.first_day:
        problems["last_day"] = Problem("days_turned")
    if new.duty and not new.last_day:
        problems["last_day"] = Problem("required")
    for key in ("place", "name", "note"):
        if len(getattr(new, key)) > TEXT_MAX:
            problems[key] = Problem("too_long", {"max": TEXT_MAX})
    return problems
