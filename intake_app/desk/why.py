"""Why a report was found: where in it the words stand that were looked for. An identity to be kept secret is no reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from forms.words import word
from intake_app.shown import masked
from sync import tracking_code
from sync.fold import fold, fold_words

AROUND_CHARS = 36
FIELDS = ("details", "address", "village", "intake_no")


class Looked:
    """The words looked for, ready to be found again in a text."""

    def __init__(self, text: str) -> None:
        words = ["".join(char for char in each if char.isalnum()) for each in fold(text).split()]
        words = [each for each in words if each]
        ends = [*[r"(?![^\W_])"] * (len(words) - 1), ""]
        self._words = words
        self._shapes = [
            re.compile(rf"(?<![^\W_]){re.escape(each)}{end}") for each, end in zip(words, ends, strict=True)
        ]
        self.name = cache(partial(word, "field"))  # a page names the same fields over and over
        self.digits = "".join(each for each in words if each.isdigit())

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in a text; nowhere where folding would move its letters."""
        folded = fold_words([text])[0]
        for each in self._words:  # A plain search first: most fields hold none of the words, and a page asks 250 of them.
            if each in folded:
                break
        else:
            return []
        if len(folded) != len(text):
            return []
        found = sorted(match.span() for shape in self._shapes for match in shape.finditer(folded))
        return [span for at, span in enumerate(found) if at == 0 or span[0] >= found[at - 1][1]]

    def in_number(self, number: str) -> bool:
        """Whether a code or a phone number is what was typed, whole, begun or by its end."""
        if len(self.digits) < 3:
            return False
        return number.startswith(self.digits) or number.endswith(self.digits[-9:])


def marked(looked: Looked, text: str, around: int = 0, places: list[tuple[int, int]] | None = None) -> Markup:
    """A text with the words looked for marked; `around` cuts it to what stands about the first of them."""
    places = looked.places(text) if places is None else places
    if not places:
        return escape(text)
    start, end = 0, len(text)
    if around and places:
        start = max(0, text.rfind(" ", 0, max(0, places[0][0] - around)) + 1)
        end = min(len(text), places[0][1] + 2 * around)
    parts, done = [Markup("…") if start else Markup()], start
    for first, last in places:
        if first >= done and last <= end:
            # Not Markup.format: it takes ten times as long, and a page of results has two hundred of these.
            parts.append(Markup(f"{escape(text[done:first])}<mark>{escape(text[first:last])}</mark>"))
            done = last
    return Markup().join([*parts, escape(text[done:end]), Markup("…") if end < len(text) else Markup()])


def reasons(looked: Looked, state: Mapping[str, Any]) -> list[tuple[str, Markup | str]]:
    """By which fields a report was found, each with the words around; the summary, which a list shows anyway, is left out."""
    return [*_numbers(looked, state), *_people(looked, state), *_texts(looked, state)]


def _numbers(looked: Looked, state: Mapping[str, Any]) -> Iterator[tuple[str, Markup | str]]:
    if looked.in_number(state["tracking_code"]):
        yield looked.name("tracking_code"), tracking_code.show(state["tracking_code"])
    for alias in state.get("aliases", ()):
        if looked.in_number(alias):
            yield _("Earlier code"), tracking_code.show(alias)


def _people(looked: Looked, state: Mapping[str, Any]) -> Iterator[tuple[str, Markup | str]]:
    # Found by other words, it must not say that they stand in the name too.
    reporter = {} if state.get("confidential") else state.get("reporter", {})
    phone = str(reporter.get("phone", "")).removeprefix("+84")
    if phone and looked.digits and looked.in_number(phone) or looked.in_number("0" + phone):
        yield looked.name("phone"), masked(phone)
    if (name := reporter.get("name")) and looked.places(name):
        yield looked.name("name"), marked(looked, name)


def _texts(looked: Looked, state: Mapping[str, Any]) -> Iterator[tuple[str, Markup | str]]:
    for field in FIELDS:
        if not (text := state.get(field)):
            continue
        flat = " ".join(str(text).split())
        if places := looked.places(flat):
            yield looked.name(field), marked(looked, flat, AROUND_CHARS, places)
