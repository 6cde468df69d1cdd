"""The forms of the first start: which office this machine belongs to, who administers it, and its centre."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.fields import ChoiceField, KitForm, Marked, Required, SwitchField, TextField
from forms.login import secret
from forms.words import label


class SetupForm(KitForm):
    """What a machine has to know before it can record; needs no network."""

    role = ChoiceField(_l("What this computer is"), validators=[Marked()])
    office = ChoiceField(label("office"))
    new_number = TextField(
        _l("Number of a new office"), longest=4,
        description=_l("Only for an office that is not in the list yet: the four digits that the centre gave it."),
    )  # fmt: skip
    name = TextField(_l("Your full name"), validators=[Marked()], longest=120, render_kw={"autocomplete": "name"})
    username = TextField(
        label("username"),
        validators=[Marked()],
        longest=40,
        description=_l("Small letters without accents, digits, dots or hyphens: like tran.thi.b"),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = secret(label("password"), "new-password", Marked())

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [
            ("office", _("An office: district, commune, or a laptop in the field")),
            ("central", _("The centre of the hotline")),
        ]
        self.office.choices = [("", _("– choose –")), *offices]


class EnrollForm(KitForm):
    """The centre's address and the one-time code it gave."""

    url = TextField(
        _l("Address of the centre"),
        validators=[Required()],
        longest=300,
        description=_l("Like https://1022.example.vn, as the centre told it."),
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    code = TextField(
        _l("Connection code"),
        validators=[Required()],
        longest=200,
        description=_l("The one-time code from the centre; spaces and small letters do not matter."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    allow_plain = SwitchField(
        _l("Allow an address without encryption (only inside a network of your own)"),
    )
