"""What is asked before a new computer may connect: whose it is, and which communes it may see besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from forms.fields import KitForm, Places, Required, TextField
from forms.refusals import sentence
from sync.fold import fold

UNITS_MAX = 40  # more than any district has communes; a code for the whole province is the district's own business


class CodeForm(KitForm):
    """For which office a connection code is made."""

    office = TextField(
        _l("Office"),
        validators=[Required()],
        description=_l("Four digits, or the beginning of the name: the list offers what fits."),
        longest=120,
    )
    units = TextField(
        _l("Further communes it may see"),
        description=_l("Names or codes, with semicolons between them. Its own area needs no mention."),
        longest=2000,
    )

    def __init__(self, *args: Any, offices: Mapping[str, Any], **kwargs: Any) -> None:
        self.offices = offices
        self.codes: list[str] = []
        super().__init__(*args, **kwargs)

    def validate_office(self, field: TextField) -> None:
        """Take a number, or a name that only one office has."""
        wanted = fold(field.data)
        named = [number for number, office in self.offices.items() if fold(office.name) == wanted]
        found = [wanted] if wanted in self.offices else named
        if len(found) != 1:
            raise ValidationError(sentence("unknown_office"))
        field.data = found[0]

    def validate_units(self, field: TextField) -> None:
        """Find the code of each name; a name that several units have is refused with their codes."""
        self.codes = unit_codes(field.data or "", self.surroundings["places"])


class UnitsForm(KitForm):
    """Which units a computer looks after beside its office's own."""

    units = TextField(
        _l("Further communes it looks after"),
        description=_l("Names or codes, with semicolons between them; empty takes all of them away."),
        longest=2000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.codes: list[str] = []
        super().__init__(*args, **kwargs)

    def validate_units(self, field: TextField) -> None:
        """Find the code of each name."""
        self.codes = unit_codes(field.data or "", self.surroundings["places"])


def unit_codes(text: str, places: Places) -> list[str]:
    """The codes of units typed with semicolons between them."""
    names = [part.strip() for part in text.split(";") if part.strip()]
    if len(names) > UNITS_MAX:
        raise ValidationError(_("At most %(max)s communes.", max=UNITS_MAX))
    return [_unit_code(name, places) for name in names]


def _unit_code(name: str, places: Places) -> str:
    if places.unit(name):
        return name
    found = places.find_units(name, limit=5)
    same = [unit for unit in found if fold(name) in (fold(unit.name), fold(places.unit_label(unit.code)))] or found
    if len(same) == 1:
        return same[0].code
    if not same:
        raise ValidationError(_("There is no commune “%(name)s”.", name=name))
    offered = "; ".join(f"{places.unit_label(unit.code)} = {unit.code}" for unit in same)
    text = _(
        "Several communes fit “%(name)s”. Type the code of the one meant: %(offered)s.", name=name, offered=offered
    )
    raise ValidationError(text)
