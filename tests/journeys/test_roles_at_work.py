"""The main work of a morning of each role, by keyboard wherever the page offers keys; what a role may not do is not offered.

One centre and one office serve all of them; each works on reports of its own. Who may open which address at all stands in
tests/access_table.py, what the menus leave out in tests/central/test_central_access.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from intake_app import create_app
from intake_app.actions.reveal_identity import note_revealed
from intake_app.actions.set_publicity import publish_report
from intake_app.store.reports import load_report
from tests.central.staff import OFFICE, PASSWORD, Staffed, open_staffed, set_up
from tests.hired import hire
from tests.journeys.served import DESKTOP, come_in, serving

SHORT_MILLIS = 10_000
READ_BY_AUDITOR = (
    "/dispatch",
    "/deadlines",
    "/batches",
    "/batches/1",
    "/nodes",
    "/people",
    "/catalogue",
    "/catalogue/rules",
)
Open = Callable[..., Page]


@dataclass
class Floor:
    """The province and the addresses at which its centre and its office are served."""

    province: Staffed
    centre: str
    office: str


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    folder: Path = tmp_path_factory.mktemp("floor")
    set_up(folder)
    made = open_staffed(folder)
    node = made.offices[OFFICE]
    hire(node, "xa", "Hà Thị Xã", ("commune_officer",), PASSWORD)
    hire(node, "tam", "Lê Văn Tám", ("case_handler",), PASSWORD)
    hire(node, "nghi", "Đỗ Văn Nghỉ", ("intake_officer",), PASSWORD)
    made.arrived(summary="Việc đầu tiên")
    with serving(made.app) as centre, serving(create_app(node.settings, node)) as office:
        yield Floor(made, centre, office)
    for each in (made.centre, node):
        each.close()


@pytest.fixture
def at(floor: Floor, chrome: Browser) -> Iterator[Open]:
    """Opens a window in which somebody is signed in, at a page of the centre, or of the office."""
    contexts = []

    def opened(username: str, path: str, side: str = "centre") -> Page:
        address = getattr(floor, side)
        contexts.append(chrome.new_context(viewport=DESKTOP, base_url=address, accept_downloads=True))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.set_default_timeout(SHORT_MILLIS)
        come_in(page, username, PASSWORD, path=path)
        return page

    yield opened
    for context in contexts:
        context.close()


def go(page: Page, link: Locator) -> None:
    """Follow a link by keyboard and wait for its page, scripts and all: its keys work from then on."""
    with page.expect_navigation():
        link.press("Enter")


def from_overview(page: Page, queue: str) -> None:
    """Open a queue from the count on the start page."""
    go(page, page.get_by_role("link", name=re.compile(rf"^\d+ {queue}$")).last)


def press_enter(page: Page, name: str) -> None:
    """Follow a link of that name."""
    go(page, page.get_by_role("link", name=name, exact=True).first)


def send_by_key(page: Page) -> None:
    """Send the form that is open, by its key."""
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-flash]")).to_be_visible()


def through(page: Page, step: str, **typed: str) -> None:
    """Open the form of a step or an addition by keyboard, type, and send it by its key."""
    press_enter(page, step)
    for name, text in typed.items():
        page.locator(f"[name={name}]").focus()
        page.keyboard.press("Control+End")
        page.keyboard.insert_text(text)
    send_by_key(page)


def head(page: Page, text: str) -> None:
    expect(page.locator(".report-head")).to_contain_text(text)


def submitted(floor: Floor, summary: str, answer: str) -> bytes:
    """A report whose answer waits for the approver."""
    report = floor.province.routed("SYT", summary=summary)
    floor.province.take("health", report, "accept")
    floor.province.take("health", report, "submit", answer=answer, sources="Công văn 12/SYT")
    return report


# ── auditor ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def seen_by_the_operator(floor: Floor) -> bytes:
    """A report with a protected identity that an operator has looked at."""
    report = floor.province.arrived(summary="Tố cáo", name="Lê Thị Mẫu", confidential=True)
    with floor.province.centre.database.read() as db:
        found = load_report(db, report)
    assert found
    note_revealed(floor.province.centre, floor.province.staff["operator"], report, found.state)
    return report


def test_an_auditor_finds_who_saw_a_protected_identity_and_takes_it_out_as_a_file(floor: Floor, at: Open) -> None:
    report = seen_by_the_operator(floor)
    page = at("auditor", "/centre")
    page.locator(".more summary").press("Enter")
    press_enter(page, "Audit")
    page.locator("[name=kind]").focus()
    page.keyboard.type("protected")
    page.keyboard.press("Tab")
    page.locator(".audit-filters .btn-primary").press("Enter")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("Người operator")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="All of these as CSV").press("Enter")
    text = Path(waiting.value.path()).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf") and report.hex() in text.decode()


def test_an_auditor_has_no_button_that_writes(floor: Floor, at: Open) -> None:
    report = f"/reports/{floor.province.routed(summary='Để xem').hex()}"
    page = at("auditor", report)
    for path in (report, f"/nodes/{floor.province.offices[OFFICE].head.node.hex()}", *READ_BY_AUDITOR):
        page.goto(path)
        expect(page.locator("main h1")).to_be_visible()
        assert page.locator("main form[method=post]").count() == 0, path
        assert page.locator("main .btn-primary:not(form[method=get] *)").count() == 0, path


# ── approver ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def open_first(page: Page, summary: str) -> None:
    go(page, page.get_by_role("row", name=summary).get_by_role("link").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text(summary)


def test_an_approver_puts_one_answer_right_and_sends_another_back(floor: Floor, at: Open) -> None:
    submitted(floor, "Trạm thiếu thuốc", "Đã cấp thuốc")
    submitted(floor, "Trạm đóng cửa", "Đã xem xét.")
    page = at("approver", "/centre")
    from_overview(page, "Waiting for approval")
    open_first(page, "Trạm thiếu thuốc")
    through(page, "Approve", answer=" ngày 06/12.")
    head(page, "Answered")
    expect(page.locator("main")).to_contain_text("Đã cấp thuốc ngày 06/12.")
    page.goto("/dispatch?queue=approval")
    open_first(page, "Trạm đóng cửa")
    press_enter(page, "Approve")
    page.locator("#back-reason").fill("Chưa nói vì sao đóng cửa")
    page.get_by_role("button", name="Send back for rework").press("Enter")
    head(page, "In progress")
    page.goto("/dispatch?queue=approval")
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()


# ── administrator ────────────────────────────────────────────────────────────────────────────────────────────────────


def makes_a_code(page: Page) -> None:
    """A code for a new computer of another office, as a sheet with two QR codes."""
    press_enter(page, "Connect a computer")
    page.locator("#office").fill("0381")
    page.locator("#office").press("Enter")
    expect(page.locator(".made-code")).to_be_visible()
    assert page.locator(".code-pair svg").count() == 2
    press_enter(page, "I have passed it on")
    expect(page.get_by_role("row", name="Bỉm Sơn")).to_contain_text("Revoke")


def gives_a_commune(page: Page) -> None:
    page.get_by_role("link", name="UBND thành phố Thanh Hóa").first.press("Enter")
    press_enter(page, "Change what it looks after")
    page.locator("#units").fill("2021:14809")
    page.locator("#units").press("Enter")
    expect(page.locator("[data-flash]")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Everything about")


def thinks_better_of_shutting_it_out(page: Page) -> None:
    press_enter(page, "Shut out")
    expect(page.get_by_role("heading", level=1)).to_have_text("Shut this computer out?")
    press_enter(page, "Cancel")
    expect(page.get_by_text("shut out on")).to_have_count(0)


def test_an_administrator_connects_and_changes_computers_and_ends_an_account(floor: Floor, at: Open) -> None:
    page = at("admin", "/nodes")
    makes_a_code(page)
    page.get_by_role("button", name="Revoke").press("Enter")
    expect(page.get_by_text("There is no open code.")).to_be_visible()
    gives_a_commune(page)
    thinks_better_of_shutting_it_out(page)
    floor.province.sync()
    page.goto("/people?q=Đỗ+Văn+Nghỉ")
    page.get_by_role("row", name="Đỗ Văn Nghỉ").get_by_role("link", name="End").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("End the account of Đỗ Văn Nghỉ?")
    page.locator("main form .btn").press("Enter")
    expect(page.locator("[data-flash]")).to_be_visible()


# ── operator ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_operator_takes_a_call_and_sends_an_unclear_report_back_to_its_office(floor: Floor, at: Open) -> None:
    unclear = floor.province.arrived(summary="Ghi không rõ chỗ nào")
    page = at("operator", "/centre")
    page.keyboard.press("F2")
    page.wait_for_url("**/intake")
    page.fill("#phone", "0912 345 678")
    page.keyboard.press("F4")
    page.keyboard.insert_text("Hỏi giờ làm việc của trạm")
    page.fill("#unit", "2021:14758")
    page.select_option("#topic", "price_fraud")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/saved*")
    page.goto(f"/reports/{unclear.hex()}")
    through(page, "Send back to the office", reason="Xin ghi lại địa chỉ.")
    floor.province.sync()
    office = at("tam", "/reports", "office")
    expect(office.locator("#sync-bar")).to_contain_text("The centre sent back 1 report.")


# ── handler ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_handler_accepts_stops_the_clock_goes_on_and_submits_and_the_approver_extends(floor: Floor, at: Open) -> None:
    report = floor.province.routed("SYT", summary="Phun hóa chất gần trường")
    page = at("health", "/centre")
    from_overview(page, "To accept")
    open_first(page, "Phun hóa chất gần trường")
    through(page, "Accept for handling")
    through(page, "Pause", reason="Chờ kết quả xét nghiệm")
    head(page, "Paused: Chờ kết quả xét nghiệm")
    through(page, "Go on", reason="Đã có kết quả")
    expect(page.get_by_role("link", name="Extend the deadline")).to_have_count(0)
    approver = at("approver", f"/reports/{report.hex()}")
    through(approver, "Extend the deadline", deadline="17:00 24/12/2021", reason="Phải lấy mẫu lần hai")
    page.reload()
    expect(page.locator("main")).to_contain_text("17:00 24/12/2021")
    through(page, "Submit for approval", answer="Đã dừng phun.", sources="Biên bản 3/SYT")
    head(page, "Waiting for approval")


# ── dispatcher ───────────────────────────────────────────────────────────────────────────────────────────────────────


def looks_through_the_inbox(page: Page) -> None:
    """From the overview to the newest batch and back, with the arrows."""
    from_overview(page, "Batches that need attention")
    press_enter(page, "All")
    page.locator("main").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/batches/*")
    expect(page.locator("main")).to_contain_text("Taken in")


def test_a_dispatcher_looks_through_the_morning_takes_one_in_hand_and_links_a_duplicate(floor: Floor, at: Open) -> None:
    for summary in ("Cống tràn ở phố Lê Lợi", "Cống tràn ở phố Lê Lợi nữa"):
        first = floor.province.arrived(summary=summary, address="Phố Lê Lợi")
    page = at("dispatch", "/centre")
    looks_through_the_inbox(page)
    page.goto(f"/reports/{first.hex()}")
    page.get_by_role("button", name="Take in hand").press("Enter")
    expect(page.locator(".claim.mine")).to_be_visible()
    page.goto("/dispatch")
    expect(page.get_by_role("row", name="Cống tràn ở phố Lê Lợi nữa")).to_contain_text("In the hands of Người dispatch")
    press_enter(page, "Perhaps the same matter")
    page.locator(".likely", has_text="Cống tràn").get_by_role("button", name="Same cause").first.press("Enter")
    expect(page.locator("[data-flash]")).to_contain_text("The link is saved.")


def test_a_dispatcher_finds_what_is_public_by_its_words_and_takes_it_out(floor: Floor, at: Open) -> None:
    report = submitted(floor, "Bãi rác cháy", "Đã dập lửa.")
    floor.province.take("approver", report, "approve")
    words = {"title": "Bãi rác cháy", "text": "Bãi rác cháy âm ỉ.", "answer": "Đã dập lửa."}
    publish_report(floor.province.centre, floor.province.staff["approver"], report, words, reason="Nhiều người hỏi")
    page = at("dispatch", "/centre")
    page.locator(".more summary").press("Enter")
    press_enter(page, "Publicity")
    page.locator("#q").fill("am i")
    page.locator("#q").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="All of these as JSON lines").press("Enter")
    assert json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))["title"] == "Bãi rác cháy"
    page.locator("main").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reports/{report.hex()}")


def test_the_menu_of_each_role_is_one_line_in_vietnamese(floor: Floor, at: Open) -> None:
    for username in ("admin", "dispatch", "operator", "auditor"):  # the longest ones
        page = at(username, "/help?lang=vi")
        page.evaluate("document.querySelector('.person .name').textContent = 'Nguyễn Hoàng Phương Thảo Mẫu'")
        assert page.evaluate("document.querySelector('header.top').offsetHeight") <= 48, username


# ── commune officer ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_commune_officer_records_at_the_counter_and_hears_what_waits(floor: Floor, at: Open) -> None:
    page = at("xa", "/intake?channel=walk_in", "office")
    page.fill("#name", "Người dân mẫu")
    page.keyboard.press("F4")
    page.keyboard.insert_text("Xin giấy đi lại")
    page.fill("#unit", "2021:14758")
    page.select_option("#topic", "other_directed")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/saved*")
    expect(page.locator("#sync-bar")).to_contain_text("waiting")
    page.goto("/reports")
    expect(page.get_by_role("row", name="Xin giấy đi lại")).to_contain_text("Saved on this computer")
