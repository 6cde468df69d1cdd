from __future__ import annotations

from typing import Any

import pytest

from intake_app.node import Actor, Node
from tests.desk.conftest import PASSWORD, DeskClock, signed_in
from tests.hired import hire
from tests.pages import Browser, Page

DUTY = {"duty": "yes", "agency": "SYT", "name": "Người trực mẫu", "phone": "0912 000 000", "last_day": "06/12/2021"}


def enter(lan: Browser, status: int = 200, **typed: Any) -> Page:
    return lan.send(lan.get("/directory"), DUTY | typed, to="/directory", status=status)


def test_whoever_is_on_duty_is_shown_until_the_last_day(lan: Browser, clock: DeskClock) -> None:
    assert "Người trực mẫu" in enter(lan).text
    clock.pass_minutes(2 * 24 * 60)
    lan.sign_in("lan", PASSWORD)
    assert "Người trực mẫu" not in lan.get("/directory").text


def test_number_that_holds_only_later_is_not_shown_as_of_today(lan: Browser) -> None:
    page = enter(lan, first_day="01/01/2022", last_day="02/01/2022")
    assert "Nobody is entered for today" in page.text and "Later: 1" in page.text


@pytest.mark.parametrize("words", ["so y te", "Y TẾ", "nguoi truc", "0912000000", "0912 000"])
def test_directory_is_searched_without_accents(lan: Browser, words: str) -> None:
    enter(lan)
    enter(lan, duty="no", agency="CDC", name="", phone="0237 385 2000", last_day="")
    page = lan.get(f"/directory?q={words}")
    assert "0912 000 000" in page.text and "385 2000" not in page.text


def test_empty_directory_says_what_to_do_and_shows_the_emergency_numbers(lan: Browser) -> None:
    text = lan.get("/directory").text
    for part in ("113", "114", "115", "No telephone number was entered yet", "Enter the duty roster below"):
        assert part in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"phone": "một"}, "phone"), ({"agency": ""}, "place"), ({"name": ""}, "name"), ({"last_day": "1/12/2021"}, "last_day"),
     ({"last_day": ""}, "last_day")],
)  # fmt: skip
def test_number_that_helps_nobody_is_refused_beside_its_field(lan: Browser, typed: dict[str, str], field: str) -> None:
    assert enter(lan, 422, **typed).error_of(field)


def test_number_is_taken_away(lan: Browser) -> None:
    enter(lan)
    assert "Người trực mẫu" not in lan.send(lan.get("/directory"), to="/directory/1/remove").text


def test_only_the_administrator_keeps_the_directory(lan: Browser, node: Node, officer: Actor) -> None:
    enter(lan)
    hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD)
    minh = signed_in(lan, "minh")
    page = minh.get("/directory")
    assert "Người trực mẫu" in page.text and "Enter a number" not in page.text
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    for address in ("/directory", "/directory/1/remove"):
        minh.send(page, {"csrf_token": token} | DUTY, to=address, status=403)
