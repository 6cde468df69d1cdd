"""Words that hint at a topic or at another procedure, and the procedures themselves: data, read once. They only suggest.

Whoever types with accents is matched with accents, else "tố cáo" would be heard in "tổ cao"; without, by the bare letters.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sync.fold import fold

FOLDER = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class Procedure:
    """A procedure that a citizen is guided to instead of a case being opened."""

    code: str
    vi: str
    en: str
    where_vi: str
    where_en: str
    sources: tuple[str, ...]
    words: tuple[str, ...]

    def text(self) -> str:
        """What the report says about where the citizen was guided to; the law's own language, whoever records."""
        based = f" (căn cứ: {'; '.join(self.sources)})" if self.sources else ""
        return f"{self.vi}. {self.where_vi}{based}"


@cache
def procedures() -> Mapping[str, Procedure]:
    """The procedures by code, in the order in which they are offered."""
    rows = json.loads((FOLDER / "procedures.json").read_bytes())
    made = [Procedure(**{**row, "sources": tuple(row["sources"]), "words": tuple(row["words"])}) for row in rows]
    return {each.code: each for each in made}


@cache
def topic_words() -> Mapping[str, tuple[str, ...]]:
    """The words of each topic."""
    return {code: tuple(words) for code, words in json.loads((FOLDER / "topic_words.json").read_bytes()).items()}


def procedure_hinted(text: str) -> Procedure | None:
    """The procedure whose words stand in a text; the most urgent one if several do."""
    heard = [each for each in procedures().values() if words_in(text, each.words)]
    return next((each for each in heard if each.code == "emergency"), heard[0] if heard else None)


def topic_hinted(text: str) -> str | None:
    """The code of the topic whose words stand in a text most; nothing where two are equally likely."""
    scores = {code: sum(len(word.split()) for word in words_in(text, words)) for code, words in topic_words().items()}
    best = sorted(scores.items(), key=lambda item: item[1], reverse=True)[:2]
    return best[0][0] if best[0][1] > best[1][1] else None


def words_in(text: str, words: Sequence[str]) -> list[str]:
    """Those of the words that stand in a text as whole words."""
    plain = _plain(text)
    if plain.isascii():
        return [word for word in words if f" {fold(word)} " in plain]
    return [word for word in words if f" {word} " in plain]


def _plain(text: str) -> str:
    """A text in small letters, words between single spaces, spaces at both ends."""
    letters = unicodedata.normalize("NFC", text).casefold()
    return f" {' '.join(''.join(char if char.isalnum() else ' ' for char in letters).split())} "
