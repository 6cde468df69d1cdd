"""Processes that are killed at any moment: what was saved stays, nothing comes twice, and the work goes on."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.processes.computer import Computer, kill
from tests.processes.dirty_rows import FILE, MAPPING, write_dirty_csv
from tests.processes.kill_loop import Siege, dirty_plan

# Few, as each death costs starts of Python; `python -m tests.processes.kill_loop` kills as often as one likes.
REPORTS = 500
KILLS = 5


def test_power_cuts_on_either_side_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    result = Siege(tmp_path, dirty_plan(tmp_path, REPORTS, KILLS, seed=311)).run()
    assert result.faults == [] and result.reports == REPORTS
    assert sum(result.kills.values()) == KILLS


def test_import_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    office = Computer(tmp_path / "office", "office", "0380")
    write_dirty_csv(tmp_path / "many.csv", 2000)
    feed = ("import-csv", str(tmp_path / "many.csv"), "--mapping", str(MAPPING), "--json")
    first = office.begin(*feed)
    while not (before := office.rows("SELECT count(*) FROM report")[0][0]):
        assert first.poll() is None
        time.sleep(0.005)
    kill(first)
    before = office.rows("SELECT count(*) FROM report")[0][0]
    again = office.call(*feed).json
    assert 0 < before < 2000 and again["recorded"] == 2000 - before and office.problems() == []


def test_dirty_spreadsheet_keeps_the_good_rows_and_tells_the_others(tmp_path: Path) -> None:
    office = Computer(tmp_path / "office", "office", "0380")
    said = office.call("import-csv", str(FILE), "--mapping", str(MAPPING), "--json")
    assert said.status == 1 and (said.json["recorded"], said.json["known"]) == (44, 1)
    assert [one["line"] for one in said.json["refused"]] == [45, 53, 56], json.dumps(said.json, ensure_ascii=False)
