"""The menu of the centre; who may open what is one table for the whole program, tests/access_table.py."""

from __future__ import annotations

import pytest

from tests.central.staff import PEOPLE, Staffed


@pytest.mark.parametrize("username", PEOPLE)
def test_the_menu_offers_only_pages_that_open(province: Staffed, username: str) -> None:
    browser = province.browser(username)
    menu = browser.get("/centre").all("nav")[0].all("a")
    opened = [browser.get(str(link.attributes["href"])).title for link in menu]
    assert len(opened) >= 5
