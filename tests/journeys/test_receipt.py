from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from intake_app.actions.record_report import record_report
from tests import creators
from tests.journeys.conftest import Office

A5_POINTS = (420, 595)
MATTER = "Bán thuốc, khẩu trang, nước sát khuẩn với giá cao gấp nhiều lần tại khu vực chợ và bến xe phía tây thành phố"
LONG = {"summary": MATTER, "name": "Công Tằng Tôn Nữ Thị Hoàng Yến", "phone": "0912 345 678", "intake_no": "1234/2021"}


def print_receipt(page: Page, report: bytes) -> None:
    page.add_init_script("window.print = () => {};")  # the printer is the test itself
    page.goto(f"/reports/{report.hex()}/receipt")
    page.locator(".paper-bar form button").press("Enter")
    page.wait_for_url("**/print/receipt/*")


@pytest.mark.parametrize("line", [{}, LONG], ids=["short", "long"])
def test_receipt_is_one_page_of_a5(lan: Page, office: Office, line: dict[str, Any]) -> None:
    report = record_report(office.node, office.officer, creators.make_line(**line)).id
    print_receipt(lan, report)
    paper = lan.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", paper)
    assert box is not None
    assert tuple(round(float(side)) for side in box.groups()) == A5_POINTS


def test_menu_and_buttons_are_not_printed(lan: Page, office: Office) -> None:
    print_receipt(lan, office.reports[0])
    lan.emulate_media(media="print")
    assert not lan.locator("header").is_visible()
    assert not lan.locator("[data-print]").is_visible()
    assert lan.locator(".receipt").is_visible()
