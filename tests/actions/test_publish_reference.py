"""Units, offices, agencies and topics published at the centre, and what every computer makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.editions import publish_edition
from intake_app.actions.publish_reference import SERIES, check, known_content, publish, retire
from intake_app.actions.record_report import record_report
from intake_app.actions.verify_node import verify_node
from intake_app.node import open_node
from intake_app.store import reference
from intake_app.store.directory import Directory
from sync.errors import InvalidFields, Refused
from sync.reference import AGENCY, OFFICE, TOPIC, UNIT
from tests.creators import DIRECTORY, Province, bind, make_line, make_node, province, somebody

FLOOD = {
    "code": "flood", "group": 11, "name": "Mưa lũ, sạt lở", "name_en": "Floods and landslides", "short_name": "Mưa lũ",
    "valid_from": "2021-12-01",
    "questions": [
        {"code": "depth", "vi": "Nước sâu bao nhiêu (cm)", "en": "How deep is the water", "type": "number"},
        {"code": "cut_off", "vi": "Có bị cô lập không", "en": "Cut off", "type": "yes_no"},
    ],
}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, "0380", "0381") as found:
        yield found


def known(made: Province, office: str) -> Directory:
    return made.node(office).directory


def published(made: Province, kind: str, code: str, **changes: Any) -> bytes:
    """The next edition of what is known at the centre, changed."""
    content = {**(known_content(made.centre.directory, kind, code) or {}), **changes}
    with made.centre.database.read() as db:
        one = reference.find(db, kind, code)
    return publish(made.centre, made.actor("1022"), kind, content, (one.seen or {})["edition"] if one else 0)


def test_a_new_topic_is_asked_at_an_office_after_its_next_exchange(made: Province) -> None:
    publish(made.centre, made.actor("1022"), TOPIC, FLOOD)
    assert "flood" not in known(made, "0380").topics
    made.sync()
    line = make_line("0380", topic="flood", answers={"depth": 120, "cut_off": True})
    found = record_report(made.offices["0380"], made.actor("0380"), line)
    made.sync("0380")
    assert made.seen("1022", found)["answers"] == {"depth": 120, "cut_off": True}


def test_a_shipped_topic_goes_on_under_its_code_with_the_next_version(made: Province) -> None:
    before = known(made, "1022").topics["price_fraud"]
    published(made, TOPIC, "price_fraud", name="Giá cả, gian lận thương mại")
    after = known(made, "1022").topics["price_fraud"]
    assert (after.name, after.version) == ("Giá cả, gian lận thương mại", before.version + 1)
    assert after.questions == before.questions


def test_a_question_that_is_left_out_is_asked_no_more_and_still_read(made: Province) -> None:
    publish(made.centre, made.actor("1022"), TOPIC, FLOOD)
    published(made, TOPIC, "flood", questions=FLOOD["questions"][1:])
    topic = known(made, "1022").topics["flood"]
    assert [each.code for each in topic.questions] == ["cut_off"]
    assert [each.code for each in topic.former] == ["depth"]


def test_a_question_never_changes_its_kind(made: Province) -> None:
    publish(made.centre, made.actor("1022"), TOPIC, FLOOD)
    changed = [{**FLOOD["questions"][0], "type": "text"}, FLOOD["questions"][1]]
    with pytest.raises(InvalidFields) as raised:
        published(made, TOPIC, "flood", questions=changed)
    assert raised.value.problems["questions"].code == "question_type_kept"


def test_two_who_edit_one_thing_are_told_and_nothing_is_lost(made: Province) -> None:
    content = known_content(made.centre.directory, AGENCY, "SYT") or {}
    publish(made.centre, made.actor("1022"), AGENCY, content | {"name": "Sở Y tế Thanh Hóa"})
    with pytest.raises(Refused, match="edited_meanwhile"):
        publish(made.centre, made.actor("1022"), AGENCY, content | {"name": "Sở Y tế mới"})
    assert known(made, "1022").agencies["SYT"].name == "Sở Y tế Thanh Hóa"


def test_publishing_what_is_shipped_as_it_is_changes_nothing(made: Province) -> None:
    for kind, code in ((TOPIC, "price_fraud"), (AGENCY, "SYT"), (OFFICE, "0381"), (UNIT, "2025:14758")):
        with pytest.raises(Refused, match="nothing_changed"):
            published(made, kind, code)


def test_everything_shipped_could_be_published_as_it_is(made: Province) -> None:
    known_of = made.centre.directory
    shipped = {TOPIC: known_of.topics, AGENCY: known_of.agencies, OFFICE: known_of.offices, UNIT: known_of.units}
    for kind, code in ((kind, code) for kind, codes in shipped.items() for code in codes):
        content = known_content(known_of, kind, code) or {}
        assert check(made.centre, kind, content) == content


def test_a_retired_agency_gets_nothing_more_and_keeps_its_name(made: Province) -> None:
    report = made.record("0380")
    made.sync()
    retire(made.centre, made.actor("1022"), AGENCY, "SYT", "Sáp nhập")
    with pytest.raises(InvalidFields) as raised:
        made.step("1022", report, "route", agency="SYT", deadline="2021-12-20T17:00:00+07:00")
    assert raised.value.problems["agency"].code == "agency_ended"
    made.sync()
    assert known(made, "0380").agencies["SYT"].name == "Sở Y tế"


def test_an_office_gets_what_is_routed_to_its_new_agency_and_loses_the_old(made: Province) -> None:
    report = made.record("0380")
    made.sync()
    made.step("1022", report, "route", agency="SYT", deadline="2021-12-20T17:00:00+07:00")
    made.sync()
    assert not made.holds("0381", report)
    published(made, OFFICE, "0381", agency="SYT")
    made.sync("0381")
    assert made.holds("0381", report)
    published(made, OFFICE, "0381", agency="UBND-381")
    made.sync("0381")
    assert not made.holds("0381", report)


def test_whoever_takes_a_unit_over_sees_its_reports_and_whoever_lost_it_does_not(made: Province) -> None:
    unit = "2021:14758"
    report = made.record("0380", unit=unit)
    made.sync()
    assert not made.holds("0381", report)
    published(made, UNIT, unit, parent="2021:381")
    made.sync()
    assert made.holds("0381", report)
    assert "unit:2021:380" not in known(made, "1022").unit_scopes(unit)
    assert verify_node(made.centre).problems == []


def test_what_left_a_scope_is_gone_from_its_computers_and_both_sides_agree(made: Province) -> None:
    successor = {"code": "2021:99001", "name": "Phường Mới", "type": "Phường", "level": "commune", "parent": "2021:381"}
    report = made.record("0380", unit="2021:14758")
    made.sync()
    publish(made.centre, made.actor("1022"), UNIT, successor | {"valid_from": "2021-12-01", "predecessors": ["2021:14758"]})
    made.sync()
    assert made.holds("0381", report)
    retaken = successor | {"valid_from": "2021-12-01", "predecessors": []}
    publish(made.centre, made.actor("1022"), UNIT, retaken, 1)
    made.amend("1022", report, details="Sửa sau khi chuyển")
    made.sync()
    assert not made.holds("0381", report)
    assert [verify_node(node).problems for node in (made.centre, *made.offices.values())] == [[], [], []]


def test_a_unit_with_others_in_it_is_not_retired(made: Province) -> None:
    with pytest.raises(Refused, match="unit_has_parts"):
        retire(made.centre, made.actor("1022"), UNIT, "2021:380", "Giải thể")


def test_only_an_administrator_of_the_centre_publishes_units_and_offices(made: Province) -> None:
    content = known_content(made.centre.directory, UNIT, "2025:14758") or {}
    with pytest.raises(Refused, match="not_allowed"):
        publish(made.centre, replace(made.actor("1022"), roles=frozenset({"dispatcher"})), UNIT, content | {"name": "X"})
    with pytest.raises(Refused, match="centre_only"):
        publish(made.offices["0380"], made.actor("0380"), UNIT, content | {"name": "X"})


def test_another_process_of_the_same_node_learns_of_it(made: Province) -> None:
    other = open_node(made.centre.settings, clock=made.clock, directory=DIRECTORY)
    publish(made.centre, made.actor("1022"), TOPIC, FLOOD)
    with other.database.read() as db:
        assert "flood" in other.reference.at(db).topics
    other.close()


def test_what_was_rolled_back_is_not_known_afterwards(made: Province) -> None:
    def breaks(*_given: object) -> None:
        raise Refused("no_space")

    broken = SERIES[TOPIC]._replace(after=breaks)
    with pytest.raises(Refused, match="no_space"):
        publish_edition(made.centre, made.actor("1022"), broken, FLOOD)
    with made.centre.database.read() as db:
        assert "flood" not in made.centre.reference.at(db).topics


def test_an_office_that_was_published_after_the_program_was_made_joins_in(made: Province, tmp_path: Path) -> None:
    new = {"number": "5999", "name": "Điểm tiếp nhận Hàm Rồng", "unit": "2025:14758", "valid_from": "2021-12-01"}
    publish(made.centre, made.actor("1022"), OFFICE, new)
    node = make_node(tmp_path / "5999", "office", "5999", made.clock)
    assert node.directory.offices["5999"].name == "Điểm tiếp nhận 5999"
    made.offices["5999"], made.people["5999"] = node, somebody(node)
    bind(made.centre, node)
    found = record_report(node, made.actor("5999"), make_line("0380", unit="2025:14758"))
    made.sync("5999")
    assert (node.directory.offices["5999"].name, made.holds("1022", found)) == ("Điểm tiếp nhận Hàm Rồng", True)
    assert record_report(node, made.actor("5999"), make_line("0380")).tracking_code.startswith("5999")
