"""Who gets to hold what: scopes follow the unit, the recording office and the agencies."""

from __future__ import annotations

import pytest

from sync.feed import advance, is_newer
from sync.routing import ALL, Places, node_scope, scopes_of, scopes_of_office, unit_scopes

TREE = {"2021:14758": ["2021:14758", "2021:380", "2021:38"], "2021:381": ["2021:381", "2021:38"]}
STATE = {"unit": "2021:14758", "office": "0381"}


def ancestors(unit: str) -> list[str]:
    return TREE.get(unit, [])


PLACES = Places(lambda unit: unit_scopes(unit, ancestors, lambda code: ()))


def test_a_report_lies_in_its_unit_all_above_and_the_office_that_recorded_it() -> None:
    expected = {"unit:2021:14758", "unit:2021:380", "unit:2021:38", "office:0381"}
    assert scopes_of("report", STATE, PLACES) == expected


def test_a_routed_report_lies_with_every_agency_that_works_on_it() -> None:
    routed = STATE | {"lead_agency": "SYT", "supporting": ["SCT", "UBND-380"]}
    added = scopes_of("report", routed, PLACES) - scopes_of("report", STATE, PLACES)
    assert added == {"agency:SYT", "agency:SCT", "agency:UBND-380"}


def test_a_report_that_moves_leaves_its_old_unit_but_not_its_office() -> None:
    before, after = scopes_of("report", STATE, PLACES), scopes_of("report", STATE | {"unit": "2021:381"}, PLACES)
    assert before - after == {"unit:2021:14758", "unit:2021:380"}
    assert "office:0381" in after


def test_a_report_of_a_unit_nobody_knows_stays_with_its_office() -> None:
    assert scopes_of("report", STATE | {"unit": "2021:99999"}, PLACES) == {"office:0381"}


def test_people_are_known_everywhere() -> None:
    assert scopes_of("person", {"name": "Bình"}, PLACES) == {ALL}


def test_an_office_is_granted_its_own_its_units_its_agency_and_what_all_share() -> None:
    granted = scopes_of_office("0380", "2021:380", "UBND-380", ["2021:381", "2021:380"])
    assert granted == ["office:0380", "unit:2021:380", "unit:2021:381", "all", "agency:UBND-380"]


def test_an_office_without_an_agency_is_granted_none() -> None:
    assert not any(scope.startswith("agency:") for scope in scopes_of_office("0380", "2021:380", ""))


def test_each_node_has_a_scope_of_its_own() -> None:
    assert node_scope(b"a" * 16) != node_scope(b"b" * 16)


@pytest.mark.parametrize(("version", "known", "newer"), [(1, None, True), (2, 1, True), (2, 2, False), (1, 2, False)])
def test_only_a_higher_version_is_newer(version: int, known: int | None, newer: bool) -> None:
    assert is_newer(version, known) is newer


@pytest.mark.parametrize(
    ("cursor", "start", "end", "stands"),
    [(0, 0, 5, 5), (5, 5, 9, 9), (5, 3, 9, 9), (5, 0, 3, 5), (5, 6, 9, 5), (5, 5, 5, 5)],
)
def test_the_cursor_moves_only_over_rows_that_were_seen(cursor: int, start: int, end: int, stands: int) -> None:
    assert advance(cursor, start, end) == stands
