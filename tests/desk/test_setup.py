from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from intake_app import create_app
from intake_app.config import Settings, load_settings
from intake_app.serve import Setup
from tests.pages import Browser

ME = {
    "role": "office",
    "office": "3002",
    "name": "Lê Hoa",
    "username": "hoa",
    "password": "mật khẩu dài",
    "action": "save",
}


@pytest.fixture
def finished() -> list[Settings]:
    """The settings with which the set-up ended."""
    return []


@pytest.fixture
def fresh(tmp_path: Path, finished: list[Settings]) -> Flask:
    """The pages of a computer on which nothing is set up."""
    return create_app(Settings(tmp_path), setup=Setup("token", None, finished.append))


@pytest.fixture
def somebody(fresh: Flask) -> Browser:
    """A person at the new computer, who reads English."""
    browser = Browser(fresh)
    browser.get("/setup/token?lang=en")
    return browser


def send(browser: Browser, **changes: str) -> dict[str, str]:
    page = browser.get("/setup/token")
    answer = browser.client.post("/setup/token", data=page.values() | ME | changes)
    return {"status": str(answer.status_code), "location": answer.headers.get("Location", ""), "text": answer.text}


def test_nothing_is_shown_without_the_link(somebody: Browser) -> None:
    assert "one-time link" in somebody.get("/", status=403).text
    somebody.get("/setup/other", status=404)
    somebody.get("/intake", status=404)


def test_set_up_makes_the_office_and_its_first_account(somebody: Browser, finished: list[Settings]) -> None:
    answer = send(somebody)
    assert (answer["status"], answer["location"]) == ("303", "/sign-in?next=/sync/connect")
    assert load_settings(finished[0].instance).office == "3002"


def test_first_account_signs_in_and_may_connect_later(somebody: Browser, finished: list[Settings]) -> None:
    send(somebody)
    hoa = Browser(create_app(load_settings(finished[0].instance)))
    page = hoa.send(hoa.get("/sign-in?next=/sync/connect"), {"username": "hoa", "password": "mật khẩu dài"})
    assert page.path == "/sync/connect"
    assert hoa.get(hoa.get("/sync/connect?lang=en").link("Later")).path == "/intake"


def test_office_is_found_without_accents_and_without_scripts(somebody: Browser) -> None:
    page = somebody.send(somebody.get("/setup/token"), {"find": "phuong dong tho", "action": "show"})
    offered = [option.text for option in page.all(id="office")[0].all("option")]
    assert any("3002" in text for text in offered)
    assert len(offered) < 6


def test_ended_office_is_allowed_and_marked(somebody: Browser) -> None:
    page = somebody.send(somebody.get("/setup/token"), {"office": "3002", "action": "show"})
    assert "until 30/06/2025" in page.all(id="office")[0].text
    assert "This office has ended." in page.text


def test_what_does_not_fit_is_said_by_field_and_makes_nothing(somebody: Browser, finished: list[Settings]) -> None:
    page = somebody.send(somebody.get("/setup/token"), ME | {"office": "", "password": "x"}, status=422)
    assert "Choose" in page.error_of("office") or "No such office" in page.error_of("office")
    assert finished == []


def test_centre_is_office_1022_whatever_the_list_says(somebody: Browser, finished: list[Settings]) -> None:
    assert send(somebody, role="central", office="")["location"] == "/sign-in?next=/"
    assert (finished[0].role, finished[0].office) == ("central", "1022")
