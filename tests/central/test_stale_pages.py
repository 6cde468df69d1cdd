"""Nobody at the centre saves over what they have not seen."""

from __future__ import annotations

from typing import Any

from intake_app.actions.add_to_report import note_report
from intake_app.actions.amend_report import amend_report
from intake_app.store.reports import load_report
from tests.central.staff import Staffed
from tests.pages import Browser, Page

ROUTED = {"agency": "SYT", "text": "Kiểm tra giá"}
CHANGED = {"action": "save", "summary": "Ba"}


def opened(province: Staffed, username: str, report: bytes, page: str) -> tuple[Browser, Page]:
    """A form about a report, open in somebody's browser."""
    browser = province.browser(username)
    return browser, browser.get(f"/reports/{report.hex()}/{page}")


def state_of(province: Staffed, report: bytes) -> dict[str, Any]:
    """The report as the centre sees it now."""
    with province.centre.database.read() as db:
        found = load_report(db, report)
    assert found
    return found.state


def test_a_step_on_a_report_as_it_was_seen_goes_through(province: Staffed) -> None:
    report = province.arrived()
    browser, form = opened(province, "dispatch", report, "steps/route")
    browser.send(form, ROUTED)
    assert state_of(province, report)["lead_agency"] == "SYT"


def test_what_happened_since_is_shown_before_a_step_is_taken(province: Staffed) -> None:
    report = province.arrived()
    browser, form = opened(province, "dispatch", report, "steps/route")
    note_report(province.centre, province.staff["operator"], report, "Người dân gọi lại")
    again = browser.send(form, ROUTED, status=409)
    assert "Người dân gọi lại" in again.text and "Người operator" in again.text
    assert state_of(province, report)["status"] == "received"
    browser.send(again)
    assert state_of(province, report)["covering_text"] == "Kiểm tra giá"


def test_a_step_somebody_else_took_first_is_told_and_nothing_typed_is_lost(province: Staffed) -> None:
    report = province.arrived()
    browser, form = opened(province, "dispatch", report, "steps/route")
    province.take("dispatch", report, "reject", reason="Ngoài phạm vi")
    page = browser.send(form, ROUTED, status=409).text
    assert "Ngoài phạm vi" in page and "Kiểm tra giá" in page


def test_a_field_changed_meanwhile_is_shown_before_it_is_saved_over(province: Staffed) -> None:
    report = province.arrived(summary="Một")
    browser, form = opened(province, "operator", report, "amend")
    amend_report(province.centre, province.staff["operator"], report, {"summary": "Hai"})
    again = browser.send(form, CHANGED, status=409)
    assert ([gone.text for gone in again.all("del")], [new.text for new in again.all("ins")]) == (["Một"], ["Hai"])
    browser.send(again, {"action": "save"})
    assert state_of(province, report)["summary"] == "Ba"


def test_another_field_changed_meanwhile_is_kept(province: Staffed) -> None:
    report = province.arrived(summary="Một")
    browser, form = opened(province, "operator", report, "amend")
    amend_report(province.centre, province.staff["operator"], report, {"address": "12 Lê Lợi"})
    browser.send(form, CHANGED)
    now = state_of(province, report)
    assert (now["summary"], now["address"]) == ("Ba", "12 Lê Lợi")


def test_only_the_lead_agency_accepts(province: Staffed) -> None:
    report = province.arrived()
    province.take("dispatch", report, "route", agency="SYT", supporting=["SCT"])
    page = province.browser("trade").get(f"/reports/{report.hex()}/steps/accept", status=409)
    assert "Only the lead agency may do this." in page.text
    browser, form = opened(province, "health", report, "steps/accept")
    browser.send(form)
    assert state_of(province, report)["status"] == "in_progress"


def test_an_answer_sent_back_is_there_to_be_worked_on(province: Staffed) -> None:
    report = province.routed("SYT")
    province.take("health", report, "accept")
    province.take("health", report, "submit", answer="Câu trả lời đầu", sources="Điều 5")
    province.take("approver", report, "send_back", reason="Ghi rõ thời hạn")
    _browser, form = opened(province, "health", report, "steps/submit")
    assert form.values()["answer"] == "Câu trả lời đầu"
