"""`send-back`, `sent-back`: what the centre asks of the office that recorded a report, and how that is settled."""

from __future__ import annotations

from forms.words import word
from intake_app.actions.send_back import send_back, settle_query
from intake_app.actor import Actor
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser, WrongUse
from intake_app.cli.printing import print_json
from intake_app.cli.steps import find_report
from intake_app.desk.sight import answering_offices, narrowed_to
from intake_app.node import Node
from intake_app.shown import when
from intake_app.store.queries import QueryRow, list_queries
from intake_app.words import gettext as _
from sync import tracking_code
from sync.errors import Refused
from sync.queries import WAYS, open_queries


def send_back_arguments(parser: Parser) -> None:
    """CODE --reason R"""
    parser.add_argument("code", metavar="CODE", nargs="+", help=_("the tracking code, with or without spaces"))
    parser.add_argument("--reason", metavar="R", required=True, help=_("what the office should correct or explain"))


def send_back_one(call: Call) -> int:
    """Sends a report back to the office that recorded it, as a task there."""
    with call.acting() as (node, actor):
        report = find_report(node, actor, call.values.code)
        send_back(node, actor, report.id, call.values.reason)
    return _told(call, report.id, report.state["tracking_code"], _("sent back"))


def sent_back_arguments(parser: Parser) -> None:
    """[CODE --how amended|noted|dismissed [--text T]]"""
    parser.add_argument("code", metavar="CODE", nargs="*", help=_("the report whose oldest open task is settled"))
    parser.add_argument("--how", choices=WAYS, help=_("how it is settled"))
    parser.add_argument("--text", metavar="T", default="", help=_("a word to the centre"))


def sent_back(call: Call) -> int:
    """Lists what waits to be settled, or settles one."""
    if bool(call.values.code) != bool(call.values.how):
        raise WrongUse(_("Name the report and --how together, or neither for the list."))
    with call.acting() as (node, actor):
        if not call.values.code:
            return _listed(call, _open(node, actor))
        report = find_report(node, actor, call.values.code)
        waiting = open_queries(report.state)
        if not waiting:
            raise Refused("no_such_query")
        settle_query(node, actor, report.id, waiting[0]["id"], call.values.how, call.values.text)
    return _told(call, report.id, report.state["tracking_code"], _("settled"))


def _open(node: Node, actor: Actor) -> list[QueryRow]:
    rows: list[QueryRow] = []
    after: str | None = None
    while True:
        with node.database.read() as db:
            page = list_queries(db, False, answering_offices(node), narrowed_to(node, actor), after, 500)
        rows += page.rows
        if (after := page.next) is None:
            return rows


def _listed(call: Call, rows: list[QueryRow]) -> int:
    if call.json:
        print_json({"sent_back": [_as_json(row) for row in rows]})
        return DONE
    for row in rows:
        print(f"{tracking_code.show(row.state['tracking_code'])}  {when(row.entry['at'])}  {row.state['summary']}")
        print(f"  {word('field', 'reason', _)}: {row.entry['reason']}")
    if not rows:
        print(_("Nothing that was sent back waits."))
    return DONE


def _as_json(row: QueryRow) -> dict[str, object]:
    return {
        "id": row.id, "tracking_code": row.state["tracking_code"], "office": row.office, "reason": row.entry["reason"],
        "summary": row.state["summary"], "at": when(row.entry["at"]),
    }  # fmt: skip


def _told(call: Call, report_id: bytes, code: str, done: str) -> int:
    if call.json:
        print_json({"id": report_id.hex(), "tracking_code": code, "done": True})
    else:
        print(f"{tracking_code.show(code)}: {done}")
    return DONE


COMMANDS = {"send-back": (send_back_arguments, send_back_one), "sent-back": (sent_back_arguments, sent_back)}
