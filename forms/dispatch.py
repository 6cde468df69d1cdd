"""What routing asks for: the agencies in the order in which a dispatcher looks for them, and fields to pick from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from forms.fields import AreaField, ChoiceField, KitForm, Required, SeveralField
from forms.refusals import sentence
from forms.words import label
from sync.limits import TEXT_MAX


class Agency(Protocol):
    """What is needed of an agency here; the directory's have more."""

    code: str
    name: str
    level: str
    unit: str | None


Groups = dict[str, list[tuple[str, str]]]


def agency_groups(agencies: Iterable[Agency], places: Collection[str] = ()) -> Groups:
    """The agencies by level, those of the places where it happened first; a group without agencies is left out."""
    known = list(agencies)
    local = [agency for agency in known if agency.unit in places]
    rest = [agency for agency in known if agency not in local]
    groups = {
        _("Where it happened"): local,
        _("Provincial agencies"): [agency for agency in rest if agency.level == "province"],
        _("District agencies"): [agency for agency in rest if agency.level == "district"],
        _("Other agencies"): [agency for agency in rest if agency.level not in ("province", "district")],
    }
    return {name: [(agency.code, agency.name) for agency in members] for name, members in groups.items() if members}


class AgencyField(ChoiceField):
    """One agency, from a list in groups whose first line, outside of them, chooses none."""

    def offer(self, groups: Groups) -> None:
        """Take the groups to choose from."""
        self.choices = [SelectChoice("", _("– choose –")), *_offered(groups)]

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        if self.data and self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(sentence("unknown_agency"))


class AgenciesField(SeveralField):
    """Some agencies, as checkboxes in groups."""

    groups: Groups = {}

    def offer(self, groups: Groups) -> None:
        """Take the groups to choose from."""
        self.groups, self.choices = groups, _offered(groups)

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        if not set(self.data or ()) <= {choice.value for choice in self.choices}:
            raise ValidationError(sentence("unknown_agency"))


def _offered(groups: Groups) -> list[SelectChoice]:
    return [SelectChoice(code, name, optgroup=group) for group, members in groups.items() for code, name in members]


class BulkRouteForm(KitForm):
    """One agency and one text for several reports."""

    agency = AgencyField(label("lead_agency"), validators=[Required()])
    supporting = AgenciesField(label("supporting"))
    text = AreaField(_l("What the agency is asked to do"), longest=TEXT_MAX, rows=3)

    def __init__(self, *args: Any, groups: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency.offer(groups)
        self.supporting.offer(groups)
