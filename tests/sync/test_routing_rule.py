"""Which agency the rules propose: the most specific one that fits, and where two do, that is said."""

from __future__ import annotations

from typing import Any

import pytest

from sync.event import Event
from sync.ingest import judge
from sync.routing_rule import Case, Ground, Proposal, check_content, propose
from tests.creators import DIRECTORY

GROUND = Ground(DIRECTORY.ancestors, DIRECTORY.counterparts, DIRECTORY.local_agency)
HERE = "2021:14758"  # Đông Thọ, in the city
CASE = Case("price_fraud", HERE)


def asked(*rules: dict[str, Any], case: Case = CASE) -> Proposal:
    return propose([(bytes([at]) * 16, rule) for at, rule in enumerate(rules, 1)], case, GROUND)


def leads(*rules: dict[str, Any], case: Case = CASE) -> list[str]:
    return [fit.lead for fit in asked(*rules, case=case).best]


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ({}, {"topics": ["price_fraud"]}),
        ({"topics": ["price_fraud"]}, {"topics": ["price_fraud"], "unit": "2021:38"}),
        ({"unit": "2021:38"}, {"unit": "2021:380"}),
        ({"unit": "2021:380"}, {"unit": HERE}),
        ({"topics": ["price_fraud"]}, {"topics": ["price_fraud"], "urgency": "normal"}),
    ],
)
def test_the_more_specific_rule_wins_in_whatever_order(wide: dict[str, Any], narrow: dict[str, Any]) -> None:
    assert leads(wide | {"lead": "SYT"}, narrow | {"lead": "SCT"}) == ["SCT"]
    assert leads(narrow | {"lead": "SCT"}, wide | {"lead": "SYT"}) == ["SCT"]


def test_a_rule_for_something_else_says_nothing() -> None:
    others = [{"topics": ["medical_advice"]}, {"unit": "2021:381"}, {"urgency": "emergency"}]
    assert leads(*({**other, "lead": "SYT"} for other in others)) == []


def test_two_that_are_specific_in_different_ways_are_a_tie() -> None:
    found = asked({"topics": ["price_fraud"], "lead": "SCT"}, {"unit": "2021:380", "lead": "UBND-380"})
    assert found.tied and {fit.lead for fit in found.best} == {"SCT", "UBND-380"}


def test_two_that_say_the_same_are_no_tie() -> None:
    found = asked({"topics": ["price_fraud"], "lead": "SCT"}, {"unit": "2021:380", "lead": "SCT"})
    assert (found.tied, len(found.best)) == (False, 2)


def test_a_rule_names_the_district_where_the_matter_is() -> None:
    assert leads({"local": True}) == ["UBND-380"]
    assert leads({"local": True}, case=Case("price_fraud", "2021:14809")) == ["UBND-381"]


def test_a_rule_of_the_old_structure_holds_for_the_new_one_but_less_than_its_own() -> None:
    successor = DIRECTORY.successors[HERE][0]
    old, new = {"unit": HERE, "lead": "SYT"}, {"unit": successor, "lead": "SCT"}
    assert leads(old, case=Case("price_fraud", successor)) == ["SYT"]
    assert leads(old, new, case=Case("price_fraud", successor)) == ["SCT"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lead": None}, "lead"),
        ({"local": True}, "lead"),
        ({"supporting": ["SCT"]}, "supporting"),
        ({"valid_to": "2021-11-01"}, "valid_to"),
        ({"urgency": "soon"}, "urgency"),
        ({"unit": "14758"}, "unit"),
    ],
)
def test_what_makes_no_rule_is_told_by_field(changes: dict[str, Any], field: str) -> None:
    content = {"name": "Giá cả", "lead": "SCT", "valid_from": "2021-12-01"} | changes
    assert list(check_content({key: value for key, value in content.items() if value is not None})) == [field]


def published(edition: int, **content: Any) -> Event:
    opened = {"name": "Giá cả", "lead": "SCT", "valid_from": "2021-12-01", "edition": edition} | content
    return Event(bytes([edition]) * 16, "routing_rule.published", 1, b"\1" * 16, b"\2" * 16, 0, b"boot", 0, opened, {})


def test_an_edition_that_does_not_follow_the_present_one_is_denied() -> None:
    first = judge(None, published(1), b"\1" * 16).state
    second = judge(first, published(1, lead="SYT"), b"\1" * 16)
    assert (second.verdict, second.code, second.state) == ("denied", "edited_meanwhile", first)
