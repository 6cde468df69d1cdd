"""The centre ends a person of an office, or changes name and roles: the account follows when that office's computer next calls."""

from __future__ import annotations

from collections.abc import Iterable

from intake_app.actions.making import make_event, require_role, write_one
from intake_app.node import Actor, Node
from intake_app.store import audits, journal, people
from intake_app.store.database import Db
from sync import permission, workflow
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text


def end_person(node: Node, actor: Actor, person: bytes) -> None:
    """End somebody of another office. Raises Refused: an office keeps one administrator, or nobody could let others in.

    Whoever works at the centre itself has an account here, which is ended on the accounts page.
    """
    _may(node, actor, "person.ended")
    with node.database.transaction() as db:
        found = _the_person(node, db, person)
        if "administrator" in found.roles and not _others(people.list_people(db), found):
            raise Refused("last_administrator")
        write_one(node, db, make_event(node, actor, "person.ended", person, {}))
        audits.note(db, node.clock.now_ms(), actor.person, "person.ended", found.username, office=found.office)


def change_person(node: Node, actor: Actor, person: bytes, name: str, roles: Iterable[str]) -> None:
    """Give somebody of another office another name or other roles. Raises Refused, InvalidFields."""
    _may(node, actor, "person.changed")
    wanted, called = frozenset(roles), clean_text(name, multiline=False)
    problems = {"name": Problem("required")} if not called else {}
    if not wanted or wanted - set(workflow.ROLES):
        problems["roles"] = Problem("not_in_set", {"allowed": ", ".join(workflow.ROLES)})
    if problems:
        raise InvalidFields(problems)
    with node.database.transaction() as db:
        found = _the_person(node, db, person)
        if (called, wanted) == (found.name, frozenset(found.roles)):
            raise Refused("nothing_changed")
        if "administrator" in set(found.roles) - wanted and not _others(people.list_people(db), found):
            raise Refused("last_administrator")
        opened = {"name": called, "roles": sorted(wanted)}
        write_one(node, db, make_event(node, actor, "person.changed", person, opened))
        audits.note(
            db, node.clock.now_ms(), actor.person, "person.changed", found.username, office=found.office,
            roles=sorted(wanted), was=sorted(found.roles),
        )  # fmt: skip


def _may(node: Node, actor: Actor, kind: str) -> None:
    require_role(actor, *permission.ROLES[kind])
    if not node.is_central:
        raise Refused("wrong_role", role="central")


def _the_person(node: Node, db: Db, person: bytes) -> people.Person:
    """Somebody of another office whose account is open."""
    journal.hold(db)
    found = people.load_person(db, person)
    if found is None or found.office == node.head.office:
        raise Refused("unknown_person", username=person.hex()[:8])
    if not found.active:
        raise Refused("account_ended", username=found.username)
    return found


def _others(everybody: list[people.Person], found: people.Person) -> list[people.Person]:
    """The other administrators of the same office."""
    return [
        one
        for one in everybody
        if one.active and one.office == found.office and one.id != found.id and "administrator" in one.roles
    ]
