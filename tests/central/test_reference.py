"""Topics, agencies, offices and units on the pages of the centre."""

from __future__ import annotations

import pytest

from tests.actions.test_reorganise import CHANGES, STRUCTURE, UNITS
from tests.central.staff import Staffed
from tests.pages import Browser, Page

AGENCY = {
    "name": "UBND phường Hàm Rồng", "abbreviation": "UBND P. Hàm Rồng", "code": "UBND-14758", "level": "commune",
    "unit": "2025:14758", "valid_from": "01/12/2021",
}  # fmt: skip
TOPIC = {
    "name": "Mưa lũ", "name_en": "Floods", "short_name": "Mưa lũ", "code": "flood", "group": "11", "valid_from": "01/12/2021",
    "questions-0-vi": "Nước sâu bao nhiêu (cm)", "questions-0-en": "How deep is the water", "questions-0-type": "number",
}  # fmt: skip


def written(browser: Browser, room: str, typed: dict[str, str], status: int = 200) -> Page:
    """The page after sending the form of something new."""
    return browser.send(browser.get(f"/{room}/new"), typed | {"action": "publish"}, status=status)


def test_an_agency_is_added_changed_and_retired_with_its_history(province: Staffed) -> None:
    browser = province.browser("dispatch")
    page = written(browser, "agencies", AGENCY)
    assert "Published. Every computer gets it" in page.text and "Phường Hàm Rồng" in page.text
    page = browser.send(browser.get(page.link("Write a new edition")), {"name": "Ủy ban nhân dân phường Hàm Rồng"})
    assert page.text.index("Edition 2") < page.text.index("Edition 1")
    page = browser.send(browser.get("/agencies/UBND-14758/retire"), {"reason": "Sáp nhập"})
    assert "Sáp nhập" in page.text
    assert "UBND-14758" not in browser.get("/agencies?q=ham+rong").text
    assert "UBND-14758" in browser.get("/agencies?q=ham+rong&show=retired").text


def test_a_topic_is_written_with_its_questions_row_by_row(province: Staffed) -> None:
    browser = province.browser("dispatch")
    page = written(browser, "topics", TOPIC)
    assert "How deep is the water" in page.text
    form = browser.send(browser.get("/topics/flood/edit"), {"action": "more"})
    assert "Question 3" in form.text
    more = {"questions-2-vi": "Ai cần giúp", "questions-2-en": "Who needs help", "questions-2-type": "choice",
            "questions-2-choices": "Người già | Elderly\nTrẻ em | Children", "action": "publish"}  # fmt: skip
    page = browser.send(form, more)
    assert "Who needs help" in page.text and "Children" in page.text


def test_a_question_without_its_words_is_said_and_what_was_typed_stays(province: Staffed) -> None:
    page = written(province.browser("dispatch"), "topics", TOPIC | {"questions-0-en": ""}, 422)
    assert "A question needs its words in both languages" in page.text
    assert page.values()["questions-0-vi"] == "Nước sâu bao nhiêu (cm)"


def test_a_code_that_is_known_is_not_overwritten(province: Staffed) -> None:
    page = written(province.browser("dispatch"), "agencies", AGENCY | {"code": "SYT"}, 422)
    assert "“SYT” is known already" in page.text


def test_everything_that_does_not_fit_is_said_at_once(province: Staffed) -> None:
    page = written(province.browser("admin"), "offices", {"number": "12", "name": "", "unit": "khongcogi", "valid_from": "x"}, 422)
    assert [bool(page.error_of(field)) for field in ("number", "name", "unit", "valid_from")] == [True] * 4


def test_a_unit_is_found_and_moved_and_says_whose_place_it_took(province: Staffed) -> None:
    browser = province.browser("admin")
    page = browser.get("/territory?q=ham+rong")
    page = browser.send(browser.get("/territory/2025:14758/edit"), {"name": "Phường Hàm Rồng Mới"})
    assert "Phường Hàm Rồng Mới" in page.text and "Took the place of" in page.text


def test_of_two_who_edit_the_slower_one_is_told(province: Staffed) -> None:
    first, second = province.browser("dispatch"), province.browser("admin")
    form, other = first.get("/topics/price_fraud/edit"), second.get("/topics/price_fraud/edit")
    first.send(form, {"short_name": "Giá cả"})
    page = second.send(other, {"short_name": "Gian lận"}, status=422)
    assert "somebody" in page.text.lower() and page.values()["short_name"] == "Gian lận"


@pytest.mark.parametrize("room", ["topics", "agencies", "offices", "territory", "structures"])
def test_an_auditor_reads_and_cannot_write(province: Staffed, room: str) -> None:
    addresses = [str(link.attributes.get("href")) for link in province.browser("auditor").get(f"/{room}").all("a")]
    assert any(each.startswith(f"/{room}/") for each in addresses)
    assert not [each for each in addresses if each.endswith(("/retire", "/edit", "/new", "/reorganise"))]


def test_a_reorganisation_is_looked_at_and_then_published(province: Staffed) -> None:
    browser = province.browser("admin")
    typed = STRUCTURE | {"valid_from": "01/07/2022", "units": UNITS, "changes": CHANGES}
    page = browser.send(browser.get("/structures/reorganise"), typed | {"action": "look"})
    assert "not published yet" in page.text and "Commune: 2" in page.text
    page = browser.send(page, {"action": "publish"})
    assert "Published: 3 units" in page.text
    assert "Phường Một" in browser.get("/territory?q=phuong+mot").text


def test_lines_that_do_not_fit_are_named_and_can_be_corrected(province: Staffed) -> None:
    browser = province.browser("admin")
    typed = STRUCTURE | {"valid_from": "01/07/2022", "units": UNITS + "90003,,Xã,commune,38\n", "changes": ""}
    page = browser.send(browser.get("/structures/reorganise"), typed | {"action": "publish"}, status=422)
    assert "1 line does not fit" in page.text and "line 5" in page.text
    page = browser.send(page, {"units": UNITS, "action": "publish"})
    assert "Published: 3 units" in page.text
