"""Drafts of somebody who has left are not lost: a colleague gets them, and the administrator reads none."""

from __future__ import annotations

import pytest

from intake_app.actions.accounts import end_account
from intake_app.actions.give_drafts import give_drafts
from intake_app.actions.keep_draft import DRAFTS_MAX, keep_draft, own_draft
from intake_app.node import Actor, Node
from intake_app.store import drafts
from sync.errors import InvalidFields, Refused
from tests.hired import hire

KEY = "ab" * 16


@pytest.fixture
def admin(node: Node) -> Actor:
    return hire(node, "lan", "Trần Thị Lan", ["administrator"], "x")


@pytest.fixture
def gone(node: Node, admin: Actor) -> Actor:
    """Minh, who has left a draft behind."""
    minh = hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], "x")
    keep_draft(node, minh, KEY, [("summary", "Gõ dở")], 1)
    end_account(node, admin, "minh")
    return minh


def test_drafts_of_an_ended_account_stay_and_go_to_a_colleague(node: Node, admin: Actor, gone: Actor) -> None:
    hoa = hire(node, "hoa", "Lê Thị Hoa", ["intake_officer"], "x")
    assert give_drafts(node, admin, "minh", "hoa") == (1, 0)
    assert (own_draft(node, hoa, KEY).value("summary"), own_draft(node, hoa, KEY).given_by) == ("Gõ dở", gone.person)
    with node.database.read() as db:
        assert db.value("SELECT count(*) FROM audit WHERE action = 'drafts.given'") == 1


def test_only_as_many_drafts_are_given_as_the_colleague_has_room_for(node: Node, admin: Actor, gone: Actor) -> None:
    hoa = hire(node, "hoa", "Lê Thị Hoa", ["intake_officer"], "x")
    for number in range(DRAFTS_MAX):
        keep_draft(node, hoa, f"{number:032x}", [("summary", "x")], 1)
    assert give_drafts(node, admin, "minh", "hoa") == (0, 1)


def test_drafts_of_somebody_who_still_works_here_are_their_own(node: Node, admin: Actor) -> None:
    hoa = hire(node, "hoa", "Lê Thị Hoa", ["intake_officer"], "x")
    keep_draft(node, hoa, KEY, [("summary", "của Hoa")], 1)
    with pytest.raises(Refused, match="not_ended"):
        give_drafts(node, admin, "hoa", "lan")
    with pytest.raises(Refused, match="not_allowed"):
        give_drafts(node, hoa, "lan", "hoa")


def test_drafts_go_only_to_somebody_who_may_record(node: Node, admin: Actor, gone: Actor) -> None:
    hire(node, "giam", "Vũ Văn Giám", ["auditor"], "x")
    for taker in ("giam", "lan", "minh", "nobody"):
        with pytest.raises(InvalidFields):
            give_drafts(node, admin, "minh", taker)
    with node.database.read() as db:
        assert drafts.count(db, gone.person) == 1
