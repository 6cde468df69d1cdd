"""The answer library as a node holds it: list rows, search among them, and the few answers that fit what a caller says.

A cache of the confirmed states, as the list rows of reports are: `rebuild` makes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, load_entities, load_numbers
from intake_app.store.search import FTS5, TSQUERY, WORD_LETTERS_MAX, query_of, words_of
from sync.edition import standing
from sync.event import EventBytes, from_bytes
from sync.fold import fold

LIST_MAX = 50
HINTS_MAX = 3
CANDIDATES = 24  # of which the best are taken that really hold the caller's words
HINT_WORDS_MAX = 24  # a summary
_WORD = re.compile(r"[^\W_]+")
# A word of the question says most of what an article is about, one of the whole text least; a topic counts like better words.
_WEIGHTS_SQLITE = "9.0, 3.0, 1.0, 9.0, 2.0"
_WEIGHTS_POSTGRES = "{0, 0.1, 0.3, 0.9}"
TOPIC_FACTOR = 2.0
_CREATE_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS article_search USING fts5("
    'question, short, rest, pairs, more_pairs, tokenize="unicode61 remove_diacritics 0")'
)
_CREATE_POSTGRES = (
    "CREATE TABLE IF NOT EXISTS article_search (no BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX IF NOT EXISTS article_search_words ON article_search USING gin (words)",
)


@dataclass(frozen=True)
class Article:
    """One article as this node shows it on a day."""

    no: int
    id: bytes
    state: State
    standing: str


def create(db: Db) -> None:
    """Make the table of search entries where there is none."""
    for sql in _CREATE_POSTGRES if db.postgres else (_CREATE_SQLITE,):
        db.run(sql)


def save_articles(db: Db, entities: Iterable[Entity]) -> None:
    """Write list rows and search entries of the articles among these entities; the others are not looked at."""
    found = [one for one in entities if one.type == "article" and one.seen is not None]
    if not found:
        return
    db.many("DELETE FROM article WHERE no = ?", [(one.no,) for one in found])
    db.many(
        "INSERT INTO article (no, folded, topics, area, valid_from, valid_to, retired, sample, at_ms)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        [(one.no, *columns_of(one.seen or {})) for one in found],
    )
    key = "no" if db.postgres else "rowid"
    db.many(f"DELETE FROM article_search WHERE {key} = ?", [(one.no,) for one in found])
    texts = [(one.no, *(fold(text) for text in _texts(one.seen or {}))) for one in found]
    if db.postgres:
        db.many("INSERT INTO article_search (no, words) VALUES (?,?)", [(no, _vector(parts)) for no, *parts in texts])
    else:
        rows = [(no, *parts, _joined(parts[:1]), _joined(parts[1:])) for no, *parts in texts]
        db.many(
            "INSERT INTO article_search (rowid, question, short, rest, pairs, more_pairs) VALUES (?,?,?,?,?,?)", rows
        )


def columns_of(state: State) -> tuple[object, ...]:
    """What a list row says of an article, in the order of its columns."""
    return (
        fold(state["question"]), f" {' '.join(state['topics'])} ", state.get("area", ""), state["valid_from"],
        state.get("valid_to", ""), 1 if state.get("retired") else 0, 1 if state.get("sample") else 0,
        state["at"],
    )  # fmt: skip


def _texts(state: State) -> tuple[str, str, str]:
    return state["question"], state["short"], f"{state.get('text', '')}\n{state['source']}"


def _pairs(words: Sequence[str]) -> list[str]:
    """Words that stand side by side, each two written as one: rare enough to be looked for where a syllable is not."""
    return [f"{first}0{second}" for first, second in pairwise(words)]


def _joined(parts: Sequence[str]) -> str:
    return " ".join(pair for part in parts for pair in _pairs(_WORD.findall(part)))


def _vector(parts: Sequence[str]) -> str:
    """As a tsvector with weights is written down; a word has one entry, by the best place where it stands."""
    best: dict[str, str] = {}
    for part, weight in zip(parts, "ABC", strict=True):
        for word in (*words_of(part), *(pair[:WORD_LETTERS_MAX] for pair in _pairs(_WORD.findall(part)))):
            best.setdefault(word, weight)
    return " ".join(f"'{word}':{at}{weight}" for at, (word, weight) in enumerate(best.items(), 1))


def differing(db: Db, entities: Iterable[Entity]) -> Iterator[bytes]:
    """The articles whose list row does not say what their state does."""
    for one in entities:
        if one.type == "article" and one.seen is not None:
            row = db.one(
                "SELECT folded, topics, area, valid_from, valid_to, retired, sample, at_ms FROM article WHERE no = ?",
                one.no,
            )
            if row is None or tuple(row) != columns_of(one.seen):
                yield one.id


def load_article(db: Db, article_id: bytes, today: str) -> Article | None:
    """The article of an id, or None."""
    one = load_entities(db, [article_id]).get(article_id)
    if one is None or one.type != "article" or one.seen is None:
        return None
    return Article(one.no, one.id, one.seen, standing(one.seen, today))


def _articles(db: Db, numbers: Sequence[int], today: str) -> list[Article]:
    found = load_numbers(db, numbers)
    states = [(no, found[no].id, found[no].seen) for no in numbers if no in found]
    return [Article(no, one, seen, standing(seen, today)) for no, one, seen in states if seen is not None]


_CURRENT = "a.retired = 0 AND a.valid_from <= ? AND (a.valid_to = '' OR a.valid_to >= ?)"
_STANDING = "CASE WHEN a.retired = 1 THEN 3 WHEN a.valid_to <> '' AND a.valid_to < ? THEN 2 WHEN a.valid_from > ? THEN 1 ELSE 0 END"
_SHOWN = {
    "current": _CURRENT,
    "coming": "a.retired = 0 AND a.valid_from > ?",
    "expired": "a.retired = 0 AND a.valid_to <> '' AND a.valid_to < ?",
    "retired": "a.retired = 1",
    "samples": "a.retired = 0 AND a.sample = 1",
}


@dataclass(frozen=True)
class Listed:
    """A page of the library: articles, how many fit in all, and the page after this one if there is one."""

    articles: list[Article]
    total: int
    next: int | None


def list_articles(db: Db, today: str, words: str = "", topic: str = "", *, show: str = "", page: int = 1) -> Listed:
    """Articles that hold all these words; those that hold today come first, then by how well they fit, then by name.

    `show` asks for those of one standing or for the samples; without it all but the retired ones are shown.
    """
    clauses = [_SHOWN.get(show, "a.retired = 0")]
    args: list[object] = [today] * clauses[0].count("?")
    if topic:
        clauses.append("a.topics LIKE ?")
        args.append(f"% {topic} %")
    order = "a.folded, a.no"
    source = "article a"
    query = query_of(words, TSQUERY if db.postgres else FTS5)
    if words.strip() and not query:
        return Listed([], 0, None)  # signs only
    if query:
        source, match, order = _matched(db)
        clauses.append(match)
        args.append(query)
    where = f" WHERE {' AND '.join(clauses)}"
    rows = db.all(
        f"SELECT a.no FROM {source}{where} ORDER BY {_STANDING}, {order} LIMIT ? OFFSET ?",
        *args, today, today, *([query] if query and db.postgres else []), LIST_MAX + 1, (page - 1) * LIST_MAX,
    )  # fmt: skip
    total = int(db.value(f"SELECT count(*) FROM {source}{where}", *args))
    return Listed(
        _articles(db, [row[0] for row in rows[:LIST_MAX]], today), total, page + 1 if len(rows) > LIST_MAX else None
    )


def _matched(db: Db) -> tuple[str, str, str]:
    """Where to look for words, the clause that finds them, and the order of how well they fit, best first."""
    if db.postgres:
        rank = f"-ts_rank('{_WEIGHTS_POSTGRES}', s.words, ?::tsquery)"
        return "article a JOIN article_search s ON s.no = a.no", "s.words @@ ?::tsquery", f"{rank}, a.no"
    source = "article_search JOIN article a ON a.no = article_search.rowid"
    return source, "article_search MATCH ?", f"bm25(article_search, {_WEIGHTS_SQLITE}), a.no"


def hints(db: Db, today: str, words: str, topic: str = "", areas: frozenset[str] | None = None) -> list[Article]:
    """The few articles that fit best to what a caller says and that hold today; `areas` are those around the matter.

    Not every word has to stand there: a caller tells a story. But Vietnamese writes a word as two syllables as a rule, and
    one syllable alone is in everything: what counts is two that stand side by side.
    """
    spoken = _WORD.findall(fold(words))[:HINT_WORDS_MAX]
    if len("".join(spoken)) < 2:
        spoken = []  # one letter is the beginning of everything
    numbers = _candidates(db, today, spoken, topic) if spoken else _of_topic(db, today, topic)
    found = [one for one in _articles(db, numbers, today) if areas is None or one.state.get("area", "") in ("", *areas)]
    scores = {one.no: _score(one, spoken, topic) for one in found}
    return sorted(found, key=lambda one: -scores[one.no])[:HINTS_MAX]


def _candidates(db: Db, today: str, spoken: Sequence[str], topic: str) -> list[int]:
    marks = TSQUERY if db.postgres else FTS5
    terms = [f"{marks.quote}{pair[:WORD_LETTERS_MAX]}{marks.quote}" for pair in _pairs(spoken) or spoken]
    terms[-1] += marks.begins  # the last one may be half typed
    query = marks.either.join(terms)
    nearest = _NEAREST_POSTGRES if db.postgres else _NEAREST_SQLITE
    rows = db.all(
        f"SELECT a.no FROM ({nearest}) f JOIN article a ON a.no = f.no WHERE {_CURRENT}"
        f" ORDER BY f.far * CASE WHEN a.topics LIKE ? THEN {TOPIC_FACTOR} ELSE 1.0 END, a.no DESC LIMIT ?",
        *([query] if db.postgres else []), query, NEAREST, today, today, f"% {topic or '-'} %", CANDIDATES,
    )  # fmt: skip
    return [row[0] for row in rows]


# The best by their words alone, before anything else is asked of them: a join with every row takes four times as long.
NEAREST = 400
_NEAREST_SQLITE = (
    f"SELECT rowid AS no, bm25(article_search, {_WEIGHTS_SQLITE}) AS far FROM article_search"
    " WHERE article_search MATCH ? ORDER BY 2 LIMIT ?"
)
_NEAREST_POSTGRES = (
    f"SELECT no, -ts_rank('{_WEIGHTS_POSTGRES}', words, ?::tsquery) AS far FROM article_search"
    " WHERE words @@ ?::tsquery ORDER BY 2 LIMIT ?"
)


def _of_topic(db: Db, today: str, topic: str) -> list[int]:
    if not topic:
        return []
    sql = f"SELECT a.no FROM article a WHERE {_CURRENT} AND a.topics LIKE ? ORDER BY a.at_ms DESC, a.no DESC LIMIT ?"
    return [row[0] for row in db.all(sql, today, today, f"% {topic} %", CANDIDATES)]


def _score(one: Article, spoken: Sequence[str], topic: str) -> int:
    """How well an article fits: how many pairs of words stand there as they were spoken, those of the question twice."""
    question, *rest = (f" {' '.join(_WORD.findall(fold(text)))} " for text in _texts(one.state))
    whole = "".join((question, *rest))
    pairs = [f" {first} {second}" for first, second in pairwise(spoken)] or [f" {word}" for word in spoken]
    # The last word may be half typed; every other one is whole.
    pairs = [*(f"{pair} " for pair in pairs[:-1]), *pairs[-1:]]
    return 2 * sum(2 * (pair in question) + (pair in whole) for pair in pairs) + (topic in one.state["topics"])


@dataclass(frozen=True)
class Edition:
    """What was done to an article once, as the centre's journal has it."""

    kind: str
    at_ms: int
    by: str
    content: dict[str, Any]


def editions(db: Db, no: int) -> list[Edition]:
    """Everything that was published and retired of an article, the newest first; at the centre, where it is written."""
    # In a later life of the centre the same event may stand there again, under the same id.
    rows = db.all(
        "SELECT header, open, private FROM journal WHERE entity_no = ? AND verdict = 'applied' ORDER BY no", no
    )
    events = {event.id: event for event in (from_bytes(EventBytes(*row)) for row in rows)}
    return [Edition(one.kind, one.at_ms, one.actor.hex(), dict(one.open)) for one in reversed(events.values())]


def questions(db: Db) -> set[str]:
    """The questions of all articles, retired ones too, folded."""
    return {row[0] for row in db.all("SELECT folded FROM article")}


def count_articles(db: Db) -> int:
    """How many articles this machine holds that are not retired."""
    return int(db.value("SELECT count(*) FROM article WHERE retired = 0"))
