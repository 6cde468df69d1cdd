"""One report goes the whole way: at the counter, to a district that gives it back, to another, approved, published, told.

Every step is taken where it is taken in life, with the line down while it is; each side learns of it with its next exchange.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.add_to_report import inform_citizen
from intake_app.actions.publish_rule import case_of, propose_route, publish_rule
from intake_app.actions.set_publicity import propose_words, publish_report
from intake_app.store.callbacks import list_callbacks
from sync.errors import Refused
from sync.publicity import is_public
from sync.returns import returns_of
from tests.creators import Province, Recorded, journal_event, province, refusals

TOLD = {
    "channel": "walk_in", "summary": "Cây đổ chắn đường", "details": "Nhà bà Nga, số 12 phố Lê Lợi, gọi 0900 000 001.",
    "name": "Lê Thị Mẫu", "phone": "0900 000 001", "publish_consent": True,
}  # fmt: skip
DEADLINE = "2021-12-20T17:00:00+07:00"


def routed_by_rule(made: Province, report: Recorded) -> None:
    """The centre takes what its rule proposes, which is wrong."""
    content = {"name": "Giá cả", "topics": ["price_fraud"], "lead": "UBND-381", "valid_from": "2021-12-01"}
    publish_rule(made.centre, made.actor("1022"), content)
    best = propose_route(made.centre, case_of(made.seen("1022", report))).best[0]
    made.step("1022", report, "route", agency=best.lead, deadline=DEADLINE)


def given_back_offline(made: Province, report: Recorded, office: str, proposed: str) -> None:
    """The district hears of it, gives it back with its line down, and the centre hears of that later."""
    made.sync(office)
    made.step(office, report, "return", reason="Không thuộc địa bàn", agency=proposed)
    assert made.seen("1022", report)["status"] == "routed"
    made.sync(office)
    assert made.seen("1022", report)["status"] == "returned"


def answered_offline(made: Province, report: Recorded) -> None:
    """The right district works on it without a network; the draft reaches the centre with the next exchange."""
    made.sync("0380")
    made.step("0380", report, "accept")
    made.step("0380", report, "submit", answer="Đã dọn cây.", sources="CV 7/UBND")
    made.sync("0380")
    made.step("1022", report, "approve", answer="Đã dọn cây ngày 06/12.", sources="CV 7/UBND")


def published(made: Province, report: Recorded) -> dict[str, Any]:
    words = {name: each.text for name, each in propose_words(made.seen("1022", report))._asdict().items()}
    publish_report(made.centre, made.actor("1022"), report.id, words, checked=True)
    return made.seen("1022", report)


def told_offline(made: Province, report: Recorded) -> list[bytes]:
    """The office that took it calls the citizen, from the list that it has without a network."""
    made.sync("0380")
    with made.offices["0380"].database.read() as db:
        called = [row.id for row in list_callbacks(db, made.clock.now_ms(), "0380", None).rows]
    inform_citizen(made.offices["0380"], made.actor("0380"), report.id, "phone", "Đã nghe")
    made.step("0380", report, "close", how="Gọi điện")
    made.sync("0380")
    return called


def test_a_report_goes_from_the_counter_to_the_citizen_and_every_side_sees_it_offline(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0380", **TOLD)
        made.sync()
        routed_by_rule(made, report)
        given_back_offline(made, report, "0381", "UBND-380")
        made.step("1022", report, "route", agency=returns_of(made.seen("1022", report))[-1].proposed)
        answered_offline(made, report)
        public = published(made, report)
        assert told_offline(made, report) == [report.id]
        state = made.seen("0380", report)
        assert state == made.seen("1022", report)
        assert (state["status"], state["deadline"], is_public(state)) == ("closed", DEADLINE, True)
        assert state["answer"]["text"] == public["publicity"]["answer"] == "Đã dọn cây ngày 06/12."
        assert public["publicity"]["text"] == "Nhà bà [tên], [địa chỉ], gọi [số điện thoại]."
        made.sync("0381")
        assert not made.holds("0381", report)


def test_the_third_return_is_refused_at_the_desk_and_by_the_centre(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0380")
        made.sync()
        for _ in range(2):
            made.step("1022", report, "route", agency="UBND-381")
            given_back_offline(made, report, "0381", "")
        made.step("1022", report, "route", agency="UBND-381")
        made.sync()
        with pytest.raises(Refused) as told:
            made.step("0381", report, "return", reason="Lần thứ ba")
        assert (told.value.code, told.value.params) == ("returned_twice", {"agency": "UBND-381"})
        opened = {"step": "return", "from": "routed", "reason": "Lần thứ ba"}
        journal_event(made.node("0381"), made.actor("0381"), "report.stepped", report.id, opened)
        made.sync()
        assert refusals(made.node("0381")) == {"report.stepped": ("denied", "returned_twice")}
        assert made.seen("0381", report)["status"] == made.seen("1022", report)["status"] == "routed"


def test_routing_again_sets_no_new_deadline_by_command_or_page(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0380")
        made.sync()
        made.step("1022", report, "route", agency="UBND-381", deadline=DEADLINE)
        given_back_offline(made, report, "0381", "")
        with pytest.raises(Refused, match="deadline_stays"):
            made.step("1022", report, "route", agency="UBND-381", deadline="2022-03-01T17:00:00+07:00")
        made.step("1022", report, "route", agency="UBND-381")
        assert made.seen("1022", report)["deadline"] == DEADLINE


def test_a_report_taken_up_again_has_its_whole_past_and_its_citizen_is_told_anew(tmp_path: Path) -> None:
    with province(tmp_path, "0380") as made:
        report = made.record("0380")
        made.sync()
        made.step("1022", report, "route", agency="UBND-380")
        answered_offline(made, report)
        told_offline(made, report)
        made.step("0380", report, "reopen", reason="Cây lại đổ")
        made.sync()
        state = made.seen("1022", report)
        assert (state["status"], state["answer"]["text"]) == ("reopened", "Đã dọn cây ngày 06/12.")
        made.step("1022", report, "route", agency="UBND-380")
        answered_offline(made, report)
        assert told_offline(made, report) == [report.id]
