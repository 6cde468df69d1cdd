"""A segment comes back as the very events that went in, or not at all."""

from __future__ import annotations

import bz2
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app.store.keys import verify
from sync import chain, segment
from sync.errors import BadMessage, BrokenPromise
from sync.event import EVENT_BYTES_MAX, Event, size, to_bytes
from sync.segment import Segment
from tests.sync.test_columns import KEYS, TEXTS
from tests.sync.test_event import GOLDEN, golden_event

DATA = Path(__file__).parent.parent / "data"
STORED: dict[str, str] = json.loads((DATA / "golden_segments.json").read_text())
NODE, LIFE = b"n" * 16, b"l" * 8
FLAT = st.dictionaries(KEYS, TEXTS | st.integers(-(2**53), 2**53) | st.booleans() | st.none(), max_size=4)
MOMENTS = st.integers(0, 2**42)
EVENTS = st.builds(
    Event, st.binary(min_size=16, max_size=16), st.sampled_from(["report.recorded", "report.noted", "x"]),
    st.integers(0, 9), st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16), MOMENTS,
    st.binary(min_size=4, max_size=4), MOMENTS, FLAT, FLAT,
)  # fmt: skip


def make(events: list[Event], slow: bool = False, first: int = 1) -> Segment:
    return segment.make(NODE, LIFE, first, chain.genesis(NODE, LIFE), [to_bytes(event) for event in events], slow)


def some(count: int = 3, **changes: Any) -> list[Event]:
    whole = golden_event(GOLDEN["events"][0])
    return [whole._replace(id=bytes([at]) + whole.id[1:], entity=bytes([at]) + whole.id[1:]) for at in range(count)]


@pytest.mark.parametrize("name", ["plain", "bz2", "dictionary"])
def test_a_segment_stored_by_an_earlier_version_is_read_for_ever(name: str) -> None:
    stored = msgspec.msgpack.decode(bytes.fromhex(STORED[name]), type=Segment)
    assert verify(bytes.fromhex(STORED["public_key"]), segment.signed_part(stored), stored.signature)
    assert [one.event for one in segment.open_segment(stored)] == [golden_event(one) for one in GOLDEN["events"]]


@settings(max_examples=50)
@given(st.lists(EVENTS, min_size=1, max_size=8), st.booleans())
def test_any_events_come_back_from_their_segment(events: list[Event], slow: bool) -> None:
    events = [event._replace(entity=event.id) if at % 2 else event for at, event in enumerate(events)]
    raws = [to_bytes(event) for event in events]
    expected = [(event, (chain.payload_hash(raw), size(raw))) for event, raw in zip(events, raws, strict=True)]
    opened = segment.open_segment(made := make(events, slow))
    assert opened == expected
    assert segment.open_proven(made, [one.proof for one in opened]) == expected


def test_a_segment_holds_one_event_at_least() -> None:
    with pytest.raises(BrokenPromise):
        segment.make(NODE, LIFE, 1, b"", [], False)


def test_a_large_segment_for_a_slow_link_takes_the_smaller_of_two_ways() -> None:
    made = make(some(250), slow=True)
    assert made.codec in (segment.BZ2, segment.ZSTD_DICTIONARY)
    assert len(segment.open_segment(made)) == 250


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("before", b"x" * 32),
        ("tip", b"x" * 32),
        ("count", 2),
        ("count", 0),
        ("count", segment.SEGMENT_EVENTS_MAX + 1),
        ("codec", 9),
        ("codec", segment.BZ2),
        ("raw_length", 1),
        ("raw_length", -1),
        ("raw_length", segment.RAW_BYTES_MAX + 1),
        ("packed", b""),
    ],
)
def test_a_segment_changed_in_any_part_is_refused(field: str, value: Any) -> None:
    with pytest.raises(BadMessage):
        segment.open_segment(msgspec.structs.replace(make(some()), **{field: value}))


def test_what_an_origin_signs_names_life_place_and_hashes() -> None:
    made = make(some())
    changed = [
        ("origin", b"o" * 16),
        ("incarnation", b"i" * 8),
        ("first", 2),
        ("count", 4),
        ("before", b""),
        ("tip", b""),
    ]
    signed = {segment.signed_part(msgspec.structs.replace(made, **{field: value})) for field, value in changed}
    assert len(signed | {segment.signed_part(made)}) == len(changed) + 1


@given(st.integers(0, 10**6), st.integers(0, 7))
def test_no_flipped_bit_gives_other_events(at: int, bit: int) -> None:
    made = make(some())
    packed = bytearray(made.packed)
    packed[at % len(packed)] ^= 1 << bit
    try:
        opened = segment.open_segment(msgspec.structs.replace(made, packed=bytes(packed)))
    except BadMessage:
        return
    assert [one.event for one in opened] == some()


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_no_cut_segment_is_read(cut: int) -> None:
    made = make(some())
    with pytest.raises(BadMessage):
        segment.open_segment(msgspec.structs.replace(made, packed=made.packed[: min(cut, len(made.packed) - 1)]))


BOMB = b"\x00" * (64 * 1024 * 1024)


@pytest.mark.parametrize("codec", [segment.BZ2, segment.ZSTD_DICTIONARY])
def test_a_bomb_is_refused_without_being_unpacked(codec: int) -> None:
    packed = bz2.compress(BOMB) if codec == segment.BZ2 else zstandard.ZstdCompressor().compress(BOMB)
    with pytest.raises(BadMessage):
        segment.decompress(codec, packed, 1000)
    with pytest.raises(BadMessage):
        segment.decompress(codec, packed, len(BOMB))


def test_a_bomb_that_hides_its_size_is_refused() -> None:
    packed = zstandard.ZstdCompressor(write_content_size=False).compress(BOMB)
    with pytest.raises(BadMessage):
        segment.decompress(segment.ZSTD_DICTIONARY, packed, 1000)


@given(st.binary(max_size=300))
def test_junk_in_place_of_columns_is_refused(junk: bytes) -> None:
    with pytest.raises(BadMessage):
        segment.unpack_events(junk)


def test_columns_nested_without_end_are_refused() -> None:
    with pytest.raises(BadMessage):
        segment.unpack_events(b"\x91" * 50_000 + b"\x01")


def test_an_event_larger_than_allowed_is_stored_like_any_other() -> None:
    large = some(1)[0]._replace(open={"text": "x" * (EVENT_BYTES_MAX + 1)})
    opened = segment.open_segment(make([large, *some(1)]))
    assert (opened[0].event, opened[0].proof.length) == (large, size(to_bytes(large)))
