"""`record`: the good lines are kept, the others are told by number; a second run is harmless."""

from __future__ import annotations

import pytest

from tests.cli.conftest import LINE, as_lines


def test_reports_are_recorded_and_counted(run, office):
    said = run(office, "record", "-", "--json", stdin=as_lines(LINE, LINE))
    assert said.status == 0 and said.json == {"recorded": 2, "known": 0, "refused": []}


def test_second_run_of_the_same_file_records_nothing(run, office, tmp_path):
    file = tmp_path / "reports.jsonl"
    file.write_text(as_lines(LINE | {"source_id": "a-1"}, LINE | {"source_id": "a-2"}), encoding="utf-8")
    assert run(office, "record", str(file), "--json").json["recorded"] == 2
    assert run(office, "record", str(file), "--json").json == {"recorded": 0, "known": 2, "refused": []}


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (b"{", "JSON"),
        (b'"text"', "object"),
        (b"[" * 100_000, "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"a": "' + b"x" * 300_000 + b'"}', "longer"),
        (b"9" * 5000, "JSON"),
        (as_lines(LINE | {"colour": "red"}).strip().encode(), "colour"),
        (as_lines(LINE | {"unit": "14758"}).strip().encode(), "unit"),
        (as_lines(LINE | {"summary": None}).strip().encode(), "summary"),
    ],
)
def test_line_that_does_not_fit_is_told_by_number_and_stops_no_other(run, office, bad, named):
    good = as_lines(LINE).encode()
    said = run(office, "record", "-", "--json", stdin=good + bad + b"\n" + good)
    assert said.status == 1 and said.json["recorded"] == 2
    assert [one["line"] for one in said.json["refused"]] == [2] and named in said.json["refused"][0]["why"]


def test_blank_lines_and_the_mark_of_an_editor_are_no_lines(run, office):
    said = run(office, "record", "-", "--json", stdin="\ufeff" + as_lines(LINE) + "\n\n")
    assert said.json == {"recorded": 1, "known": 0, "refused": []}


def test_refused_line_is_told_to_a_person_too(run, office):
    said = run(office, "record", "-", stdin=as_lines(LINE, {}))
    assert said.status == 1 and "Refused: 1" in said.out and "line 2: channel" in said.out


def test_file_that_is_not_there_is_one_sentence(run, office, tmp_path):
    said = run(office, "record", str(tmp_path / "none.jsonl"))
    assert (said.status, said.err) == (2, f"{tmp_path / 'none.jsonl'} is not there.\n")


def test_person_who_may_not_record_is_told(run, office):
    add = ("user", "add", "xem", "--role", "auditor", "--password-stdin")
    run(office, *add, stdin="một mật khẩu dài")
    said = run(office, "--as", "xem", "record", "-", stdin=as_lines(LINE))
    assert said.status == 2 and "may not" in said.err
