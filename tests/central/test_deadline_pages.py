"""The centre writes calendars and deadline rules: what follows from them is seen before and after, everywhere."""

from __future__ import annotations

from typing import Any

import pytest

from intake_app.actions.refresh_deadlines import refresh_deadlines
from intake_app.store.deadlines import terms_of
from tests.central.staff import Staffed
from tests.pages import Browser, Page

RULE = {
    "name": "Giá cả", "topic": "price_fraud", "urgency": "", "amount": "2", "unit_of_time": "working_days", "soon": "1",
    "escalate_at": "100, 150", "source": "Mẫu", "valid_from": "01/12/2021", "action": "publish",
}  # fmt: skip
CALENDAR = {
    "name": "Năm 2021", "valid_from": "01/01/2021", "valid_to": "31/12/2021", "hours": "7h30-11h30, 13:30-17:30",
    "holidays": "07/12/2021 Nghỉ bão\n30/04 Ngày Chiến thắng", "make_up_days": "11/12/2021 Làm bù", "source": "Mẫu",
    "action": "publish",
}  # fmt: skip
WEEK = ["1", "2", "3", "4", "5"]


def rule(browser: Browser, status: int = 200, **changes: Any) -> Page:
    return browser.send(browser.get("/deadline-rules/new"), RULE | changes, status=status)


def sheet(browser: Browser, status: int = 200, **changes: Any) -> Page:
    return browser.send(browser.get("/calendars/new"), CALENDAR | {"weekdays": WEEK} | changes, status=status)


def names_at(province: Staffed, office: str) -> list[str]:
    with province.node(office).database.read() as db:
        return [each["name"] for each in terms_of(db).rules]


def test_a_rule_typed_at_the_centre_holds_at_an_office(province: Staffed) -> None:
    page = rule(province.browser("dispatch"))
    assert "2 working days" in page.text
    province.sync()
    assert names_at(province, "0380") == ["Giá cả"]


def test_what_comes_with_the_program_is_shown_as_not_checked(province: Staffed) -> None:
    text = province.browser("auditor").get("/deadline-rules").text
    assert "comes with the program" in text and "to be checked" in text and "New rule" not in text


def test_shipped_rules_and_calendars_are_taken_over_and_then_changed(province: Staffed) -> None:
    browser = province.browser("admin")
    for room, count in (("deadline-rules", 3), ("calendars", 4)):
        page = browser.get(f"/{room}")
        taken = browser.send(page, {}, to=f"/{room}/shipped")
        assert f"{count} are published" in taken.text
    assert "New edition" in browser.get("/deadline-rules").text


@pytest.mark.parametrize(
    ("field", "typed"),
    [("amount", "0"), ("soon", "2"), ("escalate_at", "150, 100"), ("source", ""), ("valid_to", "mai")],
)
def test_what_is_no_rule_is_said_beside_its_field(province: Staffed, field: str, typed: str) -> None:
    page = rule(province.browser("dispatch"), 422, **{field: typed})
    assert page.error_of(field) and page.values()["name"] == "Giá cả"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("hours", "sáng"), ("hours", "11:30-07:30"), ("holidays", "Tết"), ("make_up_days", "30/04 Không năm"),
        ("holidays", "11/12/2021 Hai lần\n11/12/2021 Nữa"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_said_beside_its_field(province: Staffed, field: str, typed: str) -> None:
    page = sheet(province.browser("dispatch"), 422, **{field: typed})
    assert page.error_of(field) and typed == page.values()[field].strip()


def test_a_preview_says_when_a_report_would_be_due_and_publishes_nothing(province: Staffed) -> None:
    page = rule(province.browser("dispatch"), action="preview")
    assert "Preview – not published yet" in page.text and "17:30 07/12/2021" in page.text
    assert len(names_at(province, "1022")) == 3


def test_a_report_received_now_would_be_due(province: Staffed) -> None:
    page = province.browser("auditor").get("/deadline-rules?topic=price_fraud&urgency=urgent&received=09:00+06/12/2021")
    assert "17:30 07/12/2021" in page.text and "Gấp" in page.text


def test_a_calendar_shows_in_the_year_and_moves_what_is_due(province: Staffed) -> None:
    browser = province.browser("dispatch")
    report = province.arrived(received_at="2021-12-06T08:00:00+07:00", urgency="urgent")
    assert "17:30 07/12/2021" in browser.get(f"/reports/{report.hex()}").text
    assert "11/12/2021" in sheet(browser).text
    refresh_deadlines(province.centre)
    assert "Nghỉ bão" in browser.get("/calendars?year=2021").text
    assert "17:30 08/12/2021" in browser.get(f"/reports/{report.hex()}").text


def test_a_new_calendar_begins_with_what_holds_in_its_year(province: Staffed) -> None:
    values = province.browser("dispatch").get("/calendars/new?year=2025").values()
    assert "27/01/2025 Tết Nguyên đán" in values["holidays"]
    assert (values["make_up_days"].strip(), values["hours"]) == ("26/04/2025 Làm bù ngày 2/5", "07:30-11:30, 13:30-17:30")


def test_a_new_edition_stays_in_the_history_and_retiring_tells_why(province: Staffed) -> None:
    browser = province.browser("dispatch")
    form = browser.get(rule(browser).link("Write a new edition"))
    page = browser.send(form, {"amount": "3", "action": "publish"})
    assert page.text.index("Edition 2") < page.text.index("3 working days") < page.text.index("Edition 1")
    retired = browser.send(browser.get(f"{page.path}/retire"), {"reason": "Thay thế"})
    assert "Thay thế" in retired.text and names_at(province, "1022") == []


def test_whoever_is_second_sees_that_somebody_was_faster(province: Staffed) -> None:
    fast, slow = province.browser("admin"), province.browser("dispatch")
    address = rule(fast).link("Write a new edition")
    seen = slow.get(address)
    fast.send(fast.get(address), {"amount": "3", "action": "publish"})
    refused = slow.send(seen, {"amount": "4", "action": "publish"}, status=422)
    assert "Somebody else published edition 2" in refused.text
    assert "4 working days" in slow.send(refused, {"action": "publish"}).text


def test_only_those_who_publish_may_write(province: Staffed) -> None:
    for address in ("/calendars/new", "/deadline-rules/new"):
        province.browser("auditor").get(address, status=403)
        province.browser("operator").get(address, status=403)


def test_an_address_of_nothing_is_no_rule(province: Staffed) -> None:
    assert "no such deadline rule" in province.browser("dispatch").get(f"/deadline-rules/{'0' * 32}", status=404).text
    assert "no such calendar" in province.browser("dispatch").get("/calendars/xyz", status=404).text


def test_what_was_taken_over_is_edited_without_changing_its_days(province: Staffed) -> None:
    browser = province.browser("admin")
    browser.send(browser.get("/calendars"), {}, to="/calendars/shipped")
    page = browser.get(browser.get("/calendars").link("Giờ làm việc chung"))
    form = browser.get(page.link("Write a new edition"))
    assert form.values()["valid_from"] == "01/01/1900"
    done = browser.send(form, {"weekdays": WEEK, "hours": "07:00-11:00, 13:00-17:00", "action": "publish"})
    assert "Edition 2" in done.text and "always" in done.text
