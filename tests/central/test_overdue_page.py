"""Who owes what: by agency, with what was told, and urging with words."""

from __future__ import annotations

from intake_app.actions.pause_report import pause_report
from intake_app.actions.remind import remind_all
from tests.central.staff import Staffed

DAY_MS = 86_400_000
URGE = "/deadlines/urge"


def late(province: Staffed, **changes: str) -> bytes:
    """A report routed to the health department, long after it was due."""
    report = province.routed(**changes)
    province.clock.at_ms += 60 * DAY_MS
    return report


def test_what_is_overdue_stands_with_its_agency_and_with_what_was_told(province: Staffed) -> None:
    late(province, summary="Giá khẩu trang")
    remind_all(province.centre)
    page = province.browser("dispatch").get("/deadlines?agency=SYT")
    assert "Giá khẩu trang" in page.text
    assert "escalated: 200% of the time" in page.text
    assert "Nothing here" in province.browser("dispatch").get("/deadlines?agency=SCT").text


def test_what_stands_still_is_neither_listed_nor_counted(province: Staffed) -> None:
    report = late(province)
    pause_report(province.centre, province.staff["dispatch"], report, "Chờ giám định")
    assert "Nothing is overdue" in province.browser("dispatch").get("/deadlines").text
    page = province.browser("dispatch").get(f"/reports/{report.hex()}")
    assert "Clock stopped" in page.text and "Chờ giám định" in page.text


def test_what_no_agency_has_yet_stands_by_itself(province: Staffed) -> None:
    province.arrived(summary="Chưa chuyển")
    province.clock.at_ms += 60 * DAY_MS
    assert "Chưa chuyển" in province.browser("dispatch").get("/deadlines?agency=-").text


def test_a_dispatcher_urges_several_at_once_and_their_office_reads_it(province: Staffed) -> None:
    reports = [late(province), province.routed()]
    province.clock.at_ms += 60 * DAY_MS
    browser = province.browser("dispatch")
    marked = {"report": [each.hex() for each in reports], "text": "Trả lời ngay."}
    done = browser.send(browser.get("/deadlines"), marked, to="/deadlines/urge")
    assert "Urged: 2 of 2" in done.text and "Trả lời ngay." in done.text
    assert "Trả lời ngay." in province.browser("health").get(f"/reports/{reports[0].hex()}").text


def test_urging_without_a_mark_or_without_words_says_so(province: Staffed) -> None:
    report = late(province)
    browser = province.browser("dispatch")
    page = browser.get("/deadlines")
    assert "Mark at least one report" in browser.send(page, {"text": "Gấp"}, to=URGE, status=422).text
    assert browser.send(page, {"report": [report.hex()], "text": ""}, to=URGE, status=422).error_of("text")


def test_only_a_dispatcher_urges_and_an_agency_sees_its_own(province: Staffed) -> None:
    late(province, summary="Của Sở Y tế")
    assert "Urge the agencies" not in province.browser("operator").get("/deadlines").text
    assert "Urge the agencies" in province.browser("dispatch").get("/deadlines").text
    province.browser("health").get("/deadlines", status=403)


def test_one_report_is_urged_from_its_page(province: Staffed) -> None:
    report = province.routed()
    browser = province.browser("dispatch")
    page = browser.send(browser.get(f"/reports/{report.hex()}/urge"), {"text": "Đề nghị báo cáo tiến độ."})
    assert "Đề nghị báo cáo tiến độ." in page.text and "Urged" in page.text


def test_the_agency_has_queues_of_what_is_near_and_of_what_is_over(province: Staffed) -> None:
    late(province, summary="Quá hạn")
    browser = province.browser("health")
    assert "Quá hạn" in browser.get("/agency?queue=near").text
    assert "Quá hạn" not in browser.get("/agency?queue=escalated").text
    remind_all(province.centre)
    page = browser.get("/agency?queue=escalated")
    assert "Quá hạn" in page.text and "escalated: 200% of the time" in page.text


def test_the_start_page_counts_what_is_over(province: Staffed) -> None:
    late(province)
    page = province.browser("dispatch").get("/centre")
    assert "Overdue" in page.text and "/deadlines?show=over" in page.response.text
