"""People as every node knows them: names for histories, roles for rules."""

from __future__ import annotations

from collections.abc import Iterable

from intake_app.store.database import Db
from intake_app.store.entities import load_entities


def person_names(db: Db, ids: Iterable[str]) -> dict[str, str]:
    """The names of people by id in hex; unknown ones are left out."""
    wanted = [bytes.fromhex(one) for one in dict.fromkeys(ids) if len(one) == 32]
    found = load_entities(db, wanted).values()
    return {one.id.hex(): str(one.seen["name"]) for one in found if one.seen and "name" in one.seen}
