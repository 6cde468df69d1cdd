"""Echoes: states that a node made alone and takes over by a hash instead of reading them again. The bulk of every push.

What is seen here already is what the centre holds, but for the time of arrival: that is put into the stored bytes, and if
their hash is the centre's, nothing has to be decoded, folded or listed anew. Whatever does not fit goes the long way.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from intake_app.store import journal
from intake_app.store.database import Db
from intake_app.store.entities import Entity, State
from sync.event import EventBytes, canonical, from_bytes
from sync.ingest import judge
from sync.outcome import Added
from sync.protocol import CHECK_BYTES, Echo

_IN_MAX = 400
_BEFORE = b',"channel":'  # the key that stands behind "at_centre" in every report, which must have a channel


class Fitting(NamedTuple):
    """A state taken over by its hash: its bytes, at which version, and the seq that recorded it."""

    id: bytes
    seq: int
    version: int
    state: bytes


class Found(NamedTuple):
    """What stands here under the seq of an echo."""

    no: int
    id: bytes | None  # None where only the journal knows of it any more
    version: int | None
    view: bytes | None


def find(db: Db, life: int, echoes: Iterable[Echo]) -> dict[int, Found]:
    """What stands here under the seqs of these echoes."""
    seqs = [echo.seq for echo in echoes]
    found: dict[int, Found] = {}
    for at in range(0, len(seqs), _IN_MAX):
        some = seqs[at : at + _IN_MAX]
        rows = db.all(
            "SELECT j.seq, j.entity_no, e.id, e.version, e.view FROM journal j LEFT JOIN entity e ON e.no = j.entity_no"
            f" WHERE j.life = ? AND j.seq IN ({','.join('?' * len(some))})",
            life, *some,
        )  # fmt: skip
        found.update((row[0], Found(*row[1:])) for row in rows)
    return found


def lost(db: Db, no: int) -> Entity:
    """An entity of this node's own of which only the journal is left."""
    event = db.value("SELECT event FROM journal WHERE entity_no = ? AND kind = 'report.recorded'", no)
    return Entity(no, event, "report", None, None, None, None, True)


def fitting(found: Found, echo: Echo) -> Fitting | None:
    """The state of an echo made of what is seen, or None where that takes more than a look at its bytes."""
    if found.id is None or found.version is not None or found.view is None or echo.clock_offset_seconds:
        return None
    state = found.view.replace(_BEFORE, b',"at_centre":%d%b' % (echo.at_centre_ms, _BEFORE), 1)
    fits = sha256(state).digest()[:CHECK_BYTES] == echo.check
    return Fitting(found.id, echo.seq, echo.version, state) if fits else None


def save(db: Db, fits: dict[int, Fitting]) -> None:
    """Write the states of entities that nothing else lies over."""
    db.many(
        "UPDATE entity SET version = ?, state = ?, view = NULL WHERE no = ?",
        [(one.version, one.state, no) for no, one in fits.items()],
    )


def laid_on(view: State | None, echo: Echo) -> State | None:
    """What is seen with what central added, if that is what central holds."""
    if view is None:
        return None
    state = view | {"at_centre": echo.at_centre_ms}
    if echo.clock_offset_seconds:
        state["clock_offset_seconds"] = echo.clock_offset_seconds
    return state if _check(state) == echo.check else None


def made_again(db: Db, head: journal.Head, echo: Echo) -> State | None:
    """The state folded from the journal, where what is seen has moved on; None if central's is another."""
    row = db.one("SELECT header, open, private FROM journal WHERE life = ? AND seq = ?", head.life, echo.seq)
    added = Added(echo.at_centre_ms, echo.clock_offset_seconds or None)
    state = judge(None, from_bytes(EventBytes(*row)), head.node, added).state if row else None
    return state if state is not None and _check(state) == echo.check else None


def _check(state: State) -> bytes:
    return sha256(canonical(state)).digest()[:CHECK_BYTES]
