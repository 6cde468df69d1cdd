"""What a report page offers to whom, and what is added there: links that both sides show, a clock that stops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from intake_app.actions.add_to_report import call_report
from intake_app.actions.step_report import step_report
from intake_app.desk.story import counter_ms
from intake_app.node import Actor, Node
from sync import tracking_code
from tests.desk.conftest import PASSWORD, signed_in
from tests.hired import hire
from tests.pages import Browser, Page

Record = Callable[..., bytes]
State = Callable[[bytes], dict[str, Any]]
ALL = ("intake_officer", "case_handler", "dispatcher", "approver")


@pytest.fixture
def all_of_them(browser: Browser, node: Node, officer: Actor) -> Browser:
    """A browser in which somebody with every working role is signed in."""
    hire(node, "tam", "Lê Văn Tám", ALL, PASSWORD)
    return signed_in(browser, "tam")


def as_dispatcher(officer: Actor) -> Actor:
    return replace(officer, roles=frozenset({"dispatcher"}))


def buttons(page: Page) -> list[str]:
    return [each.text for each in page.all("a", class_="btn")]


def code_of(browser: Browser, report: bytes) -> str:
    return browser.get(f"/reports/{report.hex()}").title[:14]


def test_a_link_is_looked_at_saved_and_shown_on_both_sides(lan: Browser, recorded: Record, state_of: State) -> None:
    report, other = recorded(summary="Lần hai"), recorded(summary="Lần đầu")
    form = lan.get(f"/reports/{report.hex()}/link")
    seen = lan.send(form, {"code": code_of(lan, other), "relation": "duplicate_of"})
    assert "Lần đầu" in seen.all(class_="found")[0].text
    assert "links" not in state_of(report)
    assert "Lần đầu" in lan.send(seen).all("ul", class_="linked")[0].text
    back = lan.get(f"/reports/{other.hex()}").all("ul", class_="linked")[0].text
    assert "Told again in" in back
    assert "Lần hai" in back


def test_a_link_to_itself_twice_or_to_nothing_is_refused_in_words(lan: Browser, recorded: Record) -> None:
    report, other = recorded(), recorded()
    form, found = lan.get(f"/reports/{report.hex()}/link"), {"found": other.hex(), "code": code_of(lan, other)}
    lan.send(form, found)
    assert "linked in this way already" in lan.send(form, found, status=422).error_of("code")
    itself = {"found": report.hex(), "code": code_of(lan, report)}
    assert "the report itself" in lan.send(form, itself, status=422).error_of("code")
    assert "12 digits" in lan.send(form, {"code": "123"}, status=422).error_of("code")
    assert "no report with this code" in lan.send(form, {"code": tracking_code.make("0380", 1)}, status=422).error_of("code")


def test_the_clock_stops_runs_again_and_is_given_more_time(
    all_of_them: Browser, recorded: Record, state_of: State
) -> None:
    report = recorded()
    address = f"/reports/{report.hex()}"
    assert "Pause" in buttons(all_of_them.get(address))
    page = all_of_them.send(all_of_them.get(f"{address}/pause"), {"reason": "Chờ kết luận của Sở"})
    assert "Chờ kết luận của Sở" in page.text
    assert "Pause" not in buttons(page)
    assert "Pause" not in buttons(all_of_them.send(all_of_them.get(f"{address}/pause"), {"reason": "x"}, status=409))
    assert "Pause" in buttons(all_of_them.send(all_of_them.get(f"{address}/resume")))
    all_of_them.send(all_of_them.get(f"{address}/extend"), {"deadline": "17:00 30/12/2021", "reason": "Phức tạp"})
    assert state_of(report)["deadline"] == "2021-12-30T17:00:00+07:00"
    sooner = {"deadline": "17:00 10/12/2021", "reason": "x"}
    assert "not later" in all_of_them.send(all_of_them.get(f"{address}/extend"), sooner, status=422).error_of("deadline")


def test_nothing_is_offered_that_would_be_refused(lan: Browser, recorded: Record, node: Node, officer: Actor) -> None:
    report = recorded()
    step_report(node, as_dispatcher(officer), report, "route", agency="SYT")
    page = lan.get(f"/reports/{report.hex()}")
    assert not {"Accept for handling", "Return", "Extend the deadline"} & set(buttons(page))
    assert "Only the lead agency may do this." in lan.get(f"/reports/{report.hex()}/steps/accept", status=409).text


def test_an_officer_routes_only_to_the_own_agency(lan: Browser, recorded: Record) -> None:
    page = lan.get(f"/reports/{recorded().hex()}/steps/route")
    offered = [each.attributes.get("value") for each in page.all("select", id="agency")[0].all("option")]
    assert offered == ["", "UBND-380"]


def test_an_auditor_is_offered_nothing_but_to_read(browser: Browser, node: Node, officer: Actor, recorded) -> None:
    hire(node, "kim", "Đỗ Thị Kim", ("auditor",), PASSWORD)
    page = signed_in(browser, "kim").get(f"/reports/{recorded().hex()}")
    assert buttons(page) == []


def test_a_citizen_who_waits_is_named_with_the_number_and_the_tries(
    lan: Browser, recorded: Record, node: Node, officer: Actor
) -> None:
    report = recorded(phone="0912 345 678")
    step_report(node, officer, report, "answer", answer="Xong.", sources="Không")
    call_report(node, officer, report, "out", "no_answer", next_try="2021-12-06T09:00:00+07:00")
    notice = lan.get(f"/reports/{report.hex()}").all("p", class_="tell")[0]
    assert "09:00 06/12/2021" in notice.text
    assert "Calls so far: 1" in notice.text
    assert notice.all("a")[0].attributes["href"] == "tel:+84912345678"


def test_the_time_at_the_counter_is_told_by_the_centres_clock() -> None:
    state = {"received_at": "2021-12-05T08:10:00+07:00", "clock_offset_seconds": 600}
    assert counter_ms(state) == 1_638_666_000_000
    assert counter_ms({"received_at": "2021-12-05T08:10:00+07:00"}) is None


def test_questions_are_told_in_the_readers_language(lan: Browser, recorded: Record) -> None:
    report = recorded(answers={"goods": "Khẩu trang"})
    assert "Goods" in lan.get(f"/reports/{report.hex()}").text
    assert "Mặt hàng" in lan.get(f"/reports/{report.hex()}?lang=vi").text


def test_rating_is_offered_once_the_citizen_was_told_and_stands_on_the_page(
    browser: Browser, node: Node, officer: Actor, recorded: Record
) -> None:
    hire(node, "nga", "Vũ Thị Nga", ("operator",), PASSWORD)
    nga, address = signed_in(browser, "nga"), f"/reports/{recorded().hex()}"
    assert "Record a rating" not in buttons(nga.get(address))
    assert "has not been told" in nga.get(f"{address}/rate", status=409).text
    told = nga.send(nga.get(f"{address}/inform"), {"means": "phone", "result": "Đã nghe"})
    assert "Record a rating" in buttons(told)
    nga.send(nga.get(f"{address}/rate"), {"score": "5"}, status=422)
    page = nga.send(nga.get(f"{address}/rate"), {"score": "3", "text": "Trả lời rõ"})
    assert "3/4 – Content" in page.all("dl", class_="facts")[1].text
    assert "Trả lời rõ" in page.all("ol", class_="story")[0].text


def test_rating_is_not_offered_to_an_intake_officer(lan: Browser, recorded: Record) -> None:
    lan.get(f"/reports/{recorded().hex()}/rate", status=403)
