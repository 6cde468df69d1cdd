"""Search with and without accents: one folded text per report, in FTS5 without a copy of the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from intake_app.store.database import Db
from sync.fold import fold, fold_many

if TYPE_CHECKING:
    from intake_app.store.entities import State

WORDS_MAX = 12
NUMBER_DIGITS_MIN = 7  # in groups: fewer are more likely two numbers, as of a house and a lane
CREATE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS report_search USING fts5("
    "words, content='', tokenize=\"unicode61 remove_diacritics 0\")"
)


def text_of(state: State) -> str:
    """Everything of a report that a person may look for, not folded yet."""
    reporter = state.get("reporter", {})
    phone = reporter.get("phone", "")
    code = state["tracking_code"]
    national = "0" + phone[3:] if phone.startswith("+84") else ""
    parts = (
        code, f"{code[:4]} {code[4:8]} {code[8:]}", state["summary"], state.get("details", ""), state.get("address", ""),
        state.get("village", ""), reporter.get("name", ""), phone, national, national[-9:], state.get("intake_no", ""),
        *state.get("aliases", ()),
    )  # fmt: skip
    return "\n".join(part for part in parts if part)


def replace(db: Db, changes: Sequence[tuple[int, State | None, State | None]]) -> None:
    """Replace the entries of reports: number, what was shown until now, what is shown from now on."""
    old, new = [], []
    for no, before, after in changes:
        was = text_of(before) if before else None
        now = text_of(after) if after else None
        if was != now:
            if was is not None:
                old.append((no, was))
            if now is not None:
                new.append((no, now))
    if old:
        folded = fold_many([text for _, text in old])
        db.many(
            "INSERT INTO report_search (report_search, rowid, words) VALUES ('delete', ?, ?)",
            [(no, text) for (no, _), text in zip(old, folded, strict=True)],
        )
    if new:
        folded = fold_many([text for _, text in new])
        db.many(
            "INSERT INTO report_search (rowid, words) VALUES (?, ?)",
            [(no, text) for (no, _), text in zip(new, folded, strict=True)],
        )


def query_of(text: str) -> str:
    """The FTS5 query of typed words: every word must stand there, the last one may be half typed.

    Digits typed in groups, as a phone or a code is read aloud, are looked for as one number too.
    """
    words = ["".join(char for char in word if char.isalnum()) for word in fold(text).split()]
    words = [word for word in words if word][:WORDS_MAX]
    terms: list[str] = []
    done = 0
    for digits, run in groupby(words, lambda word: word.isascii() and word.isdigit()):
        some = list(run)
        done += len(some)
        last = done == len(words)
        apart = [f'"{word}"' for word in some]
        if last:
            apart[-1] += "*"
        if digits and len(some) > 1 and len("".join(some)) >= NUMBER_DIGITS_MIN:
            terms.append(f'("{"".join(some)}"{"*" if last else ""} OR ({" AND ".join(apart)}))')
        else:
            terms += apart
    return " AND ".join(terms)


def find_numbers(db: Db, text: str, limit: int) -> list[int]:
    """The numbers of the newest reports that hold all of these words."""
    query = query_of(text)
    if not query:
        return []
    rows: Sequence[Any] = db.all(
        "SELECT rowid FROM report_search WHERE report_search MATCH ? ORDER BY rowid DESC LIMIT ?", query, limit
    )
    return [row[0] for row in rows]
