"""Rows of alike dicts as columns: what is equal for all is said once, and alike things stand together for the compressor.

Pure and lossless: `unpack(pack(rows)) == rows` for dicts of text, whole numbers, booleans, lists and dicts. A column is a
msgpack array whose first element names how it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

from sync import moments, tracking_code
from sync.errors import BadMessage, BrokenPromise

_SEPARATOR = "\x00"  # never in a text of ours: limits refuse control characters
_DICT_MAX = 200  # distinct values that still fit one byte each
# Of one message: a thousand events of a thousand values. A few bytes may say "the same for all", so bytes are no bound.
CELLS_MAX = 1_000_000

Column = list[Any]


def pack(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Rows as [count, {key: column}]; a key that some rows lack carries a mask."""
    keys: dict[str, None] = {}
    for row in rows:
        keys.update(dict.fromkeys(row))
    return [len(rows), {key: _column([row.get(key) for row in rows], rows, key) for key in sorted(keys)}]


def _column(values: list[Any], rows: Sequence[Mapping[str, Any]], key: str) -> Column:
    if None in values:
        present = [key in row for row in rows]
        if not all(present):
            dense = [value for value, there in zip(values, present, strict=True) if there]
            return ["m", _mask(present), _dense(dense)]
    return _dense(values)


def _dense(values: list[Any]) -> Column:
    first = values[0]
    kinds = set(map(type, values))
    if kinds == {str}:
        return _texts(values)
    if kinds == {bytes}:
        return _few(values) or ["v", values]
    if kinds == {int}:
        return numbers(values)
    if kinds == {dict}:
        return ["o", pack(values)]
    if kinds == {bool} and len(set(values)) == 1:
        return ["c", first]
    return ["v", values]


def _texts(values: list[str]) -> Column:
    if few := _few(values):
        return few
    first = values[0]
    if len(first) == moments.LENGTH and first[10] == "T" and (times := _times(values)):
        return times
    if len(first) == 12 and first.isdigit() and (codes := _codes(values)):
        return codes
    joined = _SEPARATOR.join(values)
    return ["s", joined] if joined.count(_SEPARATOR) == len(values) - 1 else ["v", values]


def _few(values: list[Any]) -> Column | None:
    """One value for all, or a list of the few there are and one byte each to tell which."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        return ["c", distinct[0]]
    if len(distinct) <= _DICT_MAX and len(distinct) * 4 <= len(values):
        places = {value: at for at, value in enumerate(distinct)}
        return ["d", distinct, bytes([places[value] for value in values])]
    return None


def _times(values: list[str]) -> Column | None:
    offset = values[0][19:]
    seconds = []
    for value in values:
        at = moments.local_seconds(value)
        if at is None or len(value) != moments.LENGTH or value[19:] != offset:
            return None
        seconds.append(at)
    return ["t", offset, numbers(seconds)]


def _codes(values: list[str]) -> Column | None:
    """Tracking codes of one office: three bytes each, the office once, the check digit made again."""
    office = values[0][:4]
    place = tracking_code.office_place(office) if office.isascii() else 0
    packed = bytearray()
    for value in values:
        if len(value) != 12 or value[:4] != office or not (value.isascii() and value.isdigit()):
            return None
        number, check = divmod(int(value[4:]), 10)
        if tracking_code.check_digit(place, number) != check:
            return None
        packed += number.to_bytes(3, "big")
    return ["k", office, bytes(packed)]


def numbers(values: Sequence[int]) -> Column:
    """Whole numbers: one if all are equal, else the first and the steps."""
    if not values:
        return ["c", 0]
    first = values[0]
    steps = [second - first_ for first_, second in zip(values, values[1:], strict=False)]
    if not any(steps):
        return ["c", first]
    return ["n", first, steps] if len(set(steps)) > 1 else ["r", first, steps[0]]


def _mask(present: list[bool]) -> bytes:
    bits = int("1" + "".join("1" if there else "0" for there in present), 2)
    return bits.to_bytes((bits.bit_length() + 7) // 8, "big")


def _unmask(mask: bytes, count: int) -> list[bool]:
    bits = bin(int.from_bytes(mask, "big"))[3:]
    if len(bits) != count:
        raise BadMessage("bad_columns")
    return [bit == "1" for bit in bits]


def unpack(packed: Any, room: list[int] | None = None) -> list[dict[str, Any]]:
    """The rows of packed columns; raises BadMessage for anything else. `room` counts down over all that is nested in it."""
    room = [CELLS_MAX] if room is None else room
    try:
        count, columns = packed
        _take(room, count)
        full: dict[str, list[Any]] = {}
        partly: list[tuple[str, list[bool], list[Any]]] = []
        for key, column in columns.items():
            if column[0] == "m":
                there = _unmask(column[1], count)
                partly.append((key, there, _values(column[2], sum(there), room)))
            else:
                full[key] = _values(column, count, room)
        rows: list[dict[str, Any]] = [
            dict(zip(full, row, strict=True)) for row in zip(*full.values(), strict=True)
        ] or [{} for _ in range(count)]
        for key, there, values in partly:
            for row, value in zip(compress(rows, there), values, strict=True):
                row[key] = value
        return rows
    except (
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        AttributeError,
        OverflowError,
        RecursionError,
        BrokenPromise,
    ) as reason:
        raise BadMessage("bad_columns") from reason


def _values(column: Column, count: int, room: list[int]) -> list[Any]:
    _take(room, count)
    values = values_of(column, count, room)
    if len(values) != count:
        raise BadMessage("bad_columns")
    return values


def _take(room: list[int], cells: int) -> None:
    room[0] -= cells
    if room[0] < 0 or cells < 0:
        raise BadMessage("too_large")


def values_of(column: Column, count: int, room: list[int] | None = None) -> list[Any]:
    """The values of one column."""
    how = column[0]
    if not 0 <= count <= CELLS_MAX:
        raise BadMessage("too_large")
    if how == "c":
        return [column[1]] * count
    if how == "s":
        return list(column[1].split(_SEPARATOR))
    if how == "d":
        return [column[1][at] for at in column[2]]
    if how == "n":
        value, out = column[1], [column[1]]
        for step in column[2]:
            value += step
            out.append(value)
        return out
    if how == "r":
        return [column[1] + column[2] * at for at in range(count)]
    if how == "t":
        return moments.spelled(values_of(column[2], count), column[1])
    if how == "k":
        packed = column[2]
        return [
            tracking_code.make(column[1], int.from_bytes(packed[at : at + 3], "big")) for at in range(0, len(packed), 3)
        ]
    if how == "o":
        return unpack(column[1], room)
    if how == "v":
        return list(column[1])
    raise BadMessage("bad_columns")
