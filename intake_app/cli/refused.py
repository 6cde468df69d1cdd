"""`refused`, `repair`, `dismiss`: this computer's entries that the centre did not take, and what is done about them."""

from __future__ import annotations

import json

from forms.words import word
from intake_app.actions.settle_refused import Content, dismiss_event, refused_content, repair_event
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser, WrongUse
from intake_app.cli.printing import print_json
from intake_app.cli.refusing import why
from intake_app.node import Node
from intake_app.shown import when
from intake_app.store.queue import RefusedEvent, refused_events
from intake_app.words import gettext as _
from sync import tracking_code
from sync.errors import Refused

LIMIT = 10_000


def refused_arguments(parser: Parser) -> None:
    """Nothing beside the general options."""


def refused(call: Call) -> int:
    """Lists what the centre refused or holds back."""
    with call.node() as node, node.database.read() as db:
        found = refused_events(db, LIMIT)
    if call.json:
        print_json({"refused": [_as_json(one) for one in found]})
    for one in found if not call.json else ():
        code = tracking_code.show(one.tracking_code) if one.tracking_code else "–"
        print(f"{one.event}  {code}  {word('event', one.kind, _)}  {when(one.at)}")
        print(f"  {word('verdict', one.verdict, _)}: {why(one.code, one.params)}")
    if not found and not call.json:
        print(_("The centre has refused nothing."))
    return DONE


def _as_json(one: RefusedEvent) -> dict[str, object]:
    return {
        "event": one.event,
        "kind": one.kind,
        "tracking_code": one.tracking_code,
        "verdict": one.verdict,
        "code": one.code,
        "why": why(one.code, one.params),
    }


def _event_argument(parser: Parser) -> None:
    parser.add_argument("event", metavar="EVENT", help=_("the id that run.py refused shows"))


def repair_arguments(parser: Parser) -> None:
    """EVENT [--set KEY=VALUE …]"""
    _event_argument(parser)
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        nargs="+",
        action="extend",
        default=[],
        help=_("a field of the entry and its value"),
    )


def repair(call: Call) -> int:
    """Sends a corrected entry in the place of a refused one; without --set the same again, in the name of who does it."""
    with call.acting() as (node, actor):
        content = _content(node, call.values.event)
        repair_event(node, actor, content.event.id, _changes(content, call.values.set))
    return _told(call, content, _("Repaired: %(event)s. It is sent with the next exchange."))


def dismiss_arguments(parser: Parser) -> None:
    """EVENT --reason R"""
    _event_argument(parser)
    parser.add_argument("--reason", metavar="R", required=True, help=_("why"))


def dismiss(call: Call) -> int:
    """Gives up a refused entry; the journal keeps it."""
    with call.acting() as (node, actor):
        content = _content(node, call.values.event)
        dismiss_event(node, actor, content.event.id, call.values.reason)
    return _told(call, content, _("Given up: %(event)s. The journal keeps it."))


def _told(call: Call, content: Content, sentence: str) -> int:
    if call.json:
        print_json({"event": content.event.id.hex(), "kind": content.event.kind})
    else:
        print(sentence % {"event": word("event", content.event.kind, _)})
    return DONE


def _content(node: Node, text: str) -> Content:
    try:
        event_id = bytes.fromhex(text.strip())
    except ValueError:
        raise Refused("not_refused") from None
    with node.database.read() as db:
        return refused_content(db, event_id)


def _changes(content: Content, pairs: list[str]) -> dict[str, object]:
    """Typed values in the form of the field: text stays text, all else is JSON."""
    changes: dict[str, object] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise WrongUse(_("“%(pair)s” is not KEY=VALUE.", pair=pair))
        if isinstance(content.values.get(key), bool | dict | list):
            try:
                changes[key] = json.loads(value)
            except ValueError:
                raise WrongUse(_("“%(field)s” needs a JSON value, such as true or false.", field=key)) from None
        else:
            changes[key] = value or None
    return changes


COMMANDS = {
    "refused": (refused_arguments, refused),
    "repair": (repair_arguments, repair),
    "dismiss": (dismiss_arguments, dismiss),
}
