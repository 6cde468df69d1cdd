from __future__ import annotations

from datetime import date

from intake_app.store.tally import spans_of


def days(text: str) -> date:
    return date.fromisoformat(text)


def test_a_period_is_whole_months_and_the_days_at_its_edges() -> None:
    assert spans_of(days("2021-11-29"), days("2022-02-02")) == [
        ("d2021-11-29", "d2021-11-30"),
        ("m2021-12", "m2022-01"),
        ("d2022-02-01", "d2022-02-02"),
    ]
    assert spans_of(days("2021-12-01"), days("2021-12-31")) == [("m2021-12", "m2021-12")]
    assert spans_of(days("2021-12-05"), days("2021-12-05")) == [("d2021-12-05", "d2021-12-05")]
    assert spans_of(days("2021-12-06"), days("2021-12-05")) == []


def test_no_day_of_any_period_is_counted_twice_or_left_out() -> None:
    for first, last in (("2020-02-28", "2021-03-01"), ("2021-01-01", "2021-12-31"), ("2021-05-31", "2021-06-01")):
        seen = []
        for start, end in spans_of(days(first), days(last)):
            assert start[0] == end[0] and start <= end
            seen.append((start, end))
        assert seen == sorted(seen, key=lambda one: one[0][1:])
