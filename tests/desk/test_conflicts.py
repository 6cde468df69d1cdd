from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app import create_app
from tests.creators import Province, province
from tests.desk.conftest import PASSWORD, ROLES, signed_in
from tests.hired import hire
from tests.pages import Browser


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Province]:
    """A centre and the office 0380, which have changed one summary differently."""
    with province(tmp_path) as made:
        report = made.record("0380", summary="Trước", address="Chợ")
        made.sync()
        made.amend("1022", report, summary="Ở trung tâm")
        made.amend("0380", report, summary="Tại huyện")
        made.sync()
        yield made


@pytest.fixture
def lan(two: Province) -> Browser:
    """A browser of the office in which Lan is signed in."""
    node = two.offices["0380"]
    hire(node, "lan", "Trần Thị Lan", ROLES, PASSWORD)
    return signed_in(Browser(create_app(node.settings, node)), "lan")


def decide_page(lan: Browser) -> str:
    return lan.get("/conflicts").all("td", class_="code")[0].all("a")[0].attributes["href"] or ""


def test_conflict_stands_in_the_bar_the_list_and_the_report(lan: Browser) -> None:
    page = lan.get("/conflicts")
    assert "1 values need a decision" in page.all(id="sync-bar")[0].text
    assert "Ở trung tâm" in page.text
    assert "Tại huyện" in page.text
    assert "Compare and decide" in lan.get(f"/reports/{decide_page(lan).rpartition('/')[2]}").text


def test_page_shows_what_was_before_both_changes(lan: Browser) -> None:
    assert "Before both changes: Trước" in lan.get(decide_page(lan)).text


@pytest.mark.parametrize(("keep", "stands"), [("current", "Ở trung tâm"), ("other", "Tại huyện"), ("value", "Cả hai")])
def test_whichever_value_is_kept_stands(lan: Browser, keep: str, stands: str) -> None:
    form = lan.get(decide_page(lan))
    radios = {radio.attributes["value"]: radio.attributes["value"] for radio in form.all("input", type="radio")}
    other = next(value for value in radios if value not in ("current", "value"))
    page = lan.send(form, {"keep-summary": {"other": other}.get(keep, keep), "value-summary": "Cả hai"})
    assert stands in page.all("h1")[0].text
    assert "Nothing needs a decision." in lan.get("/conflicts").text


def test_later_is_a_decision_to_wait(lan: Browser) -> None:
    page = lan.send(lan.get(decide_page(lan)))
    assert "Which value is right?" in page.text
    assert len(lan.get("/conflicts").all("tbody")[0].all("tr")) == 1


def test_value_that_does_not_fit_is_refused_beside_its_field(lan: Browser) -> None:
    form = lan.get(decide_page(lan))
    page = lan.send(form, {"keep-summary": "value", "value-summary": "x" * 121}, status=422)
    assert "at most 120" in page.all(class_="field-error")[0].text


def test_decision_made_elsewhere_meanwhile_is_told(lan: Browser, two: Province) -> None:
    form = lan.get(decide_page(lan))
    two.decide("0380", "current")
    page = lan.send(form, {"keep-summary": "current"})
    assert "Nothing of this report needs a decision any more." in page.text


def test_what_the_centre_refused_is_told_in_words(lan: Browser, two: Province) -> None:
    report = two.record("0380", summary="Sẽ bị đóng")
    two.sync()
    two.step("0380", report, "guide", procedure="Thủ tục khác")
    two.step("1022", report, "reject", reason="Ngoài thẩm quyền")
    two.sync()
    page = lan.get(f"/reports/{report.id.hex()}")
    assert "need a decision" in page.text
    assert "Guided to a procedure" in lan.get(f"/conflicts/{report.id.hex()}").text
