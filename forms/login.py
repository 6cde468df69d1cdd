"""Forms about accounts: signing in, adding somebody, a new password."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import ValidationError

from forms.dispatch import AgencyField, Groups
from forms.fields import ChoiceField, KitForm, Marked, Required, SeveralField, TextField
from forms.refusals import sentence
from forms.words import choices, label

PASSWORD_MAX = 200


class SecretField(PasswordField):
    """A password; pasting is welcome, nothing of it is ever shown again."""


def secret(text: Any, autocomplete: str, needed: Marked | None = None) -> SecretField:
    """A password field that tells a password keeper what it is for."""
    return SecretField(
        text, validators=[needed or Required()], render_kw={"autocomplete": autocomplete, "maxlength": PASSWORD_MAX}
    )


class SignInForm(KitForm):
    """User name and password."""

    username = TextField(
        label("username"),
        validators=[Required()],
        longest=60,
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = secret(label("password"), "current-password")


class SwitchForm(KitForm):
    """Who takes the place at this computer, and that person's password."""

    username = ChoiceField(_l("Who comes"), validators=[Required()])
    password = secret(label("password"), "current-password")

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.username.choices = people


class AccountForm(KitForm):
    """A new account of this node."""

    name = TextField(label("name"), validators=[Marked()], longest=120, render_kw={"autocomplete": "off"})
    username = TextField(
        label("username"),
        validators=[Marked()],
        longest=40,
        description=_l("Small letters without accents, digits, dots or hyphens: like tran.thi.b"),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    roles = SeveralField(label("roles"), validators=[Marked()])
    agency = AgencyField(
        label("agency"), description=_l("For people of an agency that has no computer of its own; else leave it empty.")
    )
    password = secret(label("password"), "new-password", Marked())

    def __init__(self, *args: Any, agencies: Groups | None = None, **kwargs: Any) -> None:
        """Only the centre has agencies to choose from: everywhere else people belong to their office's own."""
        super().__init__(*args, **kwargs)
        self.roles.choices = choices("role")
        if agencies is None:
            del self.agency
        else:
            self.agency.offer(agencies)


class NewPasswordForm(KitForm):
    """A new password, typed twice."""

    password = secret(_l("New password"), "new-password")
    again = secret(_l("New password again"), "new-password")

    def validate_again(self, field: SecretField) -> None:
        """Refuse two passwords that differ."""
        if field.data != self.password.data:
            raise ValidationError(sentence("different_passwords"))


class OwnPasswordForm(NewPasswordForm):
    """A new password for oneself: the present one first."""

    present = secret(_l("Present password"), "current-password")


class RolesForm(KitForm):
    """What somebody may do from now on."""

    roles = SeveralField(label("roles"), validators=[Marked()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = choices("role")


class GiveDraftsForm(KitForm):
    """Who takes the drafts of somebody who has left."""

    to = ChoiceField(_l("Colleague"), validators=[Required()])

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        """Only who may record is offered."""
        super().__init__(*args, **kwargs)
        self.to.choices = [("", _("– choose –")), *people]


class EmptyForm(KitForm):
    """A button that changes something: only the token."""
