"""What is routed to an office's agency, worked on at the office itself up to the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from intake_app.actions.step_report import step_report
from intake_app.clock import iso
from intake_app.node import Actor, Node
from tests.desk.conftest import PASSWORD, signed_in
from tests.hired import hire
from tests.pages import Browser, Page

Record = Callable[..., bytes]
State = Callable[[bytes], dict[str, Any]]


@pytest.fixture
def routed(recorded: Record, node: Node, officer: Actor) -> Record:
    """Records a report that is routed to the agency of this office, with a deadline so many hours from now."""

    def make(hours: int = 48, **line: Any) -> bytes:
        report = recorded(**line)
        dispatcher = replace(officer, roles=frozenset({"dispatcher"}))
        deadline = iso(node.clock.now_ms() + hours * 3_600_000)
        step_report(node, dispatcher, report, "route", agency="UBND-380", text="Kiểm tra giá bán.", deadline=deadline)
        return report

    return make


@pytest.fixture
def leader(node: Node, officer: Actor, app: Any) -> Browser:
    """The browser of the leader who approves answers."""
    hire(node, "binh", "Phạm Văn Bình", ("approver",), PASSWORD)
    return signed_in(Browser(app), "binh")


def summaries(page: Page) -> list[str]:
    return [cell.text for cell in page.all("td", class_="wide")]


def step(browser: Browser, page: Page, word: str, **typed: str) -> Page:
    """Follow a step's link from the queue and send its form."""
    return browser.send(browser.get(page.link(word)), typed)


def test_a_routed_report_is_answered_here_with_approval(lan: Browser, leader: Browser, routed, state_of: State) -> None:
    report = routed()
    step(lan, lan.get("/agency"), "Accept for handling")
    at_work = lan.get("/agency?queue=at_work")
    step(lan, at_work, "Submit for approval", answer="Đã phạt chủ quầy.", sources="Biên bản 12/BB")
    step(leader, leader.get("/agency?queue=approval"), "Send back for rework", reason="Ghi rõ mức phạt")
    again = lan.get(lan.get("/agency?queue=at_work").link("Submit for approval"))
    assert again.values()["answer"] == "Đã phạt chủ quầy."
    lan.send(again, {"answer": "Đã phạt chủ quầy 500.000 đồng."})
    step(leader, leader.get("/agency?queue=approval"), "Approve")
    assert state_of(report)["answer"]["text"] == "Đã phạt chủ quầy 500.000 đồng."
    assert summaries(lan.get("/agency?queue=done")) == ["Khẩu trang giá gấp ba"]


def test_what_is_not_ours_goes_back_with_the_reason_and_whose_it_is(lan: Browser, routed, state_of: State) -> None:
    report = routed()
    form = lan.get(lan.get("/agency").link("Return"))
    assert "Fill this in." in lan.send(form, {"reason": "", "agency": "SCT"}, status=422).error_of("reason")
    lan.send(form, {"reason": "Thuộc quản lý thị trường", "agency": "SCT"})
    assert state_of(report)["status"] == "returned"
    assert state_of(report)["history"][-1]["details"]["agency"] == "SCT"


def test_something_is_asked_of_the_citizen_and_supplied(lan: Browser, routed, state_of: State) -> None:
    report = routed()
    step(lan, lan.get("/agency"), "Accept for handling")
    step(lan, lan.get("/agency?queue=at_work"), "Ask for information", text="Tên quầy hàng?")
    step(lan, lan.get("/agency?queue=asked"), "Supply information", text="Quầy số 7")
    assert state_of(report)["status"] == "in_progress"


def test_the_nearest_deadline_stands_first_and_what_is_late_says_so(lan: Browser, routed) -> None:
    routed(hours=90, summary="Còn lâu")
    routed(hours=-2, summary="Trễ")
    routed(hours=99, summary="Khẩn", urgency="urgent")
    page = lan.get("/agency")
    assert summaries(page) == ["Khẩn ▲ Urgent", "Trễ", "Còn lâu"]
    assert [each.text for each in page.all("span", class_="late")][0].endswith("overdue")


def test_only_steps_that_are_mine_are_offered(leader: Browser, routed) -> None:
    routed()
    page = leader.get("/agency")
    assert summaries(page) == ["Khẩu trang giá gấp ba"]
    assert not page.all("td", class_="next")


def test_whoever_handles_nothing_has_no_such_page(browser: Browser, node: Node, officer: Actor) -> None:
    hire(node, "hoa", "Lê Thị Hoa", ("intake_officer",), PASSWORD)
    page = signed_in(browser, "hoa").get("/agency", status=403)
    assert "My agency" not in page.root.all("nav")[0].text
