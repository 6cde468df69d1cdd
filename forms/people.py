"""What the list of people is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.fields import ChoiceField, KitForm, Marked, SeveralField, TextField
from forms.words import choices, label


class PersonForm(KitForm):
    """Name and roles of somebody at another office."""

    name = TextField(_l("Full name"), validators=[Marked()], longest=120)
    roles = SeveralField(label("roles"), validators=[Marked()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = choices("role")


class PeopleForm(KitForm):
    """Whose name, which office, which role; and whether those whose account has ended are shown."""

    class Meta:
        csrf = False  # it only asks

    q = TextField(_l("Name or user name"), longest=120, render_kw={"autocomplete": "off", "type": "search"})
    office = ChoiceField(_l("Office"))
    role = ChoiceField(_l("Role"))
    show = ChoiceField(_l("Account"))

    def __init__(self, *args: Any, offices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = ("", _("all"))
        self.office.choices = [whole, *offices]
        self.role.choices = [whole, *choices("role")]
        self.show.choices = [("", _("in use")), ("ended", _("ended")), ("all", _("all"))]
