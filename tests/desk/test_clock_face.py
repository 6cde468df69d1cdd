"""How a deadline reads: on a report's page, in lists, on the receipt, in the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from intake_app.actions.pause_report import pause_report
from intake_app.actions.publish_deadlines import RULE
from intake_app.actions.step_report import step_report
from intake_app.desk.clock_face import duration
from intake_app.node import Actor, Node
from intake_app.store.deadlines import shipped
from tests.pages import Browser

Record = Callable[..., bytes]
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
RECEIVED = "2021-12-03T08:00:00+07:00"


@pytest.mark.parametrize(
    ("hours", "day", "working", "words"),
    [
        (20, 8, True, "2 working days 4 working hours"), (8, 8, True, "1 working day"),
        (2.5, 8, True, "2 working hours 30 minutes"),
        (0, 8, True, "0 minutes"), (50, 24, False, "2 days 2 hours"), (-0.5, 24, False, "30 minutes"),
    ],
)  # fmt: skip
def test_a_duration_in_words(app: Flask, hours: float, day: int, working: bool, words: str) -> None:
    with app.test_request_context("/?lang=en"):
        app.preprocess_request()
        assert duration(round(hours * HOUR_MS), day * HOUR_MS, working) == words


def test_the_page_of_a_report_says_until_when_what_is_used_and_by_which_rule(lan: Browser, recorded: Record) -> None:
    text = lan.get(f"/reports/{recorded(received_at=RECEIVED).hex()}").text
    assert "17:30 20/12/2021" in text and "Within the time" in text
    assert shipped(RULE)[2]["name"] in text and "to be checked by a civil servant" in text


def test_a_report_that_stands_still_says_since_when_and_why(
    lan: Browser, recorded: Record, node: Node, officer: Actor
) -> None:
    report = recorded(received_at=RECEIVED)
    pause_report(node, replace(officer, roles=frozenset({"case_handler"})), report, "Chờ kết quả giám định")
    text = lan.get(f"/reports/{report.hex()}").text
    assert "Clock stands still since" in text and text.count("Chờ kết quả giám định") > 1
    assert "Clock stopped" in lan.get("/reports").all("tbody")[0].text


def test_a_report_that_is_over_says_by_how_much_everywhere(lan: Browser, recorded: Record) -> None:
    report = recorded(received_at="2021-11-01T08:00:00+07:00", summary="Quá hạn lâu")
    page = lan.get(f"/reports/{report.hex()}")
    assert "Overdue" in page.all("div", class_="report-head")[0].text and "over" in page.text
    assert "Quá hạn lâu" in lan.get("/reports?show=overdue").text


def test_the_receipt_promises_the_day_of_the_rule(lan: Browser, recorded: Record) -> None:
    assert "20/12/2021" in lan.get(f"/reports/{recorded(received_at=RECEIVED).hex()}/receipt").text


def test_the_register_has_the_day(lan: Browser, recorded: Record) -> None:
    recorded(received_at=RECEIVED)
    assert "20/12/2021" in lan.get("/books/tracking?first=01/12/2021&last=31/12/2021").text


def test_the_page_after_saving_tells_the_day_that_may_be_promised(
    lan: Browser, recorded: Record, node: Node, officer: Actor
) -> None:
    report = recorded(received_at=RECEIVED)
    assert "20/12/2021" in lan.get(f"/reports/{report.hex()}/saved").text
    step_report(node, replace(officer, roles=frozenset({"dispatcher"})), report, "guide", procedure="Khiếu nại")
    assert "may expect" not in lan.get(f"/reports/{report.hex()}/saved").text
