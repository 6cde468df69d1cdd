"""Forms of the answer library: looking for an answer, writing one, retiring one."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.fields import (
    AreaField,
    ChoiceField,
    DayField,
    KitForm,
    Marked,
    SeveralField,
    SwitchField,
    TextField,
    UnitField,
)
from forms.words import choices, label
from sync.article import QUESTION_MAX, SHORT_MAX, TEXT_MAX

SHOWN = ("valid", "expired", "samples", "retired")


class LibraryForm(KitForm):
    """Words and a topic."""

    class Meta:
        csrf = False  # looking changes nothing, and the address can be kept and gone back to

    q = TextField(
        _l("Words of the question or answer"), longest=200, render_kw={"autocomplete": "off", "type": "search"}
    )
    topic = ChoiceField(label("topic"))

    def __init__(self, *args: Any, topic_names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic.choices = [("", _("all")), *topic_names]


class CatalogueForm(LibraryForm):
    """The same at the centre, where one may also ask for what holds no longer."""

    show = ChoiceField(_l("Show"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show.choices = [("", _("all in use")), *choices("standing"), ("samples", _("Samples to be checked"))]


class ArticleForm(KitForm):
    """One article; what is typed here is read at every counter of the province."""

    question = TextField(
        _l("The question"),
        validators=[Marked()],
        longest=QUESTION_MAX,
        description=_l("As a caller would ask it; these words are found first."),
    )
    short = AreaField(
        _l("Short answer"),
        validators=[Marked()],
        longest=SHORT_MAX,
        rows=3,
        description=_l("What is read out to the caller; it also fills the answer field of a report."),
    )
    text = AreaField(_l("Full text"), longest=TEXT_MAX, rows=8, description=_l("What the officer should know besides."))
    topics = SeveralField(_l("Topics"), validators=[Marked()])
    source = TextField(
        _l("Source document"),
        validators=[Marked()],
        longest=250,
        description=_l("Number, date and issuing body of the document that the answer rests on."),
    )
    valid_from = DayField(_l("Valid from"), validators=[Marked()], description=_l("Day, like 05/12/2021"))
    valid_to = DayField(_l("Valid up to and including"), description=_l("The last day; empty means until further notice."))
    area = UnitField(
        _l("Only for the area"),
        longest=120,
        description=_l("Empty: the whole province."),
        render_kw={"autocomplete": "off"},
    )
    sample = SwitchField(_l("Sample text, still to be checked by a civil servant"))

    def __init__(self, *args: Any, topic_names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics.choices = topic_names

    def content(self) -> dict[str, Any]:
        """What was typed, by the keys of an article."""
        return {name: self[name].data for name in self._fields if name != "csrf_token"}


class RetireForm(KitForm):
    """Why an article is not to be used any more."""

    reason = TextField(label("reason"), validators=[Marked()], longest=500)
