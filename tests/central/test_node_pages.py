"""The computers of the offices, and the codes that let one in."""

from __future__ import annotations

import re

from intake_app.actions.enroll import enroll
from intake_app.store.enrollment import list_codes
from tests.central.province import InProcess, Province, make_node


def ask_code(province: Province, office: str = "0380", units: str = "") -> str:
    """The page after asking for a code."""
    return province.client("admin").post("/nodes/codes/new", data={"office": office, "units": units}).text


def code_on(page: str) -> str:
    """The code that a page shows."""
    found = re.search(r'made-code"><code>([^<]+)<', page)
    assert found, page
    return found[1]


def test_a_code_made_on_the_page_lets_a_computer_in(province: Province, tmp_path: object) -> None:
    code = code_on(ask_code(province, "0381"))
    laptop = make_node(tmp_path / "laptop", "office", "0381", province.clock)  # type: ignore[operator]
    enroll(laptop, province.officer, "http://127.0.0.1:1", code, link=InProcess(province.centre))  # type: ignore[arg-type]
    laptop.close()
    assert "UBND thị xã Bỉm Sơn" in province.client("admin").get("/nodes").text


def test_a_code_is_shown_once_and_later_only_its_end(province: Province) -> None:
    code = code_on(ask_code(province))
    page = province.client("admin").get("/nodes").text
    assert code not in page
    assert f"…{code[-4:]}" in page


def test_a_revoked_code_is_open_no_more(province: Province) -> None:
    ask_code(province)
    with province.centre.database.read() as db:
        number = list_codes(db)[0].no
    client = province.client("admin")
    assert client.post(f"/nodes/codes/{number}/revoke").status_code == 302
    assert "There is no open code." in client.get("/nodes").text


def test_an_office_may_be_named_instead_of_numbered(province: Province) -> None:
    assert code_on(ask_code(province, "ubnd thi xa bim son"))


def test_an_office_that_does_not_exist_is_refused_beside_its_field(province: Province) -> None:
    page = province.client("admin").post("/nodes/codes/new", data={"office": "9999"})
    assert page.status_code == 422
    assert "No such office" in page.text


def test_further_communes_are_found_by_name(province: Province) -> None:
    ask_code(province, "0380", "Phường Hàm Rồng, Thành phố Thanh Hóa; 2021:14761")
    with province.centre.database.read() as db:
        assert len(list_codes(db)[0].units) == 2


def test_a_name_that_several_communes_have_is_asked_back_with_their_codes(province: Province) -> None:
    page = ask_code(province, "0380", "Phường Đông Sơn")
    assert "Several communes fit" in page
    assert page.count("2021:") >= 2


def test_a_code_for_an_office_that_has_ended_warns(province: Province) -> None:
    province.clock.at_ms = 1_790_000_000_000
    assert "This office ended on 30/06/2025" in ask_code(province)


def test_the_list_tells_what_a_computer_said_of_itself(province: Province) -> None:
    province.record()
    province.exchange()
    page = province.client("auditor").get("/nodes").text
    assert "UBND thành phố Thanh Hóa" in page
    assert "Last contact" in page
    assert "Connect a computer" not in page
