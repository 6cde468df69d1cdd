"""The forms of what the centre sends back: why, and how the office settled it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from forms.fields import AreaField, ChoiceField, KitForm, Marked, Required
from forms.words import choices
from sync.limits import TEXT_MAX


class SendBackForm(KitForm):
    """Why a report is sent back to the office that recorded it."""

    reason = AreaField(
        _l("What the office should correct or explain"),
        validators=[Required()],
        description=_l("The office reads these words as a task. Name the field and what is wrong or lacking."),
        longest=TEXT_MAX,
    )


class SettleForm(KitForm):
    """How a query is settled."""

    how = ChoiceField(_l("How it is settled"), validators=[Marked()])
    text = AreaField(
        _l("A word to the centre"),
        validators=[Marked()],
        description=_l("May stay empty if the report has been corrected."),
        longest=TEXT_MAX,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.how.choices = choices("settling")
