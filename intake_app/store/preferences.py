"""How somebody likes to work at this node's pages."""

from __future__ import annotations

from intake_app.store.database import Db


def keys_off(db: Db, person: bytes) -> bool:
    """Whether a person has turned the shortcuts off."""
    return bool(db.value("SELECT keys_off FROM preference WHERE person = ?", person))


def set_keys_off(db: Db, person: bytes, off: bool) -> None:
    """Keep whether a person wants no shortcuts."""
    db.run(
        "INSERT INTO preference (person, keys_off) VALUES (?,?)"
        " ON CONFLICT (person) DO UPDATE SET keys_off = excluded.keys_off",
        person, int(off),
    )  # fmt: skip
