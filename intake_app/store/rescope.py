"""Units that changed at the centre: reports filed under them lie in other scopes from that transaction on.

What a scope loses leaves it at once: nobody goes on reading what is no longer theirs. What a scope gains is put into it by
the filling that new scopes get (`feed.fill`), some at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intake_app.store import feed
from intake_app.store.database import Db
from intake_app.store.directory import Directory
from sync.digest import share

_IN_MAX = 400


def move(db: Db, old: Directory, new: Directory) -> None:
    """Bring the feed from what one directory says of units to what another says; the caller holds the counter."""
    gained: set[str] = set()
    for code in sorted(old.units.keys() | new.units.keys()):
        was, now = old.unit_scopes(code), new.unit_scopes(code)
        gained |= now - was
        for name in sorted(was - now):
            _leave(db, name, code)
    for some in _chunks(sorted(gained)):
        marks = ",".join("?" * len(some))
        db.run(f"UPDATE scope SET fill_from = 1 WHERE name IN ({marks})", *some)


def _leave(db: Db, scope: str, unit: str) -> None:
    """Say of every report filed under a unit that it lies in a scope no more."""
    scope_no = db.value("SELECT no FROM scope WHERE name = ?", scope)
    if scope_no is None:
        return
    rows = db.all(
        "SELECT f.entity_no, e.id, e.version FROM report r JOIN feed f ON f.entity_no = r.no JOIN entity e ON e.no = r.no"
        " WHERE r.unit = ? AND f.scope_no = ? AND f.removed = 0",
        unit, scope_no,
    )  # fmt: skip
    if not rows:
        return
    digests = feed.Digests()
    for _, known, version in rows:
        digests.take(scope_no, share(known, version or 0))
    first = feed.take_numbers(db, len(rows))
    db.many(
        "UPDATE feed SET removed = 1, feed_seq = ? WHERE scope_no = ? AND entity_no = ?",
        [(first + at, scope_no, row[0]) for at, row in enumerate(rows)],
    )
    digests.save(db, "scope")


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(names), _IN_MAX):
        yield names[at : at + _IN_MAX]
