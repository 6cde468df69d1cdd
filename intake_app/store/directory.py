"""Units, offices, agencies and topics: reference data read once from intake_app/data, never changed.

Every unit code carries its structure ("2021:14758"), for a bare one means different places in different
years. What central publishes later lies in the database, not here.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from intake_app.store.unit_search import UnitSearch
from sync.routing import unit_scopes

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, district or commune of one structure."""

    code: str
    name: str
    type: str
    level: str
    parent: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Office:
    """A place that records reports; `valid_to` is its last day, or None while it lasts."""

    number: str
    name: str
    unit: str
    agency: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that a report may be routed to."""

    code: str
    name: str
    abbreviation: str
    level: str
    district_code: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a topic; `choices` holds (code, Vietnamese, English) where the type is choice."""

    code: str
    label_vi: str
    label_en: str
    type: str
    choices: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the hotline with the questions of its present version."""

    code: str
    group: int
    name: str
    name_en: str
    short_name: str
    version: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Directory:
    """The reference data of a node."""

    units: Mapping[str, Unit]
    offices: Mapping[str, Office]
    agencies: Mapping[str, Agency]
    topics: Mapping[str, Topic]
    successors: Mapping[str, tuple[str, ...]]
    starts: tuple[tuple[date, str], ...]
    children: Mapping[str, tuple[str, ...]]
    search: UnitSearch
    predecessors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scopes_known: dict[str, frozenset[str]] = field(default_factory=dict)  # what `unit_scopes` has worked out

    def unit(self, code: str) -> Unit | None:
        """Gives the unit of a code with its structure, if there is one."""
        return self.units.get(code)

    def ancestors(self, code: str) -> list[str]:
        """Gives the unit and all it lies in, itself first, the province last; nothing for an unknown code."""
        line = []
        unit = self.units.get(code)
        while unit:
            line.append(unit.code)
            unit = self.units.get(unit.parent) if unit.parent else None
        return line

    def counterparts(self, code: str) -> list[str]:
        """Gives the units that took the place of this one, and those whose place it took, over any number of changes."""
        found: list[str] = []
        for step in (self.successors, self.predecessors):
            line = [code]
            for each in line:  # The list grows while it is walked.
                line.extend(other for other in step.get(each, ()) if other not in line)
            found += line[1:]
        return found

    def unit_scopes(self, code: str) -> frozenset[str]:
        """Gives the scopes in which a report of this unit lies."""
        found = self.scopes_known.get(code)
        if found is None:
            found = unit_scopes(code, self.ancestors, self.counterparts)
            if code in self.units:  # What somebody invents must not fill the memory.
                self.scopes_known[code] = found
        return found

    def local_agency(self, code: str) -> str | None:
        """Gives the agency of the district in which a unit lies, or else lay; None where that is no one or several."""
        for places in ([code], self.counterparts(code)):
            line = {above for place in places for above in self.ancestors(place)}
            districts = {
                self.units[above].code.partition(":")[2] for above in line if self.units[above].level == "district"
            }
            found = [agency.code for agency in self.agencies.values() if agency.district_code in districts]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def descendants(self, code: str) -> list[str]:
        """Gives the unit and all that lies in it, itself first; nothing for an unknown code."""
        found = [code] if code in self.units else []
        for each in found:  # The list grows while it is walked.
            found.extend(self.children.get(each, ()))
        return found

    def communes(self, structure: str) -> list[Unit]:
        """Gives the communes of a structure in the order of their codes."""
        return [unit for unit in self.units.values() if unit.level == "commune" and unit.code.startswith(structure)]

    def find_units(self, words: str, limit: int = 10, structure: str | None = None) -> list[Unit]:
        """Gives the units whose name, or whose district's or former name, has words that begin so; best first."""
        return [self.units[code] for code in self.search.find(words, limit, structure)]

    def unit_label(self, code: str) -> str:
        """Gives the unit's name with its district's; the code itself where it is unknown."""
        line = [self.units[each] for each in self.ancestors(code)]
        return ", ".join(unit.name for unit in line if unit is line[0] or unit.level != "province") or code

    def structure_on(self, day: date) -> str:
        """Gives the structure in force on a day; the oldest known for days before it."""
        return next((structure for start, structure in reversed(self.starts) if start <= day), self.starts[0][1])


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_units(folder: Path, structure: str, name: str) -> Iterator[Unit]:
    for row in _rows(folder, name):
        parent = f"{structure}:{row['parent_code']}" if row["parent_code"] else None
        lat, lon = (float(row[key]) if row[key] else None for key in ("lat", "lon"))
        yield Unit(f"{structure}:{row['code']}", row["name"], row["type"], row["level"], parent, lat, lon)


def _read_successors(folder: Path, old: str, new: str, name: str) -> dict[str, tuple[str, ...]]:
    """Gives for each old unit the new ones that took it over, the one to take when in doubt first."""
    found: dict[str, list[str]] = {}
    for row in sorted(_rows(folder, name), key=lambda row: row["is_default"], reverse=True):
        found.setdefault(f"{old}:{row['old_code']}", []).append(f"{new}:{row['new_code']}")
    return {code: tuple(targets) for code, targets in found.items()}


def _read_offices(folder: Path) -> Iterator[Office]:
    for row in _rows(folder, "offices.csv"):
        start, end = date.fromisoformat(row["valid_from"]), _day(row["valid_to"])
        yield Office(row["number"], row["name"], row["unit"], row["agency"] or None, start, end)


def _read_agencies(folder: Path) -> Iterator[Agency]:
    for row in _rows(folder, "agencies_2021.csv"):
        yield Agency(row["code"], row["name"], row["abbreviation"], row["level"], row["district_code"] or None)


def _read_topics(folder: Path) -> Iterator[Topic]:
    asked = json.loads((folder / "topics.json").read_bytes())
    for row in _rows(folder, "topics_1022_2021.csv"):
        more = asked[row["code"]]
        questions = tuple(
            Question(each["code"], each["vi"], each["en"], each["type"], tuple(map(tuple, each.get("choices", ()))))
            for each in more["questions"]
        )
        group, names = int(row["group"]), (row["name"], more["name_en"], row["short_name"])
        yield Topic(row["code"], group, *names, more["version"], questions)


def _children(units: Mapping[str, Unit]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for unit in units.values():
        if unit.parent:
            found.setdefault(unit.parent, []).append(unit.code)
    return {code: tuple(below) for code, below in found.items()}


def _turned(successors: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for old, targets in successors.items():
        for new in targets:
            found[new] = (*found.get(new, ()), old)
    return found


def _read_structures(folder: Path) -> tuple[dict[str, Unit], dict[str, tuple[str, ...]], list[tuple[date, str]]]:
    units: dict[str, Unit] = {}
    successors: dict[str, tuple[str, ...]] = {}
    starts: list[tuple[date, str]] = []
    for row in _rows(folder, "structures.csv"):
        structure = row["structure"]
        units |= {unit.code: unit for unit in _read_units(folder, structure, row["units"])}
        if row["changes"]:
            successors |= _read_successors(folder, starts[-1][1], structure, row["changes"])
        starts.append((_day(row["valid_from"]) or date.min, structure))
    return units, successors, starts


def load_directory(folder: Path = DATA_FOLDER) -> Directory:
    """Reads the reference data; the result may be shared by all threads."""
    units, successors, starts = _read_structures(folder)
    return Directory(
        units=MappingProxyType(units),
        offices=MappingProxyType({office.number: office for office in _read_offices(folder)}),
        agencies=MappingProxyType({agency.code: agency for agency in _read_agencies(folder)}),
        topics=MappingProxyType({topic.code: topic for topic in _read_topics(folder)}),
        successors=MappingProxyType(successors),
        starts=tuple(starts),
        children=MappingProxyType(_children(units)),
        predecessors=MappingProxyType(_turned(successors)),
        search=UnitSearch([(unit.code, unit.name, unit.type, unit.parent) for unit in units.values()], successors),
    )
