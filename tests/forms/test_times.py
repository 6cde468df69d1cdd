from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.times import SHAPE, parse_day, parse_time

ZONE = timezone(timedelta(hours=7))
NOW = datetime(2021, 12, 5, 9, 10, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("08:30 05/12/2021", "2021-12-05T08:30"),
        ("05/12/2021 08:30", "2021-12-05T08:30"),
        ("8h30 5/12", "2021-12-05T08:30"),
        ("8h", "2021-12-05T08:00"),
        ("8 giờ 30", "2021-12-05T08:30"),
        ("7g15 4.12.21", "2021-12-04T07:15"),
        ("4/12", "2021-12-04T00:00"),
        ("31/12", "2020-12-31T00:00"),
        ("2021-12-01T07:00", "2021-12-01T07:00"),
        ("2021-12-01T00:00:00+00:00", "2021-12-01T07:00"),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, meant: str) -> None:
    read = parse_time(typed, NOW)
    assert read is not None
    assert read.isoformat()[:16] == meant


@pytest.mark.parametrize("typed", ["", "hôm qua", "25:00", "32/12/2021", "29/02/2021", "8", "08:30 mai", "2021-13-01"])
def test_what_is_no_time_is_not_guessed(typed: str) -> None:
    assert parse_time(typed, NOW) is None


@given(st.datetimes(timezones=st.just(ZONE)).filter(lambda moment: moment.year >= 1000))
def test_what_the_form_shows_is_read_back_the_same(moment: datetime) -> None:
    shown = moment.replace(second=0, microsecond=0)
    assert parse_time(shown.strftime(SHAPE), NOW) == shown


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_and_never_breaks(typed: str) -> None:
    parse_time(typed, NOW)
    parse_day(typed, NOW.date())
