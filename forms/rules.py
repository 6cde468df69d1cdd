"""Forms of the routing rules: writing one, listing them, trying them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.dispatch import AgenciesField, AgencyField, Groups
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
from sync.limits import TEXT_MAX
from sync.routing_rule import NAME_MAX


class RulesForm(KitForm):
    """Which rules to show."""

    class Meta:
        csrf = False  # looking changes nothing, and the address can be kept and gone back to

    show = ChoiceField(_l("Show"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show.choices = [("", _("all in use")), *choices("standing"), ("samples", _("Samples to be checked"))]


class RuleForm(KitForm):
    """One routing rule."""

    name = TextField(
        _l("Name of the rule"),
        validators=[Marked()],
        longest=NAME_MAX,
        description=_l("What dispatchers read beside the proposal."),
    )
    topics = SeveralField(_l("Only for these topics"), description=_l("None chosen: whatever the topic."))
    unit = UnitField(
        _l("Only for the area"),
        longest=120,
        description=_l("A commune, a district or the province, with all that lies in it. Empty: everywhere."),
        render_kw={"autocomplete": "off"},
    )
    urgency = ChoiceField(_l("Only for the urgency"))
    lead = AgencyField(label("lead_agency"), description=_l("Or tick the box below."))
    local = SwitchField(_l("The People's Committee of the district where the matter is"))
    supporting = AgenciesField(label("supporting"))
    text = AreaField(_l("What the agency is asked to do"), longest=TEXT_MAX, rows=3)
    valid_from = DayField(_l("Valid from"), validators=[Marked()], description=_l("Day, like 05/12/2021"))
    valid_to = DayField(
        _l("Valid up to and including"), description=_l("The last day; empty means until further notice.")
    )
    sample = SwitchField(_l("Sample, still to be checked by a civil servant"))

    def __init__(self, *args: Any, topic_names: list[tuple[str, str]], groups: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics.choices = topic_names
        self.urgency.choices = [("", _("however urgent")), *choices("urgency")]
        self.lead.offer(groups)
        self.supporting.offer(groups)

    def content(self) -> dict[str, Any]:
        """What was typed, by the keys of a rule."""
        return {name: self[name].data for name in self._fields if name != "csrf_token"}


class TryForm(KitForm):
    """A case thought up, to see which agency it would get."""

    class Meta:
        csrf = False  # looking changes nothing

    topic = ChoiceField(label("topic"))
    unit = UnitField(label("unit"), longest=120, render_kw={"autocomplete": "off"})
    urgency = ChoiceField(label("urgency"))

    def __init__(self, *args: Any, topic_names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic.choices = topic_names
        self.urgency.choices = choices("urgency")
