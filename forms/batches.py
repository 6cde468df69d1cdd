"""What the batch inbox is narrowed to."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.fields import ChoiceField, DayField, KitForm


class InboxForm(KitForm):
    """The computer and the day; what is shown besides stands in the tabs."""

    class Meta:
        csrf = False  # it only asks

    node = ChoiceField(_l("Computer"))
    day = DayField(_l("Day received"), longest=20, render_kw={"autocomplete": "off", "inputmode": "numeric"})

    def __init__(self, *args: Any, computers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.node.choices = [("", _("all")), *computers]
