"""A segment: consecutive events of one life of one node, packed into columns and signed by the node that made them.

A relay forwards it unopened. Unpacking makes every event's canonical bytes again and checks them against the chain, so
the signature over (incarnation, seqs, tip) covers every byte.
"""

from __future__ import annotations

import bz2
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import zstandard

from sync import chain, columns
from sync.errors import BadMessage, BrokenPromise
from sync.event import Event, EventBytes, from_bytes, size, to_bytes

PLAIN, ZSTD, BZ2, ZSTD_DICTIONARY = 0, 1, 2, 3
DICTIONARY_FILE = Path(__file__).parent / "data" / "dictionary-1.bin"  # a shipped dictionary never changes
RAW_BYTES_MAX = 16 * 1024 * 1024  # believed of a decompressed body; far above the largest segment
SEGMENT_BYTES_MAX = 256 * 1024  # on the wire; some 500 to 1 000 reports
SEGMENT_EVENTS_MAX = 1000
FAST_LEVEL, SLOW_LEVEL = 3, 19  # the words digested for the second take 8 MB: only who meets a slow line holds them
BZ2_FROM_BYTES = 100_000  # below some 200 reports the dictionary wins

_packer = msgspec.msgpack.Encoder()

# What a database can keep: a signed message of a node gone mad may hold any number.
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
Signed = Annotated[int, msgspec.Meta(gt=-(2**62), lt=2**62)]
Id = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Incarnation = Annotated[bytes, msgspec.Meta(min_length=8, max_length=8)]
Hash = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


class Segment(msgspec.Struct, array_like=True, frozen=True):
    """What crosses the wire; `packed` are the columns, compressed as `codec` says."""

    origin: Id
    incarnation: Incarnation
    first: Count
    count: Count
    before: Hash
    tip: Hash
    codec: Count
    raw_length: Count
    packed: bytes
    signature: bytes = b""

    def signed(self, signature: bytes) -> Segment:
        """The same segment with its origin's signature."""
        return msgspec.structs.replace(self, signature=signature)

    @property
    def last(self) -> int:
        """The seq of the last event."""
        return self.first + self.count - 1


@cache
def _dictionary(level: int) -> zstandard.ZstdCompressionDict:
    """The words, digested for one level (0: for reading). Shared by threads; compressors must not be."""
    words = zstandard.ZstdCompressionDict(DICTIONARY_FILE.read_bytes(), dict_type=zstandard.DICT_TYPE_FULLDICT)
    if level:
        words.precompute_compress(level=level)
    return words


def compress(raw: bytes, slow: bool) -> tuple[int, bytes]:
    """The codec and the bytes: quick on a fast link, as small as can be on a slow one."""
    level = SLOW_LEVEL if slow else FAST_LEVEL
    compressor = zstandard.ZstdCompressor(
        level=level, dict_data=_dictionary(level), write_content_size=False, write_dict_id=False
    )
    packed = compressor.compress(raw)
    if slow and len(raw) >= BZ2_FROM_BYTES:
        other = bz2.compress(raw, 9)
        if len(other) < len(packed):
            return BZ2, other
    return (ZSTD_DICTIONARY, packed) if len(packed) < len(raw) else (PLAIN, raw)


def decompress(codec: int, packed: bytes, raw_length: int) -> bytes:
    """The raw bytes; raises BadMessage when they are not exactly as long as promised."""
    if not 0 <= raw_length <= RAW_BYTES_MAX:
        raise BadMessage("too_large")
    try:
        if codec == PLAIN:
            raw = packed
        elif codec == ZSTD_DICTIONARY:
            reader = zstandard.ZstdDecompressor(dict_data=_dictionary(0))
            raw = reader.decompress(packed, max_output_size=max(raw_length, 1))
        elif codec == BZ2:
            raw = bz2.BZ2Decompressor().decompress(packed, max_length=raw_length + 1)
        else:
            raise BadMessage("unknown_codec", codec=codec)
    except (zstandard.ZstdError, OSError, EOFError, ValueError) as reason:
        raise BadMessage("cut_short") from reason
    if len(raw) != raw_length:
        raise BadMessage("cut_short")
    return raw


def pack_events(events: Sequence[Event]) -> bytes:
    """Events as msgpack of columns, in order."""
    rows = []
    before = 0
    for event in events:
        id_ms = int.from_bytes(event.id[:6], "big")
        row: dict[str, Any] = {
            "k": event.kind,
            "v": event.version,
            "t": event.at_ms - before,
            "m": event.mono_ms - event.at_ms,
            "b": event.boot,
            "a": event.actor,
        }
        if id_ms != event.at_ms:
            row["i"] = event.at_ms - id_ms
        before = event.at_ms
        rows.append(row)
    tails = b"".join(event.id[6:] for event in events)
    own = bytes(event.entity == event.id for event in events)
    others = b"".join(event.entity for event in events if event.entity != event.id)
    return _packer.encode([
        columns.pack(rows), tails, own if others else b"", others,
        columns.pack([event.open for event in events]),
        columns.pack([event.private for event in events]),
    ])  # fmt: skip


def unpack_events(raw: bytes) -> list[Event]:
    """The events of packed columns; raises BadMessage for anything else."""
    try:
        heads, tails, own, others, opens, privates = msgspec.msgpack.decode(raw)
        rows = columns.unpack(heads)
        if len(tails) != 10 * len(rows) or len(others) != 16 * (len(rows) - sum(own) if own else 0):
            raise BadMessage("bad_columns")
        return _rebuilt(rows, tails, own, others, columns.unpack(opens), columns.unpack(privates))
    except (msgspec.DecodeError, ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError) as reason:
        raise BadMessage("bad_columns") from reason


def _rebuilt(
    rows: list[dict[str, Any]], tails: bytes, own: bytes, others: bytes,
    opens: list[dict[str, Any]], privates: list[dict[str, Any]],
) -> list[Event]:  # fmt: skip
    events = []
    at_ms = taken = 0
    for at, (row, opened, private) in enumerate(zip(rows, opens, privates, strict=True)):
        at_ms += row["t"]
        event_id = (at_ms - row.get("i", 0)).to_bytes(6, "big") + tails[at * 10 : at * 10 + 10]
        entity = event_id
        if own and not own[at]:
            entity, taken = others[taken : taken + 16], taken + 16
        events.append(
            Event(event_id, row["k"], row["v"], entity, row["a"], at_ms, row["b"], row["m"] + at_ms, opened, private)
        )
    return events


def signed_part(segment: Segment) -> bytes:
    """What the origin signs: which events of which life, and the hash that binds them all."""
    return b"1022 segment 1" + _packer.encode(
        [segment.origin, segment.incarnation, segment.first, segment.count, segment.before, segment.tip]
    )


def make(
    origin: bytes, incarnation: bytes, first: int, before: bytes, raws: Sequence[EventBytes], slow: bool
) -> Segment:
    """An unsigned segment of consecutive events."""
    if not raws:
        raise BrokenPromise("a segment holds one event at least")
    raw = pack_events([from_bytes(event) for event in raws])
    codec, packed = compress(raw, slow)
    return Segment(origin, incarnation, first, len(raws), before, chain.tip(before, raws), codec, len(raw), packed)


class Proof(NamedTuple):
    """What is known of an event once its segment was proven: the hash of its bytes whatever life carries them, and how many."""

    payload: bytes
    length: int


class Opened(NamedTuple):
    """One event of a segment, and its proof."""

    event: Event
    proof: Proof


def open_segment(segment: Segment) -> list[Opened]:
    """The events of a segment; raises BadMessage if they do not lead from `before` to `tip`."""
    events = _events_of(segment)
    try:
        raws = [to_bytes(event) for event in events]
    except Exception as reason:  # struct and encoding errors of every kind: whatever it is, it is not ours
        raise BadMessage("bad_columns") from reason
    tip, payloads = chain.follow(segment.before, raws)
    if tip != segment.tip:
        raise BadMessage("broken_chain")
    return list(map(Opened, events, map(Proof, payloads, map(size, raws))))


def open_proven(segment: Segment, proofs: Sequence[Proof]) -> list[Opened]:
    """The events of a segment that `open_segment` has proven, at half its price."""
    return [Opened(event, proof) for event, proof in zip(_events_of(segment), proofs, strict=True)]


def _events_of(segment: Segment) -> list[Event]:
    if not 1 <= segment.count <= SEGMENT_EVENTS_MAX:
        raise BadMessage("too_large")
    events = unpack_events(decompress(segment.codec, segment.packed, segment.raw_length))
    if len(events) != segment.count:
        raise BadMessage("bad_columns")
    return events
