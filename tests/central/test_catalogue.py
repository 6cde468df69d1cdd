"""The centre writes the answer library: new, new edition, retired, history, preview, samples."""

from __future__ import annotations

from tests.central.staff import Staffed
from tests.pages import Browser, Page

TYPED = {
    "question": "Khẩu trang giá cao thì báo ai?", "short": "Báo 1022, giữ hóa đơn.", "topics": "price_fraud",
    "source": "Mẫu", "valid_from": "01/12/2021", "action": "publish",
}  # fmt: skip


def written(browser: Browser, status: int = 200, **changes: str) -> Page:
    """The page after sending the form of a new article."""
    return browser.send(browser.get("/catalogue/new"), TYPED | changes, status=status)


def test_an_article_typed_at_the_centre_is_read_at_an_office(province: Staffed) -> None:
    page = written(province.browser("dispatch"), area="Phường Đông Thọ, Thành phố Thanh Hóa")
    assert "Báo 1022, giữ hóa đơn." in page.text
    assert "Phường Đông Thọ" in page.text
    province.sync()
    with province.offices["0380"].database.read() as db:
        assert db.value("SELECT count(*) FROM article WHERE area = '2021:14758'") == 1


def test_everything_that_does_not_fit_is_said_at_once(province: Staffed) -> None:
    page = written(province.browser("dispatch"), 422, short="", topics="", valid_to="mai", source="")
    assert [bool(page.error_of(field)) for field in ("short", "topics", "valid_to", "source")] == [True] * 4
    assert page.values()["question"] == TYPED["question"]


def test_a_preview_publishes_nothing(province: Staffed) -> None:
    browser = province.browser("admin")
    page = written(browser, action="preview", sample="y")
    assert "Preview – not published yet" in page.text
    assert "a civil servant has to check it" in page.text
    assert "Nothing is published yet" in browser.get("/catalogue").text


def test_a_new_edition_begins_with_the_present_text_and_stays_in_the_history(province: Staffed) -> None:
    browser = province.browser("dispatch")
    form = browser.get(written(browser).link("Write a new edition"))
    assert form.values()["short"] == TYPED["short"]
    page = browser.send(form, {"short": "Báo quản lý thị trường.", "topics": "price_fraud", "action": "publish"})
    history = browser.get(page.link("History")).text
    assert history.index("Edition 2") < history.index("Báo quản lý thị trường.") < history.index("Edition 1")
    assert "Người dispatch" in history


def test_whoever_is_second_sees_that_somebody_was_faster_and_may_go_on(province: Staffed) -> None:
    fast, slow = province.browser("admin"), province.browser("dispatch")
    address = written(fast).link("Write a new edition")
    seen = slow.get(address)
    fast.send(fast.get(address), {"short": "Nhanh", "action": "publish"})
    refused = slow.send(seen, {"short": "Chậm", "action": "publish"}, status=422)
    assert "Somebody else published edition 2" in refused.text
    assert refused.values()["short"] == "Chậm"
    assert "Chậm" in slow.send(refused, {"action": "publish"}).text


def test_a_retired_article_is_gone_from_the_library_but_not_from_the_catalogue(province: Staffed) -> None:
    browser = province.browser("dispatch")
    form = browser.get(written(browser).link("Retire"))
    assert "required" not in form.text
    assert browser.send(form, {"reason": ""}, status=422).error_of("reason")
    page = browser.send(form, {"reason": "Văn bản mới"})
    assert "Văn bản mới" in page.text
    assert TYPED["question"] not in browser.get("/library").text
    assert TYPED["question"] in browser.get("/catalogue?show=retired").text


def test_samples_are_marked_wherever_they_are_read(province: Staffed) -> None:
    browser = province.browser("admin")
    page = browser.send(browser.get("/catalogue"), to="/catalogue/samples")
    assert "sample answers are published" in page.text
    assert len(page.all(class_="badge-sample")) == 24
    first = page.all("th", class_="question")[0].all("a")[0].attributes["href"]
    assert "a civil servant has to check it" in browser.get(str(first)).text


def test_an_auditor_reads_the_catalogue_and_changes_nothing(province: Staffed) -> None:
    written(province.browser("admin"))
    page = province.browser("auditor").get("/catalogue")
    assert TYPED["question"] in page.text
    assert "New answer" not in page.text
