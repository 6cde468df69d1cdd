"""The fields of all forms: what they accept when typed, and our own sentences where something does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, Select

from forms.refusals import sentence
from forms.times import DAY_SHAPE, SHAPE, parse_day, parse_time
from sync.fold import fold

UNITS_OFFERED_MAX = 12


class Places(Protocol):
    """What a form asks of the directory of units."""

    def unit(self, code: str) -> Any: ...

    def find_units(self, words: str, limit: int = 10, structure: str | None = None) -> Sequence[Any]: ...

    def unit_label(self, code: str) -> str: ...


class Required(DataRequired):
    """Says what to do in the reader's language when nothing was typed."""

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(sentence("required"))


class Marked:
    """Marks a field as required where the action says so itself, together with everything else that does not fit."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse nothing here."""


class KitForm(FlaskForm):
    """A form that may hold places, and knows the time by which short dates are understood."""

    def __init__(self, *args: Any, now: datetime | None = None, places: Places | None = None, **kwargs: Any) -> None:
        self.surroundings = {"now": now, "places": places}
        super().__init__(*args, **kwargs)


class TextField(StringField):
    """One line; what is typed is stripped, and nothing typed is the empty text.

    Fields whose data is not text keep what was typed in `typed`, to show it again when it does not fit.
    """

    typed = ""

    def __init__(self, *args: Any, longest: int = 0, **kwargs: Any) -> None:
        if longest:
            kwargs["render_kw"] = {"maxlength": longest, **kwargs.get("render_kw", {})}
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[-1].strip()


class AreaField(TextAreaField):
    """Several lines, kept as typed but for the spaces around."""

    def __init__(self, *args: Any, longest: int = 0, rows: int = 3, **kwargs: Any) -> None:
        kwargs["render_kw"] = {
            "rows": rows,
            **({"maxlength": longest} if longest else {}),
            **kwargs.get("render_kw", {}),
        }
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[-1].replace("\r\n", "\n").strip()


class PlainSelect(Select):
    """A list whose options have nothing but a value and words: one of all computers of a province has 600 of them."""

    @classmethod
    def render_option(cls, choice: Any, **kwargs: Any) -> Markup:
        """The tag of one option."""
        chosen = "selected " if choice.selected else ""
        words = escape(choice.label or choice.value)
        return Markup(f'<option {chosen}value="{escape(choice.value)}">{words}</option>')  # all is escaped


class ChoiceField(SelectField):
    """One of a list; the list is given when the form is made."""

    widget = PlainSelect()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        offered = kwargs.pop("choices", [])
        super().__init__(*args, choices=[], **kwargs)
        self.choices = offered

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {str(code) for code, _ in self.choices}:
            raise ValidationError(sentence("not_in_set", {"allowed": [str(text) for _, text in self.choices if text]}))


class SeveralField(SelectMultipleField):
    """Some of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [])
        super().__init__(*args, **kwargs)

    def pre_validate(self, form: Any) -> None:
        known = {str(code) for code, _ in self.choices}
        if not set(self.data or ()) <= known:
            raise ValidationError(sentence("not_in_set", {"allowed": known}))


class SwitchField(BooleanField):
    """Yes or no."""


class NumberField(TextField):
    """A whole number; dots and spaces between thousands are understood."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].strip() if valuelist else ""
        digits = "".join(char for char in self.typed if char not in ". \u00a0,")
        self.data = None
        if not digits:
            return
        if not (digits.isascii() and digits.removeprefix("-").isdigit()):
            raise ValueError(sentence("not_a_number"))
        self.data = int(digits)

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else str(self.data))


class TimeField(TextField):
    """An instant as ISO text with its offset; typed like 08:30 05/12/2021."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].strip() if valuelist else ""
        self.data = ""

    def pre_validate(self, form: KitForm) -> None:
        if not self.typed:
            return
        moment = parse_time(self.typed, form.surroundings["now"])
        if moment is None:
            raise StopValidation(sentence("not_a_time"))
        self.data = moment.replace(microsecond=0).isoformat()

    def _value(self) -> str:
        if self.typed:
            return self.typed
        return datetime.fromisoformat(self.data).strftime(SHAPE) if self.data else ""


class DayField(TextField):
    """A day as ISO text; typed like 05/12/2021."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].strip() if valuelist else ""
        self.data = ""

    def pre_validate(self, form: KitForm) -> None:
        if not self.typed:
            return
        day = parse_day(self.typed, form.surroundings["now"].date())
        if day is None:
            raise StopValidation(sentence("not_a_day"))
        self.data = day.isoformat()

    def _value(self) -> str:
        if self.typed:
            return self.typed
        return date.fromisoformat(self.data).strftime(DAY_SHAPE) if self.data else ""


def _words(name: str) -> list[str]:
    return fold(name.replace(",", " ")).split()


class UnitField(TextField):
    """A unit, typed by its name with or without accents. Where several fit, `offered` holds them to choose from.

    `data` is the code. The buttons of the offer send the code itself under the same name, so the last value counts.
    """

    offered: Sequence[Any] = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].strip() if valuelist else ""
        self.data = ""

    def pre_validate(self, form: KitForm) -> None:
        places = form.surroundings["places"]
        if not self.typed:
            return
        if places.unit(self.typed):
            self.data, self.typed = self.typed, places.unit_label(self.typed)
            return
        found = places.find_units(self.typed, limit=UNITS_OFFERED_MAX)
        same = [unit for unit in found if _words(places.unit_label(unit.code)) == _words(self.typed)] or found
        if len(same) == 1:
            self.data, self.typed = same[0].code, places.unit_label(same[0].code)
            return
        self.offered = same
        raise StopValidation(sentence("several_units" if same else "unknown_unit"))

    def show(self, code: str | None, places: Places) -> None:
        """Fill the field with a unit known by its code."""
        self.data = code or ""
        self.typed = places.unit_label(code) if code else ""

    def _value(self) -> str:
        return self.typed
