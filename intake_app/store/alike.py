"""Reports that may be about the same matter, or of the same caller: few candidates fast, judged elsewhere.

The newest of the commune come by its index; from elsewhere only what holds two neighbouring words of the summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from intake_app.store import search
from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, load_numbers
from intake_app.store.reports import SELECT, ReportRow, rows_of
from sync.fold import fold

OF_COMMUNE_MAX = 200  # of one commune's newest: half a year's at most places
ELSEWHERE_MAX = 60
OF_PHONE_MAX = 50  # who called more often is told as "50 times or more"
WORDS_MAX = 8  # of a summary: more make the query longer, not better
_DIGITS = re.compile(r"\D")


class Candidate(NamedTuple):
    """As much of a report as the first sieve needs."""

    no: int
    unit: str
    topic: str
    received_ms: int
    summary: str


_FEW = "SELECT r.no, r.unit, r.topic, r.received_ms, r.summary FROM report r"


def of_communes(db: Db, units: Sequence[str], since_ms: int) -> list[Candidate]:
    """The newest reports of these units since then."""
    if not units:
        return []
    marks = ",".join("?" * len(units))
    rows = db.all(
        f"{_FEW} WHERE r.unit IN ({marks}) AND r.received_ms >= ? ORDER BY r.received_ms DESC LIMIT {OF_COMMUNE_MAX}",
        *units, since_ms,
    )  # fmt: skip
    return [Candidate(*row) for row in rows]


def elsewhere(db: Db, summary: str, since_ms: int) -> list[Candidate]:
    """The newest reports, wherever, that hold two words of the summary that stand side by side there."""
    query = _pairs(summary, search.TSQUERY if db.postgres else search.FTS5)
    return _of_numbers(db, search.match(db, query, ELSEWHERE_MAX), since_ms)


def _pairs(summary: str, marks: search.Marks) -> str:
    words = [word for word in search.words_of(fold(summary)) if len(word) > 1][:WORDS_MAX]
    quoted = [f"{marks.quote}{word}{marks.quote}" for word in words]
    pairs = [f"({one}{marks.both}{other})" for one, other in zip(quoted, quoted[1:], strict=False)]
    return marks.either.join(pairs)


def _of_numbers(db: Db, numbers: list[int], since_ms: int) -> list[Candidate]:
    if not numbers:
        return []
    marks = ",".join("?" * len(numbers))
    rows = db.all(f"{_FEW} WHERE r.no IN ({marks}) AND r.received_ms >= ?", *numbers, since_ms)
    return [Candidate(*row) for row in rows]


def of_phone(db: Db, phone: str) -> list[Entity]:
    """The newest reports of a caller by the number in its one true form, the newest first."""
    marks = search.TSQUERY if db.postgres else search.FTS5
    digits = _DIGITS.sub("", phone)
    found = load_numbers(db, search.match(db, f"{marks.quote}{digits}{marks.quote}", OF_PHONE_MAX, rare=True)) if digits else {}
    # The words of a report may hold the number too, of a shop for instance: only its own reporter counts.
    own = [(state["received_at"], one.no, one) for one in found.values() if (state := _of(one, phone))]
    return [one for _, _, one in sorted(own, key=lambda each: each[:2], reverse=True)]


def _of(one: Entity, phone: str) -> State | None:
    """The state of a report whose reporter has this number."""
    return one.seen if one.seen and one.seen.get("reporter", {}).get("phone") == phone else None


def rows(db: Db, ids: Iterable[bytes]) -> list[ReportRow]:
    """The list lines of reports by their ids, those that are here, newest first."""
    wanted = list(dict.fromkeys(ids))[:100]
    if not wanted:
        return []
    marks = ",".join("?" * len(wanted))
    return rows_of(db, db.all(f"{SELECT} WHERE e.id IN ({marks}) ORDER BY r.received_ms DESC", *wanted))
