"""Who has a report in hand at this machine, and which urgent reports somebody has seen. Rows, never sent anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from intake_app.store.database import Db

_IN_MAX = 400


class Claim(NamedTuple):
    """That somebody has a report in hand, from when until when at the longest."""

    person: bytes
    name: str
    since_ms: int
    until_ms: int
    taken_from: str
    note: str


_COLUMNS = "person, name, since_ms, until_ms, taken_from, note"


def claim_of(db: Db, report: bytes, now_ms: int) -> Claim | None:
    """Who has a report in hand now; a claim whose time is over counts no more."""
    row = db.one(f"SELECT {_COLUMNS} FROM claim WHERE report = ? AND until_ms > ?", report, now_ms)
    return Claim(*row) if row else None


def claims_of(db: Db, reports: Iterable[bytes], now_ms: int) -> dict[bytes, Claim]:
    """The claims of the reports of a page."""
    some = list(reports)[:_IN_MAX]
    if not some:
        return {}
    marks = ",".join("?" * len(some))
    rows = db.all(f"SELECT report, {_COLUMNS} FROM claim WHERE until_ms > ? AND report IN ({marks})", now_ms, *some)
    return {bytes(row[0]): Claim(*row[1:]) for row in rows}


def put(db: Db, report: bytes, claim: Claim) -> None:
    """Note a claim in the place of any earlier one."""
    release(db, report)
    db.run(f"INSERT INTO claim (report, {_COLUMNS}) VALUES (?,?,?,?,?,?,?)", report, *claim)


def release(db: Db, report: bytes) -> None:
    """Let go of a report."""
    db.run("DELETE FROM claim WHERE report = ?", report)


def forget_old(db: Db, now_ms: int) -> None:
    """Take out what is over."""
    db.run("DELETE FROM claim WHERE until_ms <= ?", now_ms)


class Seen(NamedTuple):
    """That somebody has seen an urgent report."""

    name: str
    at_ms: int


def note_seen(db: Db, report: bytes, person: bytes, name: str, at_ms: int) -> None:
    """Note who was the first to see an urgent report; later ones change nothing."""
    db.run(
        "INSERT INTO urgent_seen (report, person, name, at_ms) VALUES (?,?,?,?) ON CONFLICT (report) DO NOTHING",
        report, person, name, at_ms,
    )  # fmt: skip


def seen_of(db: Db, report: bytes) -> Seen | None:
    """Who has seen an urgent report first, and when."""
    row = db.one("SELECT name, at_ms FROM urgent_seen WHERE report = ?", report)
    return Seen(*row) if row else None


class Alert(NamedTuple):
    """An urgent report that nobody has seen yet."""

    id: bytes
    tracking_code: str
    summary: str
    unit: str
    urgency: str
    received_ms: int


ALERTS_MAX = 20


# The index is used where its condition is written out alike, with an urgency named beside it.
_ALERTS_OF = (
    "SELECT * FROM (SELECT e.id, r.tracking_code, r.summary, r.unit, r.urgency, r.received_ms"
    " FROM report r JOIN entity e ON e.no = r.no"
    " WHERE (r.urgency <> 'normal' AND (r.status = 'received' OR r.status = 'verifying')) AND r.urgency = ?"
    " AND NOT EXISTS (SELECT 1 FROM urgent_seen s WHERE s.report = e.id)"
    f" ORDER BY r.received_ms DESC LIMIT {ALERTS_MAX}) AS "
)


def alerts(db: Db) -> list[Alert]:
    """Urgent reports that wait and that nobody has seen: danger to life first, then the newest."""
    rows = db.all(f"{_ALERTS_OF}grave UNION ALL {_ALERTS_OF}other", "emergency", "urgent")
    return [Alert(bytes(row[0]), *row[1:]) for row in rows[:ALERTS_MAX]]


def tell_apart(db: Db, one: bytes, other: bytes, person: bytes, at_ms: int) -> None:
    """Note that two reports are not the same matter."""
    first, second = sorted((one, other))
    db.run(
        "INSERT INTO told_apart (one, other, person, at_ms) VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
        first, second, person, at_ms,
    )  # fmt: skip


def told_apart_from(db: Db, report: bytes) -> set[bytes]:
    """The reports of which somebody has said that they are not the same matter as this one."""
    rows = db.all("SELECT other FROM told_apart WHERE one = ?", report)
    rows += db.all("SELECT one FROM told_apart WHERE other = ?", report)
    return {bytes(row[0]) for row in rows}
