"""The catalogue of routing rules: written, tried, and met again where a report is routed."""

from __future__ import annotations

from tests.central.staff import Staffed
from tests.pages import Browser, Page

TYPED = {
    "name": "Giá cả",
    "topics": "price_fraud",
    "lead": "CQLTT",
    "text": "Kính chuyển kiểm tra",
    "valid_from": "01/12/2021",
}


def written(browser: Browser, status: int = 200, **changes: object) -> Page:
    """The page after sending the form of a new rule."""
    return browser.send(browser.get("/catalogue/rules/new"), TYPED | changes, status=status)


def test_a_rule_is_written_tried_changed_and_retired(province: Staffed) -> None:
    browser = province.browser("dispatch")
    page = written(browser)
    assert "Published. It proposes" in page.text and "Cục Quản lý thị trường tỉnh" in page.text
    asked = "/catalogue/rules/try?topic=price_fraud&unit=Phường Đông Thọ, Thành phố Thanh Hóa"
    assert "Cục Quản lý thị trường tỉnh" in browser.get(asked).text
    page = browser.send(browser.get(page.link("Write a new edition")), {"lead": "SCT", "topics": "price_fraud"})
    assert page.text.index("Edition 2") < page.text.index("Sở Công Thương") < page.text.index("Edition 1")
    page = browser.send(browser.get(page.link("Retire")), {"reason": "Sai cơ quan"})
    assert "Sai cơ quan" in page.text
    assert "No rule fits" in browser.get(asked).text


def test_everything_that_does_not_fit_is_said_at_once(province: Staffed) -> None:
    page = written(province.browser("dispatch"), 422, name="", local="y", valid_to="mai")
    assert [bool(page.error_of(field)) for field in ("name", "lead", "valid_to")] == [True] * 3
    assert page.values()["text"] == TYPED["text"]


def test_a_tie_is_said_with_both_and_the_reasons(province: Staffed) -> None:
    browser = province.browser("dispatch")
    written(browser)
    written(browser, name="Thành phố", topics=[], unit="Thành phố Thanh Hóa", lead="UBND-380")
    page = browser.get("/catalogue/rules/try?topic=price_fraud&unit=2021:14758")
    assert "Undecided: 2 rules fit equally well." in page.text
    assert "because of the topic" in page.text and "the place: Thành phố Thanh Hóa" in page.text


def test_the_route_form_is_filled_with_the_proposal_and_says_why(province: Staffed) -> None:
    browser = province.browser("dispatch")
    written(browser, supporting="SCT")
    report = province.arrived()
    form = browser.get(f"/reports/{report.hex()}/steps/route")
    assert "Proposed: Cục Quản lý thị trường tỉnh" in form.text and "because of the topic" in form.text
    page = browser.send(form)
    assert "Cục Quản lý thị trường tỉnh" in page.text and "Kính chuyển kiểm tra" in page.text


def test_a_tie_fills_nothing_until_one_is_taken(province: Staffed) -> None:
    browser = province.browser("dispatch")
    written(browser)
    written(browser, name="Thành phố", topics=[], unit="Thành phố Thanh Hóa", lead="UBND-380")
    address = f"/reports/{province.arrived().hex()}/steps/route"
    form = browser.get(address)
    assert "The rules are undecided: choose" in form.text
    assert form.values()["agency"] == ""
    assert [browser.get(f"{address}?take={n}").values()["agency"] for n in (0, 1, 9)] == ["CQLTT", "UBND-380", ""]


def test_samples_are_marked_and_an_auditor_only_reads(province: Staffed) -> None:
    browser = province.browser("admin")
    page = browser.send(browser.get("/catalogue/rules"), to="/catalogue/rules/samples")
    assert "11 sample rules are published" in page.text
    assert len(page.all(class_="badge-sample")) == 11
    assert "New rule" not in province.browser("auditor").get("/catalogue/rules").text


def test_without_any_rule_the_list_says_what_to_do_and_routing_goes_on(province: Staffed) -> None:
    browser = province.browser("dispatch")
    assert "No rule is published yet" in browser.get("/catalogue/rules").text
    form = browser.get(f"/reports/{province.arrived().hex()}/steps/route")
    assert "Proposed" not in form.text
    browser.get("/catalogue/rules/nope", 404)
