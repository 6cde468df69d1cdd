"""One-time codes for enrolment: stored at the centre until they are used, run out or are taken back."""

from __future__ import annotations

import json
from dataclasses import dataclass

from intake_app.store.database import Db


@dataclass(frozen=True)
class EnrollmentCode:
    """A code as stored; the secret is what it proves, `hint` its last letters for the list."""

    no: int
    hint: str
    secret: bytes
    office: str
    units: tuple[str, ...]
    made_ms: int
    expires_ms: int
    used_ms: int | None
    used_by: bytes | None
    revoked_ms: int | None


_SELECT = (
    "SELECT no, hint, secret, office, units, made_ms, expires_ms, used_ms, used_by, revoked_ms FROM enrollment_code"
)


def add_code(
    db: Db,
    digest: bytes,
    hint: str,
    secret: bytes,
    office: str,
    units: tuple[str, ...],
    made_ms: int,
    expires_ms: int,
    by: bytes,
) -> None:
    """Keep a new code."""
    db.run(
        "INSERT INTO enrollment_code (digest, hint, secret, office, units, made_ms, made_by, expires_ms) VALUES (?,?,?,?,?,?,?,?)",
        digest, hint, secret, office, json.dumps(units), made_ms, by, expires_ms,
    )  # fmt: skip


def _code(row: object) -> EnrollmentCode:
    values = tuple(row)  # type: ignore[arg-type]
    return EnrollmentCode(*values[:4], tuple(json.loads(values[4])), *values[5:])


def find_code(db: Db, digest: bytes) -> EnrollmentCode | None:
    """The code of a digest, or None; until the transaction ends nobody else can use it."""
    row = db.one(f"{_SELECT} WHERE digest = ?{db.for_update}", digest)
    return _code(row) if row else None


def list_codes(db: Db) -> list[EnrollmentCode]:
    """Every code, newest first."""
    return [_code(row) for row in db.all(f"{_SELECT} ORDER BY no DESC LIMIT 500")]


def open_codes(db: Db, now_ms: int) -> list[EnrollmentCode]:
    """The codes that somebody could still use, newest first."""
    return [one for one in list_codes(db) if one.used_ms is None and one.revoked_ms is None and one.expires_ms > now_ms]


def use_code(db: Db, no: int, node: bytes, now_ms: int) -> None:
    """Spend a code."""
    db.run("UPDATE enrollment_code SET used_ms = ?, used_by = ? WHERE no = ?", now_ms, node, no)


def revoke_code(db: Db, no: int, now_ms: int) -> int:
    """Take back a code that nobody has used; returns how many were."""
    return db.run(
        "UPDATE enrollment_code SET revoked_ms = ? WHERE no = ? AND used_ms IS NULL AND revoked_ms IS NULL", now_ms, no
    )
