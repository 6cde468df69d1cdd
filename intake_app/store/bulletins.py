"""Bulletins as they were issued: a row each that nothing changes any more, and what arrived for their days since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake_app.store import tally
from intake_app.store.database import Db
from intake_app.store.figures import Line, lines_of

_COLUMNS = "no, year, number, kind, first_day, last_day, issued_ms, issued_by, issuer, last_no, content"
LISTED_MAX = 200
LATE_LOOKED_AT = 12  # bulletins before: what arrives later than that is told on the old one itself
LATE_READ_MAX = 20_000


@dataclass(frozen=True)
class Bulletin:
    """One issued bulletin."""

    no: int
    year: int
    number: int
    kind: str
    first: date
    last: date
    issued_ms: int
    issued_by: bytes
    issuer: str
    last_no: int
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """Its number as it is written: 3/2021."""
        return f"{self.number}/{self.year}"

    @property
    def received(self) -> int:
        """How many reports it counts."""
        return Line(**self.content["total"]).received


def _bulletin(row: Any) -> Bulletin:
    first, last = date.fromisoformat(row[4]), date.fromisoformat(row[5])
    return Bulletin(row[0], row[1], row[2], row[3], first, last, *row[6:10], json.loads(row[10]))


def add(
    db: Db,
    year: int,
    kind: str,
    days: tuple[date, date],
    now_ms: int,
    issuer: tuple[bytes, str],
    content: dict[str, Any],
) -> tuple[int, str]:
    """Keep a bulletin under the next number of its year; returns its key and its number as it is written."""
    number = int(db.value("SELECT max(number) FROM bulletin WHERE year = ?", year) or 0) + 1
    last_no = int(db.value("SELECT max(no) FROM report") or 0)
    no = db.value(
        "INSERT INTO bulletin (year, number, kind, first_day, last_day, issued_ms, issued_by, issuer, last_no, content)"
        " VALUES (?,?,?,?,?,?,?,?,?,?) RETURNING no",
        year, number, kind, days[0].isoformat(), days[1].isoformat(), now_ms, *issuer, last_no,
        json.dumps(content, ensure_ascii=False),
    )  # fmt: skip
    return int(no), f"{number}/{year}"


def find(db: Db, no: int) -> Bulletin | None:
    """The bulletin of a key, or None."""
    row = db.one(f"SELECT {_COLUMNS} FROM bulletin WHERE no = ?", no)
    return None if row is None else _bulletin(row)


def every(db: Db) -> list[Bulletin]:
    """The newest bulletins."""
    return [_bulletin(row) for row in db.all(f"SELECT {_COLUMNS} FROM bulletin ORDER BY no DESC LIMIT {LISTED_MAX}")]


def issued_before(db: Db, kind: str, first: date) -> list[Bulletin]:
    """The bulletins of a kind about earlier days, the newest first."""
    rows = db.all(
        f"SELECT {_COLUMNS} FROM bulletin WHERE kind = ? AND first_day < ? ORDER BY first_day DESC, no DESC LIMIT ?",
        kind, first.isoformat(), LATE_LOOKED_AT,
    )  # fmt: skip
    return [_bulletin(row) for row in rows]


def arrived_since(db: Db, one: Bulletin) -> int:
    """How many reports of its days arrived after it was issued: none ever leaves its day, so the difference is just those."""
    present = lines_of(db, "all", one.first, one.last).get("", Line()).received
    return max(0, present - one.received)


def topics_since(db: Db, one: Bulletin) -> dict[str, int]:
    """What those are about, as far as they can be read in a short while."""
    start = (one.first - date(1970, 1, 1)).days * tally.DAY_MS - tally.ZONE_MS
    end = ((one.last - date(1970, 1, 1)).days + 1) * tally.DAY_MS - tally.ZONE_MS
    rows = db.all(
        "SELECT topic, count(*) FROM (SELECT topic FROM report WHERE no > ? AND received_ms >= ? AND received_ms < ?"
        f" LIMIT {LATE_READ_MAX}) late GROUP BY topic ORDER BY 2 DESC, 1",
        one.last_no, start, end,
    )  # fmt: skip
    return {topic: int(n) for topic, n in rows}
