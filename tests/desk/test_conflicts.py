from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app import create_app
from tests.creators import Province, Recorded, province
from tests.desk.conftest import PASSWORD, ROLES, signed_in
from tests.hired import hire
from tests.pages import Browser, Page


class Contested(Province):
    """A province with the report on which two differ."""

    first: Recorded


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Contested]:
    """A centre and the office 0380, which have changed one summary differently."""
    with province(tmp_path) as bare:
        made = Contested(bare.centre, bare.offices, bare.clock, bare.people)
        report = made.record("0380", summary="Trước", address="Chợ")
        made.first = report
        made.sync()
        made.amend("1022", report, summary="Ở trung tâm")
        made.amend("0380", report, summary="Tại huyện")
        made.sync()
        yield made


@pytest.fixture
def lan(two: Contested) -> Browser:
    """A browser of the office in which Lan is signed in."""
    node = two.offices["0380"]
    hire(node, "lan", "Trần Thị Lan", ROLES, PASSWORD)
    return signed_in(Browser(create_app(node.settings, node)), "lan")


def decide_page(lan: Browser) -> str:
    return lan.get("/conflicts").all("td", class_="code")[0].all("a")[0].attributes["href"] or ""


def test_conflict_stands_in_the_bar_the_list_and_the_report(lan: Browser) -> None:
    page = lan.get("/conflicts")
    assert "1 value needs a decision" in page.all(id="sync-bar")[0].text
    assert "Ở trung tâm" in page.text
    assert "Tại huyện" in page.text
    assert "Compare and decide" in lan.get(f"/reports/{decide_page(lan).rpartition('/')[2]}").text


WHY = {"action": "check", "note": "Đã hỏi lại người dân"}
DECIDE = {"action": "decide"}


def decide(lan: Browser, **choices: str) -> Page:
    """Choose, check, decide."""
    checked = lan.send(lan.get(decide_page(lan)), WHY | {name.replace("_", "-"): value for name, value in choices.items()})
    assert "Check the decision" in checked.title
    return lan.send(checked, DECIDE)


def side(lan: Browser) -> str:
    """The key of what this office typed."""
    radios = lan.get(decide_page(lan)).all("input", type="radio", data_side="other")
    return str(radios[0].attributes["value"])


def test_three_columns_tell_what_both_saw_and_which_words_differ(lan: Browser) -> None:
    columns = [each.text for each in lan.get(decide_page(lan)).all("div", class_="three")[0].all("div")]
    assert columns[0] == "Original Trước"
    assert columns[1].startswith("At this office taken out: Trước put in: Tại huyện")
    assert "Centre taken out: Trước put in: Ở trung tâm" in columns


@pytest.mark.parametrize(("keep", "stands"), [("current", "Ở trung tâm"), ("other", "Tại huyện"), ("value", "Cả hai")])
def test_whichever_value_is_kept_stands(lan: Browser, keep: str, stands: str) -> None:
    page = decide(lan, keep_summary=side(lan) if keep == "other" else keep, value_summary="Cả hai")
    assert stands in page.all("h1")[0].text
    assert "Decision: Đã hỏi lại người dân" in page.text
    assert "Nothing needs a decision." in lan.get("/conflicts").text


def test_what_the_rules_propose_is_chosen_already(lan: Browser, two: Contested) -> None:
    form = lan.get(decide_page(lan))
    assert form.values()["keep-summary"] == "current"
    two.amend("1022", two.first, details="Nói ở trung tâm.")
    two.amend("0380", two.first, details="Nói tại huyện.")
    two.sync()
    values = lan.get(decide_page(lan)).values()
    assert values["keep-details"] == "value"
    assert values["value-details"] == "Nói ở trung tâm.\n\nNói tại huyện."


def test_nothing_holds_before_it_was_checked_and_what_was_chosen_comes_back(lan: Browser, two: Contested) -> None:
    checked = lan.send(lan.get(decide_page(lan)), WHY | {"keep-summary": "value", "value-summary": "Cả hai"})
    assert "Cả hai" in checked.text
    assert two.seen("0380", two.first)["conflicts"]
    back = lan.send(checked, {"action": "back"})
    assert back.values()["keep-summary"] == "value"
    assert back.values()["value-summary"] == "Cả hai"
    assert back.values()["note"] == "Đã hỏi lại người dân"


def test_a_decision_needs_its_reason(lan: Browser) -> None:
    page = lan.send(lan.get(decide_page(lan)), {"action": "check", "note": " "}, status=422)
    assert "Fill this in." in page.error_of("note")


def test_later_is_a_decision_to_wait(lan: Browser) -> None:
    page = lan.send(lan.get(decide_page(lan)), {"action": "check", "keep-summary": "later"})
    assert "Nothing was decided" in page.text
    assert len(lan.get("/conflicts").all("tbody")[0].all("tr")) == 1


def test_everything_of_one_side_is_chosen_without_a_script_too(lan: Browser, two: Contested) -> None:
    two.amend("1022", two.first, address="Số 1")
    two.amend("0380", two.first, address="Số 2")
    two.sync()
    page = lan.send(lan.get(decide_page(lan)), {"action": "all-others"})
    chosen = [each.attributes for each in page.all("input", type="radio") if "checked" in each.attributes]
    assert [each["data-side"] for each in chosen] == ["other", "other"]


def test_value_that_does_not_fit_is_refused_beside_its_field(lan: Browser) -> None:
    form = lan.get(decide_page(lan))
    page = lan.send(form, WHY | {"keep-summary": "value", "value-summary": "x" * 121}, status=422)
    assert "at most 120" in page.all(class_="field-error")[0].text


def test_decision_made_elsewhere_meanwhile_is_told(lan: Browser, two: Contested) -> None:
    form = lan.get(decide_page(lan))
    two.decide("0380", "current")
    page = lan.send(form, WHY | {"keep-summary": "current"})
    assert "Nothing of this report needs a decision any more." in page.text


def test_nobody_decides_on_a_value_that_has_moved_since(lan: Browser, two: Contested) -> None:
    checked = lan.send(lan.get(decide_page(lan)), WHY | {"keep-summary": "current"})
    two.amend("1022", two.first, summary="Lại sửa ở trung tâm")
    two.sync()
    page = lan.send(checked, DECIDE, status=422)
    assert "changed by somebody else meanwhile" in page.all(class_="field-error")[0].text
    assert "Lại sửa ở trung tâm" in page.text


def test_after_one_the_next_report_comes(lan: Browser, two: Contested) -> None:
    second = two.record("0380", summary="Thứ hai")
    two.sync()
    two.amend("1022", second, summary="Hai ở trung tâm")
    two.amend("0380", second, summary="Hai tại huyện")
    two.sync()
    assert decide(lan).path == f"/conflicts/{second.id.hex()}"


def test_what_merged_by_itself_is_listed(lan: Browser, two: Contested) -> None:
    same = two.record("0380", summary="Giống nhau")
    two.sync()
    for office in ("1022", "0380"):
        two.amend(office, same, address="Số 7 Lê Lợi")
    two.sync()
    merged = lan.get("/conflicts").all("details", class_="merged")[0].text
    assert "Merged by itself: 1 entry" in merged
    assert "Giống nhau" in merged


def test_an_auditor_looks_and_decides_nothing(lan: Browser, two: Contested) -> None:
    node = two.offices["0380"]
    hire(node, "kim", "Đỗ Thị Kim", ("auditor",), PASSWORD)
    page = signed_in(Browser(create_app(node.settings, node)), "kim").get(decide_page(lan))
    assert "may look at this and not decide" in page.text
    assert not page.all("textarea", id="note")


def test_what_the_centre_refused_is_told_in_words(lan: Browser, two: Contested) -> None:
    report = two.record("0380", summary="Sẽ bị đóng")
    two.sync()
    two.step("0380", report, "guide", procedure="Thủ tục khác")
    two.step("1022", report, "reject", reason="Ngoài thẩm quyền")
    two.sync()
    page = lan.get(f"/reports/{report.id.hex()}")
    assert "needs a decision" in page.text
    assert "Guided to a procedure" in lan.get(f"/conflicts/{report.id.hex()}").text
