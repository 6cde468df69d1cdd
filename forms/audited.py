"""The audit in sentences: what each entry says, which kind it belongs to, and what the list is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from forms.fields import ChoiceField, DayField, KitForm, TextField
from forms.words import N_, word

KINDS = {
    "identity": N_("Protected identities"),
    "sign_in": N_("Signing in"),
    "account": N_("Accounts"),
    "computer": N_("Computers and codes"),
    "batch": N_("Batches, refused entries, take-overs"),
    "export": N_("Files taken out"),
    "paper": N_("Paper forms, directory"),
    "settings": N_("Settings, backups, commands"),
    "exchange": N_("Exchange and restores"),
}
# action → its kind, its sentence. The subject and the details of an entry may be named in it.
ACTIONS: Mapping[str, tuple[str, str]] = {
    "audit.revealed": ("identity", N_("saw the protected identity of report %(code)s: %(fields)s %(on_paper)s")),
    "sign_in.done": ("sign_in", N_("signed in as “%(subject)s” from %(address)s")),
    "sign_in.failed": ("sign_in", N_("Somebody tried to sign in as “%(subject)s” from %(address)s and could not")),
    "session.switched": ("sign_in", N_("left the place to “%(subject)s”")),
    "account.added": ("account", N_("added the account “%(subject)s” with the roles: %(roles)s")),
    "account.changed": ("account", N_("gave “%(subject)s” the roles: %(roles)s; before: %(was)s")),
    "account.reset": ("account", N_("gave “%(subject)s” a new password")),
    "account.password": ("account", N_("changed the own password (“%(subject)s”)")),
    "account.ended": ("account", N_("ended the account “%(subject)s”")),
    "account.closed": ("account", N_("The account “%(subject)s” was closed: the centre has ended this person")),
    "drafts.given": ("account", N_("gave %(n)s drafts of “%(subject)s” to “%(to)s”")),
    "person.changed": (
        "account",
        N_("changed “%(subject)s” of %(office)s to the roles: %(roles)s; before: %(was)s; the account follows at the next contact"),
    ),
    "account.followed": ("account", N_("the account “%(subject)s” follows the centre; roles: %(roles)s")),
    "person.ended": ("account", N_("ended “%(subject)s” of %(office)s; the account closes at the next contact")),
    "enrollment_code.made": ("computer", N_("made a connection code for %(subject)s. Further communes: %(units)s")),
    "enrollment_code.revoked": ("computer", N_("revoked connection code no. %(subject)s")),
    "node.enrolled": ("computer", N_("Computer %(short)s of %(office)s was connected")),
    "node.bound": ("computer", N_("connected this computer to %(subject)s")),
    "node.revoked": ("computer", N_("shut out computer %(short)s of %(office)s")),
    "node.kept_apart": ("computer", N_("%(events)s entries of computer %(short)s, which is shut out, were kept apart")),
    "node.let_in": ("computer", N_("What was kept apart of computer %(short)s was let in: %(segments)s batches")),
    "node.looks_after": ("computer", N_("gave computer %(short)s of %(office)s these further communes: %(units)s")),
    "node.alarm": ("computer", N_("Computer %(short)s raised an alarm: %(alarm)s")),
    "batch.looked_at": ("batch", N_("marked batch %(subject)s as looked at")),
    "batch.reopened": ("batch", N_("put batch %(subject)s back among those that need attention")),
    "claim.taken_over": ("batch", N_("took a report over from %(taken_from)s: %(note)s")),
    "event.repaired": ("batch", N_("repaired a refused entry (%(kind)s)")),
    "event.dismissed": ("batch", N_("gave up a refused entry (%(kind)s): %(reason)s")),
    "data.exported": ("export", N_("took “%(subject)s” out as a file (%(format)s)")),
    "export.asked": ("export", N_("asked for export no. %(subject)s (%(format)s)")),
    "export.made": ("export", N_("Export no. %(subject)s was made: %(reports)s reports")),
    "export.fetched": ("export", N_("fetched the file of export no. %(subject)s")),
    "export.removed": ("export", N_("The file of export no. %(subject)s was removed")),
    "bulletin.issued": ("export", N_("issued bulletin %(subject)s, from %(first)s to %(last)s")),
    "bulletin.fetched": ("export", N_("fetched bulletin %(subject)s as a file (%(format)s)")),
    "codes.reserved": ("paper", N_("printed %(count)s blank forms with codes")),
    "code.spoiled": ("paper", N_("struck out the blank form %(subject)s")),
    "contact.added": ("paper", N_("added a number of “%(subject)s” to the directory: %(phone)s")),
    "contact.removed": ("paper", N_("removed entry no. %(subject)s from the directory")),
    "settings.language": ("settings", N_("set the language of this computer to “%(subject)s”")),
    "command.run": ("settings", N_("The command “%(subject)s” was run on the machine in this person's name")),
    "backup.made": ("settings", N_("A backup was made: %(subject)s %(problem)s")),
    "backup.tested": ("settings", N_("A backup was restored for a test: %(subject)s %(problem)s")),
    "node.reincarnated": ("exchange", N_("A new life of the data began (%(reason)s)")),
    "node.reconciled": ("exchange", N_("After a restore all is together again: %(fetched)s reports fetched, %(again)s sent again")),
    "epoch.new": ("exchange", N_("The centre began a new epoch (%(reason)s)")),
    "epoch.met": ("exchange", N_("The centre was found restored; %(reports)s reports are compared with it")),
    "epoch.swept": ("exchange", N_("%(subject)s reports that the restored centre does not have were put away")),
    "scope.read_anew": ("exchange", N_("“%(subject)s” differed from the centre and was read again")),
}  # fmt: skip
NOBODY = "program"
# What a code among the details means to whoever reads it.
CODES = {
    "fork": N_("two machines use one identity, or it was restored from a backup"),
    "two_machines": N_("two machines use one identity: connect one of them anew"),
    "hole": N_("entries are gone that neither side has"),
    "rolled_back": N_("an older copy was put back"),
    "machine_changed": N_("moved to another machine"),
    "new_epoch": N_("the centre was restored"),
    "gap": N_("entries are gone from the computer"),
    "audit": N_("Audit"),
    "reports": N_("Reports"),
    "public": N_("Public reports"),
    "vi": N_("Vietnamese"),
    "en": N_("English"),
}


def kind_of(action: str) -> str:
    """The kind of an action; one that a newer program wrote belongs to none."""
    return ACTIONS[action][0] if action in ACTIONS else ""


def actions_of(kind: str) -> list[str]:
    """The actions of a kind."""
    return [action for action, (own, _) in ACTIONS.items() if own == kind]


def said(
    action: str, subject: str, details: Mapping[str, Any], code: str, translate: Callable[[str], str] = gettext
) -> str:
    """What an entry says; one of an action nobody knows here is shown as it stands."""
    if action not in ACTIONS:
        return f"{action} {subject}"
    values = _Values({key: _told(key, value, translate) for key, value in details.items() if value is not None})
    shown = translate(CODES[subject]) if subject in CODES else subject
    values |= {"subject": shown, "short": subject[:8], "code": code or subject[:8]}
    if "paper" in details:
        values["on_paper"] = translate(N_("(on paper: %(paper)s)")) % {
            "paper": word("paper", details["paper"], translate)
        }
    return " ".join((translate(ACTIONS[action][1]) % values).split()).rstrip(":")


class _Values(dict[str, str]):
    """What a sentence names and an old entry does not say is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def _told(key: str, value: Any, translate: Callable[[str], str]) -> str:
    if isinstance(value, list) and not value:
        return translate(N_("none"))
    if isinstance(value, list):
        words = {"roles": "role", "was": "role", "fields": "field"}
        return ", ".join(word(words[key], one, translate) if key in words else str(one) for one in value)
    if key == "kind":
        return word("event", value, translate)
    return translate(CODES[value]) if isinstance(value, str) and value in CODES else str(value)


class AuditForm(KitForm):
    """What the audit is narrowed to."""

    class Meta:
        csrf = False  # it only asks

    person = ChoiceField(_l("Person"))
    kind = ChoiceField(_l("Kind"))
    node = ChoiceField(_l("Computer"))
    code = TextField(_l("Tracking code"), longest=40, render_kw={"autocomplete": "off", "inputmode": "numeric"})
    first = DayField(_l("From day"), longest=20, render_kw={"autocomplete": "off", "inputmode": "numeric"})
    last = DayField(_l("To day"), longest=20, render_kw={"autocomplete": "off", "inputmode": "numeric"})

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], computers: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        whole = ("", gettext("all"))
        self.person.choices = [whole, *people, (NOBODY, gettext("nobody signed in"))]
        self.kind.choices = [whole, *((code, gettext(text)) for code, text in KINDS.items())]
        self.node.choices = [whole, *computers]
        if not computers:
            del self.node
