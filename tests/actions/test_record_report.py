"""Recording one report: what fits is kept as typed, what does not is refused by field, twice is once."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from intake_app.actions.record_report import record_report
from intake_app.clock import iso
from intake_app.node import Node
from intake_app.store import lists
from sync import tracking_code
from sync.errors import InvalidFields, Refused
from tests.creators import DECEMBER_2021_MS, load, make_line, make_node, record, somebody, state_of

DRAFT = "7f0c1b9e5c0a4a0f9d51c2f5b0a6d3aa"
REFUSALS = [
    ("channel", None, "required"),
    ("channel", "pigeon", "not_in_set"),
    ("channel", 5, "not_in_set"),
    ("topic", None, "required"),
    ("topic", "gossip", "unknown_topic"),
    ("summary", None, "required"),
    ("summary", " \n ", "required"),
    ("summary", "x" * 121, "too_long"),
    ("summary", 12, "not_text"),
    ("unit", None, "required"),
    ("unit", "14758", "unknown_unit"),
    ("unit", "2021:99999", "unknown_unit"),
    ("details", "x" * 5001, "too_long"),
    ("kind", "gossip", "not_in_set"),
    ("urgency", "soon", "not_in_set"),
    ("language", "fr", "not_in_set"),
    ("reply_by", "pigeon", "not_in_set"),
    ("village", "x" * 121, "too_long"),
    ("address", ["Lê Lợi"], "not_text"),
    ("point", "19.8, 105.7", "bad_point"),
    ("anonymous", "yes", "not_yes_no"),
    ("consent", 1, "not_yes_no"),
    ("occurred_at", "hôm qua", "not_a_time"),
    ("occurred_at", 20211205, "not_a_time"),
    ("received_at", "2021-13-01T00:00:00", "not_a_time"),
    ("source_id", "x" * 81, "too_long"),
    ("intake_no", "x" * 21, "too_long"),
    ("name", "x" * 121, "too_long"),
    ("phone", "không có", "bad_phone"),
    ("phone", "12", "bad_phone"),
    ("phone", 912345678, "bad_phone"),
    ("home_unit", "2021:00000", "unknown_unit"),
    ("home_address", "x" * 251, "too_long"),
    ("national_id", "12345", "bad_national_id"),
    ("email", "nguyen at example.vn", "bad_email"),
    ("social", "x" * 121, "too_long"),
    ("colour", "xanh", "unknown_key"),
    ("tracking_code", "038000000018", "unknown_key"),
    ("office", "0381", "unknown_key"),
    ("phone_typed", "0912", "unknown_key"),
    ("answers", ["goods"], "not_text"),
    ("answers", {f"q{at}": "x" for at in range(31)}, "too_many_answers"),
]
ANSWERS = [
    ({"colour": "xanh"}, "answers.colour", "unknown_question"),
    ({"price_asked": "mười"}, "answers.price_asked", "not_a_number"),
    ({"price_asked": True}, "answers.price_asked", "not_a_number"),
    ({"bought_on": "hôm qua"}, "answers.bought_on", "not_a_time"),
    ({"proof": "có"}, "answers.proof", "not_yes_no"),
    ({"goods": "x" * 501}, "answers.goods", "too_long"),
]


def problems(node: Node, **changes: Any) -> dict[str, str]:
    """The code of each problem by field; nothing may have been stored."""
    with pytest.raises(InvalidFields) as refusal:
        record(node, **changes)
    assert count(node) == 0
    return {name: problem.code for name, problem in refusal.value.problems.items()}


def count(node: Node) -> int:
    with node.database.read() as db:
        return lists.count_reports(db)


@pytest.mark.parametrize(("key", "value", "code"), REFUSALS)
def test_what_does_not_fit_is_refused_by_its_field(node: Node, key: str, value: Any, code: str) -> None:
    assert problems(node, **{key: value})[key] == code


@pytest.mark.parametrize(("answers", "key", "code"), ANSWERS)
def test_an_answer_that_does_not_fit_is_refused_by_its_question(node: Node, answers: Any, key: str, code: str) -> None:
    assert problems(node, answers=answers)[key] == code


def test_all_problems_are_told_at_once(node: Node) -> None:
    told = problems(node, channel=None, unit="2021:1", phone="x", summary="x" * 121, colour="xanh")
    assert told.keys() == {"channel", "unit", "phone", "summary", "colour"}


def test_a_plain_report_is_kept_with_its_code_and_time(node: Node) -> None:
    made = record(node, summary="Bán khẩu trang giá cao")
    state = state_of(node, made)
    assert state["tracking_code"] == made.tracking_code == tracking_code.parse(made.tracking_code)
    assert made.tracking_code.startswith("0380")
    assert (state["status"], state["office"], state["summary"]) == ("received", "0380", "Bán khẩu trang giá cao")
    assert state["received_at"][:16] == iso(DECEMBER_2021_MS)[:16]


def test_everything_a_line_may_hold_is_kept(node: Node) -> None:
    opened = {
        "kind": "proposal", "details": "Dòng một\nDòng hai", "village": "Thôn 2", "address": "Cạnh cầu", "anonymous": True,
        "point": "19.8072,105.7764", "urgency": "urgent", "representative": True, "confidential": True, "consent": True,
        "publish_consent": True, "language": "en", "reply_by": "email", "occurred_at": "2021-12-05T08:30:00+07:00",
        "received_at": "2021-12-05T09:10:00+07:00", "source_id": "a-1", "intake_no": "17/2021",
        "answers": {"goods": "khẩu trang", "price_asked": 90000, "bought_on": "2021-12-04", "proof": False},
    }  # fmt: skip
    private = {
        "name": "Nguyễn Văn Mẫu", "phone": "0912345678", "home_address": "12 Lê Lợi", "home_unit": "2021:14761",
        "national_id": "038204000123", "email": "mau@example.vn", "social": "zalo/mau",
    }  # fmt: skip
    state = state_of(node, record(node, **opened, **private))
    assert {key: state[key] for key in opened} == opened
    assert state["reporter"] == private | {"phone": "+84912345678"}


@pytest.mark.parametrize(
    ("typed", "number", "kept"),
    [
        ("0912 345 678", "+84912345678", "0912 345 678"),
        ("+84 912 345 678", "+84912345678", "+84 912 345 678"),
        ("0912345678", "+84912345678", None),
        ("0237.3852.000", "+842373852000", "0237.3852.000"),
        ("113", "113", None),
        ("+1 212-555-0100", "+12125550100", "+1 212-555-0100"),
    ],
)
def test_a_phone_is_kept_as_it_is_dialled_and_as_it_was_typed(
    node: Node, typed: str, number: str, kept: str | None
) -> None:
    reporter = state_of(node, record(node, phone=typed))["reporter"]
    assert (reporter["phone"], reporter.get("phone_typed")) == (number, kept)


def test_text_is_kept_in_one_form_however_it_was_typed(node: Node) -> None:
    text = {"summary": "Đường ngập nước", "details": "Chỗ này\r\nrất sâu  ", "name": "Đỗ Thị Ổi"}
    state = state_of(node, record(node, **{key: unicodedata.normalize("NFD", value) for key, value in text.items()}))
    assert (state["summary"], state["details"]) == ("Đường ngập nước", "Chỗ này\nrất sâu")
    assert state["reporter"]["name"] == "Đỗ Thị Ổi"


def test_a_summary_of_120_letters_fits_however_it_was_typed(node: Node) -> None:
    longest = "ế" * 120
    assert state_of(node, record(node, summary=unicodedata.normalize("NFD", longest)))["summary"] == longest


def test_control_characters_do_not_survive(node: Node) -> None:
    assert (
        state_of(node, record(node, summary="Bảng\tchỉ\x00 đường\x1b[31m\ngãy"))["summary"] == "Bảng chỉ đường[31m gãy"
    )


def test_the_same_draft_twice_is_one_report(node: Node) -> None:
    line, actor = make_line(), somebody(node)
    first = record_report(node, actor, line, draft=DRAFT)
    again = record_report(node, actor, line | {"summary": "Đã sửa"}, draft=DRAFT)
    assert (first.known, again.known, again.id) == (False, True, first.id)
    assert count(node) == 1


def test_the_same_source_id_twice_is_one_report(node: Node) -> None:
    first, again = record(node, source_id="a-1"), record(node, source_id="a-1")
    assert (again.known, again.tracking_code, count(node)) == (True, first.tracking_code, 1)


def test_a_moment_more_than_a_day_ahead_is_refused(node: Node) -> None:
    for key in ("occurred_at", "received_at"):
        assert problems(node, **{key: iso(node.clock.now_ms() + 25 * 3_600_000)}) == {key: "in_future"}


def test_a_moment_a_few_hours_ahead_is_kept(node: Node) -> None:
    ahead = iso(node.clock.now_ms() + 5 * 3_600_000)
    assert state_of(node, record(node, occurred_at=ahead))["occurred_at"] == ahead


def test_a_time_without_an_offset_is_the_provinces(node: Node) -> None:
    state = state_of(node, record(node, occurred_at="2021-12-05T08:30"))
    assert state["occurred_at"] == "2021-12-05T08:30:00+07:00"


def test_a_matter_answered_on_the_spot_keeps_the_answer(node: Node) -> None:
    made = record_report(node, somebody(node), make_line(), opening="answered_on_spot", answer_text="Gọi 1900 9095.")
    state = state_of(node, made)
    assert (state["status"], state["answer"]["text"]) == ("answered_on_spot", "Gọi 1900 9095.")


@pytest.mark.parametrize(("opening", "missing"), [("answered_on_spot", "answer_text"), ("guided", "procedure")])
def test_an_outcome_at_the_counter_needs_its_words(node: Node, opening: str, missing: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        record_report(node, somebody(node), make_line(), opening=opening)
    assert {name: problem.code for name, problem in refusal.value.problems.items()} == {missing: "required"}


@pytest.mark.parametrize("role", ["auditor", "administrator", "approver"])
def test_who_does_not_receive_people_records_nothing(node: Node, role: str) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        record(node, somebody(node, role))
    assert count(node) == 0


def test_a_report_recorded_at_the_centre_is_confirmed_at_once(tmp_path: Any) -> None:
    centre = make_node(tmp_path, "central", "1022")
    report = load(centre, record(centre))
    centre.close()
    assert report is not None
    assert (report.version, report.sync_state, report.pending) == (1, "at_centre", [])
    assert report.state["at_centre"] > DECEMBER_2021_MS


def test_an_answer_of_the_library_is_kept_beside_what_was_said(node: Node) -> None:
    said = {"opening": "answered_on_spot", "answer_text": "Gọi điện lực."}
    states = [
        state_of(node, record_report(node, somebody(node), make_line(), article=article, **said))
        for article in ("ab" * 16, "không phải mã", None)
    ]
    assert [state["answer"].get("article") for state in states] == ["ab" * 16, None, None]
