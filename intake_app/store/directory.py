"""Units, offices, agencies and topics of a moment, to be looked up. Never changed once made.

Every unit code carries its structure ("2021:14758"), for a bare one means different places in different
years. What is shipped is read by `shipped.py`, what the centre published is laid over it by `reference.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from intake_app.store.unit_search import UnitSearch
from sync.routing import unit_scopes


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, district or commune of one structure; `valid_to` is its last day, empty while it lasts."""

    code: str
    name: str
    type: str
    level: str
    parent: str | None
    lat: float | None
    lon: float | None
    valid_from: str = ""
    valid_to: str = ""


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
    """A body that a report may be routed to; `unit` is the place whose affairs are its own, if there is one."""

    code: str
    name: str
    abbreviation: str
    level: str
    unit: str | None
    valid_from: str = ""
    valid_to: str = ""


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
    """A topic of the hotline with the questions of its present version, and those that are asked no more."""

    code: str
    group: int
    name: str
    name_en: str
    short_name: str
    version: int
    questions: tuple[Question, ...]
    former: tuple[Question, ...] = ()
    valid_from: str = ""
    valid_to: str = ""


class Dated(Protocol):
    """What holds from a day to a day, both counted in; empty: for as long as anybody knows."""

    @property
    def valid_from(self) -> str: ...
    @property
    def valid_to(self) -> str: ...


def holds(one: Dated, today: str) -> bool:
    """Whether something holds on a day."""
    return one.valid_from <= today and (not one.valid_to or today <= one.valid_to)


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

    def places_of(self, code: str) -> frozenset[str]:
        """Gives the unit, all it lies in, and the same of its counterparts."""
        return frozenset(above for place in (code, *self.counterparts(code)) for above in self.ancestors(place))

    def local_agency(self, code: str, on: str = "") -> str | None:
        """Gives the agency of the place in which a unit lies, or else lay, the nearest; None where that is no one or several.

        With a day only an agency that holds then.
        """
        own: dict[str, list[str]] = {}
        for agency in self.agencies.values():
            if agency.unit and (not on or holds(agency, on)):
                own.setdefault(agency.unit, []).append(agency.code)
        for places in ([code], self.counterparts(code)):
            nearest = {near for place in places if (near := next((up for up in self.ancestors(place) if up in own), None))}
            found = {agency for unit in nearest for agency in own[unit]}
            if found:
                return found.pop() if len(found) == 1 else None
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

    def find_units(self, words: str, limit: int = 10, structure: str | None = None, on: str = "") -> list[Unit]:
        """Gives the units whose name, or whose district's or former name, has words that begin so; best first.

        With a day only those that hold then.
        """
        more = limit + (self.ended if on else 0)
        found = [self.units[code] for code in self.search.find(words, more, structure)]
        return [unit for unit in found if not on or holds(unit, on)][:limit]

    @cached_property
    def ended(self) -> int:
        """How many units hold for a time only."""
        return sum(bool(unit.valid_to or unit.valid_from) for unit in self.units.values())

    def topics_on(self, today: str) -> dict[str, Topic]:
        """Gives the topics that are offered on a day."""
        return {code: topic for code, topic in self.topics.items() if holds(topic, today)}

    def agencies_on(self, today: str) -> dict[str, Agency]:
        """Gives the agencies to which a report may be routed on a day."""
        return {code: agency for code, agency in self.agencies.items() if holds(agency, today)}

    def unit_label(self, code: str) -> str:
        """Gives the unit's name with its district's; the code itself where it is unknown."""
        line = [self.units[each] for each in self.ancestors(code)]
        return ", ".join(unit.name for unit in line if unit is line[0] or unit.level != "province") or code

    def structure_on(self, day: date) -> str:
        """Gives the structure in force on a day; the oldest known for days before it."""
        return next((structure for start, structure in reversed(self.starts) if start <= day), self.starts[0][1])


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


def assemble(
    units: Mapping[str, Unit],
    offices: Iterable[Office],
    agencies: Iterable[Agency],
    topics: Iterable[Topic],
    successors: Mapping[str, tuple[str, ...]],
    starts: Iterable[tuple[date, str]],
) -> Directory:
    """Makes the whole of its parts; a unit stands behind the one in which it lies."""
    return Directory(
        units=MappingProxyType(dict(units)),
        offices=MappingProxyType({office.number: office for office in offices}),
        agencies=MappingProxyType({agency.code: agency for agency in agencies}),
        topics=MappingProxyType({topic.code: topic for topic in topics}),
        successors=MappingProxyType(dict(successors)),
        starts=tuple(starts),
        children=MappingProxyType(_children(units)),
        predecessors=MappingProxyType(_turned(successors)),
        search=UnitSearch([(unit.code, unit.name, unit.type, unit.parent) for unit in units.values()], successors),
    )
