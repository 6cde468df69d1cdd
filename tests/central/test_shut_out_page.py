"""Shutting a computer out, on the page of the computers and on the command line."""

from __future__ import annotations

import pytest

from sync.errors import Unwelcome
from tests.central.staff import Staffed


def test_a_computer_is_shut_out_and_what_it_sends_is_counted(province: Staffed) -> None:
    node = province.offices["0380"].head.node.hex()
    browser = province.browser("admin")
    page = browser.send(browser.get(f"/nodes/{node}/revoke"))
    assert "The computer is shut out." in page.text and "shut out on" in page.text
    province.record("0380")
    with pytest.raises(Unwelcome):
        province.sync()
    assert "1 entry kept apart" in browser.get("/nodes").text


def test_whoever_only_reads_the_list_shuts_nobody_out(province: Staffed) -> None:
    node = province.offices["0380"].head.node.hex()
    browser = province.browser("auditor")
    assert "Shut out" not in browser.get(f"/nodes/{node}").text
    browser.get(f"/nodes/{node}/revoke", 403)


def test_an_unknown_computer_is_told_in_words(province: Staffed) -> None:
    page = province.browser("admin").get("/nodes/zz/revoke", 404)
    assert "no such computer" in page.text
