"""Columns lose nothing: whatever rows go in come out, whatever else comes in is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import columns, tracking_code
from sync.errors import BadMessage

SMALL = st.integers(-(2**53), 2**53)
TIMES = st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat() + "+07:00")
CODES = st.builds(tracking_code.make, st.sampled_from(["0380", "1022"]), st.integers(0, tracking_code.RANDOM_MAX - 1))
TEXTS = st.text() | st.sampled_from(["", "phone", "Đường", "a\x00b", "٠٣٨٠", "𝄞"]) | TIMES | CODES
VALUES = st.recursive(
    st.none() | st.booleans() | SMALL | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["a", "b", "channel", "at", "đ"])
ROWS = st.lists(st.dictionaries(KEYS, VALUES, max_size=5), max_size=12)
ALIKE = st.one_of(
    *(st.lists(st.fixed_dictionaries({}, optional={"x": one}), max_size=12) for one in (TEXTS, TIMES, CODES, SMALL))
)


def through_the_wire(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return columns.unpack(msgspec.msgpack.decode(msgspec.msgpack.encode(columns.pack(rows))))


@given(ROWS)
def test_rows_of_any_values_come_back_as_they_were(rows: list[dict[str, Any]]) -> None:
    assert through_the_wire(rows) == rows


@given(ALIKE)
def test_columns_of_alike_values_come_back_as_they_were(rows: list[dict[str, Any]]) -> None:
    assert through_the_wire(rows) == rows


@settings(max_examples=30)
@given(ROWS)
def test_the_order_of_keys_does_not_change_the_bytes(rows: list[dict[str, Any]]) -> None:
    other = [dict(reversed(row.items())) for row in rows]
    assert msgspec.msgpack.encode(columns.pack(other), order="sorted") == msgspec.msgpack.encode(
        columns.pack(rows), order="sorted"
    )


@pytest.mark.parametrize(
    "values",
    [
        ["2021-12-03T09:53:20+07:00", "2021-12-03T09:53:20+00:00"],
        ["2021-12-03T09:53:20+07:00", "2021-12-03 09:53:20+07:00"],
        ["2021-12-03T24:00:00+07:00", "2021-12-04T00:00:00+07:00"],
        ["0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59+07:00"],
        ["038000000019", "038000000018"],
        ["038000000019", "０３８０００００００19"],
        ["\x00", "", "\x00\x00"],
        [True, 1, 1],
        [1, True],
        [0, False, 0],
        [-(2**63), 2**63 - 1],
        [1.5, 2, 3],
        [None, None],
    ],
    ids=str,
)
def test_values_that_only_look_alike_are_told_apart(values: list[Any]) -> None:
    back = [row["x"] for row in through_the_wire([{"x": value} for value in values])]
    assert [(type(value), value) for value in back] == [(type(value), value) for value in values]


def test_a_missing_key_is_not_a_key_that_holds_nothing() -> None:
    rows: list[dict[str, Any]] = [{"x": None}, {}, {"x": "a"}, {}]
    assert through_the_wire(rows) == rows


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=4) | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=12,
)
HOW = st.sampled_from(list("csdnrtkovmx"))
HALF_RIGHT = st.tuples(
    st.integers(-1, 4), st.dictionaries(st.text(max_size=1), st.tuples(HOW, JUNK, JUNK).map(list), max_size=2)
).map(list)


@given(JUNK | HALF_RIGHT)
def test_junk_is_refused_or_read_but_never_breaks(junk: Any) -> None:
    try:
        rows = columns.unpack(junk)
    except BadMessage:
        return
    assert all(isinstance(row, dict) for row in rows)


def test_a_row_count_no_message_could_hold_is_refused_before_it_takes_memory() -> None:
    with pytest.raises(BadMessage):
        columns.unpack([10**12, {}])


def test_a_run_of_numbers_no_message_could_hold_is_refused_before_it_takes_memory() -> None:
    with pytest.raises(BadMessage):
        columns.unpack([2, {"x": ["o", [10**12, {"y": ["c", 1]}]]}])


def test_rows_nested_deeper_than_any_report_are_refused() -> None:
    packed: Any = [1, {}]
    for _ in range(5000):
        packed = [1, {"x": ["o", packed]}]
    with pytest.raises(BadMessage):
        columns.unpack(packed)
