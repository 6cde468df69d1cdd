"""How many blank paper forms are printed, and how."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from forms.fields import ChoiceField, KitForm, NumberField
from forms.refusals import sentence


class BlankForm(KitForm):
    """So many forms, one or two on a page."""

    key = HiddenField()
    count = NumberField(_l("How many forms"), longest=3, render_kw={"inputmode": "numeric"})
    per_page = ChoiceField(_l("Forms on a page"))

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most
        self.per_page.choices = [("2", _("Two on a page (A4)")), ("1", _("One on a page (A4)"))]

    def validate_count(self, field: NumberField) -> None:
        """Ask for a number that fits."""
        if field.data is None or not 1 <= field.data <= self.most:
            raise ValidationError(sentence("number_of_forms", {"max": self.most}))
