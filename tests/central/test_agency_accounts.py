"""Accounts of agencies that have no computer of their own and sign in at the centre."""

from __future__ import annotations

from tests.central.staff import PASSWORD, Staffed, actors

NEW = {"name": "Lê Văn Công", "username": "cong", "roles": ["case_handler"], "password": PASSWORD}


def test_a_handler_is_given_an_agency_and_sees_its_queue(province: Staffed) -> None:
    province.routed("SCT", summary="Việc của công thương")
    browser = province.browser("admin")
    page = browser.send(browser.get("/accounts"), NEW | {"agency": "SCT"})
    assert "Sở Công Thương" in page.text
    assert "Việc của công thương" in province.browser("cong").get("/agency").text


def test_whoever_is_given_no_agency_belongs_to_the_hotline(province: Staffed) -> None:
    browser = province.browser("admin")
    browser.send(browser.get("/accounts"), NEW | {"agency": ""})
    assert actors(province.centre)["cong"].agency == "STTTT"


def test_an_agency_that_does_not_exist_is_refused_beside_its_field(province: Staffed) -> None:
    browser = province.browser("admin")
    assert browser.send(browser.get("/accounts"), NEW | {"agency": "MOON"}, status=422).error_of("agency")
