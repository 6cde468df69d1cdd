"""A reorganisation of units entered as two tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.reorganise import Reorganisation, publish_reorganisation, read_reorganisation
from intake_app.actions.verify_node import verify_node
from sync.errors import InvalidFields, Refused
from tests.creators import Province, province

STRUCTURE = {"code": "2030", "name": "Sắp xếp năm 2030", "valid_from": "2022-07-01", "source": "NQ 1/2030 (mẫu)"}
UNITS = """code,name,type,level,parent_code
38,Tỉnh Thanh Hóa,Tỉnh,province,
90001,Phường Một,Phường,commune,38
90002,Phường Hai,Phường,commune,38
"""
# In December 2021 the structure known last is that of 2025; the table may name an older one.
CHANGES = "old_code,new_code,is_default\n2021:14758,90001,1\n2021:14758,90002,0\n"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, "0380") as found:
        yield found


def read(made: Province, units: str = UNITS, changes: str = CHANGES, **more: str) -> Reorganisation:
    return read_reorganisation(made.centre, {**STRUCTURE, **more}, units, changes)


def told(found: Reorganisation) -> list[tuple[str, int, str]]:
    return [(each.table, each.line, each.problem.code) for each in found.troubles]


def test_all_of_it_is_published_at_once_and_reaches_the_offices(made: Province) -> None:
    publish_reorganisation(made.centre, made.actor("1022"), read(made))
    made.sync()
    directory = made.offices["0380"].directory
    assert directory.successors["2021:14758"][0] == "2030:90001" and "2030:90002" in directory.successors["2021:14758"]
    assert (str(directory.starts[1][0]), directory.starts[1][1]) == ("2022-07-01", "2030")
    assert directory.find_units("phuong mot")[0].code == "2030:90001"
    assert verify_node(made.centre).problems == []


def test_a_look_says_how_much_and_who_is_left_over(made: Province) -> None:
    found = read(made)
    assert (found.levels, found.changes, told(found)) == ({"province": 1, "commune": 2}, 2, [])
    assert len(found.left_over) == len(made.centre.directory.communes("2025"))


def test_every_line_that_does_not_fit_is_named_and_nothing_is_published(made: Province) -> None:
    units = UNITS + "90003,Phường Ba,Phường,commune,77\n90001,Phường Một,Phường,commune,38\n90004,,Xã,hamlet,38\n"
    found = read(made, units, CHANGES + "2021:1,90001,1\n14758,90009,1\n")
    assert set(told(found)) >= {("units", 5, "unknown_unit"), ("units", 6, "code_taken"), ("units", 7, "required")}
    assert [each[:2] for each in told(found) if each[0] == "changes"] == [("changes", 4), ("changes", 5)]
    with pytest.raises(Refused, match="tables_do_not_fit"):
        publish_reorganisation(made.centre, made.actor("1022"), found)


@pytest.mark.parametrize(
    ("units", "more", "field", "code"),
    [
        ("a;b\n1;2\n", {}, "units", "columns_missing"),
        (UNITS, {"code": "2025"}, "code", "code_taken"),
        (UNITS, {"source": ""}, "source", "required"),
        (UNITS, {"valid_from": "2025-07-01"}, "valid_from", "same_start"),
        (UNITS + "90003,Phường Ba,Phường,commune,38\n" * 6000, {}, "units", "too_many_lines"),
    ],
)
def test_what_is_no_reorganisation_is_said(made: Province, units: str, more: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(InvalidFields) as raised:
        read(made, units, **more)
    assert raised.value.problems[field].code == code


def test_tables_with_semicolons_and_a_mark_at_their_beginning_are_read(made: Province) -> None:
    found = read(made, "\ufeff" + UNITS.replace(",", ";"), CHANGES.replace(",", "\t"))
    assert (len(found.units), found.changes, told(found)) == (3, 2, [])
