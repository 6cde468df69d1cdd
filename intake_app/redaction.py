"""What must not be read by the public: a proposal that takes it out of a text, and what a person has to look at. Pure.

Names, telephone numbers, exact addresses, numbers of papers and e-mail addresses are taken out, a little too much rather
than too little: a person checks the proposal. Words about health are only marked, for what they mean only a person knows.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from intake_app.store.shipped import DATA_FOLDER

NAME, PHONE, ADDRESS, NUMBER, EMAIL, LINK = "name", "phone", "address", "number", "email", "link"
# What stands in the place of what was taken out, in the language of the matter.
PLACEHOLDERS = {
    NAME: "[tên]", PHONE: "[số điện thoại]", ADDRESS: "[địa chỉ]", NUMBER: "[số giấy tờ]", EMAIL: "[thư điện tử]",
    LINK: "[liên kết]",
}  # fmt: skip
# What is certain enough to keep a text from being published; of the others a person says that they were looked at.
CERTAIN = frozenset({PHONE, EMAIL, NUMBER})
LETTERS_MIN = 2  # a reporter who signs with one letter has no name to take out


class Piece(NamedTuple):
    """A piece of a text that should not be read: where, of what kind, and whether it is this report's own reporter's."""

    start: int
    end: int
    kind: str
    own: bool = False


class Redacted(NamedTuple):
    """A text with placeholders, the pieces that were taken out of it, and the words about health that stay in it."""

    text: str
    pieces: tuple[Piece, ...]
    health: tuple[str, ...]


@cache
def _word_lists() -> Mapping[str, Sequence[str]]:
    return json.loads((DATA_FOLDER / "redaction_words.json").read_bytes())


def plain(text: str) -> str:
    """A text without accents and capitals, letter for letter, so that a place in it is a place in the text."""
    return "".join(_plain_letter(letter) for letter in text)


def _plain_letter(letter: str) -> str:
    bare = unicodedata.normalize("NFD", letter)[0].lower()
    return {"đ": "d", "ð": "d"}.get(bare, bare if len(bare) == 1 else letter)


# In Unicode the small and the capital letters of Vietnamese stand in turn: no range has the ones without the others.
_SMALL = "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_CAP = rf"[A-Z{_SMALL.upper()}][a-z{_SMALL}]*"
_GAP = r"[ \u00a0]+"
_STREET_WORDS = "đường|phố|ngõ|ngách|hẻm|kiệt|tổ dân phố|khu phố|tổ|thôn|bản|xóm|làng|số nhà|nhà số|căn hộ|phòng trọ"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (EMAIL, re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")),
    (LINK, re.compile(r"(?:https?://|www\.|(?:facebook|fb|zalo|tiktok|youtube)\.(?:com|me|vn)/)\S+", re.IGNORECASE)),
    (PHONE, re.compile(r"(?<![\w/])(?:\+?84|0)(?:[ .\-\u00a0]?\d){8,10}(?!\d)")),
    (NUMBER, re.compile(r"(?<![\w])[A-Z]{2}[ ]?\d{13}(?!\d)")),  # health insurance
    (
        NUMBER,
        re.compile(r"(?<![\w/])(?:\d[ .]?){11}\d(?!\d)|(?<![\w/.,])\d{9}(?![\d.,])"),
    ),  # identity, twelve or nine digits
    (NUMBER, re.compile(r"(?<!\w)[A-Z]\d{7}(?!\d)")),  # passport
    (NUMBER, re.compile(r"(?<!\w)\d{2}[A-Z]{1,2}\d?[ \-]\d{3}[.]?\d{2}(?!\d)")),  # a vehicle's plate
    (NUMBER, re.compile(r"(?:tài khoản|stk)(?: số)?:? *\d[\d .]{5,}\d", re.IGNORECASE)),
    (ADDRESS, re.compile(r"\d{1,2}\.\d{3,}\s*[,;]\s*\d{2,3}\.\d{3,}")),  # a point of the map
    (
        ADDRESS,
        re.compile(
            rf"(?<!\w)(?i:số nhà|nhà số|số)\s*\d+[A-Za-z]?(?:/\d+[A-Za-z]?)*"
            rf"(?:,?\s*(?i:{_STREET_WORDS})\s+(?:\d+[A-Za-z]?(?:/\d+)*|{_CAP}(?:{_GAP}{_CAP}){{0,3}}))+"
        ),
    ),
    (ADDRESS, re.compile(r"(?<!\w)(?:[Ss]ố nhà|[Nn]hà số|[Cc]ăn hộ)\s*\w*\d\w*(?:/\w+)*")),
    (
        ADDRESS,
        re.compile(
            rf"(?<!\w)(?i:{_STREET_WORDS})\s+(?:\d+[A-Za-z]?(?:/\d+)*(?!\d)|{_CAP}(?:{_GAP}{_CAP}){{0,3}}(?:{_GAP}\d+)?)"
        ),
    ),
    (ADDRESS, re.compile(rf"(?<![\w/.,])\d+[A-Za-z]?(?:/\d+[A-Za-z]?)+{_GAP}{_CAP}(?:{_GAP}{_CAP}){{0,3}}")),
)


def _named() -> re.Pattern[str]:
    """Who is named: a form of address and capital letters after it, or a family name with others behind it."""
    words = _word_lists()
    forms = "|".join(sorted(words["forms_of_address"], key=len, reverse=True))
    families = "|".join(sorted(words["family_names"], key=len, reverse=True))
    return re.compile(
        rf"(?<!\w)(?:(?i:{forms}){_GAP}(?P<called>{_CAP}(?:{_GAP}{_CAP}){{0,4}})|(?P<whole>(?:{families})(?:{_GAP}{_CAP}){{1,4}}))(?!\w)"
    )


def find_pieces(text: str, own: Mapping[str, Any]) -> list[Piece]:
    """What should not be read in a text, in its order and without overlaps; `own` is what is known of the reporter."""
    found = [*_own(text, own), *_by_shape(text), *_names(text)]
    kept: list[Piece] = []
    # What is surely the reporter's goes before a guess, a longer piece before a shorter one.
    for piece in sorted(found, key=lambda each: (not each.own, each.start - each.end)):
        if all(piece.end <= other.start or piece.start >= other.end for other in kept):
            kept.append(piece)
    return sorted(kept)


def _own(text: str, own: Mapping[str, Any]) -> Iterable[Piece]:
    folded = plain(text)
    for field, kind in (
        ("name", NAME), ("representative_name", NAME), ("address", ADDRESS), ("village", ADDRESS), ("home_address", ADDRESS),
        ("email", EMAIL), ("social", LINK), ("national_id", NUMBER), ("phone_typed", PHONE),
    ):  # fmt: skip
        value = plain(" ".join(str(own.get(field) or "").split()))
        if sum(letter.isalnum() for letter in value) >= LETTERS_MIN:
            pattern = r"\s+".join(map(re.escape, value.split(" ")))
            yield from (Piece(*at.span(), kind, True) for at in re.finditer(rf"(?<!\w){pattern}(?!\w)", folded))
    digits = re.sub(r"\D", "", str(own.get("phone") or "")).removeprefix("84")
    if len(digits) >= 8:
        spread = r"[ .\-\u00a0]?".join(digits)
        yield from (Piece(*at.span(), PHONE, True) for at in re.finditer(rf"(?:\+?84[ .\-]?|0)?{spread}(?!\d)", text))


def _by_shape(text: str) -> Iterable[Piece]:
    for kind, pattern in _PATTERNS:
        yield from (Piece(*at.span(), kind) for at in pattern.finditer(text))


def _names(text: str) -> Iterable[Piece]:
    for at in _named().finditer(text):
        yield Piece(*at.span("called" if at["called"] else "whole"), NAME)


def redact(text: str, own: Mapping[str, Any]) -> Redacted:
    """The proposal for a text: placeholders where something was, and the words about health that a person has to look at."""
    pieces = find_pieces(text, own)
    parts, last = [], 0
    for piece in pieces:
        parts += [text[last : piece.start], PLACEHOLDERS[piece.kind]]
        last = piece.end
    proposed = "".join([*parts, text[last:]])
    return Redacted(proposed, tuple(pieces), health_words(proposed))


def health_words(text: str) -> tuple[str, ...]:
    """The words about somebody's health that stand in a text, each once, as they stand there."""
    folded = plain(text)
    found: dict[str, None] = {}
    for word in _word_lists()["health"]:
        for at in re.finditer(rf"(?<!\w){re.escape(plain(word))}(?!\w)", folded):
            # Without accents "ho" is also a family name and "sot" a basket: the accents decide where the text has any.
            said = text[at.start() : at.end()]
            if said.lower() == word.lower() or said.isascii():
                found[said] = None
    return tuple(found)


def left_in(texts: Iterable[str], own: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """What still stands in texts that are to be published: what must not, and what a person has to have looked at."""
    certain: set[str] = set()
    doubtful: set[str] = set()
    for text in texts:
        for piece in find_pieces(text, own):
            (certain if piece.own or piece.kind in CERTAIN else doubtful).add(text[piece.start : piece.end])
        doubtful.update(health_words(text))
    return certain, doubtful
