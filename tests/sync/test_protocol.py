"""Requests, replies and pages cross the wire unchanged; later versions may add to their end."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import protocol
from sync.errors import BadMessage
from sync.protocol import Cursor, Echo, Health, Page, Reply, Request, ScopePage, Verdict, Whole
from tests.sync.test_columns import KEYS, ROWS, VALUES

IDS = st.binary(min_size=16, max_size=16)
NUMBERS = st.integers(0, 2**53)
REQUEST = Request(b"e" * 8, b"i" * 8, 7, b"t" * 32, [Cursor("office:0380", 3)], Health(1, 2, 3, 4, "1.0"))
ECHOES = st.builds(Echo, NUMBERS, st.just(1), st.binary(min_size=8, max_size=8), NUMBERS, st.integers(-(10**9), 10**9))
WHOLES = st.builds(
    Whole, IDS, st.sampled_from(["report", "person"]), NUMBERS, st.dictionaries(KEYS, VALUES, max_size=4)
)
SCOPES = st.lists(st.tuples(st.integers(-9, 9), NUMBERS), max_size=6).map(
    lambda rows: ScopePage("office:0380", 3, 9, [row[0] for row in rows], [row[1] for row in rows])
)
VERDICTS = st.builds(Verdict, NUMBERS, IDS, st.sampled_from(["held", "conflict"]), st.text(max_size=5))
PAGES = st.builds(
    Page, st.lists(ECHOES, max_size=4), st.lists(WHOLES, max_size=4), st.lists(IDS, max_size=3),
    st.lists(SCOPES, max_size=3), st.lists(VERDICTS, max_size=3),
)  # fmt: skip


def reply_with(codec: int, length: int, packed: bytes) -> Reply:
    return Reply(b"e" * 8, 0, 0, b"", 0, True, [], packed, codec, length)


@settings(max_examples=60)
@given(PAGES, st.booleans())
def test_any_page_comes_back_as_it_was(page: Page, slow: bool) -> None:
    assert protocol.unpack_page(reply_with(*protocol.pack_page(page, slow))) == page


def test_an_empty_page_takes_no_bytes() -> None:
    assert protocol.pack_page(Page([], [], [], [], []), False) == (0, 0, b"")


@given(st.binary(max_size=200), st.integers(0, 4), st.integers(1, 300))
def test_junk_in_place_of_a_page_is_refused(junk: bytes, codec: int, length: int) -> None:
    with pytest.raises(BadMessage):
        protocol.unpack_page(reply_with(codec, length, junk))


@given(ROWS)
def test_a_page_of_the_wrong_shape_is_refused(rows: list[dict[str, Any]]) -> None:
    raw = msgspec.msgpack.encode([1, rows, rows, b"", [], [], b"", rows, b"", [[1]], rows])
    with pytest.raises(BadMessage):
        protocol.unpack_page(reply_with(0, len(raw), raw))


def test_a_request_and_a_reply_come_back_as_they_were() -> None:
    reply = Reply(b"e" * 8, 1, 2, b"h" * 32, 2, False, ["all"], refusal="revoked", params={"why": "mất máy"})
    assert protocol.decode_request(protocol.encode(REQUEST)) == REQUEST
    assert protocol.decode_reply(protocol.encode(reply)) == reply


def test_a_field_that_a_later_version_adds_is_skipped() -> None:
    fields = msgspec.msgpack.decode(protocol.encode(REQUEST))
    later = msgspec.msgpack.encode([*fields, "something new"])
    assert protocol.decode_request(later) == REQUEST


def test_a_request_of_an_earlier_version_without_the_last_fields_is_read() -> None:
    fields = msgspec.msgpack.decode(protocol.encode(REQUEST))
    assert protocol.decode_request(msgspec.msgpack.encode(fields[:7])) == REQUEST


@given(st.binary(max_size=200))
def test_junk_in_place_of_a_body_is_refused(junk: bytes) -> None:
    for decode in (protocol.decode_request, protocol.decode_reply):
        with pytest.raises(BadMessage):
            decode(junk)


def test_a_body_nested_without_end_is_refused() -> None:
    with pytest.raises(BadMessage):
        protocol.decode_reply(b"\x9c" + b"\x91" * 50_000 + b"\x01")
