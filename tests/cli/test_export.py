"""Exports: whole or not at all, harmless in a spreadsheet, the same reports in each form."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

from intake_app.actions.accounts import actor_of, add_account
from intake_app.config import load_settings
from intake_app.node import open_node
from intake_app.store.accounts import first_administrator
from tests.cli.conftest import LINE, as_lines


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_csv_opens_in_a_spreadsheet_with_its_accents(run, office, recorded):
    recorded(office)
    said = run(office, "export")
    assert said.out.startswith("\ufeff") and LINE["summary"] in table(said.out)[1]


def test_cell_that_would_run_as_a_formula_is_disarmed(run, office, recorded):
    recorded(office, summary='=HYPERLINK("http://x")', details="+1", address="-2", name="@SUM(A1)")
    row = table(run(office, "export", "--format", "csv").out)[1]
    assert {'\'=HYPERLINK("http://x")', "'+1", "'-2", "'@SUM(A1)"} <= set(row)


def test_workbook_holds_text_only(run, office, recorded, tmp_path):
    recorded(office, summary="=1+1")
    assert run(office, "export", "--out", str(tmp_path / "list.xlsx")).status == 0
    with zipfile.ZipFile(tmp_path / "list.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=1+1" in sheet and "<f>" not in sheet


def test_every_report_is_exported_beyond_one_page(run, office):
    run(office, "record", "-", stdin=as_lines(*[LINE] * 450))
    said = run(office, "export", "--format", "jsonl")
    assert len({json.loads(line)["id"] for line in said.out.splitlines()}) == 450


def test_file_says_how_many_reports_it_holds(run, office, recorded, tmp_path):
    recorded(office)
    said = run(office, "export", "--format", "jsonl", "--out", str(tmp_path / "x.jsonl"), "--json")
    assert said.json["reports"] == 1 and len((tmp_path / "x.jsonl").read_text().splitlines()) == 1


def test_file_that_cannot_be_written_leaves_what_was_there(run, office, tmp_path):
    (tmp_path / "folder").mkdir()
    assert "is a folder" in run(office, "export", "--out", str(tmp_path / "folder")).err
    said = run(office, "export", "--out", str(tmp_path / "none" / "x.csv"))
    assert said.status == 2 and re.search("none is not there", said.err)


def test_json_and_reports_do_not_share_standard_output(run, office):
    said = run(office, "export", "--json")
    assert said.status == 2 and "--out" in said.json["error"]


def test_person_of_an_agency_exports_what_is_routed_to_it(run, centre, recorded):
    codes = [recorded(centre), recorded(centre)]
    run(centre, "route", codes[0], "--agency", "SCT", "--agency", "SYT")
    with_agency(centre, "soyte", "SYT")
    said = run(centre, "--as", "soyte", "export", "--format", "jsonl")
    assert [json.loads(line)["tracking_code"] for line in said.out.splitlines()] == codes[:1]


def with_agency(centre, username: str, agency: str) -> None:
    node = open_node(load_settings(centre))
    with node.database.read() as db:
        first = actor_of(first_administrator(db))
    add_account(node, first, username, "Phạm Thị Lý", ("case_handler",), "một mật khẩu dài", agency)
    node.close()


def test_answers_to_the_questions_of_a_topic_stand_in_columns_of_their_own(run, office, recorded):
    recorded(office, topic="price_fraud", answers={"goods": "Gạo", "price_asked": 90_000, "proof": True})
    heads, row = table(run(office, "export").out)[:2]
    cells = dict(zip(heads, row, strict=True))
    topic = "Prices of medical equipment and essentials"
    assert (cells[f"{topic}: Goods or service"], cells[f"{topic}: Price asked (VND)"]) == ("Gạo", "90000")
    assert cells[f"{topic}: Receipt, photo or message kept"] == "Yes"
    assert cells["Version of the topic's questions"] == "1"
    assert len(set(heads)) == len(heads)


def test_an_export_says_until_when_it_is_due_and_how_that_stands(run, office, recorded):
    recorded(office)
    found = table(run(office, "export").out)
    line = dict(zip(found[0], found[1], strict=True))
    assert (line["How the deadline stands"], line["Due"][:5]) == ("Within the time", "17:30")
