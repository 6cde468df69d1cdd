"""The list of people to call: who stands there, what one press records, and that a secret number is noted before it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intake_app.actions.step_report import step_report
from intake_app.node import Actor, Node
from tests.desk.conftest import PASSWORD, signed_in
from tests.hired import hire
from tests.pages import Browser, Element, Page

Record = Callable[..., bytes]
State = Callable[[bytes], dict[str, Any]]


@pytest.fixture
def answered(recorded: Record, node: Node, officer: Actor) -> Record:
    """Records a report that has its answer, and gives its id."""

    def make(**line: Any) -> bytes:
        report = recorded(**{"name": "Lê Thị Hoa", "phone": "0912 345 678"} | line)
        step_report(node, officer, report, "answer", answer="Đã xử phạt chủ quầy.", sources="Biên bản 12")
        return report

    return make


def people(page: Page) -> list[Element]:
    return page.all("li", class_="callee")


def press(browser: Browser, report: bytes, result: str, status: int = 200, **more: str) -> Page:
    """Press the button of a result, as the form of that person sends it."""
    form = browser.get("/calls")
    data = {"csrf_token": form.values()["csrf_token"], "text": "", "next_try": "", "result": result} | more
    return browser.send(form, data, to=f"/calls/{report.hex()}", status=status)


def test_nobody_to_call_is_said_with_what_would_stand_here(lan: Browser) -> None:
    assert "Nobody waits for a call." in lan.get("/calls").text


def test_who_waits_stands_there_with_number_and_answer(lan: Browser, answered: Record) -> None:
    answered()
    page = lan.get("/calls")
    shown = people(page)[0]
    assert shown.all("a", class_="number")[0].attributes["href"] == "tel:+84912345678"
    assert "Đã xử phạt chủ quầy." in shown.text
    assert "To be called now: 1" in page.text


def test_reached_is_told_in_one_press(lan: Browser, answered: Record, state_of: State) -> None:
    report = answered()
    page = press(lan, report, "reached", text="Rất hài lòng")
    assert people(page) == []
    state = state_of(report)
    assert state["calls"][0]["result"] == "reached"
    assert (state["informed"][0]["means"], state["informed"][0]["text"]) == ("phone", "Rất hài lòng")


def test_no_answer_stays_and_counts_the_tries(lan: Browser, answered: Record, state_of: State) -> None:
    report = answered()
    press(lan, report, "no_answer")
    page = press(lan, report, "busy", next_try="14:00 06/12/2021")
    assert "calls so far: 2" in people(page)[0].text
    assert "Next try 14:00 06/12/2021" in people(page)[0].text
    assert "No answer" in people(page)[0].all("ul", class_="tries")[0].text
    assert "informed" not in state_of(report)


def test_a_next_try_that_is_no_time_keeps_what_was_typed(lan: Browser, answered: Record, state_of: State) -> None:
    report = answered()
    page = press(lan, report, "no_answer", status=422, next_try="mai", text="Máy đổ chuông")
    assert "Not a time" in people(page)[0].text
    typed = [field.attributes.get("value") for field in people(page)[0].all("input")]
    assert {"mai", "Máy đổ chuông"} <= set(typed)
    assert "calls" not in state_of(report)


def test_a_secret_number_is_masked_until_it_is_noted_who_looked(lan: Browser, answered: Record, node: Node) -> None:
    report = answered(confidential=True)
    page = lan.get("/calls")
    assert "Hoa" not in page.text
    assert "•••••••678" in page.text
    assert not page.all("a", class_="number")
    shown = lan.send(page, {}, to=f"/calls/{report.hex()}/reveal")
    assert shown.all("a", class_="number")[0].text == "0912 345 678"
    with node.database.read() as db:
        assert db.value("SELECT count(*) FROM audit WHERE action = 'audit.revealed'") == 1


def test_a_citizen_without_a_number_is_listed_all_the_same(lan: Browser, answered: Record) -> None:
    answered(phone="", name="", anonymous=True)
    assert "no phone number" in people(lan.get("/calls"))[0].text


def test_an_auditor_reads_and_records_nothing(browser: Browser, answered: Record, node: Node, officer: Actor) -> None:
    report = answered()
    hire(node, "kim", "Đỗ Thị Kim", ("auditor",), PASSWORD)
    kim = signed_in(browser, "kim")
    page = kim.get("/calls")
    assert len(people(page)) == 1
    assert not page.all("form", class_="result")
    token = kim.get("/search").all("input", name="csrf_token")[0].attributes["value"]
    kim.send(kim.get("/search"), {"result": "reached", "csrf_token": token}, to=f"/calls/{report.hex()}", status=403)
