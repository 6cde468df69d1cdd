"""What the reference data promises, and how units are found."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from intake_app.store.directory import Directory
from intake_app.store.shipped import load_directory

QUESTION_TYPES = {"text", "number", "date", "choice", "yes_no"}


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


def test_both_structures_are_there_in_full(directory: Directory) -> None:
    assert len(directory.communes("2021")) == 559
    assert len(directory.communes("2025")) == 166
    assert len(directory.units) == 587 + 167


def test_every_parent_successor_and_office_has_its_unit(directory: Directory) -> None:
    assert {unit.parent for unit in directory.units.values() if unit.parent} <= set(directory.units)
    assert {office.unit for office in directory.offices.values()} <= set(directory.units)
    assert {new for targets in directory.successors.values() for new in targets} <= set(directory.units)
    assert set(directory.successors) == {unit.code for unit in directory.communes("2021")}


def test_same_number_means_another_place_in_the_other_structure(directory: Directory) -> None:
    assert directory.unit_label("2021:14758") == "Phường Đông Thọ, Thành phố Thanh Hóa"
    assert directory.unit_label("2025:14758") == "Phường Hàm Rồng"
    assert directory.successors["2021:14758"] == ("2025:14797", "2025:14758")


def test_label_of_a_province_is_its_name_and_of_an_unknown_code_the_code(directory: Directory) -> None:
    assert directory.unit_label("2021:38") == "Tỉnh Thanh Hóa"
    assert directory.unit_label("2021:99999") == "2021:99999"
    assert directory.unit("14758") is None


def test_ancestors_and_descendants_begin_with_the_unit_itself(directory: Directory) -> None:
    assert directory.ancestors("2021:14758") == ["2021:14758", "2021:380", "2021:38"]
    assert directory.ancestors("2025:14758") == ["2025:14758", "2025:38"]
    assert len(directory.descendants("2021:38")) == 587
    assert directory.descendants("2021:380")[0] == "2021:380"
    assert directory.ancestors("x") == directory.descendants("x") == []


@pytest.mark.parametrize(
    ("words", "structure", "first"),
    [
        ("dong tho", "2021", "2021:14758"),
        ("Đông Thọ", "2025", "2025:14797"),  # A former name finds the unit that took it over.
        ("p. dong tho", "2021", "2021:14758"),
        ("tp thanh hoa", "2021", "2021:380"),
        ("thanh pho thanh hoa", None, "2021:380"),
        ("TX. Nghi Sơn", "2021", "2021:407"),
        ("tan tho nong cong", "2021", "2021:16285"),
        ("nong cong, tan th", "2021", "2021:16285"),
        ("dong son bim", "2021", "2021:14821"),
        ("hac thanh", None, "2025:14797"),
        ("xa thieu phu", "2021", "2021:15790"),
        ("phu son thanh hoa", "2021", "2021:14770"),
        ("Hoằng Thành", "2021", "2021:15961"),
        ("Hoằng Thanh", "2021", "2021:16000"),
    ],
)
def test_best_match_comes_first(directory: Directory, words: str, structure: str | None, first: str) -> None:
    assert directory.find_units(words, structure=structure)[0].code == first


def test_search_keeps_to_the_limit_and_the_structure(directory: Directory) -> None:
    found = directory.find_units("xa", limit=7, structure="2025")
    assert len(found) == 7
    assert all(unit.code.startswith("2025:") for unit in found)


@pytest.mark.parametrize("words", ["", "  ", ".,", "khong co noi nay", "\0", "a" * 10_000])
def test_words_that_fit_nothing_find_nothing(directory: Directory, words: str) -> None:
    assert directory.find_units(words) == []


def test_every_commune_is_found_by_its_label(directory: Directory) -> None:
    for unit in directory.communes("2021") + directory.communes("2025"):
        found = directory.find_units(directory.unit_label(unit.code), structure=unit.code[:4])
        assert found[0].code == unit.code


def test_structure_changes_on_the_first_of_july_2025(directory: Directory) -> None:
    assert directory.structure_on(date(1999, 1, 1)) == "2021"
    assert directory.structure_on(date(2025, 6, 30)) == "2021"
    assert directory.structure_on(date(2025, 7, 1)) == "2025"


def test_office_knows_its_agency_and_its_days(directory: Directory) -> None:
    centre, city = directory.offices["1022"], directory.offices["0380"]
    assert (centre.agency, centre.valid_to) == ("STTTT", None)
    assert (city.unit, city.agency, city.valid_to) == ("2021:380", "UBND-380", date(2025, 6, 30))
    assert {office.agency for office in directory.offices.values()} - {None} <= set(directory.agencies)


def test_every_district_has_an_agency_and_an_office(directory: Directory) -> None:
    districts = {unit.code for unit in directory.units.values() if unit.level == "district"}
    assert {agency.unit for agency in directory.agencies.values()} - {None} == districts
    assert {f"0{code.split(':')[1]}" for code in districts} <= set(directory.offices)


def test_each_of_the_twelve_topics_has_short_questions(directory: Directory) -> None:
    assert len(directory.topics) == 12
    assert {topic.group for topic in directory.topics.values()} == set(range(1, 11))
    for topic in directory.topics.values():
        assert 3 <= len(topic.questions) <= 6
        assert len({question.code for question in topic.questions}) == len(topic.questions)


def test_choices_stand_with_questions_of_choice_only(directory: Directory) -> None:
    for question in (each for topic in directory.topics.values() for each in topic.questions):
        assert question.type in QUESTION_TYPES
        assert bool(question.choices) == (question.type == "choice")
        assert all(len(choice) == 3 and all(choice) for choice in question.choices)
        assert len(question.label_vi) <= 60 and len(question.label_en) <= 75


def test_reference_data_cannot_be_changed(directory: Directory) -> None:
    with pytest.raises(TypeError):
        directory.units["2021:1"] = directory.units["2021:38"]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        directory.units["2021:38"].name = "Hà Nội"  # type: ignore[misc]
