"""An event: what one person did once, as the bytes that are hashed, stored and sent.

The bytes are fixed by golden vectors (tests/data/golden_events.json). Header, open part and private part (who reported)
are three byte strings, so that the private one can be erased later while the chain still verifies.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from sync.errors import BrokenPromise

HEADER_FORMAT = 1
# format, event id, entity, actor, device time (ms), boot id, monotonic time (ms), kind version; then the kind in ASCII.
_HEADER = struct.Struct("!B16s16s16sq4sqH")
EVENT_BYTES_MAX = 64 * 1024  # one event must fit the smallest segment on the slowest link
KIND_LENGTH_MAX = 40

_canonical = msgspec.json.Encoder(order="deterministic")
_decode = msgspec.json.Decoder(type=dict[str, Any])
NO_PART = b"{}"


class Event(NamedTuple):
    """One event; `open` and `private` are JSON-able dicts without floats and without null at the top level."""

    id: bytes
    kind: str
    version: int
    entity: bytes
    actor: bytes
    at_ms: int
    boot: bytes
    mono_ms: int
    open: Mapping[str, Any]
    private: Mapping[str, Any]


class EventBytes(NamedTuple):
    """The three byte strings of an event, as stored."""

    header: bytes
    open: bytes
    private: bytes


def canonical(value: object) -> bytes:
    """The one JSON spelling of a value: keys sorted by code point, UTF-8, no spaces."""
    return _canonical.encode(value)


def to_bytes(event: Event) -> EventBytes:
    """The canonical bytes of an event."""
    header = _HEADER.pack(
        HEADER_FORMAT, event.id, event.entity, event.actor, event.at_ms, event.boot, event.mono_ms, event.version
    )
    return EventBytes(
        header + event.kind.encode("ascii"),
        _canonical.encode(event.open),
        _canonical.encode(event.private) if event.private else NO_PART,
    )


def from_bytes(raw: EventBytes) -> Event:
    """The event of canonical bytes; raises ValueError for anything that is not one."""
    try:
        form, event_id, entity, actor, at_ms, boot, mono_ms, version = _HEADER.unpack_from(raw.header)
    except struct.error as reason:
        raise ValueError("short header") from reason
    if form != HEADER_FORMAT:
        raise ValueError(f"header format {form}")
    try:
        kind = raw.header[_HEADER.size :].decode("ascii")
        opened = _decode.decode(raw.open)
        private = _decode.decode(raw.private) if raw.private != NO_PART else {}
    except (msgspec.DecodeError, UnicodeDecodeError) as reason:
        raise ValueError(str(reason)) from reason
    return Event(event_id, kind, version, entity, actor, at_ms, boot, mono_ms, opened, private)


def size(raw: EventBytes) -> int:
    """How many bytes the event takes before it is packed."""
    return len(raw.header) + len(raw.open) + len(raw.private)


def new_id(now_ms: int, entropy: Callable[[int], bytes]) -> bytes:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, which order nothing, and 74 random bits."""
    tail = bytearray(entropy(10))
    if len(tail) != 10:
        raise BrokenPromise("the source of entropy gave too few bytes")
    tail[0] = 0x70 | (tail[0] & 0x0F)
    tail[2] = 0x80 | (tail[2] & 0x3F)
    return (now_ms & ((1 << 48) - 1)).to_bytes(6, "big") + bytes(tail)
