"""A process that dies at each named moment of its work: what was shown as saved is there, and nothing is there twice."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest

from sync.errors import IntakeError
from tests.processes.computer import Computer, Serving
from tests.processes.province import Province, province

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX has a signal that no process can catch")
# In one exchange the centre commits twice: what it stored, and what it judged. The simulator dies between any two writes.
CENTRE_MOMENTS = [("after commit", 1), ("before commit", 2)]
OFFICE_POINTS = ("before commit", "after commit", "torn side file")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """An office and its centre."""
    with province(tmp_path_factory.mktemp("crash-points")) as made:
        made.exchange()
        yield made
        made.server.end()


def _line(name: str) -> str:
    line = {"channel": "phone", "topic": "price_fraud", "unit": "2021:14758", "summary": name, "source_id": name}
    return json.dumps(line, ensure_ascii=False)


def _program(point: str, count: int) -> tuple[str, ...]:
    return "-m", "tests.processes.crashing", point, str(count)


def _dying(computer: Computer, point: str, *words: str, stdin: str = "") -> int:
    process = computer.begin(*words, program=_program(point, 1))
    process.communicate(stdin, timeout=60)
    return process.returncode


def _names(computer: Computer) -> list[str]:
    return [row[0] for row in computer.rows("SELECT source_id FROM report ORDER BY source_id")]


@pytest.mark.parametrize("point", OFFICE_POINTS)
def test_report_whose_saving_died_is_there_once_after_it_is_recorded_again(two: Province, point: str) -> None:
    line = _line(f"ghi, {point}")
    assert _dying(two.office, point, "record", "-", stdin=line) == -signal.SIGKILL
    assert two.office.problems() == [] or point == "before commit"
    again = two.office.call("record", "-", "--json", stdin=line).json
    assert again["recorded"] + again["known"] == 1 and _names(two.office).count(f"ghi, {point}") == 1


@pytest.mark.parametrize("point", ["before commit", "after commit"])
def test_exchange_that_died_at_the_office_is_finished_by_the_next(two: Province, point: str) -> None:
    two.office.call("record", "-", stdin=_line(f"gửi, {point}"))
    assert _dying(two.office, point, "sync") == -signal.SIGKILL
    two.exchange()
    assert _names(two.centre) == _names(two.office) and two.office.problems() == []


@pytest.mark.parametrize(("point", "count"), CENTRE_MOMENTS)
def test_exchange_that_died_at_the_centre_is_finished_by_the_next(two: Province, point: str, count: int) -> None:
    two.office.call("record", "-", stdin=_line(f"nhận, {point} {count}"))
    two.server.end()
    doomed = Serving(two.centre, _program(point, count))
    with suppress(IntakeError):
        two.exchange()
    assert doomed.process.wait(30) == -signal.SIGKILL
    doomed.end()
    two.server = two.centre.start()
    two.exchange()
    assert _names(two.centre) == _names(two.office) and two.centre.problems() == []
