"""Tracking codes given out on blank paper forms, for when there is no power: promised, then used once or struck out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from intake_app.store.database import Db
from sync.errors import InvalidFields, Problem, Refused
from sync.tracking_code import parse

LIST_MAX = 500
_IN_MAX = 400


class Reserved(NamedTuple):
    """One code on a blank form."""

    code: str
    batch: str
    made_ms: int
    made_by: bytes


_SELECT = "SELECT code, batch, made_ms, made_by FROM reserved_code"
_OPEN = "used_ms IS NULL AND spoiled_ms IS NULL"


def add(db: Db, batch: str, codes: Sequence[str], person: bytes, now_ms: int) -> None:
    """Promise codes."""
    db.many(
        "INSERT INTO reserved_code (code, batch, made_ms, made_by) VALUES (?,?,?,?)",
        [(code, batch, now_ms, person) for code in codes],
    )


def batch_of(db: Db, batch: str) -> list[Reserved]:
    """The codes of one printing, whatever became of them."""
    return [Reserved(*row) for row in db.all(f"{_SELECT} WHERE batch = ? ORDER BY code", batch)]


def promised(db: Db, codes: Iterable[str]) -> set[str]:
    """Those of these codes that stand on paper."""
    wanted, found = list(codes), set()
    for at in range(0, len(wanted), _IN_MAX):
        some = wanted[at : at + _IN_MAX]
        marks = ",".join("?" * len(some))
        found.update(row[0] for row in db.all(f"SELECT code FROM reserved_code WHERE code IN ({marks})", *some))
    return found


def unused(db: Db) -> list[Reserved]:
    """Codes on paper that nobody has entered yet, the oldest printing first."""
    return [Reserved(*row) for row in db.all(f"{_SELECT} WHERE {_OPEN} ORDER BY made_ms, code LIMIT {LIST_MAX}")]


def count_used(db: Db) -> int:
    """How many paper forms were entered."""
    return int(db.value("SELECT count(*) FROM reserved_code WHERE used_ms IS NOT NULL"))


def claim(db: Db, typed: str) -> str:
    """The code of a paper form that may be entered now; raises InvalidFields beside the field where it may not."""
    try:
        code = parse(typed)
    except Refused as refused:
        raise InvalidFields({"paper_code": Problem(refused.code, refused.params)}) from None
    row = db.one("SELECT used_ms, spoiled_ms FROM reserved_code WHERE code = ?", code)
    problem = None
    if row is None:
        problem = "code_not_reserved"
    elif row[0] or db.one("SELECT 1 FROM report WHERE tracking_code = ?", code):  # a restored copy forgets the first
        problem = "code_used"
    elif row[1]:
        problem = "code_spoiled"
    if problem:
        raise InvalidFields({"paper_code": Problem(problem)})
    return code


def use(db: Db, code: str, report: bytes, now_ms: int) -> None:
    """Note that the paper form was entered."""
    db.run("UPDATE reserved_code SET used_ms = ?, report = ? WHERE code = ?", now_ms, report, code)


def spoil(db: Db, code: str, now_ms: int) -> bool:
    """Strike a paper form out that was torn or lost; whether it was still open."""
    if not db.one(f"SELECT 1 FROM reserved_code WHERE code = ? AND {_OPEN}", code):
        return False
    db.run("UPDATE reserved_code SET spoiled_ms = ? WHERE code = ?", now_ms, code)
    return True
