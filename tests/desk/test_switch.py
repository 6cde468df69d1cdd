from __future__ import annotations

import pytest

from intake_app.actions.accounts import end_account
from intake_app.node import Actor, Node
from tests.desk.conftest import PASSWORD
from tests.hired import hire
from tests.pages import Browser, Page


@pytest.fixture
def minh(node: Node, officer: Actor) -> Actor:
    return hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD + "2")


def switched(lan: Browser, password: str = PASSWORD + "2", status: int = 200, username: str = "minh") -> Page:
    return lan.send(lan.get("/switch"), {"username": username, "password": password}, status=status)


@pytest.mark.usefixtures("minh")
def test_colleague_takes_the_place_with_the_own_password(lan: Browser, node: Node) -> None:
    page = switched(lan)
    assert page.path == "/intake" and "Phạm Văn Minh" in page.all(class_="person")[0].text
    lan.get("/accounts", status=403)
    with node.database.read() as db:
        assert db.value("SELECT subject FROM audit WHERE action = 'session.switched'") == "minh"


@pytest.mark.usefixtures("minh")
def test_wrong_password_changes_nobody(lan: Browser) -> None:
    page = switched(lan, "không phải", status=401)
    assert page.error_of("password") and "Trần Thị Lan" in page.all(class_="person")[0].text
    assert page.values()["password"] == ""


@pytest.mark.usefixtures("minh")
def test_guessing_here_is_slowed_as_at_signing_in(lan: Browser) -> None:
    for _ in range(5):
        switched(lan, "đoán", status=401)
    assert "Wait " in switched(lan, status=429).error_of("password")
    lan.get("/sign-in")
    assert "Wait " in lan.send(lan.get("/sign-in"), {"username": "minh", "password": PASSWORD + "2"}, status=429).text


def test_ended_account_and_oneself_are_not_offered(lan: Browser, node: Node, officer: Actor, minh: Actor) -> None:
    assert [each.attributes["value"] for each in lan.get("/switch").all("option")] == ["minh"]
    end_account(node, officer, minh.username)
    assert "no other open account" in lan.get("/switch").text
