"""Export files: JSON lines for programs, CSV and Excel for people. Each is written line by line as it comes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from forms.words import FIELDS, N_, word
from intake_app.shown import topic_label, when
from intake_app.store.directory import Directory, Question, Topic
from sync import tracking_code

Line = dict[str, object]
Translate = Callable[[str], str]
YES_NO = {True: N_("Yes"), False: N_("No")}

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
    "representative_name",
    "phone",
    "home_address",
    "office",
    "lead_agency",
    "deadline",
    "due_at",
    "deadline_state",
    "answer",
    "rating",
    "rating_text",
    "intake_no",
    "source_id",
    "topic_version",
)
OTHER_ANSWERS = "answers"  # last: what a topic's questions of another version were answered
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
        table.writerow(heads(directory, translate))
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
            sheet, row = _new_sheet(book, directory, translate), 1
        for column, cell in enumerate(cells(line, directory, translate)):
            if cell:  # nine in ten are empty: the questions of other topics
                sheet.write_string(row, column, cell)
        row += 1
        count += 1
    if sheet is None:
        _new_sheet(book, directory, translate)
    book.close()
    return count


def _new_sheet(book: object, directory: Directory, translate: Translate) -> object:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads(directory, translate)):
        sheet.write_string(0, column, head)
    return sheet


def heads(directory: Directory, translate: Translate) -> list[str]:
    """The heads of the columns, in words: those of every report, then a column for each question of each topic."""
    asked = [
        f"{topic_label(topic, _language(translate), True)}: {_label(question, translate)}"
        for topic, question in _questions(directory)
    ]
    return [*(translate(FIELDS[key]) for key in COLUMNS), *asked, translate(FIELDS[OTHER_ANSWERS])]


def cells(line: Line, directory: Directory, translate: Translate) -> Iterator[str]:
    """The cells of one line, in words."""
    for key in COLUMNS:
        yield _cell(key, line.get(key), line, directory, translate)
    answers = line.get("answers")
    rest = dict(answers) if isinstance(answers, dict) else {}
    for topic, question in _questions(directory):
        known = topic.code == line.get("topic") and question.code in rest
        yield _answer(rest.pop(question.code), question, translate) if known else ""
    yield "; ".join(f"{code}: {value}" for code, value in rest.items())


def _questions(directory: Directory) -> Iterator[tuple[Topic, Question]]:
    return ((topic, question) for topic in directory.topics.values() for question in (*topic.questions, *topic.former))


def _language(translate: Translate) -> str:
    """The language a translation gives: the words of a topic are data, not of the catalogue."""
    return "en" if translate(FIELDS["summary"]) == FIELDS["summary"] else "vi"


def _label(question: Question, translate: Translate) -> str:
    return question.label_en if _language(translate) == "en" else question.label_vi


def _answer(value: object, question: Question, translate: Translate) -> str:
    if isinstance(value, bool):
        return translate(YES_NO[value])
    english = _language(translate) == "en"
    names = {code: in_english if english else vietnamese for code, vietnamese, in_english in question.choices}
    if question.type == "date" and isinstance(value, str):
        return "/".join(reversed(value.split("-")))
    return names.get(str(value), str(value))


def _cell(key: str, value: object, line: Line, directory: Directory, translate: Translate) -> str:
    if value is None or value == "":
        return ""
    if key in ("channel", "kind", "urgency", "status", "deadline_state"):
        return word(key, value, translate)
    if key in ("received_at", "occurred_at", "deadline", "due_at"):
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
