"""What a mapping promises: it is refused as a whole, lines one by one, and nothing is shortened unasked."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.csv_lines import lines_from_csv
from intake_app.actions.import_mapping import CsvMapping, MappingError, read_mapping
from intake_app.actions.lines import read_line
from intake_app.store.directory import Directory
from intake_app.store.shipped import load_directory
from sync.errors import Problem

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "docs/examples/sf311.toml"
NOW_MS = 1_700_000_000_000

MAPPING = """
key = ["no"]
[constants]
unit = "2021:14758"
topic = "price_fraud"
[columns]
summary = { from = ["kind", "about"], join = " – ", cut = 20 }
details = "notes"
[times]
occurred_at = { from = "opened", format = "%d/%m/%Y %H:%M", zone = "Asia/Ho_Chi_Minh" }
[values.channel]
from = "source"
"Tel" = "phone"
"Web" = "portal"
"""
HEADER = "no,kind,about,notes,opened,closed,lat,source\r\n"


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


@pytest.fixture
def mapping(directory: Directory) -> CsvMapping:
    return read_mapping(MAPPING.encode(), directory)


def rows(mapping: CsvMapping, text: str | bytes) -> list[tuple[int, Any]]:
    return list(lines_from_csv(io.BytesIO(text.encode() if isinstance(text, str) else text), mapping))


def test_row_becomes_a_record_line(mapping: CsvMapping, directory: Directory) -> None:
    text = HEADER + "7,Giá,thịt lợn,Tăng gấp đôi,05/12/2021 08:30,,0.0,Tel\r\n"
    [(number, line)] = rows(mapping, text)
    assert (number, line["source_id"], line["channel"]) == (2, "7", "phone")
    assert line["occurred_at"] == "2021-12-05T08:30:00+07:00"
    assert read_line(line, directory, NOW_MS).open["summary"] == "Giá – thịt lợn"


def test_number_is_that_of_the_line_a_record_begins_on(mapping: CsvMapping) -> None:
    text = HEADER + '1,a,b,"dòng một\r\ndòng hai\n\ndòng bốn",,,0.0,Tel\r\n\r\n2,a,b,,,,0.0,Web\r\n'
    assert [number for number, _ in rows(mapping, text)] == [2, 7]
    assert rows(mapping, text)[0][1]["details"] == "dòng một\ndòng hai\n\ndòng bốn"


def test_byte_order_mark_and_semicolons_of_a_spreadsheet_are_read(mapping: CsvMapping) -> None:
    text = "\ufeff" + HEADER.replace(",", ";") + "1;Giá;gas, xăng;;;;0,0;Tel\r\n"
    assert rows(mapping, text)[0][1]["summary"] == "Giá – gas, xăng"


def test_empty_notes_and_times_are_left_out(mapping: CsvMapping) -> None:
    [(_, line)] = rows(mapping, HEADER + "1,Giá,, ,,05/12/2021 08:30,0.0,Tel\n")
    assert line == {
        "source_id": "1",
        "unit": "2021:14758",
        "topic": "price_fraud",
        "summary": "Giá",
        "channel": "phone",
    }


def test_only_cut_shortens(mapping: CsvMapping) -> None:
    [(_, line)] = rows(mapping, HEADER + f"1,Giá,{'x' * 300},{'y' * 6000},,,0.0,Tel\n")
    assert len(line["summary"]) == 20
    assert len(line["details"]) == 6000


def test_closed_before_opened_is_no_reason_to_refuse(mapping: CsvMapping) -> None:
    [(_, line)] = rows(mapping, HEADER + "1,Giá,gas,,05/12/2021 08:30,01/01/1999 00:00,0.0,Tel\n")
    assert line["occurred_at"].startswith("2021-12-05")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2,Giá,gas,,5-12-2021,,0.0,Tel", "csv_time_unreadable"),
        ("2,Giá,gas,,,,0.0,Fax", "csv_value_unknown"),
        (",Giá,gas,,,,0.0,Tel", "csv_key_empty"),
        ("2,Giá,gas", "csv_row_width"),
        ('2,"Giá "cao" quá",gas,,,,0.0,Tel', "csv_broken_quotes"),
        (f"2,Giá,gas,{'z' * 140_000},,,0.0,Tel", "csv_broken_quotes"),
    ],
)
def test_bad_row_is_refused_and_the_next_ones_go_on(mapping: CsvMapping, row: str, code: str) -> None:
    text = HEADER + "1,a,b,,,,0.0,Tel\n" + row + "\n3,a,b,,,,0.0,Web\n"
    first, bad, last = rows(mapping, text)
    assert (first[1]["source_id"], last[0], last[1]["source_id"]) == ("1", 4, "3")
    assert bad[0] == 3 and isinstance(bad[1], Problem) and bad[1].code == code


def test_bytes_that_are_no_utf8_refuse_their_row_only(mapping: CsvMapping) -> None:
    text = HEADER.encode() + b"1,Gi\xe1,gas,,,,0.0,Tel\n2,caf\xc3\xa9,gas,,,,0.0,Tel\n"
    (_, bad), (_, good) = rows(mapping, text)
    assert bad == Problem("csv_not_utf8", {"column": "kind"})
    assert good["summary"] == "café – gas"


def test_quote_never_closed_is_told_and_not_swallowed(mapping: CsvMapping) -> None:
    text = HEADER + '1,a,b,,,,0.0,Tel\n2,"open,b,,,,0.0,Tel\n3,a,b,,,,0.0,Tel\n'
    assert rows(mapping, text)[1] == (3, Problem("csv_broken_quotes", {"last": 4}))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (HEADER.replace("source", "channel"), "csv_column_missing"),
        (HEADER.replace("closed", "opened"), "csv_column_twice"),
        ("", "csv_no_header"),
        ('"no', "csv_no_header"),
    ],
)
def test_file_without_the_columns_is_refused_before_the_first_row(mapping: CsvMapping, header: str, code: str) -> None:
    with pytest.raises(MappingError) as refusal:
        lines_from_csv(io.BytesIO(header.encode()), mapping)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("[constants]", "[constant]", "mapping_unknown_section"),
        ("key = ", "# ", "mapping_needs_columns"),
        ("[columns]", "columns = 3\n[other]", "mapping_unknown_section"),
        ('["kind", "about"]', "[]", "mapping_needs_columns"),
        ("cut = 20", "cut = 0", "mapping_bad_option"),
        ("cut = 20", "max = 20", "mapping_unknown_option"),
        ('details = "notes"', 'detail = "notes"', "mapping_unknown_key"),
        ('details = "notes"', 'topic = "notes"', "mapping_key_twice"),
        ('topic = "price_fraud"', "", "mapping_key_missing"),
        ('"price_fraud"', '"prices"', "mapping_bad_value"),
        ('"2021:14758"', '"14758"', "mapping_bad_value"),
        ('"Web" = "portal"', '"Web" = "web"', "mapping_bad_value"),
        ("Asia/Ho_Chi_Minh", "Asia/Nowhere", "mapping_bad_option"),
        (', zone = "Asia/Ho_Chi_Minh"', "", "mapping_needs_zone"),
        ("occurred_at =", "closed_at =", "mapping_unknown_key"),
        ("key =", "key", "mapping_not_toml"),
    ],
)
def test_mapping_that_cannot_work_is_refused_as_a_whole(directory: Directory, old: str, new: str, code: str) -> None:
    with pytest.raises(MappingError) as refusal:
        read_mapping(MAPPING.replace(old, new, 1).encode(), directory)
    assert refusal.value.code == code


def test_default_stands_for_values_nobody_listed(directory: Directory) -> None:
    mapping = read_mapping(
        MAPPING.replace('from = "source"', 'from = "source"\ndefault = "letter"').encode(), directory
    )
    assert rows(mapping, HEADER + "1,a,b,,,,0.0,Fax\n")[0][1]["channel"] == "letter"


def test_example_for_san_francisco_reads_a_record_of_that_shape(directory: Directory) -> None:
    mapping = read_mapping(EXAMPLE.read_bytes(), directory)
    names = mapping.sources()
    values = {"unique_key": "1", "created_date": "2016-07-13 15:11:07+00:00", "source": "Web", "complaint_type": "Odor"}
    text = ",".join(names) + "\n" + ",".join(values.get(name, "") for name in names) + "\n"
    [(_, line)] = rows(mapping, text)
    opened = read_line(line, directory, NOW_MS).open
    assert (opened["channel"], opened["topic"], opened["summary"]) == ("portal", "other_directed", "Odor")
    assert opened["occurred_at"] == "2016-07-13T15:11:07+00:00"
