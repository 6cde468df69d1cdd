"""Nothing personal is published, and not against the citizen's wish without a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.set_publicity import propose_words, publish_report, withdraw_report
from intake_app.node import Node
from sync.errors import InvalidFields, Refused
from sync.publicity import as_read, is_public
from tests.creators import Recorded, journal_event, province, record, refusals, somebody, state_of

TOLD = {
    "summary": "Bà Nga bán khẩu trang giá gấp ba", "details": "Gọi 0900 000 001 gặp chị Lê Thị Mẫu ở số 12 phố Lê Lợi.",
    "name": "Lê Thị Mẫu", "phone": "0900 000 001",
}  # fmt: skip
WORDS = {"title": "Khẩu trang giá cao", "text": "Một cửa hàng bán giá gấp ba.", "answer": ""}


@pytest.fixture
def report(node: Node) -> Recorded:
    return record(node, **TOLD, publish_consent=True)


def publish(node: Node, report: Recorded, /, checked: bool = False, reason: str = "", **words: str) -> None:
    publish_report(node, somebody(node), report.id, WORDS | words, checked=checked, reason=reason)


def problems(node: Node, report: Recorded, **said: Any) -> dict[str, str]:
    with pytest.raises(InvalidFields) as refused:
        publish(node, report, **said)
    assert not is_public(state_of(node, report))
    return {name: problem.code for name, problem in refused.value.problems.items()}


def test_what_is_proposed_can_be_published_as_it_is(node: Node, report: Recorded) -> None:
    proposal = propose_words(state_of(node, report))
    publish(node, report, title=proposal.title.text, text=proposal.text.text)
    read = as_read(state_of(node, report), state_of(node, report)["publicity"])
    assert (read.title, read.text) == (
        "Bà [tên] bán khẩu trang giá gấp ba",
        "Gọi [số điện thoại] gặp chị [tên] ở [địa chỉ].",
    )


@pytest.mark.parametrize("secret", ["0900.000.001", "LÊ THỊ MẪU", "038 123 456 789", "a.b@thu.vn"])
def test_name_phone_and_numbers_are_never_published(node: Node, report: Recorded, secret: str) -> None:
    assert problems(node, report, text=f"Gặp {secret} để biết.", checked=True) == {"text": "still_personal"}


def test_what_only_a_person_can_judge_needs_that_somebody_says_it_was_read(node: Node, report: Recorded) -> None:
    doubtful = "Một người nghi nhiễm ở cửa hàng bà Hoa."
    assert problems(node, report, text=doubtful) == {"checked": "not_checked"}
    publish(node, report, text=doubtful, checked=True)
    assert is_public(state_of(node, report))


def test_a_private_matter_needs_a_reason_here_and_at_the_centre(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        private = made.record("0380")
        office, actor = made.node("0380"), made.actor("0380")
        assert problems(office, private) == {"reason": "private_by_wish"}
        journal_event(office, actor, "report.publicity_set", private.id, {"public": True, **WORDS})
        made.sync()
        assert refusals(office) == {"report.publicity_set": ("denied", "private_by_wish")}
        publish(office, private, reason="Cảnh báo chung về lừa đảo")
        made.sync()
        assert is_public(made.seen("1022", private))


def test_what_is_taken_back_is_read_no_more_and_stays_in_the_history(node: Node, report: Recorded) -> None:
    publish(node, report)
    with pytest.raises(InvalidFields):
        withdraw_report(node, somebody(node), report.id, "")
    withdraw_report(node, somebody(node), report.id, "Người dân đề nghị")
    state = state_of(node, report)
    assert not is_public(state)
    assert [entry["set"]["publicity"].get("title") for entry in state["history"]] == [WORDS["title"], None]
    with pytest.raises(Refused, match="not_public"):
        withdraw_report(node, somebody(node), report.id, "Lần nữa")


def test_the_public_reads_no_field_but_those_released(node: Node, report: Recorded) -> None:
    publish(node, report)
    read = as_read(state_of(node, report), state_of(node, report)["publicity"])
    assert not any("Mẫu" in str(value) or "0900" in str(value) for value in read)
