"""Forms of publicity: the words that the public will read, and taking them back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from forms.fields import AreaField, KitForm, Marked, SwitchField, TextField
from forms.words import label
from sync.limits import TEXT_MAX


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
