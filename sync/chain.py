"""The hash chain over one life of one database: h(0) = H(node ‖ incarnation), h(n) = H(h(n-1) ‖ header ‖ H(open) ‖ H(private))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from sync.event import NO_PART, EventBytes

HASH_BYTES = 32
_NO_PART_HASH = sha256(NO_PART).digest()


def genesis(node: bytes, incarnation: bytes) -> bytes:
    """The hash before the first event of an incarnation."""
    return sha256(node + incarnation).digest()


def link(before: bytes, raw: EventBytes) -> bytes:
    """The hash after one more event."""
    private = _NO_PART_HASH if raw.private == NO_PART else sha256(raw.private).digest()
    return sha256(before + raw.header + sha256(raw.open).digest() + private).digest()


def tip(before: bytes, events: Iterable[EventBytes]) -> bytes:
    """The hash after all of these events."""
    for raw in events:
        before = link(before, raw)
    return before


def payload_hash(raw: EventBytes) -> bytes:
    """What must be equal when an event id is seen twice, whatever incarnation carries it."""
    return link(b"", raw)


def follow(before: bytes, events: Sequence[EventBytes]) -> tuple[bytes, list[bytes]]:
    """The hash after all of these events and the payload hash of each, at the price of one hash more than the first alone."""
    payloads = []
    for raw in events:
        private = _NO_PART_HASH if raw.private == NO_PART else sha256(raw.private).digest()
        event = raw.header + sha256(raw.open).digest() + private
        before = sha256(before + event).digest()
        payloads.append(sha256(event).digest())
    return before, payloads
