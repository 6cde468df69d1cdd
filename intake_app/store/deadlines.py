"""Deadlines as list rows tell them, and the calendar and rules they come from: published ones, or those that are shipped.

What holds is kept in memory, under a stamp of its content: a look at one short row says whether it is still the same. Rows
that were written under another stamp are brought up to date in chunks, for which the table remembers how far that is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from intake_app.clock import iso
from intake_app.store import tally
from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, load_entities, load_numbers
from intake_app.store.shipped import DATA_FOLDER
from sync.deadline import Clock, Terms, clock_of, next_telling, state_at, told
from sync.deadline_rule import rule_for
from sync.event import canonical
from sync.working_time import Calendar

TYPES = ("calendar", "deadline_rule")
SHIPPED = {"calendar": DATA_FOLDER / "calendars.json", "deadline_rule": DATA_FOLDER / "deadline_rules.json"}
COLUMNS = "deadline, soon, clock, tell, reminded, urged"
CHUNK = 400
RUNNING = "running"
NO_CLOCK = (None, None, "none", None, 0, 0)
_MEMORY = "deadline terms"
_SEEN_MAX = 4_096
_NOT_SEEN: Any = object()
# Of a report that has any of these more has happened than that it came: its deadline is its own.
_MOVED = frozenset({"history", "clock_offset_seconds", "reminders", "urges"})

Columns = tuple[str | None, str | None, str, str | None, int, int]


class Source(NamedTuple):
    """A calendar or a rule that holds: published, or shipped, which has no id."""

    id: bytes | None
    state: State


@cache
def shipped(kind: str) -> tuple[State, ...]:
    """What the program brings along of this type; read once."""
    return tuple(json.loads(SHIPPED[kind].read_text(encoding="utf-8")))


@cache
def _shipped_mark() -> str:
    return sha256(canonical({kind: list(shipped(kind)) for kind in TYPES})).hexdigest()[:16]


class Kept:
    """The terms in memory, and what follows from them for reports on which nothing happened yet."""

    def __init__(self, stamp: str, terms: Terms) -> None:
        self.stamp = stamp
        self.terms = terms
        self.fresh: dict[tuple[str, ...], Columns | None] = {}  # None where the hour counts


# ── what holds ───────────────────────────────────────────────────────────────────────────────────────────────────────


def terms_of(db: Db) -> Terms:
    """The calendar and the rules that hold here now."""
    return _kept(db).terms


def _kept(db: Db) -> Kept:
    stamp = db.value("SELECT stamp FROM deadline_stamp WHERE id = 1") or ""
    kept: Kept | None = db.memory.get(_MEMORY)
    if kept is None or kept.stamp != stamp:
        calendars, rules = sources(db, "calendar"), sources(db, "deadline_rule")
        terms = Terms(Calendar(one.state for one in calendars), tuple(one.state for one in rules))
        kept = db.memory[_MEMORY] = Kept(stamp, terms)
    return kept


def sources(db: Db, kind: str) -> list[Source]:
    """What holds of a type, what counts most last; the shipped rules only as long as none was ever published."""
    found = [one for one in published(db, kind) if one.seen is not None]
    own = [Source(one.id, one.seen or {}) for one in found if not (one.seen or {}).get("retired")]
    own.sort(key=lambda one: (one.state["valid_from"], one.state["at"], one.state["name"]))
    brought = [Source(None, state) for state in shipped(kind)] if kind == "calendar" or not found else []
    return brought + own


def published(db: Db, kind: str) -> list[Entity]:
    """Everything that the centre ever published of a type, also what is retired."""
    rows = db.all("SELECT entity_no FROM deadline_source WHERE type = ?", kind)
    return list(load_numbers(db, [row[0] for row in rows]).values())


def find_source(db: Db, entity_id: bytes, kind: str) -> Entity | None:
    """The calendar or rule of an id, or None."""
    one = load_entities(db, [entity_id]).get(entity_id)
    return one if one is not None and one.type == kind and one.seen is not None else None


def save_sources(db: Db, entities: Iterable[Entity]) -> None:
    """Note the calendars and rules among these entities; the others are not looked at."""
    found = [(one.no, one.type) for one in entities if one.type in TYPES and one.seen is not None]
    if found:
        db.many("INSERT INTO deadline_source (entity_no, type) VALUES (?,?) ON CONFLICT DO NOTHING", found)
        _stamp(db)


def differing(db: Db, entities: Iterable[Entity]) -> Iterator[bytes]:
    """The calendars and rules that are not noted as what they are."""
    for one in entities:
        asked = one.type in TYPES and one.seen is not None
        if asked and db.value("SELECT type FROM deadline_source WHERE entity_no = ?", one.no) != one.type:
            yield one.id


def _stamp(db: Db) -> None:
    states = {one.id.hex(): one.seen for kind in TYPES for one in published(db, kind)}
    stamp = sha256(canonical(states)).hexdigest()[:16]
    db.run(
        "INSERT INTO deadline_stamp (id, stamp, target, refreshed, next_no) VALUES (1,?,'','',0)"
        " ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp",
        stamp,
    )


# ── what a list row says ─────────────────────────────────────────────────────────────────────────────────────────────


class Clocks:
    """Gives the columns of reports; asked once a batch whether the terms are still the same."""

    def __init__(self, db: Db) -> None:
        self._kept = _kept(db)
        self._db = db

    @property
    def settled(self) -> bool:
        """Whether the rows that were written before follow these terms."""
        row = self._db.one("SELECT stamp, refreshed FROM deadline_stamp WHERE id = 1")
        return row is None or bool(row[1] == _mark(row[0]))

    def columns_of(self, state: State) -> Columns:
        """What a row says of a report's deadline, in the order of COLUMNS."""
        received = state["received_at"]
        if not _MOVED.isdisjoint(state) or not received.endswith("+07:00"):
            return _columns(state, self._kept.terms)
        # A rule that counts days gives the same to all that came on one day, and that is nearly all that ever comes.
        key = (received[:10], state["topic"], state.get("urgency", "normal"), state["status"])
        fresh = self._kept.fresh
        found = fresh.get(key, _NOT_SEEN)
        if found is _NOT_SEEN:
            found = _columns(state, self._kept.terms) if self._by_days(*key[:3]) else None
            if len(fresh) >= _SEEN_MAX:
                fresh.clear()  # another thread may be reading: what it has found stays its own
            fresh[key] = found
        return found or _columns(state, self._kept.terms)

    def _by_days(self, day: str, topic: str, urgency: str) -> bool:
        rule = rule_for(self._kept.terms.rules, topic, urgency, day)
        return rule is not None and rule["unit_of_time"].endswith("days")


def _columns(state: State, terms: Terms) -> Columns:
    try:
        return columns_at(clock_of(state, terms), state)
    except (ValueError, OverflowError):
        return NO_CLOCK  # a year that no calendar has


def columns_at(clock: Clock, state: State) -> Columns:
    """What a row says of a clock that is worked out."""
    level = told(state, clock.course.start)
    urged = int(any(each["at"] >= clock.course.start for each in state.get("urges", ())))
    if not clock.runs:
        return None, None, state_at(clock, clock.course.start), None, level, urged
    tell = next_telling(clock, level) if state.get("lead_agency") else None  # what nobody has, nobody is told of
    return iso(clock.due or 0), iso(clock.soon or 0), RUNNING, None if tell is None else iso(tell), level, urged


# ── rows that were written under other terms ─────────────────────────────────────────────────────────────────────────


def all_refreshed(db: Db) -> bool:
    """Whether every row was brought up to what holds now."""
    row = db.one("SELECT stamp, refreshed FROM deadline_stamp WHERE id = 1")
    return row is not None and row[1] == _mark(row[0])


def _mark(stamp: str) -> str:
    return f"{stamp}.{_shipped_mark()}"


def refresh_some(db: Db) -> bool:
    """Bring one more chunk of rows up to what holds now, the newest reports first; whether there may be more."""
    row = db.one(f"SELECT stamp, target, refreshed, next_no FROM deadline_stamp WHERE id = 1{db.for_update}")
    stamp, target, refreshed, next_no = row or ("", "", "", 0)
    mark = _mark(stamp)
    if refreshed == mark:
        return False
    if target != mark:
        next_no = (db.value("SELECT max(no) FROM report") or 0) + 1
    rows = db.all(
        f"SELECT no, {COLUMNS} FROM report WHERE no < ? ORDER BY no DESC LIMIT ?{db.for_update}", next_no, CHUNK
    )
    _refresh(db, rows)
    done = len(rows) < CHUNK
    db.run(
        "INSERT INTO deadline_stamp (id, stamp, target, refreshed, next_no) VALUES (1,?,?,?,?) ON CONFLICT (id) DO UPDATE"
        " SET target = excluded.target, refreshed = excluded.refreshed, next_no = excluded.next_no",
        stamp, mark, mark if done else refreshed, rows[-1][0] if rows else 0,
    )  # fmt: skip
    return not done


def refresh_rows(db: Db, numbers: Sequence[int]) -> None:
    """Bring these rows up to what holds now."""
    for no in numbers:
        _refresh(db, db.all(f"SELECT no, {COLUMNS} FROM report WHERE no = ?", no))


def _refresh(db: Db, rows: Sequence[Any]) -> None:
    clocks = Clocks(db)
    entities = load_numbers(db, [row[0] for row in rows])
    found = [(row, entities[row[0]].seen) for row in rows if row[0] in entities]
    now = [(clocks.columns_of(state), tuple(row[1:]), row[0]) for row, state in found if state is not None]
    tally.note_days_of(db, [no for columns, before, no in now if columns != before])
    db.many(
        "UPDATE report SET deadline = ?, soon = ?, clock = ?, tell = ?, reminded = ?, urged = ? WHERE no = ?",
        [(*columns, no) for columns, before, no in now if columns != before],
    )


def due_now(db: Db, now_ms: int, limit: int) -> list[bytes]:
    """The reports about which somebody has to be told by this moment, who waits longest first."""
    rows = db.all(
        "SELECT e.id FROM report r JOIN entity e ON e.no = r.no WHERE r.tell IS NOT NULL AND r.tell <= ?"
        " ORDER BY r.tell LIMIT ?",
        iso(now_ms), limit,
    )  # fmt: skip
    return [row[0] for row in rows]
