"""Figures of a period, as pages and bulletins show them: a line for each topic, channel, agency, office or place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

from intake_app.store import tally
from intake_app.store.database import Db
from intake_app.store.directory import Directory
from intake_app.store.timeliness import TIMELINESS

OTHER = ""  # the key of what has none: no agency yet, no place on this map


@dataclass(frozen=True)
class Line:
    """How many reports of one kind were received in a period, and how they stand."""

    in_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def received(self) -> int:
        """All of them."""
        return self.in_time + self.late + self.open + self.overdue

    @property
    def handled(self) -> int:
        """Those that are ended, in time or late."""
        return self.in_time + self.late

    @property
    def in_progress(self) -> int:
        """Those that are not, overdue or not."""
        return self.open + self.overdue

    @property
    def parts(self) -> tuple[int, ...]:
        """The four kinds of timeliness, in the order of TIMELINESS."""
        return (self.in_time, self.late, self.open, self.overdue)

    def __add__(self, other: Line) -> Line:
        return Line(
            self.in_time + other.in_time, self.late + other.late, self.open + other.open, self.overdue + other.overdue
        )


Lines = dict[str, Line]
_NOTHING = (0,) * len(TIMELINESS)


@dataclass(frozen=True)
class Figures:
    """The figures of a period: all together, and along each axis."""

    first: date
    last: date
    total: Line
    carried: int  # received before the period and still open
    topics: Lines
    channels: Lines
    agencies: Lines
    offices: Lines
    units: Lines
    pairs: Lines = field(default_factory=dict)  # agency|topic

    def as_data(self) -> dict[str, object]:
        """What is kept of it in a bulletin."""
        return asdict(self) | {"first": self.first.isoformat(), "last": self.last.isoformat()}


def line_of(counts: Mapping[str, int]) -> Line:
    """A line of the counts of kinds of timeliness."""
    return Line(*map(counts.get, TIMELINESS, _NOTHING))


def lines_of(db: Db, axis: str, first: date, last: date) -> Lines:
    """The lines of an axis of the tally."""
    return {key: line_of(counts) for key, counts in tally.counts_of(db, axis, first, last).items()}


def figures_of(db: Db, first: date, last: date, *, pairs: bool = False) -> Figures:
    """The figures of reports received in a period, both days included."""
    total = lines_of(db, "all", first, last).get("", Line())
    found = {axis: lines_of(db, axis, first, last) for axis in ("topic", "channel", "agency", "office", "unit")}
    return Figures(
        first, last, total, _carried(db, first),
        found["topic"], found["channel"], found["agency"], found["office"], found["unit"],
        lines_of(db, "agency_topic", first, last) if pairs else {},
    )  # fmt: skip


def _carried(db: Db, first: date) -> int:
    """How many reports received before a day are still open."""
    return lines_of(db, "all", tally.EPOCH, first - timedelta(days=1)).get("", Line()).in_progress


def trend(db: Db, first: date, last: date, weekly: bool) -> list[tuple[date, Line]]:
    """A line for every day of a period, or for every week by its Monday; days without a report too."""
    found = {date.fromisoformat(span[1:]): line_of(counts) for span, counts in tally.daily(db, first, last).items()}
    steps: dict[date, Line] = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        key = day - timedelta(days=day.weekday()) if weekly else day
        steps[key] = steps.get(key, Line()) + found.get(day, Line())
    return list(steps.items())


def folded(lines: Lines, key_of: Callable[[str], str]) -> Lines:
    """Lines added up under other keys."""
    found: Lines = {}
    for key, line in lines.items():
        place = key_of(key)
        found[place] = found[place] + line if place in found else line
    return found


def places_of(directory: Directory, structure: str) -> Callable[[str], str]:
    """From a unit to the area of the map of a structure that it lies in: a commune of 2025, a district of 2021.

    A unit of another structure is counted where its successor or predecessor lies that is taken in doubt: a commune that was split
    is counted whole in one of its parts. Nothing where there is none.
    """
    levels = {unit.level for unit in directory.units.values() if unit.code.startswith(f"{structure}:")}
    level = "district" if "district" in levels else "commune"

    def place_of(code: str) -> str:
        line = [code, *directory.successors.get(code, ())[:1], *directory.predecessors.get(code, ())[:1]]
        here = next((each for each in line if each.startswith(f"{structure}:")), None)
        for above in directory.ancestors(here) if here else ():
            unit = directory.unit(above)
            if unit is not None and unit.level == level:
                return above
        return OTHER

    return place_of
