"""What the centre proves of a segment before it keeps it: who signed it, that its chain holds, that both tell one history."""

from __future__ import annotations

from collections.abc import Sequence

from intake_app.store import inbox, keys, nodes
from intake_app.store.database import Db
from sync import chain, segment
from sync.errors import BadMessage
from sync.event import to_bytes
from sync.protocol import Fork, Request
from sync.segment import Opened, Segment

Proven = tuple[Segment, Sequence[Opened]]


def prove(known: nodes.Known, item: Segment) -> Proven:
    """A segment whose origin's signature and chain hold, with its events; raises BadMessage otherwise."""
    if item.origin != known.id:
        raise BadMessage("wrong_origin")
    signed = segment.signed_part(item)
    # A segment may have been made before its node got the key that it has now; who sends it is proven by the envelope.
    if not any(keys.verify(key, signed, item.signature) for key in (known.public_key, *known.retired)):
        raise BadMessage("bad_signature")
    return item, segment.open_segment(item)


def compare(db: Db, known: nodes.Known, request: Request, proven: Proven | None) -> Fork | None:
    """Whether what the node says of its chain agrees with what is stored; the last common event if not."""
    life = nodes.life_of(db, known, request.incarnation)
    genesis = chain.genesis(known.id, request.incarnation)
    if proven is not None and proven[0].first <= life.ack + 1:
        item, events = proven
        if item.before != _hash_at(db, known, request.incarnation, item.first - 1, life):
            return Fork(0, genesis)
        # What overlaps must be the same to the last byte: the hash at the end of the overlap binds all of it.
        both = min(item.last, life.ack)
        here = chain.tip(item.before, [to_bytes(one.event) for one in events[: both - item.first + 1]])
        if here != _hash_at(db, known, request.incarnation, both, life):
            return Fork(item.first - 1, item.before)
        return None
    alone = proven is None and request.tip_seq <= life.ack
    if alone and request.tip != _hash_at(db, known, request.incarnation, request.tip_seq, life):
        return Fork(0, genesis)
    return None


def _hash_at(db: Db, known: nodes.Known, incarnation: bytes, seq: int, life: nodes.Life) -> bytes | None:
    if seq == life.ack:
        return life.hash
    if seq == 0:
        return chain.genesis(known.id, incarnation)
    stored = inbox.segment_at(db, known.no, incarnation, seq)
    if stored is None:
        return None
    before = stored.before
    for at, found in enumerate(segment.open_segment(stored)):
        before = chain.link(before, to_bytes(found.event))
        if stored.first + at == seq:
            return before
    return None
