"""Verify the digests of scopes: what is kept beside each scope is what its rows give, at the centre and at a node."""

from __future__ import annotations

from collections.abc import Iterator

from intake_app.store import feed, holdings
from intake_app.store.database import Db


def differing_digests(db: Db) -> Iterator[str]:
    """The scopes whose kept digest is not that of their rows."""
    for no, name, *kept in db.all("SELECT no, name, entities, digest FROM scope"):
        if feed.counted(db, no) != tuple(kept):
            yield name
    for no, name, *kept in db.all("SELECT no, scope, entities, digest FROM scope_cursor"):
        if holdings.counted(db, no) != tuple(kept):
            yield name
