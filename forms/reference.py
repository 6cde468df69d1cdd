"""Forms of what the centre publishes of the province itself: topics with their questions, agencies, offices, units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField

from forms.deadlines import ContentForm
from forms.dispatch import AgencyField, Groups
from forms.fields import (
    AreaField,
    ChoiceField,
    DayField,
    KitForm,
    Marked,
    NumberField,
    SwitchField,
    TextField,
)
from forms.reference_fields import ChoicesField, ParentField, PointField, SamePlaceField, UnitsField, code_of
from forms.words import choices
from sync.reference import LEVELS, QUESTION_TYPES, QUESTIONS_MAX


class ReferencesForm(KitForm):
    """Which of them to show."""

    class Meta:
        csrf = False  # looking changes nothing, and the address can be kept and gone back to

    q = TextField(_l("Name or code"), longest=100)
    show = ChoiceField(_l("Show"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show.choices = [("", _("all in use")), *choices("standing"), ("changed", _("changed by the centre"))]


class PublishedForm(ContentForm):
    """What all of them have."""

    source = TextField(_l("Source document"), longest=250, description=_l("Number, date and issuing body, where there is one."))
    valid_from = DayField(_l("Valid from"), validators=[Marked()], description=_l("Day, like 05/12/2021"))
    valid_to = DayField(_l("Valid up to and including"), description=_l("The last day; empty means until further notice."))


class QuestionForm(Form):
    """One question of a topic; a row in which nothing is typed is none."""

    code = TextField(_l("Code"), longest=40)
    vi = TextField(_l("Question in Vietnamese"), longest=160)
    en = TextField(_l("Question in English"), longest=160)
    type = ChoiceField(_l("Kind of answer"))
    choices = ChoicesField(_l("Answers to choose from"), rows=4, description=_l("One a line: Vietnamese | English."))
    withdrawn = SwitchField(_l("Not asked any more"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type.choices = choices("question_type", QUESTION_TYPES)

    def content(self) -> dict[str, Any] | None:
        """The question, or None."""
        if not (self.vi.data or self.en.data or self.code.data):
            return None
        found = {"code": self.code.data or code_of(self.en.data or self.vi.data or ""), "vi": self.vi.data, "en": self.en.data}
        found |= {"type": self.type.data or "text"}
        if found["type"] == "choice":
            found["choices"] = self.choices.data or []
        return found | ({"withdrawn": True} if self.withdrawn.data else {})


class TopicForm(PublishedForm):
    """A topic of the hotline with what it asks."""

    name = TextField(_l("Name"), validators=[Marked()], longest=250)
    name_en = TextField(_l("Name in English"), validators=[Marked()], longest=250)
    short_name = TextField(_l("Short name"), validators=[Marked()], longest=60, description=_l("As forms and lists show it."))
    code = TextField(
        _l("Code"), validators=[Marked()], longest=40,
        description=_l("Small letters, digits and underscores; it stays for ever."),
    )  # fmt: skip
    group = NumberField(_l("Group"), validators=[Marked()], description=_l("Its number in the plan; lists go by it."))
    questions = FieldList(FormField(QuestionForm), label=_l("Questions"), max_entries=QUESTIONS_MAX)

    def content(self) -> dict[str, Any]:
        """What was typed; of the questions those in which anything stands."""
        asked = [found for row in self.questions if (found := row.form.content())]
        return super().content() | {"questions": asked}

    def show_questions(self, questions: Iterable[Mapping[str, Any]]) -> None:
        """Fill the rows with what is asked now, and an empty one behind them."""
        for each in questions:
            self.questions.append_entry(dict(each))
        self.more()

    def more(self) -> None:
        """Another empty row."""
        if len(self.questions) < QUESTIONS_MAX:
            self.questions.append_entry({"type": "text"})


class StructureForm(PublishedForm):
    """All units of a time, from the day on which they came into force."""

    code = TextField(_l("Structure"), validators=[Marked()], longest=4, description=_l("The year in which it came, like 2025."))
    name = TextField(_l("Name"), validators=[Marked()], longest=160)


class AgencyForm(PublishedForm):
    """A body that a report may be routed to."""

    name = TextField(_l("Name"), validators=[Marked()], longest=200)
    abbreviation = TextField(_l("Abbreviation"), validators=[Marked()], longest=40)
    code = TextField(
        _l("Code"), validators=[Marked()], longest=40, description=_l("Letters, digits, dots and hyphens; it stays for ever.")
    )
    level = ChoiceField(_l("Level"), validators=[Marked()])
    unit = SamePlaceField(
        _l("The place whose affairs are its own"), longest=120, render_kw={"autocomplete": "off"},
        description=_l("For a People's Committee: its district or commune. Empty for agencies of the whole province."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = choices("level", LEVELS)


class OfficeForm(PublishedForm):
    """A place that records reports."""

    number = TextField(
        _l("Number"), validators=[Marked()], longest=4,
        description=_l("Four digits; every tracking code of the office begins with them. It stays for ever."),
    )  # fmt: skip
    name = TextField(_l("Name"), validators=[Marked()], longest=160)
    unit = SamePlaceField(_l("Looks after"), validators=[Marked()], longest=120, render_kw={"autocomplete": "off"})
    agency = AgencyField(_l("Its agency"), description=_l("What is routed to this agency comes to the office."))

    def __init__(self, *args: Any, groups: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency.offer(groups)


class UnitForm(PublishedForm):
    """A province, district or commune of one structure."""

    code = TextField(
        _l("Code"), validators=[Marked()], longest=10,
        description=_l("Year of the structure, a colon, the official code: 2025:14758. It stays for ever."),
    )  # fmt: skip
    name = TextField(_l("Name"), validators=[Marked()], longest=120, description=_l("In full, like Phường Hàm Rồng."))
    type = TextField(
        _l("Kind"), validators=[Marked()], longest=40, description=_l("As it stands before the name: Phường, Xã, Huyện.")
    )
    level = ChoiceField(_l("Level"), validators=[Marked()])
    parent = ParentField(_l("Lies in"), longest=120, render_kw={"autocomplete": "off"})
    point = PointField(_l("Point on the map"), longest=40, description=_l("Latitude and longitude, like 19.8072,105.7764."))
    predecessors = UnitsField(
        _l("Took the place of"), rows=4,
        description=_l("Former units, one a line, by code or name. A * before one says: in doubt this is its successor."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = choices("level", LEVELS)

    def content(self) -> dict[str, Any]:
        """What was typed, by the keys of a unit."""
        found = super().content()
        point = found.pop("point")
        if point:
            found |= {"lat": point[0], "lon": point[1]}
        return found | {"main_of": getattr(self.predecessors, "marked", [])}


class ReorganisationForm(KitForm):
    """A new structure of units, as two tables."""

    code = TextField(_l("Structure"), validators=[Marked()], longest=4, description=_l("The year in which it came, like 2025."))
    name = TextField(_l("Name"), validators=[Marked()], longest=160)
    valid_from = DayField(_l("In force from"), validators=[Marked()], description=_l("Day, like 05/12/2021"))
    source = TextField(
        _l("Source document"), validators=[Marked()], longest=250,
        description=_l("Number, date and issuing body of the document that this rests on."),
    )  # fmt: skip
    units = AreaField(
        _l("Units (CSV)"), validators=[Marked()], longest=400_000, rows=8,
        description=_l("Columns code, name, type, level, parent_code, lat, lon; level is province, district or commune."),
    )  # fmt: skip
    changes = AreaField(
        _l("Changes (CSV)"), longest=400_000, rows=8,
        description=_l("Columns old_code, new_code, is_default: who took over whom; 1 marks the one to take in doubt."),
    )  # fmt: skip
