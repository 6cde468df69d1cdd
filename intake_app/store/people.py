"""People as every node knows them: names for histories, roles for rules, and the list of them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intake_app.store.database import Db
from intake_app.store.entities import Entity, load_entities, load_numbers
from sync.fold import fold

_IN_MAX = 400


@dataclass(frozen=True)
class Person:
    """Somebody who works at an office, as the events of that office say."""

    id: bytes
    username: str
    name: str
    office: str
    agency: str
    roles: tuple[str, ...]
    active: bool
    ended_by: str  # the node that ended the account, in hex; nothing while it is open


def person_names(db: Db, ids: Iterable[str]) -> dict[str, str]:
    """The names of people by id in hex; unknown ones are left out."""
    wanted = [bytes.fromhex(one) for one in dict.fromkeys(ids) if len(one) == 32]
    found = load_entities(db, wanted).values()
    return {one.id.hex(): str(one.seen["name"]) for one in found if one.seen and "name" in one.seen}


def list_people(db: Db) -> list[Person]:
    """Everybody this installation has heard of, by office and name; some thousands at most, for a province."""
    numbers = [row[0] for row in db.all("SELECT no FROM entity WHERE type = 'person'")]
    found: list[Person] = []
    for at in range(0, len(numbers), _IN_MAX):
        found += [person for one in load_numbers(db, numbers[at : at + _IN_MAX]).values() if (person := _person(one))]
    return sorted(found, key=lambda one: (one.office, fold(one.name), one.id))


def load_person(db: Db, person: bytes) -> Person | None:
    """The person of an id, or None."""
    one = load_entities(db, [person]).get(person)
    return _person(one) if one is not None and one.type == "person" else None


def _person(one: Entity) -> Person | None:
    state = one.seen
    if state is None or "active" not in state:
        return None
    return Person(
        one.id, str(state.get("username", "")), str(state.get("name", "")), str(state.get("office", "")),
        str(state.get("agency", "")), tuple(state.get("roles", ())), bool(state["active"]), str(state.get("ended_by", "")),
    )  # fmt: skip
