"""What a dispatcher's pages ask of a centre on PostgreSQL is what they ask on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.claim_report import claim_report, take_over
from intake_app.actions.keep_apart import keep_apart
from intake_app.actions.see_urgent import see_urgent
from intake_app.clock import iso
from intake_app.store.claims import alerts, claims_of, seen_of, told_apart_from
from intake_app.store.returned import returned_twice
from intake_app.store.unanswered import unanswered
from tests.creators import BOTH, Province, province, somebody


@pytest.fixture(params=BOTH)
def made(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Province]:
    with province(tmp_path, database=request.param) as found:
        yield found


def test_urgent_reports_alarm_until_one_is_first_to_see_them(made: Province) -> None:
    urgent, danger = (made.record("1022", urgency=urgency) for urgency in ("urgent", "emergency"))
    made.record("1022")
    for name in ("Trần Thị Bình", "Lê Văn Tám"):
        see_urgent(made.centre, somebody(made.centre, name=name), urgent.id)
    with made.centre.database.read() as db:
        assert [each.id for each in alerts(db)] == [danger.id]
        assert getattr(seen_of(db, urgent.id), "name", "") == "Trần Thị Bình"


def test_claims_and_what_is_told_apart_are_kept_and_found(made: Province) -> None:
    one, other = made.record("1022"), made.record("1022")
    claim_report(made.centre, somebody(made.centre), one.id)
    take_over(made.centre, somebody(made.centre, name="Lê Văn Tám"), one.id, "Nghỉ")
    for _ in range(2):
        keep_apart(made.centre, made.actor("1022"), one.id, other.id)
    with made.centre.database.read() as db:
        held = claims_of(db, [one.id, other.id], made.clock.now_ms())
        assert {report: claim.name for report, claim in held.items()} == {one.id: "Lê Văn Tám"}
        assert (told_apart_from(db, one.id), told_apart_from(db, other.id)) == ({other.id}, {one.id})


def test_what_agencies_owe_and_what_came_back_twice_is_counted(made: Province) -> None:
    late, thrown = made.record("1022"), made.record("1022")
    made.step("1022", late, "route", agency="SYT", deadline="2021-12-01T17:00:00+07:00")
    for _ in range(2):
        made.step("1022", thrown, "route", agency="STTTT")
        made.step("1022", thrown, "return", reason="Nhầm")
    with made.centre.database.read() as db:
        owed = unanswered(db, iso(made.clock.now_ms()))
        assert [(each.agency, each.count, each.not_accepted, each.overdue) for each in owed] == [("SYT", 1, 1, 1)]
        assert [row.id for row in returned_twice(db)] == [thrown.id]
