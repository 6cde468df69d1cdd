"""How alike two short texts are, in per cent. Pure; the standard library's own matcher, after a cheap sieve."""

from __future__ import annotations

from difflib import SequenceMatcher

from sync.fold import fold

# Below this share of common words the matcher is not asked: it costs a hundred times as much as the sieve.
SIEVE = 0.15


def tokens(text: str) -> frozenset[str]:
    """The words of a text without accents, for `share`; single letters tell nothing."""
    return frozenset(word for word in fold(text).split() if len(word) > 1)


def share(first: frozenset[str], second: frozenset[str]) -> float:
    """The part of all words that both have (Jaccard)."""
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def percent_alike(first: str, second: str) -> int:
    """How alike two texts are: the better one of their words in any order and their letters in order."""
    common = share(tokens(first), tokens(second))
    if common < SIEVE:
        return round(common * 100)
    # Without the junk heuristic: it is for long files and takes frequent letters out of short texts.
    letters = SequenceMatcher(None, fold(first), fold(second), autojunk=False).ratio()
    return round(max(common, letters) * 100)
