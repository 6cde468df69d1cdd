"""`conflicts` and `decide`: what two people changed without knowing of each other, and what shall stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count

from forms.words import word
from intake_app.actions.decide_conflict import decide_conflict
from intake_app.actions.reveal_identity import note_look
from intake_app.actor import Actor
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser, WrongUse
from intake_app.cli.printing import print_json
from intake_app.desk.sight import may_see, narrowed_to
from intake_app.node import Node
from intake_app.store.conflicts import ConflictRow, find, list_conflicts
from intake_app.store.reports import load_report
from intake_app.words import gettext as _
from sync import tracking_code
from sync.errors import Refused

PAGE_ROWS = 500


def conflicts_arguments(parser: Parser) -> None:
    """Nothing beside the general options."""


def conflicts(call: Call) -> int:
    """Lists what needs a decision; at the centre people of an agency see what is on its reports."""
    with call.acting() as (node, actor):
        found = list(all_conflicts(node, narrowed_to(node, actor)))
        for row in found:
            if row.secret:
                note_look(node, actor, row.report_id, [row.field])
    if call.json:
        print_json({"conflicts": [_as_json(row) for row in found]})
    for row in found if not call.json else ():
        print(f"{row.id}  {tracking_code.show(row.tracking_code)}  {word('field', row.field, _)}")
        print("  " + _("now: %(value)s", value=shown(row.current)))
        print("  " + _("other: %(value)s", value=shown(row.other)))
    if not found and not call.json:
        print(_("Nothing needs a decision."))
    return DONE


def all_conflicts(node: Node, agency: str | None) -> Iterator[ConflictRow]:
    """Gives every open conflict, page by page."""
    for first in count(0, PAGE_ROWS):
        with node.database.read() as db:
            page = list_conflicts(db, PAGE_ROWS, first, agency)
        if not page:
            return
        yield from page


def _as_json(row: ConflictRow) -> dict[str, object]:
    return {
        "id": row.id,
        "tracking_code": row.tracking_code,
        "field": row.field,
        "current": row.current,
        "other": row.other,
        "replaced": row.replaced,
        "summary": row.summary,
    }


def shown(value: object) -> str:
    """A value as a person reads it; text stands as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def decide_arguments(parser: Parser) -> None:
    """CONFLICT --keep current|other | --value V"""
    parser.add_argument("conflict", metavar="CONFLICT", help=_("the id that run.py conflicts shows"))
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--keep", choices=("current", "other"), help=_("the value that shall stand"))
    choice.add_argument("--value", metavar="V", help=_("another value that shall stand"))


def decide(call: Call) -> int:
    """Settles one conflict."""
    with call.acting() as (node, actor):
        row = _find(node, actor, call.values.conflict)
        if call.values.keep:
            decide_conflict(node, actor, [row.id], call.values.keep)
        else:
            decide_conflict(node, actor, [row.id], "value", value=_typed(row, call.values.value))
    if call.json:
        print_json({"id": row.id, "tracking_code": row.tracking_code, "field": row.field, "decided": True})
    else:
        print(_("Decided: %(field)s of %(code)s.",
                field=word("field", row.field, _), code=tracking_code.show(row.tracking_code)))  # fmt: skip
    return DONE


def _find(node: Node, actor: Actor, text: str) -> ConflictRow:
    with node.database.read() as db:
        row = find(db, text.strip().lower())
        report = load_report(db, row.report_id) if row else None
    if row is None or report is None or not may_see(narrowed_to(node, actor), report.state):
        raise Refused("no_such_conflict", conflict=text[:40])
    return row


def _typed(row: ConflictRow, text: str) -> object:
    """The value in the form of the field: text stays text, a switch or answers are read as JSON."""
    if isinstance(row.current, str) or row.current is None:
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise WrongUse(_("“%(field)s” needs a JSON value, such as true or false.", field=row.field)) from None


COMMANDS = {"conflicts": (conflicts_arguments, conflicts), "decide": (decide_arguments, decide)}
