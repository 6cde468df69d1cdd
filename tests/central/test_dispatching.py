"""What a dispatcher does with a queue: send back out what came back, route several at once, keep out of each other's way."""

from __future__ import annotations

from typing import Any

from intake_app.actions.add_to_report import note_report
from intake_app.actions.claim_report import claim_report
from intake_app.store.reports import load_report
from tests.central.staff import Staffed
from tests.pages import Browser, Page


def state_of(province: Staffed, report: bytes) -> dict[str, Any]:
    with province.centre.database.read() as db:
        found = load_report(db, report)
    assert found
    return found.state


def given_back(province: Staffed, times: int = 1, proposed: str = "SCT") -> bytes:
    """A report that the health department has given back."""
    report = province.arrived()
    for _ in range(times):
        province.take("dispatch", report, "route", agency="SYT", text="Kính chuyển")
        province.take("health", report, "return", reason="Việc của công thương", agency=proposed)
    return report


def ticks(page: Page) -> list[str]:
    return [str(box.attributes["value"]) for box in page.all("input", name="report", type="checkbox")]


def test_a_returned_report_shows_why_and_goes_to_the_named_agency_with_one_press(province: Staffed) -> None:
    report = given_back(province)
    browser = province.browser("dispatch")
    page = browser.get("/dispatch?queue=returned")
    assert "Given back by Sở Y tế: Việc của công thương → Sở Công Thương" in page.text
    told = browser.send(page, {"report": ticks(page)[0]}, to=f"/dispatch/{report.hex()}/reroute")
    assert "Routed to: Sở Công Thương." in told.text
    state = state_of(province, report)
    assert (state["lead_agency"], state["covering_text"]) == ("SCT", "Kính chuyển")


def test_one_press_on_a_page_that_is_old_routes_nothing(province: Staffed) -> None:
    report = given_back(province)
    browser = province.browser("dispatch")
    page = browser.get("/dispatch?queue=returned")
    note_report(province.centre, province.staff["operator"], report, "Người dân gọi lại")
    told = browser.send(page, {"report": ticks(page)[0]}, to=f"/dispatch/{report.hex()}/reroute")
    assert "Nothing was routed" in told.text
    assert state_of(province, report)["status"] == "returned"


def test_the_route_form_of_a_returned_report_proposes_the_named_agency_and_shows_the_past(province: Staffed) -> None:
    browser = province.browser("dispatch")
    form = browser.get(f"/reports/{given_back(province).hex()}/steps/route")
    assert "named by Sở Y tế, which gave it back: Việc của công thương" in form.text
    assert (form.values()["agency"], form.values()["text"]) == ("SCT", "Kính chuyển")


def test_what_was_given_back_twice_has_a_list_and_cannot_be_given_back_again(province: Staffed) -> None:
    report = given_back(province, times=2)
    given_back(province)
    browser = province.browser("dispatch")
    assert len(ticks(browser.get("/dispatch?queue=twice"))) == 1
    assert "the centre decides now" in browser.get(f"/reports/{report.hex()}/steps/route").text
    province.take("dispatch", report, "route", agency="SYT")
    refused = province.browser("health").get(f"/reports/{report.hex()}/steps/return", status=409)
    assert "the centre has decided which agency handles it" in refused.text
    assert "Return" not in [link.text for link in province.browser("health").get(f"/reports/{report.hex()}").all("a")]


def test_a_new_deadline_is_not_offered_with_a_new_agency(province: Staffed) -> None:
    report = province.arrived()
    province.take("dispatch", report, "route", agency="SYT", deadline="2021-12-20T17:00:00+07:00")
    province.take("health", report, "return", reason="Nhầm")
    form = province.browser("dispatch").get(f"/reports/{report.hex()}/steps/route")
    assert "deadline" not in form.values()
    assert "The deadline stays: 17:00 20/12/2021." in form.text


def bulk(browser: Browser, page: Page, values: list[str], **typed: Any) -> Page:
    """The page after ticking these and sending the form of the bar, or the one after it."""
    return browser.send(page, {"report": values, **typed}, to="/dispatch/route")


def test_ticked_reports_are_routed_together_and_each_is_told(province: Staffed) -> None:
    reports = [province.arrived(summary=f"Việc {n}") for n in range(3)]
    browser = province.browser("dispatch")
    page = browser.get("/dispatch?all=1")
    assert all("checked" in box.attributes for box in page.all("input", name="report", type="checkbox"))
    asked = bulk(browser, page, ticks(page))
    assert "Route 3 reports to one agency" in asked.text and "Việc 0" in asked.text
    province.take("dispatch", reports[1], "reject", reason="Trùng")
    told = bulk(browser, asked, ticks(page), action="route", agency="SYT", text="Kính chuyển")
    assert "2 done – Sở Y tế." in told.text and "1 refused; they are as they were" in told.text
    assert [state_of(province, report)["status"] for report in reports] == ["routed", "rejected", "routed"]


def test_nothing_ticked_is_said_and_an_agency_is_needed(province: Staffed) -> None:
    province.arrived()
    browser = province.browser("dispatch")
    page = browser.get("/dispatch")
    assert "No report is ticked." in bulk(browser, page, []).text
    asked = bulk(browser, page, ticks(page))
    refused = browser.send(asked, {"report": ticks(page), "action": "route"}, to="/dispatch/route", status=422)
    assert refused.error_of("agency")


def test_who_has_a_report_in_hand_is_named_on_the_list_and_on_its_page(province: Staffed) -> None:
    report = province.arrived()
    claim_report(province.centre, province.staff["approver"], report)
    browser = province.browser("dispatch")
    for address in ("/dispatch", f"/reports/{report.hex()}"):
        assert "In the hands of Người approver since" in browser.get(address).text


def test_a_page_sent_for_what_a_colleague_holds_is_refused_in_words_and_keeps_what_was_typed(province: Staffed) -> None:
    report = province.arrived()
    browser = province.browser("dispatch")
    form = browser.get(f"/reports/{report.hex()}/steps/route")
    claim_report(province.centre, province.staff["approver"], report)
    refused = browser.send(form, {"agency": "SYT", "text": "Kính chuyển"}, status=409)
    assert "Người approver has this report in hand since" in refused.text
    assert refused.values()["text"] == "Kính chuyển"


def test_a_report_is_taken_in_hand_released_and_taken_over(province: Staffed) -> None:
    address = f"/reports/{province.arrived().hex()}"
    first, second = province.browser("approver"), province.browser("dispatch")
    assert "In your hands since" in first.send(first.get(address), to=f"{address}/claim").text
    form = second.get(second.get(address).link("Take over"))
    assert second.send(form, {"note": ""}, status=422).error_of("note")
    assert "In your hands since" in second.send(form, {"note": "Anh nghỉ chiều nay"}).text
    assert "Taken over from Người approver: “Anh nghỉ chiều nay”" in first.get(address).text
    assert "free for everybody again" in second.send(second.get(address), to=f"{address}/release").text


def drafted(province: Staffed) -> bytes:
    report = province.routed("SYT")
    province.take("health", report, "accept")
    province.take("health", report, "submit", answer="Đã kiểm tra", sources="Điều 5")
    return report


def test_an_approver_puts_the_draft_right_and_both_texts_are_kept(province: Staffed) -> None:
    report = drafted(province)
    browser = province.browser("approver")
    page = browser.get(f"/reports/{report.hex()}/steps/approve")
    assert page.all(id="answer")[0].text == "Đã kiểm tra"
    typed = {"answer": "Đã kiểm tra, cửa hàng bị phạt.", "sources": "Điều 5", "reason": ""}
    browser.send(page, typed)
    state = state_of(province, report)
    assert state["answer"]["text"] == "Đã kiểm tra, cửa hàng bị phạt."
    details = [entry["details"] for entry in state["history"] if entry["step"] in ("submit", "approve")]
    assert [each.get("answer") for each in details] == ["Đã kiểm tra", "Đã kiểm tra, cửa hàng bị phạt."]
    assert "sources" not in details[1]


def test_an_approval_without_a_change_says_only_that(province: Staffed) -> None:
    report = drafted(province)
    browser = province.browser("approver")
    browser.send(browser.get(f"/reports/{report.hex()}/steps/approve"), {"answer": "Đã kiểm tra", "sources": "Điều 5"})
    assert state_of(province, report)["history"][-1]["step"] == "approve"
    assert "details" not in state_of(province, report)["history"][-1]


def test_an_approver_sends_back_from_the_same_page_with_the_reason(province: Staffed) -> None:
    report = drafted(province)
    browser = province.browser("approver")
    page = browser.get(f"/reports/{report.hex()}/steps/approve")
    browser.send(page, {"reason": "Nêu mức phạt"}, to=f"/reports/{report.hex()}/steps/send_back")
    assert state_of(province, report)["status"] == "in_progress"


def test_a_reopened_report_comes_back_with_why_and_how_it_was_rated(province: Staffed) -> None:
    report = drafted(province)
    province.take("approver", report, "approve")
    province.take("dispatch", report, "reopen", reason="Vẫn bán giá cao")
    browser = province.browser("dispatch")
    assert "Taken up again: Vẫn bán giá cao" in browser.get("/dispatch?queue=reopened").text
    form = browser.get(f"/reports/{report.hex()}/steps/route")
    assert "The answer that did not settle it" in form.text and "Đã kiểm tra" in form.text


def test_the_approvers_list_shows_the_drafts(province: Staffed) -> None:
    drafted(province)
    page = province.browser("approver").get("/dispatch?queue=approval")
    assert "Draft answer: Đã kiểm tra" in page.text


def test_who_reopens_has_the_answer_before_their_eyes(province: Staffed) -> None:
    report = drafted(province)
    province.take("approver", report, "approve")
    page = province.browser("dispatch").get(f"/reports/{report.hex()}/steps/reopen")
    assert "Đã kiểm tra" in page.text and "Điều 5" in page.text


def test_an_agencys_list_names_the_colleague_who_has_a_report(province: Staffed) -> None:
    report = province.routed("SYT")
    claim_report(province.centre, province.staff["health"], report)
    assert "In the hands of Người health since" in province.browser("health").get("/agency").text


def test_who_tells_the_citizen_has_the_answer_to_read_out(province: Staffed) -> None:
    report = drafted(province)
    province.take("approver", report, "approve")
    page = province.browser("operator").get(f"/reports/{report.hex()}/inform")
    assert "Đã kiểm tra" in page.text and "Điều 5" in page.text
