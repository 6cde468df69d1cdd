"""The one search key of index and query, and the cleaning of typed text before it is kept.

Pure functions on text. What may be typed, and how long it may be, is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from codecs import charmap_build, charmap_decode, charmap_encode
from collections.abc import Sequence

# Letters and signs that Vietnamese office text consists of: each folds to exactly one character, and
# together with ASCII they fit the 256 places of a character map, which is seven times as fast as the definition.
_VIETNAMESE = "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_SIGNS = "\u00a0–—“”‘’•°²³"
_UNDEFINED = "\ufffe"
_SEPARATOR = "\0"

_LINE_END = re.compile("\r\n?|\u2028|\u2029|\x85")
# A surrogate on its own cannot be written as UTF-8; U+FEFF is the mark some editors put before a text.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def _fold_characters(text: str) -> str:
    """Gives the search key without folding whitespace: the definition, for any text."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return bare.replace("đ", "d").replace("ð", "d")


def _known_letters() -> str:
    # Place 0 must hold NUL or CPython builds a dict instead of its fast map; other controls give their places away.
    ascii_letters = [chr(code) if code == 0 or 9 <= code <= 13 or code >= 32 else "" for code in range(128)]
    known = "".join(ascii_letters) + _VIETNAMESE + _VIETNAMESE.upper() + _SIGNS
    return known.ljust(256, _UNDEFINED)


_KNOWN = _known_letters()
_TO_PLACE = charmap_build(_KNOWN)
_FOLDED = "".join(letter if letter == _UNDEFINED else _fold_characters(letter) for letter in _KNOWN)


def _fold_known(text: str) -> str:
    """Does what _fold_characters does, for text of known letters only."""
    return charmap_decode(charmap_encode(text, "strict", _TO_PLACE)[0], "strict", _FOLDED)[0]


def fold(text: str) -> str:
    """Gives the search key of a text: no accents, no case, đ as d, single spaces, nothing at the ends."""
    try:
        folded = _fold_known(text)
    except UnicodeEncodeError:
        folded = _fold_characters(text)
    return " ".join(folded.split())


def fold_many(texts: Sequence[str]) -> list[str]:
    """Gives the search key of each text; a batch costs about a third of folding short texts one by one."""
    return [" ".join(part.split()) for part in fold_words(texts)]


def fold_words(texts: Sequence[str]) -> list[str]:
    """Gives each text folded but for its spaces: half the price, where only its words matter."""
    try:
        parts = _fold_known(_SEPARATOR.join(texts)).split(_SEPARATOR)
    except UnicodeEncodeError:
        parts = []
    if len(parts) != len(texts):  # A letter outside the map, or a NUL inside a text.
        return [fold(text) for text in texts]
    return parts


def clean_text(text: str, multiline: bool) -> str:
    """Gives typed text as it is kept: NFC, LF line ends, no other control characters, nothing at the ends.

    Cleaning a cleaned text changes nothing. A single line has each break, with the spaces around it, folded to one space.
    """
    # Nearly every text is clean already, and these three questions cost a tenth of the answer below.
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()
    lines = _UNWANTED.sub("", _LINE_END.sub("\n", text)).replace("\t", " ")
    tidy = unicodedata.normalize("NFC", lines).strip()
    if multiline or "\n" not in tidy:
        return tidy
    return " ".join(line.strip() for line in tidy.split("\n") if line.strip())
