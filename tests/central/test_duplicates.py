"""Reports of several offices about one matter: shown with the reasons, linked by a person, answered together."""

from __future__ import annotations

import pytest

from intake_app.actions import find_alike
from intake_app.actions.add_to_report import link_report
from intake_app.store.reports import load_report
from tests.central.staff import Staffed
from tests.creators import record

WATER = {"summary": "Mất nước ở phố Lê Lợi ba ngày nay", "unit": "2021:14758", "address": "Phố Lê Lợi"}


def two(province: Staffed) -> tuple[bytes, bytes]:
    """The same matter told at an office and to the hotline."""
    first = province.arrived(**WATER, received_at="2021-12-04T08:00:00+07:00")
    second = record(province.centre, province.staff["operator"], **WATER, phone="0900 000 009", name="Lê Thị Mẫu").id
    return first, second


def test_what_looks_alike_across_offices_is_shown_once_and_with_why(province: Staffed) -> None:
    two(province)
    page = province.browser("dispatch").get("/dispatch/duplicates")
    assert len(page.all(class_="likely")) == 1
    for reason in ("100 % alike", "same place", "same commune, last 30 days", "told at two offices"):
        assert reason in page.text


def test_a_pair_is_linked_with_one_press_and_asked_about_no_more(province: Staffed) -> None:
    first, second = two(province)
    browser = province.browser("dispatch")
    said = {"one": second.hex(), "other": first.hex(), "decision": "same_matter"}
    page = browser.send(browser.get("/dispatch/duplicates"), said)
    assert "The link is saved." in page.text and "No open report looks like another one." in page.text
    assert WATER["summary"] in browser.get(f"/reports/{first.hex()}").text


def test_what_is_not_the_same_is_not_shown_together_again(province: Staffed) -> None:
    first, second = two(province)
    browser = province.browser("dispatch")
    said = {"one": second.hex(), "other": first.hex(), "decision": "apart"}
    page = browser.send(browser.get("/dispatch/duplicates"), said)
    assert "not the same matter" in page.text and not page.all(class_="likely")


def answered(province: Staffed, report: bytes) -> None:
    province.take("dispatch", report, "route", agency="SYT")
    province.take("health", report, "accept")
    province.take("health", report, "submit", answer="Đã sửa ống nước.")
    province.take("approver", report, "approve")


def test_one_answer_is_previewed_with_who_gets_it_from_where_and_then_given(province: Staffed) -> None:
    first, second = two(province)
    link_report(province.centre, province.staff["dispatch"], second, first, "same_matter")
    answered(province, first)
    browser = province.browser("dispatch")
    page = browser.get(browser.get(f"/reports/{first.hex()}").link("Give this answer to the linked reports too"))
    for said in ("These citizens get it: 1", "Lê Thị Mẫu", "•••••••009", "Đã sửa ống nước."):
        assert said in page.text
    told = browser.send(page)
    assert "1 done." in told.text
    with province.centre.database.read() as db:
        state = load_report(db, second).state
    assert (state["status"], state["answer"]["text"]) == ("answered", "Đã sửa ống nước.")


def test_without_anybody_ticked_nothing_is_given(province: Staffed) -> None:
    first, second = two(province)
    link_report(province.centre, province.staff["dispatch"], second, first, "duplicate_of")
    answered(province, first)
    browser = province.browser("dispatch")
    page = browser.get(f"/dispatch/{first.hex()}/share")
    assert "No report is ticked." in browser.send(page, {"report": ""}, status=422).text
    refused = browser.get(f"/dispatch/{second.hex()}/share", status=409)
    assert "no approved answer" in refused.text


def test_pages_without_any_pair_are_passed_over(province: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_alike, "AT_ONCE", 1)
    two(province)
    record(province.centre, province.staff["operator"], summary="Hỏi giờ làm việc của bưu điện huyện")
    assert len(province.browser("dispatch").get("/dispatch/duplicates").all(class_="likely")) == 1
