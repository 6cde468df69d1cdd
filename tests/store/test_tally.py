from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from intake_app.store.tally import Span, spans_of

FIRST = date(2019, 1, 1)
LAST = date(2023, 12, 31)
DAYS = st.dates(FIRST, LAST)


def days(text: str) -> date:
    return date.fromisoformat(text)


def names(first: str, last: str) -> list[str]:
    """The ranges of a period in short."""
    return [
        f"{'+' if sign > 0 else '-'}{start if start == end else f'{start}:{end}'}"
        for sign, start, end in spans_of(days(first), days(last))
    ]


def counted(span: Span) -> list[date]:
    """Every day that a range counts."""
    each = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    return [day for day in each if span.start <= f"{span.start[0]}{day.isoformat()[: len(span.start) - 1]}" <= span.end]


def test_a_period_is_whole_months_and_the_days_at_its_edges() -> None:
    assert names("2021-11-29", "2022-02-02") == ["+d2021-11-29:d2021-11-30", "+m2021-12:m2022-01", "+d2022-02-01:d2022-02-02"]
    assert names("2021-12-01", "2021-12-31") == ["+m2021-12"]
    assert names("2021-12-05", "2021-12-05") == ["+d2021-12-05"]
    assert names("2021-12-06", "2021-12-05") == []


def test_what_little_is_missing_from_a_month_or_year_is_taken_off() -> None:
    assert names("2021-12-02", "2021-12-31") == ["+m2021-12", "-d2021-12-01"]
    assert names("2021-02-01", "2021-12-31") == ["+y2021", "-m2021-01"]
    assert names("2020-11-30", "2021-11-29") == ["+d2020-11-30", "+m2020-12", "+y2021", "-d2021-11-30", "-m2021-12"]
    assert names("2019-01-01", "2021-12-31") == ["+y2019:y2021"]


@given(DAYS, DAYS)
def test_each_day_of_a_period_is_counted_once_and_no_other(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    found: Counter[date] = Counter()
    for span in spans_of(first, last):
        for day in counted(span):
            found[day] += span.sign
    wanted = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    assert {day: n for day, n in found.items() if n} == dict.fromkeys(wanted, 1)
