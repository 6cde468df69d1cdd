"""The menu of the centre; who may open what is one table for the whole program, tests/access_table.py."""

from __future__ import annotations

import pytest

from intake_app.navigation import MENUS
from tests.central.staff import PEOPLE, Staffed


@pytest.mark.parametrize("username", PEOPLE)
def test_the_menu_offers_only_pages_that_open(province: Staffed, username: str) -> None:
    browser = province.browser(username)
    menu = browser.get("/centre").all("nav")[0].all("a")
    opened = [browser.get(str(link.attributes["href"])).title for link in menu]
    assert len(opened) >= 5


OF_ADMINISTRATORS = {"Accounts", "Audit"}
OF_OVERSEERS = {"Computers", "People", "Exports", "Catalogues"}
RECORDING = {"New report", "Call back"}
LEFT_OUT = {
    "admin": RECORDING | {"My agency"},
    "dispatch": RECORDING | OF_ADMINISTRATORS | {"My agency"},
    "operator": OF_OVERSEERS | OF_ADMINISTRATORS | {"My agency"},
    "approver": RECORDING | OF_OVERSEERS | OF_ADMINISTRATORS | {"Figures", "Bulletins", "Batches"},
    "auditor": {"New report", "My agency", "Accounts"},
    "health": RECORDING
    | OF_OVERSEERS
    | OF_ADMINISTRATORS
    | {"Figures", "Bulletins", "Batches", "Dispatch", "Deadlines", "Publicity"},
}


@pytest.mark.parametrize("username", LEFT_OUT)
def test_the_menu_leaves_out_what_is_not_a_roles_work(province: Staffed, username: str) -> None:
    links = province.browser(username).get("/centre").all("nav")[0].all("a")
    offered = {link.text.rpartition(" F")[0] or link.text for link in links}
    assert {entry.text for entry in MENUS["central"]} - offered == LEFT_OUT[username]
