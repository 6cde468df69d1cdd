from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from intake_app.actions.hint import Duplicate, Typed, find_caller, find_duplicates
from intake_app.actions.record_report import Link, record_report
from intake_app.node import Node
from sync.errors import Refused
from tests import creators
from tests.postgres import postgres_address

MATTER = "Khẩu trang giá gấp ba ở chợ Vườn Hoa"
HERE, NEXT, AFTER_2025 = "2021:14758", "2021:14809", "2025:14758"
DAY_MS = 86_400_000


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return creators.make_node(tmp_path)


def everything(state: object) -> bool:
    return True


def duplicates(node: Node, typed: Typed) -> list[Duplicate]:
    return find_duplicates(node, typed, everything)


@pytest.mark.parametrize("typed", ["0912345678", "0912.345.678", "+84 912 345 678", "84912345678"])
def test_a_caller_is_known_in_any_spelling_of_the_number(node: Node, typed: str) -> None:
    creators.record(node, phone="0912 345 678", name="Lê Thị Hoa", summary="Đèn đường hỏng", home_address="Ngõ 5")
    creators.record(node, phone="+84912345678", summary="Mất nước")
    found = find_caller(node, typed, everything)
    assert found is not None
    assert (found.name, found.calls, found.last["summary"]) == ("Lê Thị Hoa", 2, "Mất nước")
    assert found.fills == {"name": "Lê Thị Hoa", "home_address": "Ngõ 5"}


def test_nobody_is_known_by_half_a_number_or_by_a_number_in_the_text(node: Node) -> None:
    creators.record(node, details="Quán có số +84912345678", phone="0987 654 321")
    assert find_caller(node, "0912345678", everything) is None
    assert find_caller(node, "09876", everything) is None


def test_a_number_does_not_tell_what_its_owner_reported_in_secret(node: Node) -> None:
    creators.record(node, phone="0912345678", name="Nguyễn Thị Kín", confidential=True, summary=MATTER)
    assert find_caller(node, "0912345678", everything) is None
    found = duplicates(node, Typed("0912345678", MATTER, HERE))
    assert [(each.alike, each.same_phone) for each in found] == [(100, False)]


def test_what_a_person_may_not_see_is_no_hint(node: Node) -> None:
    creators.record(node, phone="0912345678", summary=MATTER)
    assert find_caller(node, "0912345678", lambda state: False) is None
    assert find_duplicates(node, Typed("0912345678", MATTER, HERE), lambda state: False) == []


def test_likely_duplicates_of_the_commune_and_month_come_first(node: Node) -> None:
    elsewhere = creators.record(node, unit=NEXT, summary=MATTER)
    here = creators.record(node, unit=HERE, summary="Giá khẩu trang gấp ba, chợ Vườn Hoa")
    found = duplicates(node, Typed(summary=MATTER, unit=HERE))
    assert [(each.id, each.near) for each in found] == [(here.id, True), (elsewhere.id, False)]
    assert found[0].alike >= 60
    assert found[1].alike == 100


def test_other_matters_are_no_duplicates(node: Node) -> None:
    creators.record(node, summary="Mất nước sạch ba ngày nay")
    creators.record(node, summary="Xe khách chở quá số người")
    assert duplicates(node, Typed(summary=MATTER, unit=HERE)) == []


def test_why_is_told_by_phone_and_place(node: Node) -> None:
    creators.record(node, summary="Khẩu trang đắt quá", phone="0912345678", address="Cạnh chợ Vườn Hoa")
    found = duplicates(node, Typed("0912 345 678", MATTER, HERE, "chợ Vườn Hoa"))
    assert [(each.same_phone, each.same_place) for each in found] == [(True, True)]


def test_the_unit_of_the_new_structure_is_the_same_place(node: Node) -> None:
    old = creators.record(node, unit=HERE, summary=MATTER)
    counterpart = node.directory.counterparts(HERE)[0]
    assert [each.near for each in duplicates(node, Typed(summary=MATTER, unit=counterpart)) if each.id == old.id] == [
        True
    ]


def test_what_is_older_than_a_year_is_another_occasion(node: Node) -> None:
    creators.record(node, summary=MATTER)
    node.clock.at_ms += 400 * DAY_MS  # type: ignore[attr-defined]
    assert duplicates(node, Typed(summary=MATTER, unit=HERE)) == []


def test_typing_without_accents_finds_the_same(node: Node) -> None:
    creators.record(node, summary=MATTER)
    assert [each.alike for each in duplicates(node, Typed(summary="khau trang gia gap ba o cho vuon hoa"))] == [100]


def test_a_linked_report_and_the_known_one_point_to_each_other_at_once(node: Node) -> None:
    known = creators.record(node, summary=MATTER)
    made = record_report(node, creators.somebody(node), creators.make_line(), link=Link(known.id, "duplicate_of"))
    for one, other in ((made, known), (known, made)):
        assert [link["other"] for link in creators.state_of(node, one)["links"]] == [other.id.hex()]
    assert creators.state_of(node, made)["links"][0]["relation"] == "duplicate_of"


def test_a_link_to_nothing_records_nothing(node: Node) -> None:
    with pytest.raises(Refused, match="no_such_report"):
        record_report(node, creators.somebody(node), creators.make_line(), link=Link(b"\7" * 16, "same_matter"))
    with node.database.read() as db:
        assert db.value("SELECT count(*) FROM journal") == 0


def test_a_link_arrives_at_the_centre_with_both_reports(tmp_path: Path) -> None:
    with creators.province(tmp_path, "0380") as made_for:
        known, office = made_for.record("0380"), made_for.node("0380")
        made = record_report(office, made_for.actor("0380"), creators.make_line(), link=Link(known.id, "same_matter"))
        made_for.sync("0380")
        states = [creators.state_of(made_for.centre, one) for one in (known, made)]
    assert [state["links"][0]["relation"] for state in states] == ["same_matter"] * 2


@pytest.mark.parametrize("database", creators.BOTH)
def test_the_centre_hints_on_every_database(tmp_path: Path, database: str) -> None:
    address = postgres_address() if database == creators.POSTGRES else None
    with closing(creators.make_node(tmp_path, "central", "1022", address=address)) as centre:
        known = creators.record(centre, summary=MATTER, phone="0912345678", address="Chợ Vườn Hoa")
        found = duplicates(centre, Typed("0912 345 678", "khẩu trang giá gấp ba", AFTER_2025, "chợ vườn hoa"))
        caller = find_caller(centre, "0912345678", everything)
    assert [each.id for each in found] == [known.id]
    assert caller is not None
    assert caller.calls == 1
