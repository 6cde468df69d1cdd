"""Registers and hand-overs at the centre: the hotline's own people read those of every office, an agency's people none."""

from __future__ import annotations

import pytest

from intake_app.actions.accounts import add_account
from intake_app.actions.hand_over import Taking, hand_over
from tests.central.staff import OFFICE, PASSWORD, Staffed
from tests.pages import Browser


def test_centre_reads_the_hand_overs_of_its_offices(province: Staffed) -> None:
    hand_over(
        province.node(OFFICE), province.actor(OFFICE), Taking(name="Phạm Văn Minh"), since="2021-12-05T00:00:00+07:00"
    )
    province.sync(OFFICE)
    text = province.browser("dispatch").get("/hand-overs").text
    assert "UBND thành phố Thanh Hóa" in text and "Phạm Văn Minh" in text


@pytest.mark.parametrize("address", ["/books/reception", "/books/tracking", "/hand-overs"])
def test_people_of_another_agency_read_no_book_of_the_hotline(province: Staffed, address: str) -> None:
    admin = province.staff["admin"]
    add_account(province.centre, admin, "lanhdao", "Người duyệt mẫu", ["approver"], PASSWORD, "SYT")
    browser = Browser(province.app)
    browser.sign_in("lanhdao", PASSWORD)
    browser.get(address, 403)
    assert address not in [link.attributes["href"] for link in browser.get("/counter").all("a")]
    province.browser("auditor").get(address)
