"""The lists, the people to call and the links of a centre on PostgreSQL say what those on SQLite say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.add_to_report import call_report, link_report
from intake_app.store import lists
from intake_app.store.callbacks import list_callbacks
from intake_app.store.finding import find_reports
from intake_app.store.links import linked_with
from intake_app.store.lists import ListFilter, count_views, list_reports
from tests.creators import BOTH, POSTGRES, Province, load, province

UNITS = ("2021:14758", "2021:14761", "2021:14764")
OWED_MS = 1_639_990_000_000  # 20 December 2021: what was routed with a deadline and the urgent one, not what the rules give
WANTED = (
    ListFilter(),
    ListFilter(units=UNITS),
    ListFilter(units=UNITS, statuses=("received", "routed")),
    ListFilter(statuses=("received", "routed", "answered")),
    ListFilter(owed_to_ms=OWED_MS),
    ListFilter(awaiting_call="1022", open=False),
    ListFilter(urgent=True, open=True, waiting=True),
    ListFilter(agency="SYT", topic="price_fraud", conflicts=False),
)


def fill(made: Province) -> list[Any]:
    """Reports in several units and states at the centre."""
    reports = [
        made.record("1022", unit=UNITS[number % 3], phone="0912 345 678", urgency="urgent" if number == 4 else "normal")
        for number in range(7)
    ]
    for number in (1, 3):
        deadline = f"2021-12-{20 - number}T08:00:00+07:00"
        made.step("1022", reports[number], "route", agency="SYT", deadline=deadline)
    made.step("1022", reports[5], "answer", answer="Xong.", sources="Không")
    call_report(made.centre, made.actor("1022"), reports[5].id, "out", "busy", next_try="2021-12-30T08:00:00+07:00")
    link_report(made.centre, made.actor("1022"), reports[0].id, reports[6].id, "same_matter")
    return reports


@pytest.fixture(params=BOTH)
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Province, list[Any]]]:
    with province(tmp_path, "0380", database=request.param) as made:
        yield made, fill(made)


def test_every_list_is_the_same_walked_and_fetched_whole(filled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = filled
    with made.centre.database.read() as db:
        for sort in lists.ORDERS:
            whole = [[row.no for row in list_reports(db, wanted, sort=sort).rows] for wanted in WANTED]
            with monkeypatch.context() as patched:
                patched.setattr(lists, "COUNT_MAX", 0)
                walked = [[row.no for row in list_reports(db, wanted, sort=sort).rows] for wanted in WANTED]
            assert walked == whole
        assert [len(rows) for rows in whole] == [7, 7, 6, 7, 3, 1, 0, 2]
        assert count_views(db, {"all": WANTED[0], "owed": WANTED[4]}) == {"all": 7, "owed": 3}


def test_people_to_call_links_and_ends_of_numbers_are_found(filled: Any) -> None:
    made, reports = filled
    with made.centre.database.read() as db:
        page = list_callbacks(db, 0, "1022", None, limit=1)
        assert [(row.id, row.due.planned, row.due.tries) for row in page.rows] == [(reports[5].id, True, 1)]
        assert list_callbacks(db, 0, None, None, after="0-0").total == 1
        other = load(made.centre, reports[6])
        assert other is not None
        assert [(each.id, each.towards) for each in linked_with(db, other.id, other.no)] == [(reports[0].id, False)]
        assert len(find_reports(db, "5678")) == len(find_reports(db, "+84 912 345 678")) == 7


def test_what_a_page_asks_is_planned_for_its_values_however_often_it_is_asked(tmp_path: Path) -> None:
    with province(tmp_path, database=POSTGRES) as made:
        fill(made)
        for _ in range(12):
            with made.centre.database.read() as db:
                list_reports(db, ListFilter(statuses=("verifying", "received")))
                asked = "position('report r' in statement) > 0 AND cardinality(parameter_types) > 0"
                plans = db.all(f"SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE {asked}")
        assert plans and sum(row[0] for row in plans) == 0 and sum(row[1] for row in plans) > 0
