"""The lines of the benchmarks are real record lines, and the same each time."""

from __future__ import annotations

import json

import pytest

from sync import limits
from tests.benchmarks.generate import make_line, make_lines

PRIVATE = {"name", "phone"}


@pytest.mark.parametrize("prose", ["generated", "unseen"])
def test_lines_hold_only_what_a_report_may_hold(prose: str) -> None:
    for line in make_lines(200, prose=prose):
        assert limits.problems_of({k: v for k, v in line.items() if k not in PRIVATE}, limits.OPEN_FIELDS) == {}


def test_line_depends_on_seed_and_number_only() -> None:
    assert list(make_lines(3, start=40)) == [make_line(40), make_line(41), make_line(42)]
    assert make_line(40) != make_line(40, seed=1)


@pytest.mark.parametrize(("prose", "least", "most"), [("generated", 820, 920), ("unseen", 780, 900)])
def test_lines_are_as_long_as_the_peers_were_measured_with(prose: str, least: int, most: int) -> None:
    sizes = [
        len(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode())
        for line in make_lines(400, prose=prose)
    ]
    assert least <= sum(sizes) / len(sizes) <= most


def test_units_lie_in_many_districts_and_all_topics_occur() -> None:
    lines = list(make_lines(600))
    assert len({line["unit"] for line in lines}) > 100
    assert len({line["topic"] for line in lines}) == 12
