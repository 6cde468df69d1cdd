"""The conflict card of one report: what each side holds, how it differs from what both saw, what is proposed. Values in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from forms.words import choices
from intake_app.store.conflicts import ConflictRow
from sync import limits
from sync.conflict import short_hash

CHOICE_FIELDS = frozenset({"kind", "urgency", "language", "reply_by", "status"})
SWITCH_FIELDS = frozenset({"anonymous", "representative", "confidential", "publish_consent", "consent"})
LONG_FIELDS = frozenset({"details"})
# In these a change is a matter of some words; elsewhere one value is simply not the other.
WORDED = frozenset({"summary", "details", "address", "village", "name", "home_address", "procedure"})
CURRENT, OTHER, OWN, LATER = "current", "other", "value", "later"
DIFFED_WORDS_MAX = 600  # comparing longer texts word by word takes longer than a page may


@dataclass(frozen=True)
class Side:
    """One value that may stand: its key in the form, in which column, from whom, and its changed words marked."""

    key: str
    column: str  # here, elsewhere, centre
    value: Any
    by: str
    at: int | None
    marked: Markup | None


@dataclass(frozen=True)
class Contest:
    """One field on which two people differ."""

    field: str
    origin_known: bool
    origin: Any
    sides: tuple[Side, ...]
    offer: list[tuple[str, str]] | None  # a closed set; None where text is typed; empty where only the sides can be kept
    typed: str
    chosen: str
    seen: str
    rows: tuple[ConflictRow, ...]

    @property
    def value(self) -> Any:
        """The value that is chosen; the typed text where the person wants another one."""
        return next((side.value for side in self.sides if side.key == self.chosen), self.typed)


def contests(
    rows: Sequence[ConflictRow], own_node: str | None, sent: Mapping[str, str], topics: list[tuple[str, str]]
) -> list[Contest]:
    """The fields of one report, each as it was sent, or with what is proposed; `own_node` is None at the centre."""
    by_field: dict[str, list[ConflictRow]] = {}
    for row in rows:
        by_field.setdefault(row.field, []).append(row)
    return [_contest(field, some, own_node, sent, topics) for field, some in by_field.items()]


def _contest(
    field: str, rows: list[ConflictRow], own_node: str | None, sent: Mapping[str, str], topics: list[tuple[str, str]]
) -> Contest:
    first = rows[0]
    known, origin = first.replaced_known, first.replaced
    sides = [
        Side(row.id, _column(row, own_node), row.other, row.by, row.at, _marked(field, origin, row.other))
        for row in rows
    ]
    sides.append(Side(CURRENT, "centre", first.current, "", None, _marked(field, origin, first.current)))
    proposed, both = _proposal(field, first, rows)
    return Contest(
        field=field, origin_known=known, origin=origin, sides=tuple(sides), offer=_offer(field, topics),
        typed=sent.get(f"value-{field}", both), chosen=_chosen(sent, field, sides, proposed),
        seen=short_hash([first.current, [row.id for row in rows]]), rows=tuple(rows),
    )  # fmt: skip


def _column(row: ConflictRow, own_node: str | None) -> str:
    return "here" if own_node is not None and row.node == own_node else "elsewhere"


def _chosen(sent: Mapping[str, str], field: str, sides: Sequence[Side], proposed: str) -> str:
    """What the form says, "all of one side" before the rest; what it cannot mean is what is proposed."""
    everything = {"all-centre": CURRENT, "all-others": sides[0].key}.get(sent.get("action", ""))
    wanted = everything or sent.get(f"keep-{field}", proposed)
    return wanted if wanted in {OWN, LATER, *(side.key for side in sides)} else proposed


def _proposal(field: str, first: ConflictRow, rows: Sequence[ConflictRow]) -> tuple[str, str]:
    """What the rules propose: the caller's words are kept from both sides, of everything else what the centre has."""
    if field not in LONG_FIELDS:
        return CURRENT, ""
    texts = dict.fromkeys(str(value) for value in (first.current, *(row.other for row in rows)) if value)
    both = "\n\n".join(texts)
    return (OWN, both) if len(both) <= limits.DETAILS_MAX else (CURRENT, "")


def _offer(field: str, topics: list[tuple[str, str]]) -> list[tuple[str, str]] | None:
    if field in CHOICE_FIELDS:
        return choices(field)
    if field == "topic":
        return topics
    if field in SWITCH_FIELDS:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [] if field == "answers" else None


def _marked(field: str, before: Any, after: Any) -> Markup | None:
    """The words of a value with those marked that were taken out or put in; None where there is nothing to compare by words."""
    if field not in WORDED or not isinstance(before, str) or not isinstance(after, str) or before == after:
        return None
    old, new = before.split(), after.split()
    if len(old) + len(new) > DIFFED_WORDS_MAX:
        return None
    gone, put = Markup('<span class="visually-hidden">{} </span>'), Markup('<span class="visually-hidden">{} </span>')
    parts: list[Markup] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(escape(" ".join(old[a:b])))
            continue
        if a < b:
            parts.append(Markup("<del>{}{}</del>").format(gone.format(_("taken out:")), " ".join(old[a:b])))
        if c < d:
            parts.append(Markup("<ins>{}{}</ins>").format(put.format(_("put in:")), " ".join(new[c:d])))
    return Markup(" ").join(parts)
