"""What was printed about a report: which paper, which copy, when and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from intake_app.store.database import Db


@dataclass(frozen=True)
class Print:
    """One copy of one paper; copy 1 is the original, every later one a reprint."""

    copy: int
    at_ms: int
    person: bytes
    revealed: bool


_SELECT = "SELECT copy, at_ms, person, revealed FROM paper_print"


def prints_of(db: Db, report: bytes, paper: str) -> list[Print]:
    """Every copy of a paper, the original first."""
    rows = db.all(f"{_SELECT} WHERE report = ? AND paper = ? ORDER BY copy", report, paper)
    return [Print(row[0], row[1], row[2], bool(row[3])) for row in rows]


def by_key(db: Db, key: str) -> int | None:
    """The copy that a form with this key has asked for already."""
    found: int | None = db.value("SELECT copy FROM paper_print WHERE key = ?", key)
    return found


def add(db: Db, report: bytes, paper: str, made: Print, key: str) -> None:
    """Keep that a copy was printed."""
    db.run(
        "INSERT INTO paper_print (report, paper, copy, key, at_ms, person, revealed) VALUES (?,?,?,?,?,?,?)",
        report, paper, made.copy, key, made.at_ms, made.person, int(made.revealed),
    )  # fmt: skip
