"""The record lines that a mapping makes of a CSV file, one by one as it is read.

A record that does not fit never stops the others, and nothing is shortened unless the mapping says so. What a key
may hold is decided where all lines are checked (actions/lines).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, BinaryIO

from intake_app.actions.import_mapping import CsvMapping, FromColumns, FromTime, MappingError
from intake_app.actions.lines import MULTILINE
from sync.errors import Problem
from sync.fold import clean_text

KEY_JOINT = "/"
DELIMITERS = (",", ";", "\t")  # Spreadsheets set to Vietnamese write semicolons.

Mapped = tuple[int, dict[str, Any] | Problem]


def lines_from_csv(file: BinaryIO, mapping: CsvMapping) -> Iterator[Mapped]:
    """Gives (line number, record line or why it does not fit) for each record, as the file is read.

    The number is that of the line on which the record begins; the header is line 1. Raises MappingError at once,
    before anything is given, where the file lacks a column that the mapping needs.
    """
    # What is no UTF-8 comes through as lone surrogates, so that only the line that holds it is refused.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    first = text.readline()
    delimiter = next((each for each in DELIMITERS if _has_all(first, each, mapping)), DELIMITERS[0])
    lines = _with_first(first, text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
        places = _places(header, mapping)
    except csv.Error as reason:
        lines.close()
        raise MappingError("csv_no_header") from reason
    except MappingError:
        lines.close()
        raise
    return _lines(reader, places, len(header), mapping)


def _with_first(first: str, rest: io.TextIOWrapper) -> Generator[str, None, None]:
    try:
        if first:
            yield first
        yield from rest
    finally:
        # The file belongs to the caller; one that broke off in the middle may have closed it already.
        with suppress(ValueError):
            rest.detach()


def _has_all(line: str, delimiter: str, mapping: CsvMapping) -> bool:
    names = {name.strip() for row in csv.reader([line], delimiter=delimiter) for name in row}
    return names.issuperset(mapping.sources())


def _places(header: list[str], mapping: CsvMapping) -> dict[str, int]:
    names = [name.strip() for name in header]
    if not any(names):
        raise MappingError("csv_no_header")
    for name in mapping.sources():
        if name not in names:
            raise MappingError("csv_column_missing", column=name, columns=", ".join(names)[:500])
        if names.count(name) > 1:
            raise MappingError("csv_column_twice", column=name)
    return {name: names.index(name) for name in mapping.sources()}


def _lines(reader: Any, places: Mapping[str, int], width: int, mapping: CsvMapping) -> Iterator[Mapped]:
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error:
            yield number, Problem("csv_broken_quotes", {"last": reader.line_num})
            continue
        if row is None:
            return
        if not row:
            continue
        if len(row) != width:
            yield number, Problem("csv_row_width", {"found": len(row), "expected": width})
        else:
            yield number, make_line({name: row[place] for name, place in places.items()}, mapping)


def make_line(row: Mapping[str, str], mapping: CsvMapping) -> dict[str, Any] | Problem:
    """Gives the record line of a row, or the first reason why there is none."""
    for name, value in row.items():
        if any("\udc80" <= letter <= "\udcff" for letter in value):
            return Problem("csv_not_utf8", {"column": name})
    parts = [row[name].strip() for name in mapping.key]
    if not all(parts):
        return Problem("csv_key_empty", {"column": mapping.key[parts.index("")]})
    line: dict[str, Any] = {"source_id": KEY_JOINT.join(parts), **mapping.constants}
    for key, column in mapping.columns.items():
        if text := _joined(key, column, row):
            line[key] = text
    for key, values in mapping.values.items():
        typed = clean_text(row[values.source], multiline=False)
        code = values.codes.get(typed, values.default)
        if code is None:
            return Problem("csv_value_unknown", {"column": values.source, "value": typed[:60]})
        line[key] = code
    for key, time in mapping.times.items():
        if typed := row[time.source].strip():
            moment = _moment(typed, time)
            if moment is None:
                return Problem(
                    "csv_time_unreadable", {"column": time.source, "value": typed[:60], "format": time.format}
                )
            line[key] = moment
    return line


def _joined(key: str, column: FromColumns, row: Mapping[str, str]) -> str:
    parts = (clean_text(row[name], key in MULTILINE) for name in column.sources)
    text = clean_text(column.join.join(part for part in parts if part), key in MULTILINE)
    return text if column.cut is None else text[: column.cut].rstrip()


def _moment(text: str, time: FromTime) -> str | None:
    try:
        moment = datetime.strptime(text, time.format)  # noqa: DTZ007  The zone is added below.
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=time.zone)
        return moment.isoformat(timespec="seconds") if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
