"""`nodes`: the computers that the centre knows, and shutting one out."""

from __future__ import annotations

from intake_app.actions.look_after import look_after
from intake_app.actions.shut_out import shut_out
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser
from intake_app.cli.printing import print_json, print_table
from intake_app.node import Node
from intake_app.shown import when
from intake_app.store.nodes import NodeRow, list_nodes
from intake_app.words import gettext as _
from sync.errors import Refused


def nodes_arguments(parser: Parser) -> None:
    """[--shut-out ID | --look-after ID [--unit CODE …]]"""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--shut-out", metavar="ID", help=_("the beginning of the id of the computer to shut out"))
    what.add_argument(
        "--look-after",
        metavar="ID",
        help=_("the beginning of the id of the computer that shall look after these units beside its office's own"),
    )
    parser.add_argument(
        "--unit", metavar="CODE", action="append", default=[], help=_("a unit for --look-after; none takes all away")
    )


def nodes(call: Call) -> int:
    """Lists the computers of the offices, after shutting one out or giving it other units if that was asked for."""
    if call.values.shut_out:
        with call.acting() as (node, actor):
            shut_out(node, actor, _the_one(node, call.values.shut_out.lower()))
            rows = _rows(node)
    elif call.values.look_after:
        with call.acting() as (node, actor):
            look_after(node, actor, _the_one(node, call.values.look_after.lower()), call.values.unit)
            rows = _rows(node)
    else:
        with call.node() as node:
            rows = _rows(node)
    if call.json:
        print_json({"nodes": [_told(row) for row in rows]})
        return DONE
    heads = (_("Node"), _("Office"), _("Last contact"), _("Unsent"), _("Kept apart"), _("Alarm"))
    print_table(heads, [_line(row) for row in rows])
    return DONE


def _rows(node: Node) -> list[NodeRow]:
    if not node.is_central:
        raise Refused("wrong_role", role="central")
    with node.database.read() as db:
        return list_nodes(db)


def _the_one(node: Node, beginning: str) -> bytes:
    found = [row.id for row in _rows(node) if row.id.hex().startswith(beginning)]
    if len(found) != 1:
        raise Refused("no_such_node", node=beginning[:40])
    return found[0]


def _told(row: NodeRow) -> dict[str, object]:
    return {
        "node": row.id.hex(), "office": row.office, "revoked": row.revoked_ms is not None, "apart": row.apart,
        "unsent": row.unsent, "backlog": row.backlog, "alarm": row.alarm, "version": row.version,
        "last_seen": when(row.last_seen_ms) or None,
    }  # fmt: skip


def _line(row: NodeRow) -> tuple[object, ...]:
    marks = [*([_("shut out")] if row.revoked_ms else []), *([row.alarm] if row.alarm else [])]
    return (row.id.hex()[:8], row.office, when(row.last_seen_ms) or "–", row.unsent or 0, row.apart, ", ".join(marks))


COMMANDS = {"nodes": (nodes_arguments, nodes)}
