"""Several reports go to one agency: each is told by itself, and none is done by halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions.claim_report import claim_report
from intake_app.actions.route_many import MANY_MAX, route_many
from intake_app.actions.step_report import step_report
from intake_app.node import Node
from sync.errors import Refused
from tests.creators import Recorded, load, make_node, record, somebody, state_of


@pytest.fixture
def centre(tmp_path: Path) -> Node:
    return make_node(tmp_path, "central", "1022")


def seen(node: Node, *reports: Recorded) -> list[tuple[bytes, int]]:
    found = [load(node, report) for report in reports]
    return [(one.id, one.version or 0) for one in found if one]


def test_all_that_are_as_they_were_seen_go(centre: Node) -> None:
    reports = [record(centre) for _ in range(3)]
    results = route_many(centre, somebody(centre), seen(centre, *reports), agency="SYT", text="Kính chuyển")
    assert [each.refused for each in results] == [None] * 3
    states = [state_of(centre, report) for report in reports]
    assert {(state["status"], state["lead_agency"], state["covering_text"]) for state in states} == {
        ("routed", "SYT", "Kính chuyển")
    }


def test_each_that_is_refused_is_named_with_the_reason_and_stops_no_other(centre: Node) -> None:
    moved, claimed, good = (record(centre) for _ in range(3))
    chosen = [*seen(centre, moved, claimed, good), (b"\7" * 16, 1)]
    step_report(centre, somebody(centre), moved.id, "verify")
    claim_report(centre, somebody(centre, name="Lê Văn Tám"), claimed.id)
    results = route_many(centre, somebody(centre), chosen, agency="SYT")
    assert [each.refused and each.refused.code for each in results] == [
        "moved_meanwhile", "claimed", None, "no_such_report",
    ]  # fmt: skip
    assert [state_of(centre, report)["status"] for report in (moved, claimed, good)] == [
        "verifying",
        "received",
        "routed",
    ]


def test_the_same_list_sent_twice_routes_nothing_twice(centre: Node) -> None:
    chosen = seen(centre, record(centre))
    route_many(centre, somebody(centre), chosen, agency="SYT")
    again = route_many(centre, somebody(centre), chosen, agency="SCT")
    assert [each.refused.code for each in again if each.refused] == ["moved_meanwhile"]


def test_more_than_a_page_is_refused_as_a_whole(centre: Node) -> None:
    with pytest.raises(Refused, match="too_many_chosen"):
        route_many(centre, somebody(centre), [(b"\7" * 16, 1)] * (MANY_MAX + 1), agency="SYT")


def test_what_this_person_does_not_see_is_as_if_it_were_not_there(centre: Node) -> None:
    chosen = seen(centre, record(centre))
    results = route_many(centre, somebody(centre), chosen, lambda state: False, agency="SYT")
    assert [(each.tracking_code, each.refused.code) for each in results if each.refused] == [("", "no_such_report")]
