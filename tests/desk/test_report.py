from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intake_app.actions.add_to_report import note_report
from intake_app.node import Actor, Node
from tests.pages import Browser

Record = Callable[..., bytes]
State = Callable[[bytes], dict[str, Any]]


def test_report_shows_what_was_recorded(lan: Browser, recorded: Record) -> None:
    report = recorded(
        details="Chi tiết dài", name="Lê Thị Hoa", phone="0912 345 678", answers={"goods": "Khẩu trang"}, address="Chợ"
    )
    text = lan.get(f"/reports/{report.hex()}").text
    for shown in (
        "Khẩu trang giá gấp ba",
        "Chi tiết dài",
        "Lê Thị Hoa",
        "0912 345 678",
        "Goods",
        "Chợ",
        "Phường Đông Thọ",
    ):
        assert shown in text


def test_report_says_where_it_is(lan: Browser, recorded: Record) -> None:
    page = lan.get(f"/reports/{recorded().hex()}")
    assert "Saved on this computer, not sent yet: Recorded" in page.text
    assert "At the centre (not yet)" in page.all(class_="ledger")[0].text


@pytest.mark.parametrize("address", ["abcd", "zz", "00" * 16, "../etc", "%00"])
def test_wrong_address_is_a_sentence(lan: Browser, address: str) -> None:
    page = lan.get(f"/reports/{address}", status=404)
    assert "What to do now" in page.text


def test_note_is_saved_for_whom_it_is_meant(lan: Browser, recorded: Record, state_of: State) -> None:
    report = recorded()
    page = lan.send(lan.get(f"/reports/{report.hex()}/note"), {"text": "Đã xem", "audience": "citizen"})
    assert "Đã xem" in page.text
    assert state_of(report)["notes"][0]["internal"] is False


def test_empty_note_is_refused(lan: Browser, recorded: Record) -> None:
    page = lan.send(lan.get(f"/reports/{recorded().hex()}/note"), {"text": "  "}, status=422)
    assert "Fill this in." in page.error_of("text")


def test_call_keeps_its_result_and_the_next_try(lan: Browser, recorded: Record, state_of: State) -> None:
    report = recorded()
    lan.send(lan.get(f"/reports/{report.hex()}/call"), {"result": "no_answer", "next_try": "14:00 6/12/2021"})
    call = state_of(report)["calls"][0]
    assert (call["result"], call["next_try"]) == ("no_answer", "2021-12-06T14:00:00+07:00")


def test_informing_the_citizen_fills_the_last_mark(lan: Browser, recorded: Record) -> None:
    report = recorded()
    page = lan.send(lan.get(f"/reports/{report.hex()}/inform"), {"means": "phone", "text": "Đã báo"})
    assert page.all(class_="ledger")[0].all("li")[-1].attributes["class"] == "reached"


def test_change_sends_only_what_differs(lan: Browser, recorded: Record, state_of: State) -> None:
    report = recorded(phone="0912 345 678", name="Hoa")
    page = lan.get(f"/reports/{report.hex()}/amend")
    shown = lan.send(page, {"summary": "Sửa lại", "name": "", "reason": "nghe nhầm", "action": "save"})
    entry = state_of(report)["history"][-1]
    assert entry["set"] == {"summary": "Sửa lại", "name": None}
    assert entry["reason"] == "nghe nhầm"
    assert "The change is saved." in shown.text


def test_change_of_nothing_says_so(lan: Browser, recorded: Record, state_of: State) -> None:
    report = recorded(
        phone="0912 345 678", answers={"goods": "Gạo", "proof": False}, occurred_at="2021-12-04T10:00:00+07:00"
    )
    page = lan.send(lan.get(f"/reports/{report.hex()}/amend"), {"action": "save"})
    assert "Nothing was changed." in page.text
    assert "history" not in state_of(report)


def test_change_that_does_not_fit_keeps_what_was_typed(lan: Browser, recorded: Record) -> None:
    report = recorded()
    page = lan.send(
        lan.get(f"/reports/{report.hex()}/amend"), {"phone": "abc", "details": "giữ", "action": "save"}, status=422
    )
    assert "Not a phone number" in page.error_of("phone")
    assert page.values()["details"] == "giữ"


def test_withdrawing_needs_the_wish_and_keeps_the_report(lan: Browser, recorded: Record, state_of: State) -> None:
    report = recorded()
    form = lan.get(f"/reports/{report.hex()}/steps/withdraw")
    lan.send(form, {"reason": ""}, status=422)
    page = lan.send(form, {"reason": "Người dân gọi lại xin rút"})
    assert state_of(report)["status"] == "withdrawn"
    assert "Người dân gọi lại xin rút" in page.text


def test_only_possible_steps_are_offered(lan: Browser, recorded: Record) -> None:
    report = recorded()
    links = [link.text for link in lan.get(f"/reports/{report.hex()}").all("a", class_="btn")]
    assert "Verify" in links
    assert "Approve" not in links


def test_step_that_is_not_possible_is_refused_in_words(lan: Browser, recorded: Record) -> None:
    page = lan.get(f"/reports/{recorded().hex()}/steps/close", status=409)
    assert "“Close” is not possible while the report is “Received”." in page.text


def test_unknown_step_is_a_sentence(lan: Browser, recorded: Record) -> None:
    assert "no such step" in lan.get(f"/reports/{recorded().hex()}/steps/dance", status=409).text


def test_long_vietnamese_text_is_shown_whole(lan: Browser, recorded: Record) -> None:
    long = "Người dân phản ánh nhiều lần nhưng chưa được giải quyết. " * 80
    assert long.strip() in lan.get(f"/reports/{recorded(details=long).hex()}").text


def test_what_was_typed_is_never_markup(lan: Browser, recorded: Record) -> None:
    report = recorded(summary="<script>alert(1)</script>", details="<b>đậm</b>", name='"><img src=x>')
    page = lan.get(f"/reports/{report.hex()}")
    assert "<b>đậm</b>" in page.text
    assert not page.all("img")


def test_what_the_centre_refused_is_told_in_words_on_the_report_and_the_sync_page(
    lan: Browser, recorded: Record, node: Node, officer: Actor
) -> None:
    report = recorded()
    note_report(node, officer, report, "Bị từ chối")
    with node.database.transaction() as db:
        db.run("UPDATE journal SET verdict = 'denied', code = 'not_allowed' WHERE kind = 'report.noted'")
        db.run("UPDATE report SET refused = 1")
    page = lan.get(f"/reports/{report.hex()}")
    assert "The centre did not take this entry: Note" in page.text
    assert "Your account may not do this." in page.text
    sync = lan.get("/sync")
    assert "Denied: Your account may not do this." in sync.all(id="refused")[0].text
    assert sync.all(id="sync-bar")[0].all("div")[0].attributes["class"] == "sync-line bad"
    assert len(lan.get("/reports?show=refused").all("tbody")[0].all("tr")) == 1


def test_who_looks_at_a_secret_identity_is_noted_once(lan: Browser, recorded: Callable[..., bytes], node: Node) -> None:
    secret, plain = recorded(confidential=True, name="Bà Tư"), recorded(name="Ông Ba")
    for report in (secret, secret, plain):
        lan.get(f"/reports/{report.hex()}")
    with node.database.read() as db:
        noted = db.all("SELECT subject FROM audit WHERE action = 'audit.revealed'")
    assert [row[0] for row in noted] == [secret.hex()]
