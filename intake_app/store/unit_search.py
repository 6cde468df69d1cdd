"""Finding a unit by the words of its name, typed without accents, by their beginnings, in any order.

Holds folded names only; what a unit is stands in directory.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sync.fold import fold, fold_many

# How officers shorten the kinds of units; the other kinds begin with their usual letter (p, x, h, t).
_SHORT_KINDS = {"thanh pho": "tp", "thi xa": "tx", "thi tran": "tt"}

# A name has at most five words, with its district's and the short kinds twelve; more are noise that costs time.
_WORDS_MAX = 12

_SAME_NAME, _NAME_BEGINS, _OWN_WORDS, _SAME_FORMER, _PART_OF_FORMER, _DISTRICT_WORDS, _FORMER_WORDS = range(7)


class _Former(NamedTuple):
    rank: int  # Whether this unit is the one to take for the former one, or took over a part of it.
    names: tuple[str, ...]
    place: str


class _Entry(NamedTuple):
    code: str
    typed: str  # With its accents, in small letters, the district's name too.
    names: tuple[str, ...]  # Without its kind, with it, and with the district's.
    own: str  # Each word has a space before it, so that " do" in own means "a word begins with do".
    place: str  # The own words and the district's.
    former: list[_Former]  # The units it took over.


class UnitSearch:
    """All units by their names; immutable."""

    def __init__(
        self, units: Sequence[tuple[str, str, str, str | None]], successors: Mapping[str, Sequence[str]]
    ) -> None:
        """Takes (code, name, kind, parent) of all units and, for old codes, the codes that took them over."""
        full = dict(zip((code for code, *_ in units), fold_many([name for _, name, _, _ in units]), strict=True))
        kinds = {kind: fold(kind) for _, _, kind, _ in units}
        tops = {code for code, _, _, parent in units if parent is None}
        entries: dict[str, _Entry] = {}
        for code, name, kind, parent in units:  # A parent stands before what lies in it.
            above = entries.get(parent) if parent and parent not in tops else None
            entries[code] = _entry(code, name, full[code], kinds[kind], above)
        for old, targets in successors.items():
            for target in targets:
                rank = _SAME_FORMER if target == targets[0] else _PART_OF_FORMER
                entries[target].former.append(_Former(rank, entries[old].names, entries[old].place))
        self._entries = list(entries.values())

    def find(self, words: str, limit: int, structure: str | None) -> list[str]:
        """Gives the codes that fit all words, best first: own name, then district's, then former names."""
        asked = fold(words.replace(",", " ").replace(".", " ")).split()[:_WORDS_MAX]
        if not asked:
            return []
        phrase, beginnings = " ".join(asked), [f" {word}" for word in asked]
        typed = unicodedata.normalize("NFC", words).casefold().replace(",", " ").split()[:_WORDS_MAX]
        ranked = [
            (rank, _words_cut_short(entry, beginnings), _words_elsewhere(entry, typed), *_plain_order(entry))
            for entry in self._entries
            if (structure is None or entry.code.startswith(structure))
            and (rank := _rank(entry, phrase, beginnings)) is not None
        ]
        return [code for *_, code in sorted(ranked)[:limit]]


def _entry(code: str, name: str, full: str, kind: str, above: _Entry | None) -> _Entry:
    short = _SHORT_KINDS.get(kind)
    own = f" {short} {full}" if short else f" {full}"
    names, typed = (full.removeprefix(kind).strip(), full), f" {name.casefold()} "
    if above is None:
        return _Entry(code, typed, names, own, own, [])
    return _Entry(code, typed + above.typed, (*names, f"{full} {above.names[1]}"), own, own + above.own, [])


def _has_all(words: str, beginnings: list[str]) -> bool:
    for each in beginnings:  # A plain loop: all() with a generator takes twice as long here.
        if each not in words:
            return False
    return True


def _words_cut_short(entry: _Entry, beginnings: list[str]) -> int:
    """Counts the asked words that are only the beginning of a word: "phu" is meant before "phuong"."""
    place = f"{entry.place} "
    return sum(f"{each} " not in place for each in beginnings)


def _words_elsewhere(entry: _Entry, typed: list[str]) -> int:
    """Counts the words that, accents and all, are not its own: tells Hoằng Thành from Hoằng Thanh."""
    return sum(f" {each} " not in entry.typed for each in typed)


def _plain_order(entry: _Entry) -> tuple[int, int, str, str]:
    """Puts the larger unit first, then the shorter name."""
    return len(entry.code), len(entry.names[0]), entry.names[0], entry.code


def _rank(entry: _Entry, phrase: str, beginnings: list[str]) -> int | None:
    if phrase in entry.names:
        return _SAME_NAME
    if _has_all(entry.own, beginnings):
        return _NAME_BEGINS if entry.names[0].startswith(phrase) else _OWN_WORDS
    ranks = [each.rank for each in entry.former if phrase in each.names]
    if _has_all(entry.place, beginnings):
        ranks.append(_DISTRICT_WORDS)
    if any(_has_all(each.place, beginnings) for each in entry.former):
        ranks.append(_FORMER_WORDS)
    return min(ranks, default=None)
