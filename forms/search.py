"""Forms that look for reports: words, and the filters of the list."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.fields import ChoiceField, DayField, KitForm, TextField, UnitField
from forms.words import N_, choices, label

# The views of the list in the order in which they are offered, with the sentence of each where it is empty.
VIEWS = {
    "all": (N_("All reports"), N_("No report fits these filters.")),
    "mine": (N_("Recorded by me"), N_("Nothing that you recorded fits. What you record from now on stands here.")),
    "here": (N_("Routed to this office"), N_("Nothing is routed to the agency of this office.")),
    "overdue": (N_("Overdue"), N_("Nothing is overdue.")),
    "soon": (N_("Due soon"), N_("Nothing is due soon.")),
    "urgent": (N_("Urgent"), N_("Nothing urgent is open.")),
    "calls": (N_("To call back"), N_("Nobody waits for a call.")),
    "conflicts": (N_("Needs a decision"), N_("No value needs a decision.")),
    "sent_back": (N_("Sent back by the centre"), N_("The centre has sent nothing back.")),
    "waiting": (N_("Waiting to be sent"), N_("Everything recorded here has been sent to the centre.")),
    "refused": (N_("Refused by the centre"), N_("The centre has taken everything.")),
}
SORTS = {
    "newest": N_("Newest first"),
    "oldest": N_("Oldest first"),
    "deadline": N_("Nearest deadline first"),
}


class SearchForm(KitForm):
    """One box for a code, a phone number, a name or words."""

    class Meta:
        csrf = False  # looking changes nothing, and the address can be kept and gone back to

    q = TextField(
        _l("Code, phone number, name or words"), longest=200, render_kw={"autocomplete": "off", "type": "search"}
    )


class FilterForm(KitForm):
    """What the list is narrowed to, and its order; the view beside them is a link of its own."""

    class Meta:
        csrf = False

    status = ChoiceField(label("status"))
    topic = ChoiceField(label("topic"))
    unit = UnitField(label("unit"), longest=120, render_kw={"autocomplete": "off"})
    urgency = ChoiceField(label("urgency"))
    channel = ChoiceField(label("channel"))
    first = DayField(_l("From day"), longest=20, render_kw={"autocomplete": "off", "inputmode": "numeric"})
    last = DayField(_l("To day"), longest=20, render_kw={"autocomplete": "off", "inputmode": "numeric"})
    sort = ChoiceField(_l("Order"))

    def __init__(self, *args: Any, topic_names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = ("", _("all"))
        self.status.choices = [whole, *choices("status")]
        self.topic.choices = [whole, *topic_names]
        self.urgency.choices = [whole, *choices("urgency")]
        self.channel.choices = [whole, *choices("channel")]
        self.sort.choices = [(code, _(text)) for code, text in SORTS.items()]
