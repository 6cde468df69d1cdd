"""An office with its officer, for the tests of its pages; and short ways to make what they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from intake_app import create_app
from intake_app.actions.record_report import record_report
from intake_app.node import Actor, Node
from intake_app.store.reports import load_report
from tests import creators
from tests.hired import hire
from tests.pages import Browser

PASSWORD = "một mật khẩu dài"
NOW_MS = 1_638_669_000_000  # 08:50 on 5 December 2021
ROLES = ("administrator", "intake_officer", "case_handler")


class DeskClock(creators.SetClock):
    """The clock of the office."""

    def pass_minutes(self, minutes: int) -> None:
        """Let time go by."""
        self.at_ms += minutes * 60_000


@pytest.fixture
def clock() -> DeskClock:
    """The time of the tests."""
    return DeskClock(NOW_MS)


@pytest.fixture
def node(tmp_path: Path, clock: DeskClock) -> Iterator[Node]:
    """The node of the office 0380, the city of Thanh Hóa."""
    made = creators.make_node(tmp_path, clock=clock)
    yield made
    made.close()


@pytest.fixture
def officer(node: Node) -> Actor:
    """Lan, who records and administers; she is the first account."""
    return hire(node, "lan", "Trần Thị Lan", ROLES, PASSWORD)


@pytest.fixture
def app(node: Node, officer: Actor) -> Flask:
    """The pages of that office."""
    made = create_app(node.settings, node)
    made.testing = True
    return made


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def lan(browser: Browser) -> Browser:
    """A browser in which Lan is signed in and reads English."""
    return signed_in(browser, "lan")


def signed_in(browser: Browser, username: str) -> Browser:
    """The browser with somebody signed in who reads English."""
    browser.sign_in(username, PASSWORD, "en")
    return browser


@pytest.fixture
def recorded(node: Node, officer: Actor) -> Callable[..., bytes]:
    """Records a report and gives its id."""

    def record(**line: Any) -> bytes:
        usual = {"channel": "phone", "topic": "price_fraud", "summary": "Khẩu trang giá gấp ba", "unit": "2021:14758"}
        return record_report(node, officer, usual | line).id

    return record


@pytest.fixture
def state_of(node: Node) -> Callable[[bytes], dict[str, Any]]:
    """Reads the state of a report as pages see it."""

    def state(report_id: bytes) -> dict[str, Any]:
        with node.database.read() as db:
            found = load_report(db, report_id)
        assert found is not None
        return found.state

    return state
