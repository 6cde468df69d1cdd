"""Search with and without accents: one folded text per report, in FTS5 without a copy of the text, or as a tsvector."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from intake_app.store.database import Db
from sync.fold import fold, fold_words

if TYPE_CHECKING:
    from intake_app.store.entities import State

WORDS_MAX = 12
_IN_MAX = 400
WORD_LETTERS_MAX = 200  # PostgreSQL keeps no word of more than 2046 bytes
NUMBER_DIGITS_MIN = 7  # in groups: fewer are more likely two numbers, as of a house and a lane
# Nobody asks where in a report a word stands: without places an entry costs a quarter less.
_CREATE_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS report_search USING fts5(words, content='', detail=none,"
    ' tokenize="unicode61 remove_diacritics 0")'
)
# How many pieces of the index lie side by side before they are put together, and how many at the most: with SQLite's 4 and
# 16 a row costs half as much again among 100,000 reports, and looking for words is no quicker.
TUNE = "INSERT INTO report_search (report_search, rank) VALUES ('automerge', 16), ('crisismerge', 32)"
_CREATE_POSTGRES = (
    "CREATE TABLE IF NOT EXISTS report_search (no BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX IF NOT EXISTS report_search_words ON report_search USING gin (words)",
)
_WORD = re.compile(r"[^\W_]+")  # what FTS5 takes for a word


def create(db: Db) -> None:
    """Make the table of search entries where there is none."""
    for sql in _CREATE_POSTGRES if db.postgres else (_CREATE_SQLITE, TUNE):
        db.run(sql)


def empty(db: Db) -> None:
    """Take every entry out: each report is to be entered anew."""
    db.run("DROP TABLE IF EXISTS report_search")
    create(db)


def count(db: Db) -> int:
    """How many reports have an entry."""
    table = "report_search" if db.postgres else "report_search_docsize"  # FTS5 counts its own rows only by its words
    return int(db.value(f"SELECT count(*) FROM {table}"))


def parts_of(state: State) -> list[str]:
    """Everything of a report that a person may look for, piece by piece, not folded yet; no identity to be kept secret."""
    reporter = {} if state.get("confidential") else state.get("reporter", {})
    phone = reporter.get("phone", "")
    code = state["tracking_code"]
    national = "0" + phone[3:] if phone.startswith("+84") else ""
    parts = (
        code, f"{code[:4]} {code[4:8]} {code[8:]}", state["summary"], state.get("details", ""), state.get("address", ""),
        state.get("village", ""), reporter.get("name", ""), phone, national, national[-9:], state.get("intake_no", ""),
        *state.get("aliases", ()),
    )  # fmt: skip
    return [part for part in parts if part]


# Digits written backwards, so that the end of a number is the beginning of a word. No word that anybody types begins so, and
# what begins with 0 is in nearly every entry anyway.
_BACKWARDS = "0q"


def _entry_of(state: State) -> list[str]:
    """What the index holds of a report: what may be looked for, then its code and its reporter's number backwards."""
    parts = parts_of(state)
    phone = "" if state.get("confidential") else state.get("reporter", {}).get("phone", "")
    parts.append(_BACKWARDS + state["tracking_code"][::-1])
    if phone:
        parts.append(_BACKWARDS + phone[:0:-1])  # without its +
    return parts


def find_ending(db: Db, digits: str, limit: int) -> list[int]:
    """The numbers of the newest reports whose code, or whose reporter's phone number, ends so."""
    marks = TSQUERY if db.postgres else FTS5
    return match(db, f"{marks.quote}{_BACKWARDS}{digits[::-1]}{marks.quote}{marks.begins}", limit, rare=True)


def replace(db: Db, changes: Sequence[tuple[int, State | None, State | None]]) -> None:
    """Replace the entries of reports: number, what was shown until now, what is shown from now on."""
    changed = []
    for no, before, after in changes:
        was, now = _entry_of(before) if before else [], _entry_of(after) if after else []
        if was != now:
            changed.append(Changed(no, was, now))
    if db.postgres:
        _replace_vectors(db, changed)
    else:
        _replace_words(db, changed)


class Changed(NamedTuple):
    """An entry: the pieces of text that it was made of, and those that it is to be made of; nothing where there is none."""

    no: int
    was: list[str]
    now: list[str]


def _replace_words(db: Db, changed: Sequence[Changed]) -> None:
    """FTS5 without a copy of the text has to be told what it is to forget: all of it, for it counts words.

    Both in one go and by rising numbers: each number that is lower than the last one makes it write out what it holds.
    """
    rows = [(no, 0, "delete", text) for no, text in _folded([(entry.no, entry.was) for entry in changed if entry.was])]
    rows += [(no, 1, None, text) for no, text in _folded([(entry.no, entry.now) for entry in changed if entry.now])]
    rows.sort()
    db.many(
        "INSERT INTO report_search (rowid, report_search, words) VALUES (?, ?, ?)",
        [(no, order, text) for no, _, order, text in rows],
    )


def _folded(entries: Sequence[tuple[int, list[str]]]) -> list[tuple[int, str]]:
    texts = fold_words(["\n".join(parts) for _, parts in entries]) if entries else []
    return list(zip((no for no, _ in entries), texts, strict=True))


def _replace_vectors(db: Db, changed: Sequence[Changed]) -> None:
    """PostgreSQL is handed the words themselves: its own parser would take addresses and numbers apart in other places."""
    gone = sorted(entry.no for entry in changed)
    for at in range(0, len(gone), _IN_MAX):
        some = gone[at : at + _IN_MAX]
        db.run(f"DELETE FROM report_search WHERE no IN ({','.join('?' * len(some))})", *some)
    new = _folded([(entry.no, entry.now) for entry in changed if entry.now])
    # As a tsvector is written down: its words in quotes, and no word of ours holds one.
    rows = [(no, " ".join(f"'{word}'" for word in words_of(text))) for no, text in new]
    db.many("INSERT INTO report_search (no, words) VALUES (?,?)", rows)


def words_of(folded: str) -> list[str]:
    """The words of a folded text."""
    return list(dict.fromkeys(word[:WORD_LETTERS_MAX] for word in _WORD.findall(folded)))


class Marks(NamedTuple):
    """How a database spells a query."""

    quote: str
    begins: str  # after the quoted beginning of a word
    both: str
    either: str
    letters_max: int | None = None


FTS5 = Marks('"', "*", " AND ", " OR ")
TSQUERY = Marks("'", ":*", " & ", " | ", WORD_LETTERS_MAX)


def query_of(text: str, marks: Marks = FTS5) -> str:
    """The query of typed words: every word must stand there, the last one may be half typed.

    Digits typed in groups, as a phone or a code is read aloud, are looked for as one number too.
    """
    words = ["".join(char for char in word if char.isalnum())[: marks.letters_max] for word in fold(text).split()]
    words = [word for word in words if word][:WORDS_MAX]
    terms: list[str] = []
    done = 0
    for digits, run in groupby(words, lambda word: word.isascii() and word.isdigit()):
        some = list(run)
        done += len(some)
        begins = marks.begins if done == len(words) else ""
        apart = [f"{marks.quote}{word}{marks.quote}" for word in some]
        apart[-1] += begins
        if digits and len(some) > 1 and len("".join(some)) >= NUMBER_DIGITS_MIN:
            whole = f"{marks.quote}{''.join(some)}{marks.quote}{begins}"
            terms.append(f"({whole}{marks.either}({marks.both.join(apart)}))")
        else:
            terms += apart
    return marks.both.join(terms)


def find_numbers(db: Db, text: str, limit: int, rare: bool = False) -> list[int]:
    """The numbers of the newest reports that hold all of these words."""
    return match(db, query_of(text, TSQUERY if db.postgres else FTS5), limit, rare)


def match(db: Db, query: str, limit: int, rare: bool = False) -> list[int]:
    """The numbers of the newest reports that fit a query in this database's own spelling; few do where it is `rare`."""
    if not query:
        return []
    if db.postgres:
        return _match_on_server(db, query, limit, rare)
    return [row[0] for row in db.all(_FIND_SQLITE, query, limit)]


def _match_on_server(db: Db, query: str, limit: int, rare: bool) -> list[int]:
    """PostgreSQL believes every word to be frequent and walks back through a million reports for a number that one of them has.

    So only the newest are walked through; what too few of them hold is rare, and the index finds all that hold it.
    """
    last = 0 if rare else db.value("SELECT max(no) FROM report_search") or 0
    found = [] if rare else db.all(_FIND_NEWEST, query, last - WALKED_MAX, limit)
    if len(found) < limit and (rare or last > WALKED_MAX):
        found = db.all(_FIND_RARE, query, limit)
    return [row[0] for row in found]


WALKED_MAX = 10_000  # some 13 ms; what fewer than fifty of them hold, one in two hundred, the index finds as quickly
_FIND_SQLITE = "SELECT rowid FROM report_search WHERE report_search MATCH ? ORDER BY rowid DESC LIMIT ?"
_FIND_NEWEST = "SELECT no FROM report_search WHERE words @@ ?::tsquery AND no > ? ORDER BY no DESC LIMIT ?"
_FIND_RARE = (
    "SELECT no FROM (SELECT no FROM report_search WHERE words @@ ?::tsquery OFFSET 0) AS fitting ORDER BY no DESC LIMIT ?"
)


def find_whole(db: Db, text: str, limit: int) -> list[int]:
    """The numbers of the newest reports that hold these words, none of them half typed (SQLite)."""
    query = query_of(text, FTS5._replace(begins=""))
    return [row[0] for row in db.all(_FIND_SQLITE, query, limit)] if query else []
