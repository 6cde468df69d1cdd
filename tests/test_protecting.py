"""What leaves the house tells of no count that could point to a person, not even to one who can add and subtract."""

from __future__ import annotations

import random
from itertools import product

import pytest

from intake_app.protecting import THRESHOLD, TOTAL, protect


def hidden(shown: dict[str, list[int | None]]) -> set[tuple[str, int]]:
    return {(key, at) for key, row in shown.items() for at, cell in enumerate(row) if cell is None}


def test_large_counts_and_noughts_are_all_told() -> None:
    shown = protect({"topic": {"a": (10, 0, 7, 0), "b": (5, 9, 0, 6)}})["topic"]
    assert shown == {"a": [10, 0, 7, 0, 17], "b": [5, 9, 0, 6, 20], TOTAL: [15, 9, 7, 6, 37]}


def test_a_small_count_takes_another_of_its_row_and_of_its_column_along() -> None:
    shown = protect({"topic": {"a": (3, 20, 30, 40), "b": (50, 60, 70, 80), "c": (51, 61, 71, 81)}})["topic"]
    assert {("a", 0), ("a", 1)} <= hidden(shown)
    for at in (0, 1):
        assert len([cell for cell in hidden(shown) if cell[1] == at and cell[0] != TOTAL]) >= 2


def test_two_small_counts_that_are_few_together_take_a_third_along() -> None:
    shown = protect({"topic": {"a": (1, 2, 30, 40), "b": (50, 60, 70, 80), "c": (51, 61, 71, 81)}})["topic"]
    assert len([cell for cell in hidden(shown) if cell[0] == "a"]) == 3


def test_a_total_that_one_table_hides_is_hidden_in_every_table() -> None:
    shown = protect({"topic": {"a": (2, 0, 0, 0)}, "place": {"x": (2, 0, 0, 0)}})
    assert shown["topic"][TOTAL] == shown["place"][TOTAL] == [None, 0, 0, 0, None]


def _solutions(row: list[int | None], most: int) -> list[tuple[int, ...]]:
    """Every way in which the hidden parts of a row can be, given what is shown of it."""
    *parts, total = row
    gone = [at for at, cell in enumerate(parts) if cell is None]
    rest = sum(cell for cell in parts if cell is not None)
    ways = product(range(1, most + 1), repeat=len(gone))
    return [way for way in ways if total is None or rest + sum(way) == total]


@pytest.mark.parametrize("seed", range(40))
def test_no_hidden_part_can_be_worked_out_from_its_row(seed: int) -> None:
    chance = random.Random(seed)
    tables = {
        name: {f"{name}{at}": [chance.choice((0, 0, 1, 2, 3, 4, 6, 9, 15)) for _ in range(4)] for at in range(4)}
        for name in ("topic",)
    }
    for key, row in protect(tables)["topic"].items():
        if key == TOTAL or None not in row[:-1]:
            continue
        ways = _solutions(row, 40)
        for at in range(len(ways[0])):
            assert len({way[at] for way in ways}) > 1, (key, row)


def test_threshold_is_what_the_page_says() -> None:
    assert THRESHOLD == 5
