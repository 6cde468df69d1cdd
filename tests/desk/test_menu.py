"""The menu of an office offers each role its own work; who may open what is one table, tests/access_table.py."""

from __future__ import annotations

import pytest
from flask import Flask

from intake_app.navigation import MENUS
from intake_app.node import Node
from tests.desk.conftest import PASSWORD
from tests.hired import hire
from tests.pages import Browser

LEFT_OUT = {
    "intake_officer": {"My agency", "Accounts", "Audit"},
    "commune_officer": {"My agency", "Accounts", "Audit"},
    "case_handler": {"New report", "Call back", "Accounts", "Audit"},
    "auditor": {"New report", "My agency", "Accounts"},
    "administrator": {"New report", "Call back", "My agency"},
}


@pytest.mark.parametrize("role", LEFT_OUT)
def test_the_menu_leaves_out_what_is_not_a_roles_work(app: Flask, node: Node, role: str) -> None:
    hire(node, "nam", "Lê Văn Nam", (role,), PASSWORD)
    browser = Browser(app)
    browser.sign_in("nam", PASSWORD)
    links = browser.get("/help?lang=en").all("nav")[0].all("a")
    offered = {link.text.rpartition(" F")[0] or link.text for link in links}
    assert {entry.text for entry in MENUS["office"]} - offered == LEFT_OUT[role]
