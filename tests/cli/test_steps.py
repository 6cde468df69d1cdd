"""A report's way from the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import LINE


def spaced(code: str) -> list[str]:
    return [code[0:4], code[4:8], code[8:12]]


def test_routed_report_is_accepted_and_answered_in_one_command(run, centre, recorded, line_of):
    code = recorded(centre)
    assert run(centre, "route", code, "--agency", "STTTT", "--agency", "SYT").status == 0
    routed = line_of(centre)
    assert (routed["status"], routed["lead_agency"], routed["supporting"]) == ("routed", "STTTT", ["SYT"])
    assert run(centre, "answer", *spaced(code), "--text", "Đã xử lý.", "--json").json["status"] == "answered"
    assert line_of(centre)["answer"] == "Đã xử lý."


def test_step_says_what_it_needs(run, centre, recorded):
    said = run(centre, "step", recorded(centre), "reject")
    assert said.status == 2 and "reason" in said.err


def test_step_that_does_not_lead_on_is_refused(run, centre, recorded):
    said = run(centre, "step", recorded(centre), "approve")
    assert said.status == 2 and "not possible" in said.err


def test_empty_answer_leaves_the_report_where_it_was(run, centre, recorded, line_of):
    code = recorded(centre)
    run(centre, "route", code, "--agency", "STTTT")
    assert run(centre, "answer", code, "--text", "  ").status == 2
    assert line_of(centre)["status"] == "routed"


@pytest.mark.parametrize(("code", "named"), [("12", "12 digits"), ("038000000000", "receipt")])
def test_wrong_code_is_one_sentence(run, centre, code, named):
    said = run(centre, "answer", code, "--text", "x")
    assert said.status == 2 and named in said.err and said.err.count("\n") == 1


def test_changed_fields_are_those_of_a_record_line(run, office, recorded, line_of):
    code = recorded(office, topic="arrival_from_epidemic_area")
    changes = ("urgency=urgent", "address=Ngõ 5 = hẻm", "anonymous=true", "name=Lê Văn An", "answers.persons=3")
    assert run(office, "amend", code, "--set", *changes).status == 0
    line = line_of(office)
    assert (line["urgency"], line["address"], line["anonymous"]) == ("urgent", "Ngõ 5 = hẻm", True)
    assert line["name"] == "Lê Văn An" and line["answers"] == {"persons": 3}


def test_one_answer_changed_leaves_the_others(run, office, recorded, line_of):
    code = recorded(office, topic="arrival_from_epidemic_area", answers={"vehicle": "Xe khách", "declared": False})
    assert run(office, "amend", code, "--set", "answers.declared=true").status == 0
    assert line_of(office)["answers"] == {"vehicle": "Xe khách", "declared": True}


@pytest.mark.parametrize(
    "change", ["colour=red", "urgency", "=x", "answers.=x", "unit.x=1", "channel=phone", "answers=3"]
)
def test_change_that_makes_no_sense_is_refused_by_name(run, office, recorded, change):
    said = run(office, "amend", recorded(office), "--set", change)
    assert said.status == 2 and said.err.count("\n") == 1 and change.partition("=")[0] in said.err


def test_export_has_every_key_of_a_record_line(run, office, recorded, line_of):
    given = {
        "source_id": "a-1",
        "phone": "0912 345 678",
        "name": "Lê Thị Ngà",
        "received_at": "2021-12-05T09:10:00+07:00",
    }
    recorded(office, **given)
    line = line_of(office)
    assert line["version"] is None and line["answer"] is None and line["status"] == "received"
    assert line.items() >= (LINE | given | {"phone_e164": "+84912345678", "kind": "report", "urgency": "normal"}).items()
