"""Export files: JSON lines for programs, CSV and Excel for people. Each is written line by line as it comes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from forms.words import FIELDS, word
from intake_app.shown import when
from intake_app.store.directory import Directory
from sync import tracking_code

Line = dict[str, object]
Translate = Callable[[str], str]

# What a person wants to see in a table, in the order in which it is asked for on the phone.
COLUMNS = (
    "tracking_code",
    "received_at",
    "status",
    "urgency",
    "channel",
    "kind",
    "topic",
    "summary",
    "details",
    "unit",
    "village",
    "address",
    "occurred_at",
    "name",
    "phone",
    "home_address",
    "office",
    "lead_agency",
    "deadline",
    "answer",
    "intake_no",
    "source_id",
)
# A spreadsheet runs a cell that begins like this as a formula; whoever reports a matter could write one.
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
# Excel has 1 048 576 rows a sheet; a round number leaves room for the heads.
SHEET_ROWS_MAX = 1_000_000


def write_jsonl(lines: Iterable[Line], out: IO[bytes]) -> int:
    """Writes one JSON object a line; gives how many."""
    count = 0
    for line in lines:
        out.write(json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
        count += 1
    return count


def write_csv(lines: Iterable[Line], out: IO[bytes], directory: Directory, translate: Translate) -> int:
    """Writes a table that Excel opens by double click: UTF-8 with its mark, and no cell that runs as a formula."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    try:
        table = csv.writer(text)
        table.writerow(heads(translate))
        count = 0
        for line in lines:
            table.writerow([harmless(cell) for cell in cells(line, directory, translate)])
            count += 1
        return count
    finally:
        text.detach()  # the caller's file stays open


def write_xlsx(lines: Iterable[Line], out: IO[bytes], directory: Directory, translate: Translate) -> int:
    """Writes an Excel workbook in flat memory; every cell is text, so nothing runs."""
    from xlsxwriter import Workbook  # 75 ms and 2 MB that no other command should pay

    book = Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    row, count, sheet = SHEET_ROWS_MAX, 0, None
    for line in lines:
        if sheet is None or row >= SHEET_ROWS_MAX:
            sheet, row = _new_sheet(book, translate), 1
        for column, cell in enumerate(cells(line, directory, translate)):
            sheet.write_string(row, column, cell)
        row += 1
        count += 1
    if sheet is None:
        _new_sheet(book, translate)
    book.close()
    return count


def _new_sheet(book: object, translate: Translate) -> object:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads(translate)):
        sheet.write_string(0, column, head)
    return sheet


def heads(translate: Translate) -> list[str]:
    """The heads of the columns, in words."""
    return [translate(FIELDS[key]) for key in COLUMNS]


def cells(line: Line, directory: Directory, translate: Translate) -> Iterator[str]:
    """The cells of one line, in words."""
    for key in COLUMNS:
        yield _cell(key, line.get(key), line, directory, translate)


def _cell(key: str, value: object, line: Line, directory: Directory, translate: Translate) -> str:
    if value is None or value == "":
        return ""
    if key in ("channel", "kind", "urgency", "status"):
        return word(key, value, translate)
    if key in ("received_at", "occurred_at", "deadline"):
        return _time(str(value))
    return _named(key, str(value), directory)


def _named(key: str, value: str, directory: Directory) -> str:
    """The name behind a code of the reference data; a code this node does not know stays as it is."""
    if key == "tracking_code":
        return tracking_code.show(value)
    if key == "unit":
        return directory.unit_label(value) if directory.unit(value) else value
    known = {"topic": directory.topics, "office": directory.offices, "lead_agency": directory.agencies}.get(key, {})
    return known[value].name if value in known else value


def _time(text: str) -> str:
    try:
        return when(text)
    except ValueError:
        return text


def harmless(cell: str) -> str:
    """The cell with a quote before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_BEGINNINGS) else cell
