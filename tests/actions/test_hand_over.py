from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions import hand_over as handing
from intake_app.actions.accounts import add_account
from intake_app.actions.add_to_report import call_report
from intake_app.actions.count_call import count_call
from intake_app.actions.hand_over import Taking, hand_over, shift_so_far
from intake_app.actions.step_report import step_report
from intake_app.actions.verify_node import verify_node
from intake_app.node import Actor, Node
from intake_app.store import drafts
from intake_app.store.callbacks import list_callbacks
from intake_app.store.shifts import hand_overs
from sync.errors import InvalidFields, Refused
from tests import creators

PASSWORD = "một mật khẩu dài"
ON_PAPER = Taking(name="Phạm Văn Minh")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = creators.make_node(tmp_path)
    yield made
    made.close()


def so_far(node: Node) -> dict[str, Any]:
    node.clock.at_ms += 2000  # type: ignore[attr-defined]  # counted to the second
    with node.database.read() as db:
        return shift_so_far(node, db)


def given(node: Node, taking: Taking = ON_PAPER, actor: Actor | None = None, **more: Any) -> bytes:
    since = more.pop("since", None) or so_far(node)["since"]
    return hand_over(node, actor or creators.somebody(node), taking, since=since, **more)


def past(node: Node) -> list[dict[str, Any]]:
    with node.database.read() as db:
        return [one.state for one in hand_overs(db)]


def test_shift_counts_what_came_and_what_waits(node: Node) -> None:
    creators.record(node, channel="walk_in", urgency="urgent")
    answered = creators.record(node, channel="phone")
    step_report(node, creators.somebody(node), answered.id, "route", agency="UBND-380")
    count_call(node, creators.somebody(node), "silent", "k1")
    found = so_far(node)
    assert (found["channels"], found["outcomes"]) == ({"walk_in": 1, "phone": 1}, {"to_handle": 2})
    assert (found["urgent"], found["idle_calls"], found["unsent"]) == (1, {"silent": 1}, 3)
    assert found["oldest_unsent"]


def test_shift_counts_what_is_half_typed_by_anybody(node: Node) -> None:
    with node.database.transaction() as db:
        for key, person in (("a" * 32, b"1" * 16), ("b" * 32, b"2" * 16), ("c" * 32, b"2" * 16)):
            drafts.save(db, key, person, 1, [("summary", "Gõ dở")], 1)
        drafts.set_discarded(db, "c" * 32, 2)
    given(node)
    assert past(node)[0]["drafts"] == 2


def test_next_shift_begins_where_the_last_one_ended(node: Node) -> None:
    creators.record(node)
    given(node)
    assert so_far(node)["channels"] == {}
    creators.record(node)
    assert so_far(node)["channels"] == {"phone": 1}
    assert so_far(node)["since"] == past(node)[0]["until"]


def test_form_sent_twice_is_one_hand_over(node: Node) -> None:
    since = so_far(node)["since"]
    assert given(node, since=since) == given(node, since=since)
    assert len(past(node)) == 1


def test_shift_that_a_colleague_has_handed_over_is_not_handed_over_again(node: Node) -> None:
    since = so_far(node)["since"]
    given(node, since=since)
    with pytest.raises(Refused, match="already_handed_over"):
        given(node, since=since, actor=creators.somebody(node, name="Lê Văn Tám"))


def test_receiver_confirms_with_the_own_password_and_nobody_elses(node: Node) -> None:
    lan = add_account(node, None, "lan", "Trần Thị Lan", creators.ALL_ROLES, PASSWORD)
    minh = add_account(node, lan, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD + "2")
    with pytest.raises(Refused, match="bad_password"):
        given(node, Taking("minh", PASSWORD, address="a"), lan)
    with pytest.raises(InvalidFields):
        given(node, Taking("lan", PASSWORD, address="a"), lan)
    given(node, Taking("minh", PASSWORD + "2", address="a"), lan)
    assert (past(node)[0]["receiver"], past(node)[0]["signed"]) == (minh.person.hex(), "password")


def test_guessing_the_receivers_password_is_slowed_as_signing_in_is(node: Node) -> None:
    lan = add_account(node, None, "lan", "Trần Thị Lan", creators.ALL_ROLES, PASSWORD)
    add_account(node, lan, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD)
    for _ in range(5):
        with pytest.raises(Refused, match="bad_password"):
            given(node, Taking("minh", "đoán", address="a"), lan)
    with pytest.raises(Refused, match="throttled"):
        given(node, Taking("minh", PASSWORD, address="a"), lan)


def test_hand_over_reaches_the_centre_and_no_other_office(tmp_path: Path) -> None:
    with creators.province(tmp_path, "0380", "0381") as province:
        given(province.node("0380"), note="Gọi lại trạm y tế")
        province.sync("0380", "0381", "0380")
        assert [one["note"] for one in past(province.centre)] == ["Gọi lại trạm y tế"]
        assert (len(past(province.node("0380"))), past(province.node("0381"))) == (1, [])
        assert creators.refusals(province.node("0380")) == {}


def test_hand_over_fits_together_with_the_journal(node: Node) -> None:
    given(node)
    assert verify_node(node).ok


def test_only_whoever_receives_hands_over(node: Node) -> None:
    assert "auditor" not in handing.GIVERS
    with pytest.raises(Refused, match="not_allowed"):
        given(node, actor=creators.somebody(node, "auditor"))


def test_shift_counts_the_due_calls_that_the_list_of_people_to_call_shows(node: Node) -> None:
    officer = creators.somebody(node)
    answered, later, again = (creators.record(node).id for _ in range(3))
    step_report(node, officer, answered, "answer", answer="Xong")
    call_report(node, officer, later, "out", "no_answer", next_try="2099-01-01T08:00:00+07:00")
    call_report(node, officer, again, "out", "busy", next_try="2021-01-01T08:00:00+07:00")
    found = so_far(node)
    with node.database.read() as db:
        shown = list_callbacks(db, node.clock.now_ms(), node.head.office, None)
    assert (found["call_backs"], shown.due, shown.total) == (2, 2, 3)
