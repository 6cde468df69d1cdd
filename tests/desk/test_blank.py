from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.record_report import new_codes, record_report
from intake_app.actions.reserve_codes import reserve_codes
from intake_app.node import Actor, Node
from intake_app.store.reserved import batch_of, unused
from sync import tracking_code
from tests import creators
from tests.desk.conftest import DeskClock
from tests.desk.test_intake import GOOD, SAVE
from tests.pages import Browser

PAPER = {"received_at": "7:30 4/12/2021"}


@pytest.fixture
def code(node: Node, officer: Actor) -> str:
    """A code on a blank form."""
    reserve_codes(node, officer, 1, "printing")
    with node.database.read() as db:
        return batch_of(db, "printing")[0].code


def out(node: Node) -> list[str]:
    with node.database.read() as db:
        return [one.code for one in unused(db)]


def test_forms_are_printed_with_valid_codes_of_their_own(lan: Browser, node: Node) -> None:
    page = lan.send(lan.get("/blank-forms"), {"count": "5"})
    shown = [tracking_code.parse(each.text) for each in page.all(class_="big-code")]
    assert sorted(shown) == sorted(out(node)) and len(set(shown)) == 5
    assert all(each.startswith("0380") for each in shown)


def test_form_sent_twice_gives_no_more_codes(lan: Browser, node: Node) -> None:
    page = lan.get("/blank-forms")
    for _ in range(2):
        lan.send(page, {"count": "3"})
    assert len(out(node)) == 3


def test_sheets_are_not_shown_again_once_they_are_out(lan: Browser, clock: DeskClock) -> None:
    page = lan.send(lan.get("/blank-forms"), {"count": "1"})
    assert lan.get(page.path).path == page.path
    clock.pass_minutes(11)
    assert "printed already" in lan.get(page.path).text


def test_paper_form_is_entered_under_its_code_with_the_time_on_it(
    lan: Browser, node: Node, code: str, state_of: Callable[[bytes], dict[str, Any]]
) -> None:
    page = lan.send(lan.get(f"/intake?paper_code={code}"), GOOD | PAPER | SAVE)
    state = state_of(bytes.fromhex(page.path.split("/")[2]))
    assert (state["tracking_code"], state["received_at"]) == (code, "2021-12-04T07:30:00+07:00")
    assert out(node) == []


def test_code_may_be_typed_in_groups_and_double_sending_is_one_report(lan: Browser, code: str) -> None:
    form, typed = lan.get("/intake"), GOOD | PAPER | SAVE | {"paper_code": tracking_code.show(code)}
    assert lan.send(form, typed).path == lan.send(form, typed).path


def test_used_code_is_refused_and_nothing_is_saved(lan: Browser, code: str) -> None:
    lan.send(lan.get("/intake"), GOOD | PAPER | SAVE | {"paper_code": code})
    page = lan.send(lan.get("/intake"), GOOD | PAPER | SAVE | {"paper_code": code}, status=422)
    assert "entered already" in page.error_of("paper_code")


@pytest.mark.parametrize(
    ("typed", "said"), [("0380 0000 001", "12 digits"), (tracking_code.make("0380", 7), "not given out")]
)
def test_code_of_no_paper_form_is_refused_with_what_to_do(lan: Browser, typed: str, said: str) -> None:
    page = lan.send(lan.get("/intake"), GOOD | PAPER | SAVE | {"paper_code": typed}, status=422)
    assert said in page.error_of("paper_code")


def test_time_on_the_paper_is_asked_for(lan: Browser, code: str, node: Node) -> None:
    page = lan.send(lan.get("/intake"), GOOD | SAVE | {"paper_code": code}, status=422)
    assert "written on the paper" in page.error_of("received_at")
    assert out(node) == [code]


def test_spoiled_form_is_struck_out_and_its_code_never_used(lan: Browser, node: Node, code: str) -> None:
    lan.send(lan.get("/blank-forms"), to=f"/blank-forms/{code}/spoiled")
    assert out(node) == []
    page = lan.send(lan.get("/intake"), GOOD | PAPER | SAVE | {"paper_code": code}, status=422)
    assert "struck out" in page.error_of("paper_code")


def test_promised_code_is_given_to_no_other_report(node: Node, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = iter([code, "038000000001"])
    monkeypatch.setattr(tracking_code, "make", lambda office, number: next(made))
    with node.database.read() as db:
        assert new_codes(node, db, 1) == ["038000000001"]


def test_centre_records_a_paper_form_under_its_own_code_too(tmp_path: Path) -> None:
    with creators.province(tmp_path) as province:
        centre, who = province.centre, province.actor("1022")
        reserve_codes(centre, who, 1, "printing")
        with centre.database.read() as db:
            code = batch_of(db, "printing")[0].code
        line = creators.make_line("1022", received_at="2021-12-04T07:30:00+07:00")
        made = record_report(centre, who, line, code=code)
        assert province.seen("1022", made)["tracking_code"] == code
