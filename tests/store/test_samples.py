"""The sample reports shipped for the demonstration fit the reference data and the limits of a report."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from intake_app.store.directory import Directory, Question
from intake_app.store.shipped import DATA_FOLDER, load_directory
from sync import limits

PRIVATE = {"name", "phone"}


def read_lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA_FOLDER / name).read_text(encoding="utf-8").splitlines()]


SAMPLES = read_lines("samples.jsonl")
ANSWERS = read_lines("sample_answers.jsonl")


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


def fits(question: Question, value: object) -> bool:
    if question.type == "choice":
        return value in {code for code, _, _ in question.choices}
    return isinstance(value, {"number": int, "yes_no": bool}.get(question.type, str))


def test_two_hundred_samples_hold_only_what_a_report_may_hold() -> None:
    assert len({line["source_id"] for line in SAMPLES}) == 200
    for line in SAMPLES:
        opened = {key: value for key, value in line.items() if key not in PRIVATE}
        assert limits.problems_of(opened, limits.OPEN_FIELDS) == {}
        assert set(limits.REQUIRED) <= set(line)


def test_samples_lie_in_communes_of_every_district(directory: Directory) -> None:
    units = [directory.units[line["unit"]] for line in SAMPLES]
    assert {unit.level for unit in units} == {"commune", "district"}
    assert len({directory.ancestors(unit.code)[-2] for unit in units}) == 27


def test_samples_cover_all_topics_and_answer_their_questions(directory: Directory) -> None:
    assert min(Counter(line["topic"] for line in SAMPLES)[code] for code in directory.topics) >= 10
    for line in SAMPLES:
        questions = {question.code: question for question in directory.topics[line["topic"]].questions}
        for code, value in line.get("answers", {}).items():
            assert fits(questions[code], value), (line["source_id"], code)


def test_samples_are_plainly_made_up() -> None:
    assert all(line["source_id"].startswith("mau-") for line in SAMPLES)
    for line in SAMPLES:
        digits = "".join(filter(str.isdigit, line.get("phone", "0900000000").replace("+84", "0")))
        assert digits.startswith("0900000")
    assert all("name" not in line and "phone" not in line for line in SAMPLES if line.get("anonymous"))


def test_no_two_samples_say_the_same() -> None:
    assert len({line["summary"] for line in SAMPLES}) == 200


def test_sample_answers_belong_to_samples_and_agencies(directory: Directory) -> None:
    assert {each["source_id"] for each in ANSWERS} < {line["source_id"] for line in SAMPLES}
    assert {each["lead_agency"] for each in ANSWERS} <= set(directory.agencies)
    assert all(30 <= len(each["answer"]) <= 500 for each in ANSWERS)


def test_sample_numbers_are_plainly_made_up_and_belong_to_agencies(directory: Directory) -> None:
    found = read_lines("sample_contacts.jsonl")
    assert [one for one in found if "(mẫu)" not in one["name"] or " 000 " not in one["phone"]] == []
    assert {one["agency"] for one in found} <= directory.agencies.keys()
