"""`import-csv`: a spreadsheet through the same validation; started again it goes on where it was."""

from __future__ import annotations

import pytest

MAPPING = """
key = ["number"]
[constants]
unit = "2021:14758"
topic = "price_fraud"
channel = "phone"
[columns]
summary = { from = ["what"], cut = 20 }
"""
ROWS = "number,what\n1,Giá khẩu trang tăng gấp ba trong ngày\n2,Hàng giả\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    return str(tmp_path / "rows.csv"), "--mapping", str(tmp_path / "map.toml")


def test_rows_become_reports_and_are_cut_only_where_the_mapping_says(run, office, files, line_of):
    assert run(office, "import-csv", *files, "--json").json == {"recorded": 2, "known": 0, "refused": []}
    assert len(line_of(office)["summary"]) <= 20


def test_started_again_it_goes_on_where_it_was(run, office, files, tmp_path):
    run(office, "import-csv", *files)
    (tmp_path / "rows.csv").write_text(ROWS + "3,Thêm một dòng\n", encoding="utf-8")
    assert run(office, "import-csv", *files, "--json").json == {"recorded": 1, "known": 2, "refused": []}


def test_row_that_does_not_fit_is_told_by_its_line(run, office, files, tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS + ",nobody knows which\n4,Hàng giả\n", encoding="utf-8")
    said = run(office, "import-csv", *files, "--json")
    assert said.status == 1 and said.json["recorded"] == 3 and said.json["refused"][0]["line"] == 4


@pytest.mark.parametrize(
    ("mapping", "named"),
    [
        ("key = ", "TOML"),
        (MAPPING + 'colour = "red"', "colour"),
        (MAPPING.replace('topic = "price_fraud"', ""), "topic"),
        (MAPPING.replace('"what"', '"which"'), "which"),
    ],
)
def test_mapping_that_makes_no_sense_stops_before_the_first_row(run, office, files, tmp_path, mapping, named):
    (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
    said = run(office, "import-csv", *files)
    assert said.status == 2 and named in said.err and said.err.count("\n") == 1
    assert run(office, "status", "--json").json["reports"] == 0
