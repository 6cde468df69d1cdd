"""What routing asks for: the agencies in the order in which a dispatcher looks for them, and fields to pick from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms.validators import ValidationError
from wtforms.widgets import Select

from forms.fields import ChoiceField, SeveralField
from forms.refusals import sentence


class Agency(Protocol):
    """What is needed of an agency here; the directory's have more."""

    code: str
    name: str
    level: str
    district_code: str | None


Groups = dict[str, list[tuple[str, str]]]


def agency_groups(agencies: Iterable[Agency], district: str | None = None) -> Groups:
    """The agencies by level, the one of the district where it happened first; a group without agencies is left out."""
    known = list(agencies)
    local = [agency for agency in known if district and agency.district_code == district]
    rest = [agency for agency in known if agency not in local]
    groups = {
        _("Where it happened"): local,
        _("Provincial agencies"): [agency for agency in rest if agency.level == "province"],
        _("District agencies"): [agency for agency in rest if agency.level == "district"],
        _("Other agencies"): [agency for agency in rest if agency.level not in ("province", "district")],
    }
    return {name: [(agency.code, agency.name) for agency in members] for name, members in groups.items() if members}


class _Grouped(Select):
    """A select with groups whose first line, outside of them, chooses none."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        start, end, rest = super().__call__(field, **kwargs).partition(">")
        selected = "" if field.data else Markup(" selected")
        none = Markup('<option value=""{}>{}</option>').format(selected, _("– choose –"))
        return start + end + none + rest


class AgencyField(ChoiceField):
    """One agency, from a list in groups."""

    widget = _Grouped()

    def offer(self, groups: Groups) -> None:
        """Take the groups to choose from."""
        self.choices = groups

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        if self.data and self.data not in _codes(self.choices):
            raise ValidationError(sentence("unknown_agency"))


class AgenciesField(SeveralField):
    """Some agencies, as checkboxes in groups."""

    def offer(self, groups: Groups) -> None:
        """Take the groups to choose from."""
        self.choices = groups

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        if not set(self.data or ()) <= _codes(self.choices):
            raise ValidationError(sentence("unknown_agency"))


def _codes(groups: Groups) -> set[str]:
    return {code for members in groups.values() for code, _name in members}
