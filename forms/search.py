"""Forms that look for reports: words, and the filters of the list."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.fields import ChoiceField, KitForm, TextField, UnitField
from forms.words import choices, label

SHOWN = ("all", "mine", "waiting", "conflicts", "refused", "untold")


class SearchForm(KitForm):
    """One box for a code, a phone number, a name or words."""

    class Meta:
        csrf = False  # looking changes nothing, and the address can be kept and gone back to

    q = TextField(
        _l("Code, phone number, name or words"), longest=200, render_kw={"autocomplete": "off", "type": "search"}
    )


class FilterForm(KitForm):
    """What the list shows."""

    class Meta:
        csrf = False

    show = ChoiceField(_l("Show"))
    status = ChoiceField(label("status"))
    topic = ChoiceField(label("topic"))
    unit = UnitField(label("unit"), longest=120, render_kw={"autocomplete": "off"})
    urgency = ChoiceField(label("urgency"))
    channel = ChoiceField(label("channel"))

    def __init__(self, *args: Any, topic_names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = ("", _("all"))
        self.show.choices = [
            ("all", _("All reports")),
            ("mine", _("Recorded by me")),
            ("waiting", _("Waiting to be sent")),
            ("conflicts", _("Needs a decision")),
            ("refused", _("Refused by the centre")),
            ("untold", _("Answered, citizen not told yet")),
        ]
        self.status.choices = [whole, *choices("status")]
        self.topic.choices = [whole, *topic_names]
        self.urgency.choices = [whole, *choices("urgency")]
        self.channel.choices = [whole, *choices("channel")]
