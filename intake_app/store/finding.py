"""Which reports the words of the search box mean: codes and numbers by their ends too, half-typed words, accents as typed first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from intake_app.store import search
from intake_app.store.database import Db
from intake_app.store.entities import State, load_numbers
from intake_app.store.reports import LIST_MAX, SELECT, ReportRow, rows_of
from sync.fold import fold

_NUMBER = re.compile(r"[\d\s.\-()+/–]+")
ENDS = range(3, 12)  # digits with which a number or a code may be named: three stand in every list
PHONE_DIGITS = 9  # without the leading 0 or 84: so it stands in the index
# A word of one or two letters begins so many others that asking the index costs 20 to 70 ms among 100,000 reports, and
# nearly every report has one of them: looking at the newest is cheaper, and as good.
SHORT_LETTERS = 2
SIFTED_MAX = 400
_SIFT = 80


class Found(NamedTuple):
    """A report that fits, with its line and all that is known of it."""

    row: ReportRow
    state: State


def find_reports(db: Db, text: str, limit: int = 50) -> list[Found]:
    """The newest reports that hold all of these words; those with the accents as typed stand first."""
    limit = min(limit, LIST_MAX)
    accented = fold(text) != " ".join(text.lower().split())
    numbers = _numbers(db, text, min(2 * limit, LIST_MAX) if accented else limit)
    found = _load(db, numbers)
    if accented:
        # What was typed with its accents is meant with them: "Hoằng" before "Hoàng", among the newest of both.
        words = text.lower().split()
        found.sort(key=lambda one: not _has_all(one.state, words))
    return found[:limit]


def _text_of(state: State) -> str:
    return "\n".join(search.parts_of(state))


def _has_all(state: State, words: Sequence[str]) -> bool:
    held = _text_of(state).lower()
    return all(word in held for word in words)


def _numbers(db: Db, text: str, limit: int) -> list[int]:
    numbers = set(_sifted(db, text, limit) or search.find_numbers(db, text, limit))
    digits = "".join(char for char in text if char.isdigit())
    if _NUMBER.fullmatch(text.strip()):
        if len(digits) > PHONE_DIGITS:
            numbers.update(search.find_numbers(db, digits[-PHONE_DIGITS:], limit))
        if len(digits) in ENDS:
            numbers.update(search.find_ending(db, digits, limit))
    return sorted(numbers, reverse=True)[:limit]


def _sifted(db: Db, text: str, limit: int) -> list[int]:
    """The newest reports that fit, where the last word has but one or two signs and they are among the newest; else none."""
    *whole, last = fold(text).split() or [""]
    if db.postgres or not last.isalnum() or len(last) > SHORT_LETTERS:
        return []
    begins = re.compile(rf"(?<![^\W_]){last}")
    found: list[int] = []
    looked = 0
    for some in _newest(db, " ".join(whole)):
        for no, one in sorted(load_numbers(db, some).items(), reverse=True):
            if one.seen and begins.search(fold(_text_of(one.seen))):
                found.append(no)
        looked += len(some)
        if len(found) >= limit or looked >= SIFTED_MAX:
            break
    return found[:limit] if len(found) >= limit else []


def _newest(db: Db, words: str) -> Iterator[list[int]]:
    """The newest reports with these words, or of all, some at a time."""
    if words:
        numbers = search.find_whole(db, words, SIFTED_MAX)
        yield from (numbers[at : at + _SIFT] for at in range(0, len(numbers), _SIFT))
        return
    below = 2**62
    while rows := db.all("SELECT no FROM report WHERE no < ? ORDER BY no DESC LIMIT ?", below, _SIFT):
        below = rows[-1][0]
        yield [row[0] for row in rows]


def _load(db: Db, numbers: Sequence[int]) -> list[Found]:
    if not numbers:
        return []
    states = load_numbers(db, numbers)
    rows = rows_of(db, db.all(f"{SELECT} WHERE r.no IN ({','.join('?' * len(numbers))})", *numbers))
    rows.sort(key=lambda row: (row.received_ms, row.no), reverse=True)
    return [Found(row, states[row.no].seen or {}) for row in rows]
