"""The computers of the offices, and the codes that let one in."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions.enroll import enroll
from intake_app.central import nodes
from intake_app.store import nodes as stored
from intake_app.store.enrollment import list_codes
from tests import creators
from tests.central.staff import Staffed
from tests.pages import Page


def ask_code(province: Staffed, office: str = "0380", units: str = "", status: int = 200) -> Page:
    """The page after asking for a code."""
    browser = province.browser("admin")
    return browser.send(browser.get("/nodes/codes/new"), {"office": office, "units": units}, status=status)


def rows_of(page: Page) -> int:
    return sum("data-row" in each.attributes for each in page.all("a"))


def enrolled(province: Staffed, number: int) -> None:
    """Another computer of the office 0380 that has not called yet."""
    with province.centre.database.transaction() as db:
        stored.add_node(db, bytes([number]) * 16, "0380", bytes(32), ["unit:2021:380"], 1)


def code_on(page: Page) -> str:
    """The code that a page shows."""
    return page.all(class_="made-code")[0].text


def test_a_code_made_on_the_page_lets_a_computer_in(province: Staffed, tmp_path: Path) -> None:
    code = code_on(ask_code(province, "0381"))
    laptop = creators.make_node(tmp_path / "laptop", "office", "0381", province.clock)
    way = creators.InProcess(province.centre)
    enroll(laptop, creators.somebody(laptop), "http://127.0.0.1:1", code, link=way)  # type: ignore[arg-type]
    laptop.close()
    assert "UBND thị xã Bỉm Sơn" in province.browser("admin").get("/nodes").text


def test_a_code_is_shown_once_and_later_only_its_end(province: Staffed) -> None:
    code = code_on(ask_code(province))
    page = province.browser("admin").get("/nodes").text
    assert code not in page
    assert f"…{code[-4:]}" in page


def test_a_revoked_code_is_open_no_more(province: Staffed) -> None:
    ask_code(province)
    with province.centre.database.read() as db:
        number = list_codes(db)[0].no
    browser = province.browser("admin")
    page = browser.send(browser.get("/nodes"), to=f"/nodes/codes/{number}/revoke")
    assert "The code can no longer be used." in page.text
    assert "There is no open code." in page.text


def test_an_office_may_be_named_instead_of_numbered(province: Staffed) -> None:
    assert code_on(ask_code(province, "ubnd thi xa bim son"))


def test_an_office_that_does_not_exist_is_refused_beside_its_field(province: Staffed) -> None:
    assert "No such office" in ask_code(province, "9999", status=422).error_of("office")


def test_further_communes_are_found_by_name(province: Staffed) -> None:
    ask_code(province, "0380", "Phường Hàm Rồng, Thành phố Thanh Hóa; 2021:14761")
    with province.centre.database.read() as db:
        assert len(list_codes(db)[0].units) == 2


def test_a_name_that_several_communes_have_is_asked_back_with_their_codes(province: Staffed) -> None:
    error = ask_code(province, "0380", "Phường Đông Sơn", 422).error_of("units")
    assert "Several communes fit" in error
    assert error.count("2021:") >= 2


def test_a_code_for_an_office_that_has_ended_warns(province: Staffed) -> None:
    province.clock.at_ms = 1_790_000_000_000
    assert "This office ended on 30/06/2025" in ask_code(province).text


def test_the_list_tells_what_a_computer_said_of_itself(province: Staffed) -> None:
    province.arrived()
    page = province.browser("auditor").get("/nodes").text
    assert "UBND thành phố Thanh Hóa" in page and "Last contact" in page
    assert "Connect a computer" not in page


def test_a_computer_that_has_never_called_is_said_to_be_so(province: Staffed) -> None:
    assert "Never heard from" in province.browser("admin").get("/nodes").text


def test_many_computers_stand_on_several_pages_the_longest_silent_first(
    province: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "PAGE_ROWS", 2)
    for number in range(3):
        enrolled(province, number)
    browser = province.browser("admin")
    first = browser.get("/nodes")
    assert "4 computers in all." in first.text and rows_of(first) == 2
    second = browser.get(first.link("Next page"))
    assert rows_of(second) == 2 and "Next page" not in second.text
    assert "No computer stands here any more" in browser.get("/nodes?from=9").text
