"""That an urgent report was told by telephone while it could not be sent."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from forms.fields import KitForm, Required, TextField, TimeField
from forms.words import label


class RelayForm(KitForm):
    """To whom, when and by whom it was told."""

    to = TextField(_l("Told to (name, office, number)"), validators=[Required()], longest=200)
    when = TimeField(_l("Told at"), longest=40, description=_l("Like 08:30; empty means now."))
    by_whom = TextField(_l("Told by"), longest=200)
    text = TextField(label("text"), longest=500)
