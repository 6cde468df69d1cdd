"""The form with which a shift is handed over."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from forms.fields import AreaField, ChoiceField, KitForm, TextField
from forms.login import PASSWORD_MAX, SecretField
from forms.refusals import sentence
from sync.limits import TEXT_MAX


class HandOverForm(KitForm):
    """Who takes the shift, how it is signed, and what has to be said besides."""

    since = HiddenField()
    note = AreaField(_l("Note for whoever takes over"), longest=TEXT_MAX, rows=3)
    receiver = ChoiceField(_l("Who takes the shift"))
    password = SecretField(
        _l("Password of whoever takes it"),
        description=_l(
            "Typed by the receiver on this computer. Leave it empty if both sign the printed paper instead."
        ),
        render_kw={"autocomplete": "off", "maxlength": PASSWORD_MAX},
    )
    receiver_name = TextField(
        _l("Name of whoever takes it, if it is signed on paper"), longest=120, render_kw={"autocomplete": "off"}
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receiver.choices = [("", _("– choose –")), *people]
        self.names = dict(people)

    def validate_receiver(self, field: ChoiceField) -> None:
        """Ask who it is whose password was typed; without one a name is enough."""
        if not field.data and (self.password.data or not self.receiver_name.data):
            raise ValidationError(sentence("required"))
