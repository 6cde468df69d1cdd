"""Counts of reports kept ready for pages and bulletins: by day, month and year of receipt, along one axis at a time.

No report that comes in pays for them: a job looks which days the new events touch and counts those days anew
(docs/statistics.md). The day a report was received never changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from intake_app.clock import iso
from intake_app.store.database import Db
from intake_app.store.tables_central import metadata
from intake_app.store.timeliness import PASSED, timeliness_of

AXES = ("all", "topic", "channel", "agency", "unit", "office", "agency_topic")
DAY_MS = 86_400_000
ZONE_MS = 7 * 3_600_000
EPOCH = date(1970, 1, 1)
# Both databases cut towards nought; no report is older than 1970.
_DAY = f"(r.received_ms + {ZONE_MS}) / {DAY_MS}"
_INSERT = (
    "INSERT INTO tally (axis, span, key, timeliness, n) VALUES (?,?,?,?,?)"
    " ON CONFLICT (axis, span, key, timeliness) DO UPDATE SET n = "
)
_PUT, _ADD = _INSERT + "excluded.n", _INSERT + "tally.n + excluded.n"
_LEVELS = "ymd"  # years, months, days

Cell = tuple[str, str, str]  # axis, key, timeliness


class Mark(NamedTuple):
    """How far the counts have come."""

    event_no: int
    looked_ms: int
    counted_ms: int | None


def mark_of(db: Db, *, hold: bool = False) -> Mark | None:
    """How far the counts have come; `hold` lets nobody else count before this transaction ends."""
    row = db.one(f"SELECT event_no, looked_ms, counted_ms FROM tally_mark WHERE id = 1{db.for_update if hold else ''}")
    return None if row is None else Mark(*row)


def note_all_days(db: Db) -> None:
    """Let every day that has a report be counted; the first time, and after rows were made anew."""
    db.run("DELETE FROM tally_dirty")
    db.run(f"INSERT INTO tally_dirty (day) SELECT DISTINCT {_DAY} FROM report r")


def note_days_of(db: Db, numbers: Sequence[int]) -> None:
    """Let the days of these reports be counted: their deadlines are other ones than they were."""
    db.many(
        f"INSERT INTO tally_dirty (day) SELECT {_DAY} FROM report r WHERE r.no = ? ON CONFLICT DO NOTHING",
        [(no,) for no in numbers],
    )


def note_days(db: Db, after_no: int, from_ms: int, now_ms: int) -> None:
    """Let the days be counted whose reports had an event with a higher number, or a deadline that passed meanwhile."""
    db.run(
        f"INSERT INTO tally_dirty (day) SELECT DISTINCT {_DAY} FROM inbox_event i JOIN report r ON r.no = i.entity_no"
        " WHERE i.no > ? ON CONFLICT DO NOTHING",
        after_no,
    )
    db.run(
        f"INSERT INTO tally_dirty (day) SELECT DISTINCT {_DAY} FROM report r WHERE {PASSED} ON CONFLICT DO NOTHING",
        iso(from_ms), iso(now_ms),
    )  # fmt: skip


def last_event(db: Db) -> int:
    """The highest number of an event that can be seen."""
    return int(db.value("SELECT max(no) FROM inbox_event") or 0)


def set_mark(db: Db, mark: Mark) -> None:
    """Note how far the counts have come."""
    db.run(
        "INSERT INTO tally_mark (id, event_no, looked_ms, counted_ms) VALUES (1,?,?,?) ON CONFLICT (id) DO UPDATE SET"
        " event_no = excluded.event_no, looked_ms = excluded.looked_ms, counted_ms = excluded.counted_ms",
        *mark,
    )  # fmt: skip


def forget_all(db: Db) -> None:
    """Let everything be counted anew the next time."""
    for table in ("tally", "tally_dirty", "tally_mark"):
        db.run(f"DELETE FROM {table}")


def days_left(db: Db) -> list[int]:
    """The days that are still to be counted, the newest first."""
    return [row[0] for row in db.all("SELECT day FROM tally_dirty ORDER BY day DESC")]


def day_of(number: int) -> date:
    """The day of a number."""
    return EPOCH + timedelta(days=number)


def day_span(day: date) -> str:
    """The name of a day in the tally."""
    return _name("d", day)


def count_day(db: Db, number: int, now_ms: int) -> int:
    """Count the reports of a day and write what differs, in its month and year too; returns how many they are."""
    db.run("DELETE FROM tally_dirty WHERE day = ?", number)
    start = number * DAY_MS - ZONE_MS
    rows = db.stream(
        "SELECT r.topic, r.channel, r.lead_agency, r.unit, r.office, r.status, r.deadline,"
        " r.clock FROM report r WHERE r.received_ms >= ? AND r.received_ms < ?",
        start, start + DAY_MS,
    )  # fmt: skip
    now = iso(now_ms)
    counts: Counter[Cell] = Counter()
    for topic, channel, agency, unit, office, status, deadline, clock in rows:
        timeliness, lead = timeliness_of(status, deadline, clock, now), agency or ""
        keys = ("", topic, channel, lead, unit, office, f"{lead}|{topic}")
        counts.update((axis, key, timeliness) for axis, key in zip(AXES, keys, strict=True))
    _write(db, day_of(number), counts)
    return counts.total() // len(AXES)


def _write(db: Db, day: date, counts: dict[Cell, int]) -> None:
    span = day_span(day)
    there: dict[Cell, int] = {
        (row[0], row[1], row[2]): row[3]
        for row in db.all(
            "SELECT axis, key, timeliness, n FROM tally WHERE axis IN (?,?,?,?,?,?,?) AND span = ?", *AXES, span
        )
    }
    gone = sorted(there.keys() - counts.keys())
    db.many(
        "DELETE FROM tally WHERE axis = ? AND span = ? AND key = ? AND timeliness = ?",
        [(axis, span, key, timeliness) for axis, key, timeliness in gone],
    )
    changed = [cell for cell, n in sorted(counts.items()) if there.get(cell) != n]
    db.merge(_PUT, [(axis, span, *rest, counts[axis, *rest]) for axis, *rest in changed], metadata)
    for whole in (_name("m", day), _name("y", day)):
        db.merge(
            _ADD,
            [(cell[0], whole, *cell[1:], counts.get(cell, 0) - there.get(cell, 0)) for cell in (*changed, *gone)],
            metadata,
        )


# ── periods ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Span(NamedTuple):
    """A range of the tally, both ends included, whose counts are added (1) or taken off (-1)."""

    sign: int
    start: str
    end: str


def spans_of(first: date, last: date) -> list[Span]:
    """A period as ranges of years, months and days: of a year or month that it covers for the most part, the rest is taken off."""
    ranges: list[tuple[int, str, date, date]] = []
    for sign, level, start, end in _covering(1, _LEVELS, first, last):
        before = ranges[-1] if ranges else None
        if before is not None and before[:2] == (sign, level) and before[3] + timedelta(days=1) == start:
            ranges[-1] = (sign, level, before[2], end)
        else:
            ranges.append((sign, level, start, end))
    return [Span(sign, _name(level, start), _name(level, end)) for sign, level, start, end in ranges]


def _covering(sign: int, levels: str, first: date, last: date) -> Iterator[tuple[int, str, date, date]]:
    level, finer = levels[0], levels[1:]
    if not finer and first <= last:
        yield sign, level, first, last
        return
    while first <= last:
        start, end = _bounds(level, first)
        until = min(end, last)
        if (until - first).days + 1 > (first - start).days + (end - until).days:
            yield sign, level, start, end
            yield from _covering(-sign, finer, start, first - timedelta(days=1))
            yield from _covering(-sign, finer, until + timedelta(days=1), end)
        else:
            yield from _covering(sign, finer, first, until)
        first = end + timedelta(days=1)


def _bounds(level: str, day: date) -> tuple[date, date]:
    """The first and last day of a day's year or month."""
    if level == "y":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    return day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _name(level: str, day: date) -> str:
    """The name of a day's year, month or of itself in the tally."""
    return level + day.isoformat()[: {"y": 4, "m": 7, "d": 10}[level]]


Counts = dict[str, dict[str, int]]  # key → timeliness → how many


def counts_of(db: Db, axis: str, first: date, last: date) -> Counts:
    """How many reports received in a period stand how, by the keys of an axis."""
    spans = spans_of(first, last)
    if not spans:
        return {}
    # Each range by itself, for SQLite would read the whole axis where they stand side by side. A sum of PostgreSQL is a decimal
    # number unless it is said otherwise, and takes four times as long to read.
    one = "SELECT key, timeliness, {} AS n FROM tally WHERE axis = ? AND span >= ? AND span <= ?"
    ranges = " UNION ALL ".join(one.format("n" if span.sign > 0 else "-n") for span in spans)
    return _by_key(
        db.all(
            f"SELECT key, timeliness, CAST(sum(n) AS BIGINT) FROM ({ranges}) AS counted GROUP BY key, timeliness"
            " HAVING sum(n) <> 0",
            *(value for span in spans for value in (axis, span.start, span.end)),
        )
    )  # fmt: skip


def daily(db: Db, first: date, last: date) -> Counts:
    """How many reports stand how, by the day they were received (as its name in the tally)."""
    return _by_key(
        db.all(
            "SELECT span, timeliness, n FROM tally WHERE axis = 'all' AND span >= ? AND span <= ?",
            day_span(first), day_span(last),
        )
    )  # fmt: skip


def totals_ever(db: Db) -> dict[str, int]:
    """How many of all reports stand how."""
    rows = db.all(
        "SELECT timeliness, sum(n) FROM tally WHERE axis = 'all' AND span >= 'y' AND span < 'z' GROUP BY timeliness"
    )
    return {timeliness: int(n) for timeliness, n in rows}


def _by_key(rows: Iterable[tuple[str, str, int]]) -> Counts:
    found: Counts = {}
    for key, timeliness, n in rows:
        found.setdefault(key, {})[timeliness] = n
    return found
