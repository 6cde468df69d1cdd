"""The queues of dispatchers and of agencies, and the start page that counts them."""

from __future__ import annotations

import pytest

from intake_app.actions.verify_node import verify_node
from intake_app.desk import queues
from intake_app.store.lists import ListFilter, list_reports
from tests.central.staff import PASSWORD, Staffed
from tests.hired import hire
from tests.pages import Page


def counts(page: Page) -> dict[str, str]:
    """The queues with the numbers that their links show."""
    tabs = page.all("nav", class_="tabs")[0].all("a")
    return {link.text.rpartition(" ")[0]: link.text.rpartition(" ")[2] for link in tabs}


def helped(province: Staffed, agency: str) -> list[bytes]:
    with province.centre.database.read() as db:
        return [row.id for row in list_reports(db, ListFilter(supporting=agency)).rows]


def test_a_new_report_waits_in_the_first_queue_until_it_is_routed(province: Staffed) -> None:
    report = province.arrived(summary="Khẩu trang bán giá gấp ba")
    browser = province.browser("dispatch")
    assert "Khẩu trang bán giá gấp ba" in browser.get("/dispatch").text
    province.take("dispatch", report, "route", agency="SCT")
    assert "Nothing waits here." in browser.get("/dispatch").text
    assert "Khẩu trang bán giá gấp ba" in browser.get("/dispatch?queue=routed").text


def test_every_queue_tells_how_many_wait(province: Staffed) -> None:
    province.routed()
    province.arrived()
    found = counts(province.browser("dispatch").get("/dispatch"))
    assert (found["New"], found["Routed"], found["Returned"]) == ("1", "1", "0")


def test_urgent_reports_stand_above_those_that_wait_longer(province: Staffed) -> None:
    province.arrived(summary="Hỏi giờ làm việc")
    province.arrived(summary="Cần cấp cứu", urgency="urgent")
    page = province.browser("dispatch").get("/dispatch").text
    assert page.index("Cần cấp cứu") < page.index("Hỏi giờ làm việc")


def test_who_waits_longest_comes_first(province: Staffed) -> None:
    province.arrived(summary="Ghi sau", received_at="2021-12-02T09:00:00+07:00")
    province.arrived(summary="Ghi trước", received_at="2021-12-01T09:00:00+07:00")
    page = province.browser("dispatch").get("/dispatch").text
    assert page.index("Ghi trước") < page.index("Ghi sau")


def test_more_urgent_reports_than_a_page_shows_have_pages_of_their_own(
    province: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "URGENT_ROWS", 1)
    for number in range(2):
        province.arrived(summary=f"Khẩn {number}", urgency="urgent")
    browser = province.browser("operator")
    first = browser.get("/dispatch")
    second = browser.get(first.link("More urgent reports"))
    assert ("Khẩn 0" in first.text, "Khẩn 1" in first.text, "Khẩn 1" in second.text) == (True, False, True)


def test_a_long_queue_is_read_page_by_page(province: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "PAGE_ROWS", 2)
    for number in range(3):
        province.arrived(summary=f"Phiếu thứ {number}")
    browser = province.browser("dispatch")
    first = browser.get("/dispatch")
    second = browser.get(first.link("Next page"))
    assert [f"Phiếu thứ {n}" in first.text for n in range(3)] == [True, True, False]
    assert "Phiếu thứ 2" in second.text


@pytest.mark.parametrize("address", ["/dispatch?queue=x", "/agency?queue=x"])
def test_a_queue_that_does_not_exist_is_not_found(province: Staffed, address: str) -> None:
    province.browser("approver").get(address, 404)


def test_an_agency_sees_what_is_routed_to_it_and_nothing_else(province: Staffed) -> None:
    province.routed("SYT", summary="Việc của y tế")
    province.routed("SCT", summary="Việc của công thương")
    page = province.browser("health").get("/agency").text
    assert "Sở Y tế" in page and "Việc của y tế" in page
    assert "Việc của công thương" not in page


def test_the_start_page_counts_what_waits_for_this_person(province: Staffed) -> None:
    province.routed("SYT")
    handler, dispatcher = province.browser("health").get("/centre"), province.browser("dispatch").get("/centre")
    assert "1 To accept" in handler.text
    assert "0 New" in dispatcher.text and "1 Routed" in dispatcher.text
    assert "To accept" not in dispatcher.text


def test_the_approver_of_an_agency_reads_each_count_once(province: Staffed) -> None:
    hire(province.centre, "head", "Người duyệt mẫu", ["approver"], PASSWORD, "SYT")
    text = province.browser("head").get("/centre").text
    assert text.count("Waiting for approval") == text.count("Waiting for the citizen") == 1


def test_the_start_page_of_somebody_with_nothing_to_do_says_so(province: Staffed) -> None:
    assert "Nothing waits for you now." in province.browser("health").get("/centre").text


def test_people_who_do_not_record_begin_at_the_overview(province: Staffed) -> None:
    assert province.browser("dispatch").leads("/") == "/centre"


def test_supporting_agency_finds_what_it_helps_with_marked_and_without_the_leads_steps(province: Staffed) -> None:
    report = province.arrived(summary="Việc chung")
    province.take("dispatch", report, "route", agency="SCT", supporting=["SYT"])
    health = province.browser("health")
    assert "Việc chung" not in health.get("/agency").text
    page = health.get("/agency?queue=supporting")
    row = page.all("tbody")[0].text
    assert "Việc chung" in row and "Lead: " in row and "Accept" not in row
    assert "Your agency supports here" in health.get(f"/reports/{report.hex()}").text
    assert "Việc chung" not in province.browser("trade").get("/agency?queue=supporting").text


def test_agency_that_helps_no_longer_finds_it_no_longer(province: Staffed) -> None:
    report = province.arrived()
    province.take("dispatch", report, "route", agency="SCT", supporting=["SYT", "STTTT"])
    province.take("trade", report, "return", reason="Không đúng thẩm quyền")
    province.take("dispatch", report, "route", agency="SCT", supporting=["STTTT"])
    assert helped(province, "SYT") == []
    assert helped(province, "STTTT") == [report]
    assert verify_node(province.centre).problems == []
