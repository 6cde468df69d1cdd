"""The centre ends a person of an office: the account closes when that office's computer next hears of it."""

from __future__ import annotations

from intake_app.actions.making import make_event, require_role, write_one
from intake_app.node import Actor, Node
from intake_app.store import audits, journal, people
from sync import permission
from sync.errors import Refused


def end_person(node: Node, actor: Actor, person: bytes) -> None:
    """End somebody of another office. Raises Refused: an office keeps one administrator, or nobody could let others in.

    Whoever works at the centre itself has an account here, which is ended on the accounts page.
    """
    require_role(actor, *permission.ROLES["person.ended"])
    if not node.is_central:
        raise Refused("wrong_role", role="central")
    with node.database.transaction() as db:
        journal.hold(db)
        found = people.load_person(db, person)
        if found is None or found.office == node.head.office:
            raise Refused("unknown_person", username=person.hex()[:8])
        if not found.active:
            raise Refused("account_ended", username=found.username)
        if "administrator" in found.roles and not _others(people.list_people(db), found):
            raise Refused("last_administrator")
        write_one(node, db, make_event(node, actor, "person.ended", person, {}))
        audits.note(db, node.clock.now_ms(), actor.person, "person.ended", found.username, office=found.office)


def _others(everybody: list[people.Person], found: people.Person) -> list[people.Person]:
    """The other administrators of the same office."""
    return [
        one
        for one in everybody
        if one.active and one.office == found.office and one.id != found.id and "administrator" in one.roles
    ]
