from __future__ import annotations

from datetime import date

import pytest

from intake_app.periods import before, period_of


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("day", "2021-12-05", "2021-12-05"),
        ("week", "2021-11-29", "2021-12-05"),
        ("month", "2021-12-01", "2021-12-31"),
        ("quarter", "2021-10-01", "2021-12-31"),
        ("year", "2021-01-01", "2021-12-31"),
    ],
)
def test_period_in_which_a_day_lies(kind: str, first: str, last: str) -> None:
    assert period_of(kind, date(2021, 12, 5)) == (date.fromisoformat(first), date.fromisoformat(last))


def test_period_before_ends_the_day_before() -> None:
    assert period_of("month", before("month", date(2022, 3, 1))) == (date(2022, 2, 1), date(2022, 2, 28))
    assert before("week", date(2021, 12, 5)) == date(2021, 11, 28)
