"""How alike two short texts are, in per cent. Pure; the standard library's own matcher, after a cheap sieve."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache

from sync.fold import fold

# Below this share of common words the matcher is not asked: it costs a hundred times as much as the sieve.
SIEVE = 0.15


# A list of reports is compared with the same ones over and over.
@lru_cache(maxsize=4_096)
def tokens(text: str) -> frozenset[str]:
    """The words of a text without accents, for `share`; single letters tell nothing."""
    return frozenset(word for word in fold(text).split() if len(word) > 1)


def share(first: frozenset[str], second: frozenset[str]) -> float:
    """The part of all words that both have (Jaccard)."""
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def percent_alike(first: str, second: str, least: int = 0) -> int:
    """How alike two texts are: the better one of their words in any order and their letters in order.

    Below `least` any number below it may be given: what cannot reach it is not matched letter by letter.
    """
    common = share(tokens(first), tokens(second))
    if common < SIEVE:
        return round(common * 100)
    # Without the junk heuristic: it is for long files and takes frequent letters out of short texts.
    matcher = SequenceMatcher(None, fold(first), fold(second), autojunk=False)
    # As many letters as both have in any order: a bound that costs a fifth.
    within_reach = round(matcher.quick_ratio() * 100) >= least
    return round(max(common, matcher.ratio() if within_reach else 0.0) * 100)
