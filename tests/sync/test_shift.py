from __future__ import annotations

from typing import Any

import pytest

from sync.event import Event
from sync.ingest import entity_type, judge
from sync.permission import Computer, Person, writer_of
from sync.routing import Places, scopes_of

NODE, GIVER, TAKER = b"\1" * 16, b"\2" * 16, b"\3" * 16
PLACES = Places(lambda unit: frozenset())
GOOD: dict[str, Any] = {
    "office": "0380", "since": "2021-12-05T07:00:00+07:00", "until": "2021-12-05T13:30:00+07:00", "channels": {"phone": 3},
    "unsent": 2, "urgent_codes": ["038040277158"], "receiver": TAKER.hex(), "receiver_name": "Minh", "signed": "password",
}  # fmt: skip


def handed_over(changes: dict[str, Any] | None = None, entity: bytes = b"\7" * 16) -> Event:
    opened = {key: value for key, value in (GOOD | (changes or {})).items() if value is not None}
    return Event(b"\7" * 16, "shift.handed_over", 1, entity, GIVER, 5, b"boot", 0, opened, {})


def test_hand_over_says_who_gave_it_and_where() -> None:
    outcome = judge(None, handed_over(), NODE)
    assert outcome.verdict == "applied"
    assert outcome.state == GOOD | {"giver": GIVER.hex(), "node": NODE.hex(), "at": 5}


@pytest.mark.parametrize(
    "changes",
    [
        {"unsent": -1}, {"unsent": True}, {"channels": {"phone": "3"}}, {"channels": ["phone"]}, {"urgent_codes": ["12"]},
        {"signed": "nod"}, {"until": "13:30"}, {"receiver_name": None}, {"receiver": None}, {"password": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_hand_over_that_does_not_fit_is_set_apart(changes: dict[str, Any]) -> None:
    assert judge(None, handed_over(changes), NODE).verdict == "quarantined"


def test_hand_over_signed_on_paper_needs_no_account_of_the_receiver() -> None:
    assert judge(None, handed_over({"receiver": None, "signed": "paper"}), NODE).verdict == "applied"


def test_hand_over_is_never_changed() -> None:
    before = judge(None, handed_over(), NODE).state
    again = judge(before, handed_over({"unsent": 9}), NODE)
    assert (again.verdict, again.state) == ("quarantined", before)
    assert judge(None, handed_over(entity=b"\6" * 16), NODE).verdict == "quarantined"


def test_hand_over_lies_with_its_office_alone() -> None:
    assert entity_type("shift.handed_over") == "shift"
    assert scopes_of("shift", GOOD, PLACES) == {"office:0380"}


@pytest.mark.parametrize(
    ("roles", "office", "verdict"),
    [("intake_officer", "0380", "applied"), ("case_handler", "0380", "denied"), ("intake_officer", "0381", "denied")],
)
def test_office_hands_over_only_its_own_shifts_by_whoever_receives(roles: str, office: str, verdict: str) -> None:
    computer = Computer(office, "", False, frozenset(), PLACES)
    writer = writer_of(Person(frozenset({roles}), office, "", False), computer)
    assert judge(None, handed_over(), NODE, writer=writer).verdict == verdict
