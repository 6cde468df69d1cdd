"""What the two sides say in one exchange (wire 1). Shapes only; fields are appended, never moved or removed.

Every struct is a msgpack array, so that a field added at the end is skipped by those who do not know it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

import msgspec

from sync import columns
from sync.errors import BadMessage
from sync.segment import Count, Hash, Id, Incarnation, Segment, Signed, compress, decompress

# Of one reply, some 300 KB on the wire: more than a segment holds, so that a node that only pushes is always told all.
PAGE_ENTITIES_MAX = 2000
URGENT_MAX = 8  # reports that may ride ahead of the queue

_packer = msgspec.msgpack.Encoder()
_T = TypeVar("_T")
Word = Annotated[str, msgspec.Meta(max_length=200)]
Epoch = Annotated[bytes, msgspec.Meta(max_length=8)]


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """How far the node has read one scope; `anew` while it reads from the beginning and has not come to the end."""

    scope: Word
    position: Count
    anew: bool = False


class Health(msgspec.Struct, array_like=True, frozen=True):
    """What a node says of itself: events unsent, the oldest of them (ms), free disk (MB), its clock (ms), its version."""

    unsent: Count = 0
    oldest_ms: Signed = 0
    disk_free_mb: Count = 0
    clock_ms: Signed = 0
    version: Word = ""


class Continued(msgspec.Struct, array_like=True, frozen=True):
    """The life that this one goes on from: its incarnation, the last event both had, the hash after it, and why it ended."""

    incarnation: Incarnation
    seq: Count
    hash: Hash
    reason: Word


class Request(msgspec.Struct, array_like=True, frozen=True):
    """What a node says: where it stands, how far it has read, and its next events."""

    epoch: Epoch
    incarnation: Incarnation
    tip_seq: Count
    tip: Hash
    cursors: list[Cursor]
    health: Health
    segment: Segment | None = None
    slow: bool = False
    entities_max: Count = PAGE_ENTITIES_MAX
    want: list[Id] = []
    urgent: list[Segment] = []
    continues: Continued | None = None


class Verdict(msgspec.Struct, array_like=True, frozen=True):
    """The verdict over one of the node's own events; refused ones bring their bytes along."""

    feed_seq: Count
    event: Id
    verdict: Word
    code: Word = ""
    params: dict[str, Any] = {}
    header: bytes = b""
    open: bytes = b""
    private: bytes = b""


class ScopePage(msgspec.Struct, array_like=True, frozen=True):
    """The rows of one scope in (from, to]: which entity of the page, at which place in the feed.

    One that starts at 0 although the node had read further begins the scope anew: what is not seen again has left it.
    """

    scope: Word
    start: Count
    end: Count
    places: list[int] = []
    seqs: list[int] = []


class Fork(msgspec.Struct, array_like=True, frozen=True):
    """The last event both sides agree on."""

    seq: Count
    hash: Hash


class ScopeDigest(msgspec.Struct, array_like=True, frozen=True):
    """What a scope holds: how many entities, and the sum of their digests; without a name, in the order of `Reply.scopes`."""

    scope: Word
    count: Count
    sum: int


class Reply(msgspec.Struct, array_like=True, frozen=True):
    """What central says: what it has stored and judged, and the next page of states."""

    epoch: Epoch
    clock_ms: Signed
    ack: Count
    ack_hash: bytes
    judged: Count
    complete: bool
    scopes: list[str]
    page: bytes = b""
    page_codec: int = 0
    page_length: int = 0
    fork: Fork | None = None
    refusal: Word = ""
    params: dict[str, Any] = {}
    safe: Count = 0
    digests: list[ScopeDigest] = []


class Echo(msgspec.Struct, array_like=True, frozen=True):
    """A state that the node can make itself: by the seq that recorded it, with what central added and 8 bytes to check."""

    seq: int
    version: int
    check: bytes
    at_centre_ms: int
    clock_offset_seconds: int


class Whole(msgspec.Struct, array_like=True, frozen=True):
    """A state as central holds it."""

    id: bytes
    type: str
    version: int
    state: dict[str, Any]


class Page(msgspec.Struct, frozen=True):
    """What a reply carries down; places in a scope count through echoes, then wholes, then removed."""

    echoes: list[Echo]
    wholes: list[Whole]
    removed: list[bytes]
    scopes: list[ScopePage]
    verdicts: list[Verdict]


CHECK_BYTES = 8


def pack_page(page: Page, slow: bool) -> tuple[int, int, bytes]:
    """Codec, raw length and bytes of a page; an empty one takes none."""
    if not (page.echoes or page.wholes or page.removed or page.scopes or page.verdicts):
        return 0, 0, b""
    echoes = page.echoes
    raw = _packer.encode([
        len(echoes),
        columns.numbers([echo.seq for echo in echoes]) if echoes else [],
        columns.numbers([echo.version for echo in echoes]) if echoes else [],
        b"".join(echo.check for echo in echoes),
        columns.numbers([echo.at_centre_ms for echo in echoes]) if echoes else [],
        columns.numbers([echo.clock_offset_seconds for echo in echoes]) if echoes else [],
        b"".join(whole.id for whole in page.wholes),
        columns.pack([{"t": whole.type, "v": whole.version, "s": whole.state} for whole in page.wholes]),
        b"".join(page.removed),
        [
            [scope.scope, scope.start, scope.end, len(scope.places), columns.numbers(scope.places), columns.numbers(scope.seqs)]
            for scope in page.scopes
        ],
        page.verdicts,
    ])  # fmt: skip
    codec, packed = compress(raw, slow)
    return codec, len(raw), packed


def unpack_page(reply: Reply) -> Page:
    """The page of a reply; raises BadMessage for anything that is not one."""
    if not reply.page_length:
        return Page([], [], [], [], [])
    try:
        parts = msgspec.msgpack.decode(decompress(reply.page_codec, reply.page, reply.page_length))
        count, seqs, versions, checks, centres, offsets, ids, wholes, removed, scopes, verdicts = parts
        return Page(
            [
                Echo(seq, version, checks[at * CHECK_BYTES : (at + 1) * CHECK_BYTES], centre, offset)
                for at, (seq, version, centre, offset) in enumerate(
                    zip(*(columns.values_of(part, count) for part in (seqs, versions, centres, offsets)), strict=True)
                )
            ] if count else [],
            [
                Whole(whole_id, row["t"], row["v"], row["s"])
                for whole_id, row in zip(_ids(ids), columns.unpack(wholes), strict=True)
            ],
            _ids(removed),
            [_scope_page(scope) for scope in scopes],
            msgspec.convert(verdicts, list[Verdict]),
        )  # fmt: skip
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError) as reason:
        raise BadMessage("bad_page") from reason


def _scope_page(parts: Sequence[Any]) -> ScopePage:
    scope, start, end, count, places, seqs = parts
    if count > PAGE_ENTITIES_MAX * 2:
        raise BadMessage("bad_page")
    page = [scope, start, end, columns.values_of(places, count), columns.values_of(seqs, count)]
    return msgspec.convert(page, ScopePage)


def _ids(joined: bytes) -> list[bytes]:
    if len(joined) % 16:
        raise BadMessage("bad_page")
    return [joined[at : at + 16] for at in range(0, len(joined), 16)]


def encode(message: Request | Reply) -> bytes:
    """The body of a message."""
    return _packer.encode(message)


def decode_request(body: bytes) -> Request:
    """The request of a body; raises BadMessage for anything else."""
    return _decode(body, Request)


def decode_reply(body: bytes) -> Reply:
    """The reply of a body; raises BadMessage for anything else."""
    return _decode(body, Reply)


def _decode(body: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as reason:
        raise BadMessage("bad_body") from reason
