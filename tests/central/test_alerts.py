"""A new urgent report makes itself seen on every page of a dispatcher until somebody says that they have seen it."""

from __future__ import annotations

from intake_app.store.claims import alerts
from tests.central.staff import Staffed


def test_an_unseen_urgent_report_stands_on_every_page_of_a_dispatcher_and_of_nobody_else(province: Staffed) -> None:
    province.arrived(summary="Cần xe cấp cứu", urgency="urgent")
    province.arrived(summary="Hỏi giờ làm việc")
    for address in ("/centre", "/library", "/dispatch?queue=approval"):
        banner = province.browser("dispatch").get(address).all(id="alerts")[0]
        assert "Cần xe cấp cứu" in banner.text and "Hỏi giờ" not in banner.text
    assert province.browser("operator").get("/centre").all(id="alerts") == []


def test_who_has_seen_it_is_written_down_with_the_time_and_the_banner_is_gone(province: Staffed) -> None:
    report = province.arrived(urgency="emergency")
    browser = province.browser("dispatch")
    page = browser.send(browser.get("/dispatch"), to=f"/dispatch/alerts/{report.hex()}/seen")
    assert "Urgent: first seen at the centre by Người dispatch at" in page.text
    assert page.all("li") and not page.all("li", data_alert=report.hex())
    assert "data-alert" not in browser.client.get("/dispatch/alerts").text


def test_the_piece_that_a_page_asks_for_keeps_no_session_alive(province: Staffed) -> None:
    province.arrived(summary="Cần xe cấp cứu", urgency="urgent")
    browser = province.browser("dispatch")
    province.clock.at_ms += 29 * 60_000
    assert "Cần xe cấp cứu" in browser.client.get("/dispatch/alerts").text
    province.clock.at_ms += 2 * 60_000
    assert browser.client.get("/dispatch/alerts").status_code == 302


def test_what_somebody_has_taken_on_alarms_nobody(province: Staffed) -> None:
    report = province.arrived(urgency="urgent")
    province.take("dispatch", report, "route", agency="CC115")
    assert "data-alert" not in province.browser("dispatch").client.get("/dispatch/alerts").text


def test_danger_to_life_stands_first_then_the_newest(province: Staffed) -> None:
    for urgency, summary in (("emergency", "Cháy"), ("urgent", "Cũ"), ("urgent", "Mới"), ("normal", "Thường")):
        province.arrived(urgency=urgency, summary=summary)
    with province.centre.database.read() as db:
        assert [each.summary for each in alerts(db)] == ["Cháy", "Mới", "Cũ"]
