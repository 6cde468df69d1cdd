"""A file of lines: bad ones are told by number, good ones are kept, and running it again changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from intake_app.actions import record_report as recording
from intake_app.actions.record_report import LinesOutcome, record_lines
from intake_app.node import Node
from intake_app.store import lists
from sync.errors import Problem
from tests.creators import make_line, somebody


def run(node: Node, *lines: Any, progress: Any = None) -> LinesOutcome:
    return record_lines(node, somebody(node), enumerate(lines, 1), progress)


def count(node: Node) -> int:
    with node.database.read() as db:
        return lists.count_reports(db)


def test_bad_lines_are_told_by_number_and_good_ones_kept(node: Node) -> None:
    done = run(node, make_line(), make_line(unit="2021:1"), Problem("not_json"), make_line(phone="x"), make_line())
    told = [(line, code, field) for line, code, _, field in done.refused]
    assert told == [(2, "unknown_unit", "unit"), (3, "not_json", ""), (4, "bad_phone", "phone")]
    assert (done.recorded, done.known, count(node)) == (2, 0, 2)


def test_a_second_run_of_the_same_file_adds_nothing(node: Node) -> None:
    file = [make_line(source_id=f"a-{at}") for at in range(3)]
    run(node, *file)
    done = run(node, *file, make_line(source_id="a-9"))
    assert (done.recorded, done.known, count(node)) == (1, 3, 4)


def test_a_source_id_twice_in_one_file_is_one_report(node: Node) -> None:
    done = run(node, make_line(source_id="a-1"), make_line(source_id="a-1"))
    assert (done.recorded, done.known, count(node)) == (1, 1, 1)


def test_a_file_stopped_half_way_keeps_what_was_told_done(node: Node, monkeypatch: Any) -> None:
    monkeypatch.setattr(recording, "LINES_PER_TRANSACTION", 2)
    told: list[int] = []

    def stop_after(done: int) -> None:
        told.append(done)
        if done == 4:
            raise KeyboardInterrupt

    file = [make_line(source_id=f"a-{at}") for at in range(7)]
    with pytest.raises(KeyboardInterrupt):
        run(node, *file, progress=stop_after)
    assert (told, count(node)) == ([2, 4], 4)
    assert run(node, *file).recorded == 3


def test_each_line_gets_a_code_of_its_own(node: Node) -> None:
    run(node, *(make_line() for _ in range(60)))
    with node.database.read() as db:
        rows = lists.list_reports(db, lists.ListFilter(), limit=100).rows
    assert len({row.tracking_code for row in rows}) == len({row.id for row in rows}) == 60


def test_an_empty_file_is_done(node: Node) -> None:
    assert run(node) == LinesOutcome()
