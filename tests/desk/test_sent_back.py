"""What the centre sent back, as an officer meets it: in the bar, in the list, on the report; and settling it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app import create_app
from intake_app.actions.send_back import send_back
from tests.creators import Province, province
from tests.hired import hire
from tests.pages import Browser

PASSWORD = "một mật khẩu dài"
OFFICE = "0380"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, OFFICE) as found:
        yield found


def browser_of(made: Province, *roles: str) -> Browser:
    """An officer of the office at the screen, in English."""
    node = made.node(OFFICE)
    hire(node, "lan", "Trần Thị Lan", roles or ("intake_officer",), PASSWORD)
    browser = Browser(create_app(node.settings, node))
    browser.sign_in("lan", PASSWORD, "en")
    return browser


def sent_back(made: Province) -> str:
    """A report of the office that the centre sent back; its id."""
    found = made.record(OFFICE)
    made.sync()
    send_back(made.centre, made.actor("1022"), found.id, "Ghi lại số nhà")
    made.sync()
    return found.id.hex()


def test_the_task_stands_in_the_bar_the_list_and_on_the_report(made: Province) -> None:
    report, browser = sent_back(made), browser_of(made)
    assert "The centre sent back 1 report." in browser.get("/intake").all(class_="task")[0].text
    assert "Ghi lại số nhà" in browser.get(f"/reports/{report}").text
    assert "Ghi lại số nhà" in browser.get("/sent-back").text
    assert len(browser.get("/reports?show=sent_back").all("tbody")[0].all("tr")) == 1


def test_settling_it_with_a_word_takes_it_off_everywhere(made: Province) -> None:
    report, browser = sent_back(made), browser_of(made)
    form = browser.get(browser.get(f"/reports/{report}").link("Tell the centre it is settled"))
    page = browser.send(form, {"how": "noted", "text": "Nhà không có số"})
    assert "The centre will read that it is settled." in page.text and page.all(class_="task") == []
    assert "Nhà không có số" in browser.get("/sent-back?show=settled").text


def test_saying_corrected_of_what_nobody_changed_is_refused_beside_the_field(made: Province) -> None:
    report, browser = sent_back(made), browser_of(made)
    form = browser.get(browser.get(f"/reports/{report}").link("Tell the centre it is settled"))
    page = browser.send(form, {"how": "amended"}, status=422)
    assert "Nobody has changed the report since" in page.error_of("how")
    assert "Fill this in" in browser.send(form, {"how": "noted", "text": ""}, status=422).error_of("text")


def test_after_a_correction_corrected_is_offered_first(made: Province) -> None:
    report, browser = sent_back(made), browser_of(made)
    browser.send(browser.get(f"/reports/{report}/amend"), {"address": "Số 12", "action": "save"})
    form = browser.get(browser.get(f"/reports/{report}").link("Tell the centre it is settled"))
    assert "The centre will read" in browser.send(form).text


def test_whoever_may_not_settle_reads_the_task_without_a_button(made: Province) -> None:
    report, browser = sent_back(made), browser_of(made, "auditor")
    page = browser.get(f"/reports/{report}")
    assert "Ghi lại số nhà" in page.text and "Tell the centre it is settled" not in page.text
    assert "waits for the office" in browser.get("/sent-back").text


def test_a_settled_or_unknown_task_is_told_in_words(made: Province) -> None:
    report, browser = sent_back(made), browser_of(made)
    assert "This is not open any more" in browser.get(f"/reports/{report}/sent-back/{'0' * 32}", 404).text


def test_an_office_without_tasks_says_so(made: Province) -> None:
    assert "The centre has sent nothing back." in browser_of(made).get("/sent-back").text
