"""Calendars and deadline rules as the centre publishes them; editions work as those of the answer library do."""

from __future__ import annotations

from typing import Any

import pytest

from sync.event import Event
from sync.ingest import judge
from sync.outcome import Outcome
from sync.permission import Computer, writer_of
from tests.sync.test_article import NODE, PERSON, writer
from tests.sync.test_routing import PLACES

CALENDAR: dict[str, Any] = {
    "name": "Năm 2027", "valid_from": "2027-01-01", "valid_to": "2027-12-31", "weekdays": [1, 2, 3, 4, 5],
    "hours": [["07:30", "11:30"], ["13:30", "17:30"]], "source": "Mẫu",
    "holidays": [{"day": "2027-01-01", "name": "Tết Dương lịch"}, {"day": "04-30", "name": "30/4"}],
    "make_up_days": [{"day": "2027-01-09", "name": "Làm bù"}],
}  # fmt: skip
RULE: dict[str, Any] = {
    "name": "Gấp", "urgency": "urgent", "unit_of_time": "working_days", "amount": 3, "soon": 1, "escalate_at": [100, 150],
    "source": "Mẫu", "valid_from": "2021-12-01",
}  # fmt: skip
CONTENTS = {"calendar": CALENDAR, "deadline_rule": RULE}
BOTH = pytest.mark.parametrize("kind", CONTENTS)


def said(state: dict[str, Any] | None, kind: str, act: str = "published", who: Any = None, **opened: Any) -> Outcome:
    event = Event(b"\4" * 16, f"{kind}.{act}", 1, b"\3" * 16, PERSON, 5, b"boot", 0, opened, {})
    return judge(state, event, NODE, writer=who)


def published(kind: str, state: dict[str, Any] | None = None, edition: int = 1, **changes: Any) -> Outcome:
    content = {key: value for key, value in (CONTENTS[kind] | changes).items() if value is not None}
    return said(state, kind, edition=edition, **content)


@BOTH
def test_an_edition_replaces_the_one_before_as_a_whole(kind: str) -> None:
    second = published(kind, published(kind).state, 2, name="Khác", valid_to=None).state
    assert second is not None
    assert (second["edition"], second["name"], "valid_to" in second) == (2, "Khác", False)


@BOTH
def test_nobody_overwrites_an_edition_they_have_not_seen(kind: str) -> None:
    outcome = published(kind, published(kind).state, 1)
    assert (outcome.verdict, outcome.code) == ("denied", "edited_meanwhile")


@BOTH
def test_what_is_retired_comes_back_with_a_new_edition(kind: str) -> None:
    retired = said(published(kind).state, kind, "retired", reason="Thay thế").state
    assert retired is not None and retired["retired"]["reason"] == "Thay thế"
    assert said(retired, kind, "retired", reason="Nữa").verdict == "merged"
    assert "retired" not in (published(kind, retired, 2).state or {"retired": 1})


@BOTH
def test_only_the_centres_dispatchers_and_administrators_publish(kind: str) -> None:
    opened = CONTENTS[kind] | {"edition": 1}
    people = [writer("dispatcher"), writer("administrator"), writer("operator"), writer("administrator", central=False)]
    assert [said(None, kind, who=who, **opened).code for who in people] == ["", "", "role_missing", "centre_only"]


@BOTH
def test_one_type_is_not_taken_for_another(kind: str) -> None:
    other = next(each for each in CONTENTS if each != kind)
    assert published(other, published(kind).state, 2).verdict == "quarantined"


def test_retiring_what_was_never_published_is_set_apart() -> None:
    codes = [said(None, kind, "retired", reason="x").code for kind in CONTENTS]
    assert codes == ["no_such_calendar", "no_such_deadline_rule"]


@pytest.mark.parametrize(
    "changes",
    [
        {"hours": [["11:30", "07:30"]]}, {"hours": []}, {"hours": [["07:30", "11:30"], ["11:00", "17:00"]]},
        {"hours": [["7h", "8h"]]},
        {"weekdays": []}, {"weekdays": [0]}, {"weekdays": [2, 1]}, {"holidays": [{"day": "13-01", "name": "x"}]},
        {"holidays": [{"day": "2027-01-01"}]}, {"holidays": [{"day": "01-01", "name": "x"}] * 2}, {"holidays": "Tết"},
        {"make_up_days": [{"day": "04-30", "name": "x"}]}, {"make_up_days": [{"day": "2027-01-01", "name": "x"}]},
        {"valid_to": "2026-01-01"}, {"valid_from": "0001-01-01"},
        {"name": None}, {"colour": "red"}, {"to_check": "yes"}, {"source": None},
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_set_apart(changes: dict[str, Any]) -> None:
    assert published("calendar", **changes).verdict == "quarantined"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0}, {"amount": True}, {"amount": 501}, {"unit_of_time": "weeks"}, {"soon": 3}, {"soon": -1}, {"urgency": "high"},
        {"escalate_at": []}, {"escalate_at": [150, 100]}, {"escalate_at": [50]}, {"escalate_at": [100, 100]}, {"source": None},
        {"valid_from": "mai"}, {"topic": "x y"}, {"colour": "red"},
    ],
)  # fmt: skip
def test_what_is_no_rule_is_set_apart(changes: dict[str, Any]) -> None:
    assert published("deadline_rule", **changes).verdict == "quarantined"


def test_only_the_centre_reminds_and_a_dispatcher_urges() -> None:
    report = {"tracking_code": "1", "status": "routed", "office": "0380", "unit": "2021:1"}
    away, centre = writer("administrator", central=False), writer("operator")
    clock = writer_of(None, Computer("1022", "", True, frozenset(), PLACES))
    assert said(report, "report", "reminded", away, level=1).code == "centre_only"
    assert said(report, "report", "reminded", clock, level=1).verdict == "applied"
    assert said(report, "report", "urged", centre, text="Gấp").code == "role_missing"
    assert said(report, "report", "urged", writer("dispatcher"), text="Gấp").verdict == "applied"
    assert said(report, "report", "urged", text="").verdict == "quarantined"
