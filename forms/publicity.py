"""Forms of publicity: the words that the public will read, and taking them back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from forms.dispatch import AgencyField, Groups
from forms.fields import AreaField, ChoiceField, DayField, KitForm, Marked, SwitchField, TextField
from forms.words import N_, label
from sync.limits import TEXT_MAX

# The views of what is public, with the sentence of each where it is empty.
STAGES = {
    "public": (
        N_("Public now"),
        N_("Nothing is public yet. What is answered and whose citizen agrees waits under “To be published”."),
    ),
    "waiting": (N_("To be published"), N_("Nothing waits to be published.")),
    "withdrawn": (N_("Taken back"), N_("Nothing that was public has been taken back.")),
}


class PublicityForm(KitForm):
    """What the public will read of a report."""

    title = TextField(_l("Title"), validators=[Marked()], longest=200)
    text = AreaField(_l("Text"), validators=[Marked()], longest=TEXT_MAX, rows=6)
    answer = AreaField(_l("Answer that is published"), longest=TEXT_MAX, rows=6)
    reason = AreaField(_l("Why it is published"), longest=TEXT_MAX, rows=2)
    checked = SwitchField(_l("I have read it: nobody can be recognised, and no one's health is told"))

    def words(self) -> dict[str, str]:
        """The words typed, by field."""
        return {name: self[name].data or "" for name in ("title", "text", "answer")}


class WithdrawPublicityForm(KitForm):
    """Why a report is taken away from the public."""

    reason = AreaField(label("reason"), validators=[Marked()], longest=TEXT_MAX, rows=2)


class TakeOverForm(KitForm):
    """What a colleague finds whose report is taken over."""

    note = TextField(_l("Note for your colleague"), validators=[Marked()], longest=500)


class PublicFilterForm(KitForm):
    """What the list of public reports is narrowed to; words are looked for in what the public reads."""

    class Meta:
        csrf = False  # looking changes nothing, and the address can be kept and gone back to

    q = TextField(_l("Public words"), longest=200, render_kw={"autocomplete": "off", "type": "search"})
    topic = ChoiceField(label("topic"))
    agency = AgencyField(label("lead_agency"))
    first = DayField(_l("From day"), longest=20, render_kw={"autocomplete": "off", "inputmode": "numeric"})
    last = DayField(_l("To day"), longest=20, render_kw={"autocomplete": "off", "inputmode": "numeric"})

    def __init__(self, *args: Any, topics: list[tuple[str, str]], agencies: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = ("", _("all"))
        self.topic.choices = [whole, *topics]
        self.agency.offer(agencies)
        self.agency.choices[0] = SelectChoice(*whole)
