"""The loop as a person sees it in the demo: typed at a counter, answered at the centre, back at the counter; cut and restored."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo.test_demo import Stage
from tests.journeys.served import DESKTOP, sign_in

ARRIVE_MILLIS = 60_000  # a loaded machine; how long it took is printed
ANSWER = "Xã đã cử cán bộ xuống kiểm tra, xe thu gom sẽ qua lại vào chiều nay."


class Province:
    """A running demo and a window at its counter and at its centre."""

    def __init__(self, stage: Stage, chrome: Browser) -> None:
        self.stage = stage
        self.addresses = {node["office"]: node["address"] for node in stage.told["nodes"]}
        self.counter = self.window(chrome, "0380", "tiepnhan")
        self.centre = self.window(chrome, "1022", "quantri")

    def window(self, chrome: Browser, office: str, username: str) -> Page:
        page = chrome.new_context(viewport=DESKTOP).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(ARRIVE_MILLIS)
        sign_in(page, self.addresses[office], username, self.stage.told["password"], "vi")
        return page

    def record(self, summary: str) -> str:
        """Type a walk-in report and give its code."""
        page = self.counter
        page.goto(self.addresses["0380"] + "/intake?channel=walk_in")
        page.fill("[name=name]", "Người dân mẫu")
        page.fill("[name=summary]", summary)
        page.fill("[name=unit]", "Phường Đông Thọ, Thành phố Thanh Hóa")
        page.select_option("[name=topic]", "other_directed")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/saved*")
        return page.locator(".big-code").inner_text().split(":")[-1].strip()

    def reload_until(self, page: Page, text: str, what: str) -> None:
        """Look again and again, as a person would, until a text is there."""
        started = time.monotonic()
        while not page.get_by_text(text).count():
            assert time.monotonic() - started < ARRIVE_MILLIS / 1000, f"{what}: not there after a minute"
            page.wait_for_timeout(500)
            page.reload()
        print(f"{what}: {time.monotonic() - started:.1f} s")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, chrome: Browser) -> Iterator[Province]:
    stage = Stage(Path(tmp_path_factory.mktemp("demo")))
    yield Province(stage, chrome)
    stage.process.terminate()
    stage.process.communicate(timeout=ARRIVE_MILLIS / 1000)


def answer_at_centre(province: Province, code: str, summary: str) -> None:
    page = province.centre
    page.goto(f"{province.addresses['1022']}/search?q={code.replace(' ', '+')}")
    province.reload_until(page, summary, "at the centre")
    page.locator("a[href$='/steps/answer']").click()
    page.fill("[name=answer]", ANSWER)
    page.locator("main form button.btn-primary[data-submit-key]").click()


def test_report_reaches_the_centre_and_its_answer_comes_back(province: Province) -> None:
    summary = "Rác dồn đống trước cổng chợ"
    code = province.record(summary)
    answer_at_centre(province, code, summary)
    page = province.counter
    page.goto(f"{province.addresses['0380']}/search?q={code.replace(' ', '+')}")
    province.reload_until(page, ANSWER, "the answer at the office")


def test_office_goes_on_without_network_and_all_arrives_later(province: Province) -> None:
    province.stage.switch("cut")
    codes = [province.record(f"Mất mạng, phiếu {number}") for number in (1, 2)]
    expect(province.counter.locator("[role=status]").first).to_contain_text("chưa liên lạc được với trung tâm")
    province.stage.switch("restore")
    for number, code in enumerate(codes, start=1):
        province.centre.goto(f"{province.addresses['1022']}/search?q={code.replace(' ', '+')}")
        province.reload_until(province.centre, f"Mất mạng, phiếu {number}", f"report {number} after the cut")
