"""Working time: how much of it lies between two moments, and which moment follows so much of it. Pure; calendars come as values.

A calendar says for its days which weekdays are worked, at which hours, which days are off and which are worked instead. Where
several cover a day, the one that is asked last counts: those of the centre come after those that the program brings along.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
# Asia/Ho_Chi_Minh has had one offset since 1975 and no summer time: a day is always 24 hours long.
ZONE_MS = 7 * HOUR_MS
_EPOCH = date(1970, 1, 1).toordinal()
FIRST_YEAR, LAST_YEAR = 1900, 2200  # whatever somebody typed or a clock showed, no search goes further

Span = tuple[int, int]  # from and to, in milliseconds since midnight
WORKED, HOLIDAY, MADE_UP, WEEKLY_REST = "worked", "holiday", "made_up", "weekly_rest"


class Day(NamedTuple):
    """What a day of the calendar is, how it is called, and when it is worked."""

    kind: str
    name: str
    spans: tuple[Span, ...]


class _Year(NamedTuple):
    first: int  # the ordinal of 1 January
    sums: list[int]  # working time before each of its days, and at the end of the year
    counts: list[int]  # the same of working days
    spans: list[tuple[Span, ...]]


class _Sheet(NamedTuple):
    """One calendar, ready to be asked."""

    first: str
    last: str
    weekdays: frozenset[int]
    spans: tuple[Span, ...]
    off: Mapping[str, str]
    made_up: Mapping[str, str]

    def day(self, text: str, weekday: int) -> Day:
        if text in self.made_up:
            return Day(MADE_UP, self.made_up[text], self.spans)
        if (name := self.off.get(text, self.off.get(text[5:]))) is not None:
            return Day(HOLIDAY, name, ())
        return Day(WORKED, "", self.spans) if weekday in self.weekdays else Day(WEEKLY_REST, "", ())


def _sheet(content: Mapping[str, Any]) -> _Sheet:
    return _Sheet(
        content["valid_from"],
        content.get("valid_to") or "9999-12-31",
        frozenset(content["weekdays"]),
        tuple((_since_midnight(begin), _since_midnight(end)) for begin, end in content["hours"]),
        {each["day"]: each["name"] for each in content.get("holidays", ())},
        {each["day"]: each["name"] for each in content.get("make_up_days", ())},
    )


def _since_midnight(text: str) -> int:
    return (int(text[:2]) * 60 + int(text[3:])) * MINUTE_MS


def ordinal_of(ms: int) -> int:
    """The day in which a moment lies, as `date.toordinal` counts; midnight begins the new one."""
    return (ms + ZONE_MS) // DAY_MS + _EPOCH


def midnight(ordinal: int) -> int:
    """The moment at which a day begins."""
    return (ordinal - _EPOCH) * DAY_MS - ZONE_MS


class Calendar:
    """All calendars of a province as one: the later one given counts where two cover the same day."""

    def __init__(self, contents: Iterable[Mapping[str, Any]]) -> None:
        self._sheets = tuple(reversed([_sheet(each) for each in contents]))
        self._years: dict[int, _Year] = {}

    def day(self, ordinal: int) -> Day:
        """What a day is; without any calendar nothing is worked."""
        found = date.fromordinal(ordinal)
        text = found.isoformat()
        for sheet in self._sheets:
            if sheet.first <= text <= sheet.last:
                return sheet.day(text, found.isoweekday())
        return Day(WEEKLY_REST, "", ())

    def is_worked(self, ordinal: int) -> bool:
        """Whether anything is worked on a day."""
        year = self._year(ordinal)
        at = ordinal - year.first
        return year.counts[at + 1] > year.counts[at]

    def day_ms(self, moment: int) -> int:
        """How long the day of a moment is worked."""
        ordinal = ordinal_of(moment)
        year = self._year(ordinal)
        at = ordinal - year.first
        return year.sums[at + 1] - year.sums[at]

    def worked(self, start: int, end: int) -> int:
        """The working time between two moments; as much below zero where the second comes first."""
        if end < start:
            return -self.worked(end, start)
        return self._before(end) - self._before(start) + self._between_years(start, end)

    def after(self, start: int, amount: int) -> int:
        """The first moment by which so much working time has passed; `start` itself where that is none."""
        if amount <= 0:
            return start
        year = self._year(ordinal_of(start))
        wanted = self._before(start) + amount
        while wanted > year.sums[-1]:
            wanted -= year.sums[-1]
            year = self._next(year)
        at = bisect_left(year.sums, wanted) - 1
        return _reach(midnight(year.first + at), year.spans[at], wanted - year.sums[at])

    def back(self, end: int, amount: int) -> int:
        """The last moment from which so much working time passes until `end`; `end` itself where that is none."""
        if amount <= 0:
            return end
        year = self._year(ordinal_of(end))
        wanted = self._before(end) - amount
        while wanted < 0:
            year = self._previous(year)
            wanted += year.sums[-1]
        while wanted == year.sums[-1]:  # the work that is meant begins in the next year
            year, wanted = self._next(year), 0
        at = bisect_right(year.sums, wanted) - 1
        return _leave(midnight(year.first + at), year.spans[at], wanted - year.sums[at])

    def closing_after_days(self, start: int, days: int) -> int:
        """When the so manieth working day after that of `start` closes; the day itself does not count."""
        ordinal = ordinal_of(start)
        year = self._year(ordinal)
        wanted = year.counts[ordinal - year.first + 1] + days
        while wanted > year.counts[-1]:
            wanted -= year.counts[-1]
            year = self._next(year)
        return self._closing(year.first + bisect_left(year.counts, wanted) - 1)

    def closing(self, moment: int) -> int:
        """When the day that ends with this moment closes, or the next day that is worked if this one is not."""
        ordinal = ordinal_of(moment - 1)
        while not self.is_worked(ordinal):
            ordinal += 1
        return self._closing(ordinal)

    def _closing(self, ordinal: int) -> int:
        year = self._year(ordinal)
        return midnight(ordinal) + year.spans[ordinal - year.first][-1][1]

    def _before(self, moment: int) -> int:
        """The working time of its year that lies before a moment."""
        ordinal = ordinal_of(moment)
        year = self._year(ordinal)
        within = moment - midnight(ordinal)
        at = ordinal - year.first
        return year.sums[at] + sum(min(within, end) - begin for begin, end in year.spans[at] if begin < within)

    def _between_years(self, start: int, end: int) -> int:
        first, last = (date.fromordinal(ordinal_of(each)).year for each in (start, end))
        return sum(self._of_year(year).sums[-1] for year in range(first, last))

    def _year(self, ordinal: int) -> _Year:
        return self._of_year(date.fromordinal(ordinal).year)

    def _of_year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._counted(number)
        return found

    def _counted(self, number: int) -> _Year:
        if not FIRST_YEAR <= number <= LAST_YEAR:
            raise ValueError("no calendar goes so far")
        first, last = date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal()
        sums, counts = [0], [0]
        spans = [self.day(ordinal).spans for ordinal in range(first, last + 1)]
        for of_day in spans:
            worked = sum(end - begin for begin, end in of_day)
            sums.append(sums[-1] + worked)
            counts.append(counts[-1] + (worked > 0))
        return _Year(first, sums, counts, spans)

    def _next(self, year: _Year) -> _Year:
        return self._year(year.first + len(year.sums) - 1)

    def _previous(self, year: _Year) -> _Year:
        return self._year(year.first - 1)


def _reach(start: int, spans: Sequence[Span], wanted: int) -> int:
    for begin, end in spans:
        if wanted <= end - begin:
            return start + begin + wanted
        wanted -= end - begin
    raise ValueError("a day has less working time than was counted")


def _leave(start: int, spans: Sequence[Span], passed: int) -> int:
    for begin, end in spans:
        if passed < end - begin:
            return start + begin + passed
        passed -= end - begin
    raise ValueError("a day has less working time than was counted")
