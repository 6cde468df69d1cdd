"""The counts kept ready say what a count of all reports would say, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.tally_reports import Settling, tally_reports
from intake_app.clock import iso
from intake_app.store import tally
from tests import creators
from tests.creators import BOTH, Province

DAY = "2021-12-05"
THE_DAY = date(2021, 12, 5)
DAY_MS = 86_400_000


@pytest.fixture(params=BOTH, scope="module")
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def made(kind: str, tmp_path: Path) -> Iterator[Province]:
    with creators.province(tmp_path, database=kind) as province:
        yield province


def arrived(made: Province, **changes: object) -> creators.Recorded:
    found = made.record("0380", **({"received_at": f"{DAY}T08:00:00+07:00"} | changes))
    made.sync()
    return found


def counted(made: Province, axis: str = "all", first: date = THE_DAY, last: date = THE_DAY) -> tally.Counts:
    with made.centre.database.read() as db:
        return tally.counts_of(db, axis, first, last)


def test_counts_follow_what_arrives_and_what_becomes_of_it(made: Province) -> None:
    first = arrived(made, topic="price_fraud")
    arrived(made, topic="medical_advice", channel="walk_in")
    tally_reports(made.centre)
    assert counted(made) == {"": {"open": 2}}
    assert counted(made, "channel") == {"phone": {"open": 1}, "walk_in": {"open": 1}}
    made.step("1022", first, "guide", procedure="Tố cáo")
    assert tally_reports(made.centre) == 1
    assert counted(made, "topic") == {"price_fraud": {"in_time": 1}, "medical_advice": {"open": 1}}


def test_nothing_new_counts_nothing(made: Province) -> None:
    arrived(made)
    settling = Settling()
    tally_reports(made.centre, settling)
    tally_reports(made.centre, settling)  # on PostgreSQL the first look is settled by the second
    assert tally_reports(made.centre, settling) == 0


def test_the_first_count_of_all_days_is_the_only_one(made: Province) -> None:
    arrived(made, received_at="2021-12-03T08:00:00+07:00")
    arrived(made)
    settling = Settling()
    assert tally_reports(made.centre, settling) == 2
    assert tally_reports(made.centre, settling) == 0


def test_a_deadline_passes_without_an_event(made: Province) -> None:
    found = arrived(made)
    made.step("1022", found, "route", agency="SYT", deadline=iso(made.clock.at_ms + DAY_MS))
    tally_reports(made.centre)
    assert counted(made, "agency") == {"SYT": {"open": 1}}
    made.clock.at_ms += 2 * DAY_MS
    tally_reports(made.centre)
    assert counted(made, "agency") == {"SYT": {"overdue": 1}}


def test_days_and_months_add_up_to_the_same(made: Province) -> None:
    for day in ("2021-10-31", "2021-11-01", "2021-11-30", DAY):
        arrived(made, received_at=f"{day}T00:10:00+07:00")
    tally_reports(made.centre)
    # What came more than 17 days ago is over the time that a matter usually has.
    assert counted(made, first=date(2021, 11, 1)) == {"": {"open": 2, "overdue": 1}}
    with made.centre.database.read() as db:
        assert tally.totals_ever(db) == {"open": 2, "overdue": 2}
        assert sorted(tally.daily(db, date(2021, 11, 1), THE_DAY)) == ["d2021-11-01", "d2021-11-30", f"d{DAY}"]


def test_interrupted_between_two_days_it_goes_on_with_the_other(made: Province) -> None:
    for day in ("2021-12-04", DAY):
        arrived(made, received_at=f"{day}T08:00:00+07:00")
    now = made.centre.clock.now_ms()
    with made.centre.database.transaction() as db:
        tally.note_all_days(db)
        tally.set_mark(db, tally.Mark(tally.last_event(db), now, None))
        tally.count_day(db, tally.days_left(db)[0], now)
    tally_reports(made.centre)
    with made.centre.database.read() as db:
        assert tally.totals_ever(db) == {"open": 2}
        assert tally.mark_of(db).counted_ms is not None


def test_months_and_years_stay_the_sums_of_their_days(made: Province) -> None:
    both = [arrived(made, topic="price_fraud") for _ in range(2)]
    for found, whole in zip(both, ({"in_time": 1, "open": 1}, {"in_time": 2}), strict=True):
        tally_reports(made.centre)
        made.step("1022", found, "guide", procedure="Tố cáo")
        tally_reports(made.centre)
        assert counted(made, "topic") == {"price_fraud": whole}
        assert counted(made, "topic", date(2021, 12, 1), date(2021, 12, 31)) == {"price_fraud": whole}
        assert counted(made, "topic", date(2021, 1, 1), date(2021, 12, 31)) == {"price_fraud": whole}


def test_rows_made_anew_are_counted_anew(made: Province) -> None:
    arrived(made)
    tally_reports(made.centre)
    rebuild_rows(made.centre)
    assert counted(made) == {}
    tally_reports(made.centre)
    assert counted(made) == {"": {"open": 1}}


def test_what_commits_late_with_a_lower_number_is_still_counted(made: Province, kind: str) -> None:
    settling = Settling()
    tally_reports(made.centre, settling)
    if kind == creators.SQLITE:
        return  # one writer: there is no such thing
    with made.centre.database.engine.connect() as slow:  # a worker that has taken a number and not committed yet
        slow.exec_driver_sql("BEGIN")
        slow.exec_driver_sql("UPDATE feed_counter SET value = value WHERE id = 99")
        slow.exec_driver_sql("SELECT txid_current(), nextval('inbox_event_no_seq')")
        tally_reports(made.centre, settling)
        tally_reports(made.centre, settling)
        with made.centre.database.read() as db:
            mark = tally.mark_of(db)
            taken = db.value("SELECT last_value FROM inbox_event_no_seq")
        slow.exec_driver_sql("ROLLBACK")
        assert mark is not None and mark.event_no < taken
