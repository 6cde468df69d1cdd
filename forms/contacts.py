"""A telephone number of an agency, or who is on duty."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.dispatch import AgencyField, Groups
from forms.fields import ChoiceField, DayField, KitForm, Marked, TextField
from forms.words import label


class FindForm(KitForm):
    """The box of the directory."""

    class Meta:
        csrf = False  # it only asks

    q = TextField(_l("Agency, name or number"), longest=80, render_kw={"type": "search", "autocomplete": "off"})


class ContactForm(KitForm):
    """Whose number it is, and from when until when it holds."""

    duty = ChoiceField(_l("What is entered"))
    agency = AgencyField(label("agency"))
    place = TextField(
        _l("Or another body or place"), longest=120, description=_l("If it is not in the list of agencies.")
    )
    name = TextField(_l("Who answers"), longest=120, render_kw={"autocomplete": "off"})
    phone = TextField(
        label("phone"), validators=[Marked()], longest=40, render_kw={"inputmode": "tel", "autocomplete": "off"}
    )
    first_day = DayField(_l("From day"), longest=20, description=_l("Like 05/12/2021; empty means today."))
    last_day = DayField(_l("To day"), longest=20, description=_l("With the year. A standing number needs none."))
    note = TextField(_l("Note"), longest=120)

    def __init__(self, *args: Any, agencies: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duty.choices = [("no", _("A standing number")), ("yes", _("Who is on duty"))]
        self.agency.offer(agencies)
