"""Who saw and did what beside the reports: accounts, codes, sign-ins, exports, commands run as somebody; and reading it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from intake_app.store.database import Db

PAGE_ROWS = 500  # of an export, which reads a snapshot a page


@dataclass(frozen=True)
class Entry:
    """One entry as written; `code` is the tracking code where the subject is a report of this machine."""

    no: int
    at_ms: int
    person: bytes | None
    action: str
    subject: str
    details: dict[str, Any]
    code: str | None


@dataclass(frozen=True)
class AuditFilter:
    """What the entries are narrowed to; `actions` and `subjects` are any of several."""

    person: bytes | None = None
    nobody: bool = False  # only what no person did
    actions: Collection[str] | None = None
    subjects: Collection[str] | None = None
    from_ms: int | None = None
    to_ms: int | None = None


def note(db: Db, at_ms: int, person: bytes | None, action: str, subject: str, **details: Any) -> None:
    """Write an entry; entries are only ever added."""
    db.run(
        "INSERT INTO audit (at_ms, person, action, subject, details) VALUES (?,?,?,?,?)",
        at_ms, person, action, subject, json.dumps(details, ensure_ascii=False),
    )  # fmt: skip


def noted_since(db: Db, since_ms: int, person: bytes, action: str, subject: str) -> bool:
    """Whether the same was noted since then; only the newest entries are looked at."""
    return bool(
        db.one(
            "SELECT 1 FROM (SELECT at_ms, person, action, subject FROM audit ORDER BY no DESC LIMIT 500) recent"
            " WHERE at_ms > ? AND person = ? AND action = ? AND subject = ? LIMIT 1",
            since_ms, person, action, subject,
        )
    )  # fmt: skip


def list_entries(db: Db, wanted: AuditFilter, before: int | None = None, limit: int = 50) -> list[Entry]:
    """Entries, newest first; `before` is the number of the last one already seen."""
    where, args = _where(wanted)
    if before is not None:
        where.append("no < ?")
        args.append(before)
    rows = db.all(
        "SELECT no, at_ms, person, action, subject, details FROM audit"
        f" WHERE {' AND '.join(where)} ORDER BY no DESC LIMIT {int(limit)}",
        *args,
    )
    codes = _codes(db, {row[4] for row in rows})
    return [Entry(*row[:5], json.loads(row[5]), codes.get(row[4])) for row in rows]


def _where(wanted: AuditFilter) -> tuple[list[str], list[Any]]:
    clauses, args = ["1 = 1"], []
    for clause, value in (
        ("person = ?", wanted.person),
        ("at_ms >= ?", wanted.from_ms),
        ("at_ms < ?", wanted.to_ms),
    ):
        if value is not None:
            clauses.append(clause)
            args.append(value)
    if wanted.nobody:
        clauses.append("person IS NULL")
    for column, some in (("action", wanted.actions), ("subject", wanted.subjects)):
        if some is not None:
            clauses.append(f"{column} IN ({','.join('?' * len(some))})" if some else "1 = 0")
            args += sorted(some)
    return clauses, args


def _codes(db: Db, subjects: Collection[str]) -> dict[str, str]:
    """The tracking codes of those subjects that are reports here."""
    ids = [bytes.fromhex(one) for one in subjects if len(one) == 32 and all(char in "0123456789abcdef" for char in one)]
    if not ids:
        return {}
    rows = db.all(
        "SELECT e.id, r.tracking_code FROM report r JOIN entity e ON e.no = r.no"
        f" WHERE e.id IN ({','.join('?' * len(ids))})",
        *ids,
    )
    return {bytes(row[0]).hex(): row[1] for row in rows}


def each_entry(db_of: Any, wanted: AuditFilter) -> Iterator[Entry]:
    """Every entry, newest first, a snapshot a page, so that a long export holds nothing up."""
    before: int | None = None
    while True:
        with db_of() as db:
            page = list_entries(db, wanted, before, PAGE_ROWS)
        yield from page
        if len(page) < PAGE_ROWS:
            return
        before = page[-1].no


def people_in(db: Db) -> list[bytes]:
    """Everybody who ever did anything that was noted."""
    return [row[0] for row in db.all("SELECT DISTINCT person FROM audit WHERE person IS NOT NULL LIMIT 1000")]
