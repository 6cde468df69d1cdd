"""The queues of dispatchers and of agencies, and the start page that counts them."""

from __future__ import annotations

import re

import pytest

from intake_app.actions.step_report import step_report
from intake_app.central import queues
from tests.central.province import Province


def route(province: Province, agency: str = "SYT", **changes: object) -> bytes:
    """A report that has been routed at the centre."""
    report = province.record(**changes)
    province.exchange()
    step_report(province.centre, province.people["dispatch"], report, "route", agency=agency)
    return report


def count_of(page: str, title: str) -> int:
    """The number that a queue's link shows."""
    found = re.search(rf'{title} <span class="number">(\d+)', page)
    assert found, page
    return int(found[1])


def test_a_new_report_waits_in_the_first_queue_until_it_is_routed(province: Province) -> None:
    report = province.record(summary="Khẩu trang bán giá gấp ba")
    province.exchange()
    client = province.client("dispatch")
    assert "Khẩu trang bán giá gấp ba" in client.get("/dispatch").text
    step_report(province.centre, province.people["dispatch"], report, "route", agency="SCT")
    assert "Khẩu trang bán giá gấp ba" not in client.get("/dispatch").text
    assert "Khẩu trang bán giá gấp ba" in client.get("/dispatch?queue=routed").text


def test_every_queue_tells_how_many_wait(province: Province) -> None:
    route(province)
    province.record()
    province.exchange()
    page = province.client("dispatch").get("/dispatch").text
    assert (count_of(page, "New"), count_of(page, "Routed"), count_of(page, "Returned")) == (1, 1, 0)


def test_urgent_reports_stand_above_the_others(province: Province) -> None:
    province.record(summary="Cần cấp cứu", urgency="urgent")
    province.record(summary="Hỏi giờ làm việc")
    province.exchange()
    page = province.client("dispatch").get("/dispatch").text
    assert page.index("Cần cấp cứu") < page.index("Hỏi giờ làm việc")


def test_who_waits_longest_comes_first(province: Province) -> None:
    province.record(summary="Ghi sau", received_at="2021-12-02T09:00:00+07:00")
    province.record(summary="Ghi trước", received_at="2021-12-01T09:00:00+07:00")
    province.exchange()
    page = province.client("dispatch").get("/dispatch").text
    assert page.index("Ghi trước") < page.index("Ghi sau")


def test_more_urgent_reports_than_a_page_shows_have_pages_of_their_own(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "URGENT_ROWS", 1)
    for number in range(2):
        province.record(summary=f"Khẩn {number}", urgency="urgent")
    province.exchange()
    client = province.client("dispatch")
    first = client.get("/dispatch").text
    following = re.search(r'href="([^"]*urgent=1[^"]*)"', first)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).text
    assert ("Khẩn 0" in first, "Khẩn 1" in first, "Khẩn 1" in second) == (True, False, True)


def test_a_long_queue_is_read_page_by_page(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "PAGE_ROWS", 2)
    for number in range(3):
        province.record(summary=f"Phiếu thứ {number}")
    province.exchange()
    client = province.client("dispatch")
    first = client.get("/dispatch").text
    following = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).text
    assert {n for n in range(3) if f"Phiếu thứ {n}" in first + second} == {0, 1, 2}


@pytest.mark.parametrize("address", ["/dispatch?queue=x", "/agency?queue=x"])
def test_a_queue_that_does_not_exist_is_not_found(province: Province, address: str) -> None:
    assert province.client("approver").get(address).status_code == 404


def test_an_agency_sees_what_is_routed_to_it_and_nothing_else(province: Province) -> None:
    route(province, "SYT", summary="Việc của y tế")
    route(province, "SCT", summary="Việc của công thương")
    page = province.client("health").get("/agency").text
    assert "Việc của y tế" in page
    assert "Việc của công thương" not in page


def test_the_start_page_counts_what_waits_for_this_person(province: Province) -> None:
    route(province, "SYT")
    handler, dispatcher = province.client("health").get("/centre").text, province.client("dispatch").get("/centre").text
    assert re.search(r'<span class="number">1</span> To accept', handler)
    assert re.search(r'<span class="number">0</span> New', dispatcher)
    assert "To accept" not in dispatcher


def test_the_start_page_of_somebody_with_nothing_to_do_says_so(province: Province) -> None:
    assert "Nothing waits for you now." in province.client("health").get("/centre").text


def test_people_who_do_not_record_begin_at_the_overview(province: Province) -> None:
    assert province.client("dispatch").get("/").location == "/centre"
