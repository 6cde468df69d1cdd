"""Who did what beside the reports: accounts, codes, resets, commands run as somebody."""

from __future__ import annotations

import json
from typing import Any

from intake_app.store.database import Db


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
