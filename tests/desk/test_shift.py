from __future__ import annotations

from collections.abc import Callable

import pytest

from intake_app.node import Actor, Node
from tests.desk.conftest import PASSWORD, DeskClock
from tests.hired import hire
from tests.pages import Browser


@pytest.fixture
def minh(node: Node, officer: Actor) -> Actor:
    return hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD)


@pytest.mark.usefixtures("minh")
def test_hand_over_with_the_receivers_password_is_signed_and_printed(
    lan: Browser, recorded: Callable[..., bytes], clock: DeskClock
) -> None:
    recorded(urgency="urgent")
    clock.pass_minutes(1)
    typed = {"receiver": "minh", "password": PASSWORD, "note": "Còn một việc khẩn"}
    page = lan.send(lan.get("/hand-over"), typed)
    text = page.all(class_="paper")[0].text
    for part in ("GIẤY GIAO CA", "Trần Thị Lan", "Phạm Văn Minh", "Còn một việc khẩn", "bằng mật khẩu của mình"):
        assert part in text
    assert "Phạm Văn Minh" in lan.get("/hand-overs").text


@pytest.mark.usefixtures("minh")
def test_wrong_password_of_the_receiver_keeps_what_was_typed(lan: Browser) -> None:
    typed = {"receiver": "minh", "password": "không phải", "note": "Giữ lại"}
    page = lan.send(lan.get("/hand-over"), typed, status=401)
    assert "wrong" in page.error_of("password") and page.values()["note"] == "Giữ lại"
    assert "No shift has been handed over" in page.text


def test_hand_over_on_paper_needs_only_a_name(lan: Browser) -> None:
    assert lan.send(lan.get("/hand-over"), status=422).error_of("receiver")
    page = lan.send(lan.get("/hand-over"), {"receiver_name": "Phạm Văn Minh"})
    assert "NGƯỜI NHẬN CA" in page.text and "bằng mật khẩu" not in page.text


def test_address_of_no_hand_over_is_told(lan: Browser) -> None:
    for address in ("/hand-over/abcd", "/hand-over/không"):
        assert "no such hand-over" in lan.get(address, status=404).text
