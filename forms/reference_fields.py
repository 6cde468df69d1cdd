"""Fields of the forms of reference data: places, points, answers to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms import Form
from wtforms.validators import StopValidation

from forms.fields import AreaField, KitForm, TextField, UnitField
from forms.refusals import sentence
from sync.fold import fold

_POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,8})?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d{1,8})?)")


def code_of(text: str) -> str:
    """A code made of words: small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")[:40]


class SamePlaceField(UnitField):
    """A unit typed by its name; `known` is the one that stands there, for several of one name may exist."""

    known = ""

    def pre_validate(self, form: KitForm) -> None:
        if self.known and self.typed == form.surroundings["places"].unit_label(self.known):
            self.data = self.known
            return
        super().pre_validate(form)


class ParentField(SamePlaceField):
    """The unit in which another one lies; of several of one name that of its own structure is meant."""

    def pre_validate(self, form: KitForm) -> None:
        try:
            super().pre_validate(form)
        except StopValidation:
            structure = str(form["code"].data or "").partition(":")[0]
            same = [unit for unit in self.offered if unit.code.startswith(f"{structure}:")]
            if len(same) != 1:
                raise
            self.show(str(same[0].code), form.surroundings["places"])
            self.offered = ()


class ChoicesField(AreaField):
    """The answers to choose from, one a line: Vietnamese | English | code; `data` is [[code, Vietnamese, English], …]."""

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].replace("\r\n", "\n").strip() if valuelist else ""
        self.data = []

    def pre_validate(self, form: Form) -> None:
        self.data = [self._read(line) for line in self.typed.splitlines() if line.strip()]

    def _read(self, line: str) -> list[str]:
        parts = [part.strip() for part in line.split("|")]
        if len(parts) not in (2, 3) or not all(parts[:2]):
            raise StopValidation(_("“%(line)s” is no answer. Write one a line: Vietnamese | English.", line=line[:60]))
        return [code_of(parts[2] if len(parts) == 3 and parts[2] else parts[1]), parts[0], parts[1]]

    def _value(self) -> str:
        return self.typed or "\n".join(f"{vi} | {en} | {code}" for code, vi, en in self.data or ())


class UnitsField(AreaField):
    """Units, one a line, each by its code or name; `data` is their codes, those marked with * also in `marked`."""

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].replace("\r\n", "\n").strip() if valuelist else ""
        self.data = []

    def pre_validate(self, form: KitForm) -> None:
        found = [(self._read(line.strip().lstrip("* "), form), line.strip()[:1] == "*") for line in self._lines()]
        self.data, self.marked = [code for code, _ in found], [code for code, mark in found if mark]

    def _lines(self) -> list[str]:
        return [line for line in self.typed.splitlines() if line.strip()]

    def _read(self, text: str, form: KitForm) -> str:
        places = form.surroundings["places"]
        code = text.split()[0] if text.split() else text
        if places.unit(code):
            return code
        same = [unit for unit in places.find_units(text, limit=5) if fold(places.unit_label(unit.code)) == fold(text)]
        if len(same) != 1:
            raise StopValidation(_("“%(line)s” is no unit. Write its code, like 2021:14758.", line=text[:60]))
        return str(same[0].code)

    def show(self, codes: Iterable[str], marked: Iterable[str], places: Any) -> None:
        """Fill the field with units known by their codes."""
        stars = set(marked)
        self.typed = "\n".join(f"{'* ' if code in stars else ''}{code} {places.unit_label(code)}" for code in codes)

    def _value(self) -> str:
        return self.typed


class PointField(TextField):
    """A point typed as latitude, longitude; `data` is both as numbers, or None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].strip() if valuelist else ""
        self.data = None

    def pre_validate(self, form: KitForm) -> None:
        found = _POINT.fullmatch(self.typed) if self.typed else None
        if self.typed and not found:
            raise StopValidation(sentence("bad_point"))
        self.data = (float(found[1]), float(found[2])) if found else None

    def _value(self) -> str:
        return self.typed or (f"{self.data[0]},{self.data[1]}" if self.data else "")
