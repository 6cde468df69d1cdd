"""The forms on an entry that the centre refused: its values to correct, and the reason for giving it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field

from forms.fields import (
    AreaField,
    ChoiceField,
    KitForm,
    Marked,
    Places,
    Required,
    SwitchField,
    TextField,
    TimeField,
    UnitField,
)
from forms.words import FIELDS, N_, SETS, choices
from sync.limits import TEXT_MAX

PREFIX = "value-"  # a field of the entry may have the name of something that every form has
TIMES = frozenset({"occurred_at", "received_at", "next_try", "when", "deadline"})
LONG = frozenset({"details", "text", "reason", "answer", "sources", "how", "home_address"})
LINE_MAX = 120
# What no other page shows as a field of its own.
NAMES = FIELDS | {
    "internal": N_("Internal"),
    "score": N_("How content the citizen is"),
    "to": N_("Told to (name, office, number)"),
    "when": N_("Told at"),
    "by_whom": N_("Told by"),
}


class DismissForm(KitForm):
    """Why an entry is given up."""

    reason = AreaField(_l("Why it is given up"), validators=[Required()], longest=TEXT_MAX)


def repair_form(values: Mapping[str, Any], topics: Sequence[tuple[str, str]]) -> type[KitForm]:
    """A form with a field for each value that can be typed; lists and answers stay as they are."""
    made = {PREFIX + key: field for key, value in values.items() if (field := _field(key, value, topics)) is not None}
    return type("RepairForm", (KitForm,), made)


def _field(key: str, value: Any, topics: Sequence[tuple[str, str]]) -> Any:
    name = _l(NAMES[key]) if key in NAMES else key
    if isinstance(value, bool):
        return SwitchField(name)
    if not isinstance(value, str | int):
        return None
    if key == "topic":
        return ChoiceField(name, choices=list(topics), validators=[Marked()])
    if key in SETS and key not in ("event", "field", "verdict"):
        return ChoiceField(name, choices=choices(key), validators=[Marked()])
    if key in ("unit", "home_unit"):
        return UnitField(name)
    if key in TIMES:
        return TimeField(name)
    return AreaField(name) if key in LONG or len(str(value)) > LINE_MAX else TextField(name)


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the form's fields take them."""
    return {PREFIX + key: _fits(key, value) for key, value in values.items()}


def _fits(key: str, value: Any) -> Any:
    if key not in TIMES:
        return value if isinstance(value, bool) else str(value)
    try:
        return datetime.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        return ""


def show_places(form: KitForm, values: Mapping[str, Any], places: Places) -> None:
    """Write the names of units into their fields; a code that names none is shown as it is."""
    for key in ("unit", "home_unit"):
        if isinstance(field := form._fields.get(PREFIX + key), UnitField):
            code = str(values[key])
            field.show(code if places.unit(code) else None, places)
            field.typed = field.typed or code


def changes_of(form: KitForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed otherwise than the refused entry has it."""
    before = shown(values)
    typed = {name.removeprefix(PREFIX): field.data for name, field in form._fields.items() if name.startswith(PREFIX)}
    return {key: value for key, value in typed.items() if value != before[PREFIX + key]}


def field_of(form: KitForm, key: str) -> Field | None:
    """The field that a value of the entry is typed into."""
    return form._fields.get(PREFIX + key)
