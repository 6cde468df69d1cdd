"""Counts of reports kept ready for pages and bulletins: by day and month of receipt, along one axis at a time.

No report that comes in pays for them: a job looks which days the new events touch and counts those days anew
(docs/statistics.md). The day a report was received never changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from intake_app.clock import iso
from intake_app.store.database import Db
from intake_app.store.tables_central import metadata
from intake_app.store.timeliness import PASSED, timeliness_of

AXES = ("all", "topic", "channel", "agency", "unit", "office", "agency_topic")
DAY_MS = 86_400_000
ZONE_MS = 7 * 3_600_000
_EPOCH = date(1970, 1, 1)
# Both databases cut towards nought; no report is older than 1970.
_DAY = f"(r.received_ms + {ZONE_MS}) / {DAY_MS}"
_UPSERT = (
    "INSERT INTO tally (axis, span, key, timeliness, n) VALUES (?,?,?,?,?)"
    " ON CONFLICT (axis, span, key, timeliness) DO UPDATE SET n = excluded.n"
)

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
    return [row[0] for row in db.all("SELECT day FROM tally_dirty WHERE day > 0 ORDER BY day DESC")]


def months_left(db: Db) -> list[date]:
    """The months, by their first days, that are still to be added up."""
    rows = db.all("SELECT day FROM tally_dirty WHERE day < 0 ORDER BY day")
    return [date(-row[0] // 12, -row[0] % 12 + 1, 1) for row in rows]


def _month_number(day: date) -> int:
    """A month as it stands in the list of what is to be done: below nought, where no day is."""
    return -(day.year * 12 + day.month - 1)


def day_of(number: int) -> date:
    """The day of a number."""
    return _EPOCH + timedelta(days=number)


def day_span(day: date) -> str:
    """The name of a day in the tally."""
    return f"d{day.isoformat()}"


def month_span(day: date) -> str:
    """The name of a day's month in the tally."""
    return f"m{day.isoformat()[:7]}"


def count_day(db: Db, number: int, now_ms: int) -> int:
    """Count the reports of a day, write what differs, and put its month on the list in its place; returns how many they are."""
    db.run("DELETE FROM tally_dirty WHERE day = ?", number)
    db.run("INSERT INTO tally_dirty (day) VALUES (?) ON CONFLICT DO NOTHING", _month_number(day_of(number)))
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
    _write(db, day_span(day_of(number)), counts)
    return counts.total() // len(AXES)


def sum_month(db: Db, day: date) -> None:
    """Add up the days of a month, and take it off the list."""
    db.run("DELETE FROM tally_dirty WHERE day = ?", _month_number(day))
    first, last = day_span(day.replace(day=1)), day_span(_month_end(day))
    rows = db.all(
        "SELECT axis, key, timeliness, sum(n) FROM tally WHERE axis IN (?,?,?,?,?,?,?) AND span >= ? AND span <= ?"
        " GROUP BY axis, key, timeliness",
        *AXES, first, last,
    )  # fmt: skip
    _write(db, month_span(day), {(axis, key, timeliness): int(n) for axis, key, timeliness, n in rows})


def _write(db: Db, span: str, counts: dict[Cell, int]) -> None:
    there = {
        (row[0], row[1], row[2]): row[3]
        for row in db.all(
            "SELECT axis, key, timeliness, n FROM tally WHERE axis IN (?,?,?,?,?,?,?) AND span = ?", *AXES, span
        )
    }
    gone = [(axis, span, key, timeliness) for axis, key, timeliness in there.keys() - counts.keys()]
    db.many("DELETE FROM tally WHERE axis = ? AND span = ? AND key = ? AND timeliness = ?", gone)
    changed = [(cell[0], span, cell[1], cell[2], n) for cell, n in sorted(counts.items()) if there.get(cell) != n]
    db.merge(_UPSERT, changed, metadata)


def spans_of(first: date, last: date) -> list[tuple[str, str]]:
    """A period as ranges of the tally, both ends included: whole months at once, days at the edges."""
    ranges: list[tuple[str, str]] = []
    day = first
    while day <= last:
        end = _month_end(day)
        if day.day == 1 and end <= last:
            whole = day
            while (after := end + timedelta(days=1)) and _month_end(after) <= last:
                whole, end = after, _month_end(after)
            ranges.append((month_span(day), month_span(whole)))
        else:
            end = min(end, last)
            ranges.append((day_span(day), day_span(end)))
        day = end + timedelta(days=1)
    return ranges


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


Counts = dict[str, dict[str, int]]  # key → timeliness → how many


def counts_of(db: Db, axis: str, first: date, last: date) -> Counts:
    """How many reports received in a period stand how, by the keys of an axis."""
    spans = spans_of(first, last)
    if not spans:
        return {}
    # Each range by itself, for SQLite would read the whole axis where they stand side by side. A sum of PostgreSQL is a decimal
    # number unless it is said otherwise, and takes four times as long to read.
    one = "SELECT key, timeliness, n FROM tally WHERE axis = ? AND span >= ? AND span <= ?"
    return _added(
        db.all(
            "SELECT key, timeliness, CAST(sum(n) AS BIGINT)"
            f" FROM ({' UNION ALL '.join([one] * len(spans))}) AS counted GROUP BY key, timeliness",
            *(value for span in spans for value in (axis, *span)),
        )
    )  # fmt: skip


def daily(db: Db, first: date, last: date) -> Counts:
    """How many reports stand how, by the day they were received (as its name in the tally)."""
    return _added(
        db.all(
            "SELECT span, timeliness, n FROM tally WHERE axis = 'all' AND span >= ? AND span <= ?",
            day_span(first), day_span(last),
        )
    )  # fmt: skip


def totals_ever(db: Db) -> dict[str, int]:
    """How many of all reports stand how."""
    rows = db.all(
        "SELECT timeliness, sum(n) FROM tally WHERE axis = 'all' AND span >= 'm' AND span < 'n' GROUP BY timeliness"
    )
    return {timeliness: int(n) for timeliness, n in rows}


def _added(rows: Iterable[tuple[str, str, int]]) -> Counts:
    found: Counts = {}
    for key, timeliness, n in rows:
        cell = found.setdefault(key, {})
        cell[timeliness] = cell.get(timeliness, 0) + int(n)
    return found


def keys_between(first: date, last: date) -> int:
    """How many days a period has."""
    return (last - first).days + 1
