"""One case across three computers, each without a network half of the time, through nothing but the pages.

A walk-in at district A while its line is down, routed by the centre to district B, which gives it back; A handles it, the
centre approves and publishes, A tells the citizen.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.computers import Desks, Worker, at_work

A, B, CENTRE = "0380", "0381", "1022"
A_NAME, B_NAME = "Ủy ban nhân dân thành phố Thanh Hóa", "Ủy ban nhân dân thị xã Bỉm Sơn"
SUMMARY, DETAILS = "Cây đổ chắn đường", "Trước nhà bà Lê Thị Mẫu, gọi 0900 000 001."
REASON, DRAFT, ANSWER = "Không thuộc địa bàn", "Đã dọn cây.", "Đã dọn cây đổ, đường thông từ 10 giờ."
PEOPLE = {
    CENTRE: [
        Worker("dispatch", "Điều Phối", ("dispatcher",)),
        Worker("approver", "Phê Duyệt", ("approver",)),
    ],
    A: [Worker("lan", "Trần Thị Lan", ("intake_officer",)), Worker("nam", "Lê Văn Nam", ("case_handler",))],
    B: [Worker("bay", "Phạm Thị Bảy", ("case_handler",))],
}
PLACES = ("Saved", "At the centre", "Routed to an agency", "Accepted by the agency", "Answered", "Told to the citizen")


@pytest.fixture
def desks(tmp_path: Path, chrome: Browser) -> Iterator[Desks]:
    """The three computers at work; what the offices wrote about their people is at the centre already."""
    with at_work(tmp_path, chrome, PEOPLE) as made:
        for username in ("lan", "bay"):
            made.exchange(username)
        yield made


def says(page: Page, *texts: str) -> None:
    """The bar of every page says this of this computer."""
    for text in texts:
        expect(page.locator("#sync-bar")).to_contain_text(text)


def stands_at(page: Page, place: str, status: str) -> None:
    """How far the report has come, as its page says, and its status."""
    reached = PLACES.index(place) + 1
    expect(page.locator(".ledger li.reached")).to_have_count(reached)
    expect(page.locator(".ledger li.reached").last).to_contain_text(place)
    expect(page.locator(".report-head")).to_contain_text(status)


def open_report(page: Page, listed: str) -> Page:
    """Open the case from a list that has it once."""
    page.goto(listed)
    row = page.locator("tbody tr", has_text=SUMMARY)
    expect(row).to_have_count(1)
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(SUMMARY)
    return page


def follow(page: Page, name: str) -> None:
    """Click a link and wait for its page, scripts and all: its keys work from then on."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).first.click()


def press(page: Page) -> None:
    """Send the form of the page, with its key."""
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-flash] .good").first).to_be_visible()


def types_walk_in_offline(desks: Desks) -> None:
    desks.cut(A)
    page = desks.page("lan", "/intake?channel=walk_in")
    for field, text in (("name", "Lê Thị Mẫu"), ("phone", "0900 000 001"), ("summary", SUMMARY), ("details", DETAILS)):
        page.fill(f"#{field}", text)
    page.fill("#unit", "2021:14758")
    page.select_option("#topic", "other_directed")
    page.check("#publish_consent")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/saved*")
    stands_at(open_report(page, "/reports"), "Saved", "Received")
    desks.look_until(page, lambda: "no contact with the centre" in page.inner_text("#sync-bar"))
    says(page, "Saved on this computer: 1 entry waiting")


def is_sent(desks: Desks) -> None:
    """The line is back: what waited goes, and the office sees that the centre has it."""
    desks.restore(A)
    desks.find_out("lan", "/reports", "at the centre")
    stands_at(open_report(desks.page("lan"), "/reports"), "At the centre", "Received")
    says(desks.page("lan"), "All sent.")


def opens_its_batch(desks: Desks) -> Page:
    """The centre finds it in the newest batch of that office."""
    page = desks.page("dispatch", "/batches?show=all")
    batch = page.locator("tbody tr", has_text="Thanh Hóa").first
    batch.locator("[data-row]").click()
    row = page.get_by_role("row", name=SUMMARY)
    expect(row).to_contain_text("Taken in")
    row.locator("[data-row]").click()
    stands_at(page, "At the centre", "Received")
    return page


def routes_to_b_while_b_is_away(desks: Desks) -> None:
    desks.cut(B)
    page = opens_its_batch(desks)
    follow(page, "Route to an agency")
    page.get_by_label("Lead agency").select_option("UBND-381")
    page.fill("[name=text]", "Đề nghị xử lý")
    press(page)
    stands_at(page, "Routed to an agency", "Routed")
    expect(desks.page("bay", "/agency").get_by_text("Nothing waits here.")).to_be_visible()


def gives_it_back_offline(desks: Desks) -> None:
    """B hears of it, loses its line, gives it back; the centre knows nothing of that until the line is back."""
    desks.restore(B)
    desks.find_out("bay", "/agency", SUMMARY)
    desks.cut(B)
    page = open_report(desks.page("bay"), "/agency")
    follow(page, "Return")
    page.fill("[name=reason]", REASON)
    page.get_by_label("Agency that should have it").select_option("UBND-380")
    press(page)
    expect(page.locator(".notice.pending")).to_contain_text("not sent yet")
    desks.look_until(page, lambda: "1 entry waiting" in page.inner_text("#sync-bar"))
    stands_at(open_report(desks.page("dispatch"), "/dispatch?queue=routed"), "Routed to an agency", "Routed")
    desks.restore(B)
    desks.exchange("bay")


def reroutes_with_one_press(desks: Desks) -> None:
    page = desks.page("dispatch", "/dispatch?queue=returned")
    desks.look_until(page, lambda: page.get_by_role("row", name=SUMMARY).count())
    expect(page.get_by_role("row", name=SUMMARY)).to_contain_text(f"Given back by {B_NAME}: {REASON}")
    page.get_by_role("button", name=f"Route to {A_NAME}").click()
    expect(page.locator("[data-flash]")).to_contain_text(f"Routed to: {A_NAME}.")
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()


def take(page: Page, step: str, **typed: str) -> None:
    """Take a step from the report's page."""
    follow(page, step)
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    press(page)


def handles_it_offline(desks: Desks) -> None:
    desks.find_out("nam", "/agency", SUMMARY)
    desks.cut(A)
    page = open_report(desks.page("nam"), "/agency")
    take(page, "Accept for handling")
    stands_at(page, "Accepted by the agency", "In progress")
    take(page, "Submit for approval", answer=DRAFT, sources="Biên bản 7/UBND")
    stands_at(page, "Accepted by the agency", "Waiting for approval")
    desks.look_until(page, lambda: "2 entries waiting" in page.inner_text("#sync-bar"))
    stands_at(open_report(desks.page("dispatch"), "/dispatch?queue=routed"), "Routed to an agency", "Routed")
    desks.restore(A)
    desks.exchange("nam")


def approves_with_better_words(desks: Desks) -> None:
    page = desks.page("approver", "/dispatch?queue=approval")
    desks.look_until(page, lambda: page.get_by_role("row", name=SUMMARY).count())
    open_report(page, "/dispatch?queue=approval")
    follow(page, "Approve")
    expect(page.get_by_label("Answer")).to_have_value(DRAFT)
    page.get_by_label("Answer").fill(ANSWER)
    press(page)
    stands_at(page, "Answered", "Answered")


def publishes_without_the_name(desks: Desks) -> None:
    """The dispatcher reads the proposal, looks at it as the public will, and publishes it."""
    page = desks.page("dispatch", "/public?show=waiting")
    page.get_by_role("row", name=SUMMARY).get_by_role("link", name="Look through and publish").click()
    expect(page.locator(".removed del")).to_have_text(["Lê Thị Mẫu", "0900 000 001"])
    page.get_by_role("button", name="Preview").click()
    read = page.locator(".as-read")
    expect(read).to_contain_text("Trước nhà bà [tên], gọi [số điện thoại].")
    expect(read).to_contain_text(ANSWER)
    press(page)
    expect(page.get_by_text("Nothing waits to be published.")).to_be_visible()
    page.goto("/public?q=cay+do")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("Trước nhà bà [tên]")


def calls_the_citizen_offline(desks: Desks) -> None:
    """A hears of the answer, and tells it from the list of people to call while its line is down."""
    desks.find_out("lan", "/calls", SUMMARY)
    desks.cut(A)
    page = desks.page("lan", "/calls")
    expect(page.locator(".callee")).to_have_count(1)
    page.get_by_text("What to tell").click()
    expect(page.get_by_text(ANSWER)).to_be_visible()
    page.locator(".callee").focus()
    page.keyboard.press("1")
    expect(page.get_by_text("Nobody waits for a call.")).to_be_visible()
    take(open_report(page, "/reports"), "Close", how="Gọi điện, người dân đã rõ")
    stands_at(page, "Told to the citizen", "Closed")
    desks.look_until(page, lambda: "no contact with the centre" in page.inner_text("#sync-bar"))
    desks.restore(A)
    desks.exchange("lan")


def closed_everywhere(desks: Desks) -> str:
    """The centre and A show it once, told, closed and public; gives the address of its page."""
    page = desks.page("dispatch", "/reports?status=closed")
    desks.look_until(page, lambda: page.get_by_role("row", name=SUMMARY).count())
    for username in ("dispatch", "lan"):
        stands_at(open_report(desks.page(username), "/reports"), "Told to the citizen", "Closed")
        expect(desks.page(username).locator(".published")).to_contain_text("Trước nhà bà [tên]")
    return urlsplit(desks.page("lan").url).path


def nobody_has_anything_left_to_do(desks: Desks, report: str) -> None:
    """Nothing is in a queue, nothing waits to be sent, and B says where the report went that it does not hold any more."""
    for username, path in (("dispatch", "/dispatch"), ("nam", "/agency"), ("bay", "/agency")):
        waiting = desks.page(username, path).locator(".tabs a", has_not_text="Answered").locator(".number")
        assert set(waiting.all_inner_texts()) == {"0"}, username
    gone = desks.find_out("bay", report, "has left this office").locator("main")
    expect(gone).to_contain_text(f"it is now with: {A_NAME}.")
    expect(gone).to_contain_text("Nothing of it is lost")
    expect(desks.page("bay", "/reports").locator("main")).not_to_contain_text(SUMMARY)
    for username in ("lan", "nam", "bay"):
        says(desks.page(username, "/sync"), "All sent.")


def test_a_case_goes_its_whole_way_across_three_computers_that_are_offline_half_of_the_time(desks: Desks) -> None:
    types_walk_in_offline(desks)
    is_sent(desks)
    routes_to_b_while_b_is_away(desks)
    gives_it_back_offline(desks)
    reroutes_with_one_press(desks)
    handles_it_offline(desks)
    approves_with_better_words(desks)
    publishes_without_the_name(desks)
    calls_the_citizen_offline(desks)
    nobody_has_anything_left_to_do(desks, closed_everywhere(desks))
