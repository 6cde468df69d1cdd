"""`enrollment-code`, `enroll`, `sync`: a node and its centre."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import asdict

from intake_app.actions.enroll import enroll as enroll_node
from intake_app.actions.enroll import make_enrollment_code
from intake_app.actions.receive import drain_inbox
from intake_app.actions.reconcile import SyncSummary, reconcile
from intake_app.cli.call import Call
from intake_app.cli.ending import AWAY, DONE, IN_PART
from intake_app.cli.parsing import Parser
from intake_app.cli.printing import Progress, print_json
from intake_app.cli.refusing import refusal
from intake_app.node import Node
from intake_app.store.queue import Queue, queue_status
from intake_app.words import gettext as _
from sync.cycle import Summary
from sync.errors import BadMessage, NoNetwork
from sync.transport import HttpLink


def enrollment_code_arguments(parser: Parser) -> None:
    """--office NUMBER [--unit CODE …]"""
    parser.add_argument("--office", metavar="NUMBER", required=True, help=_("the four digits of the office"))
    parser.add_argument(
        "--unit",
        metavar="CODE",
        action="append",
        default=[],
        help=_("a unit the node shall see beside its office's own"),
    )


def enrollment_code(call: Call) -> int:
    """Makes a one-time code for a new node."""
    with call.acting() as (node, actor):
        code = make_enrollment_code(node, actor, call.values.office, tuple(call.values.unit))
    if call.json:
        print_json({"code": code})
    else:
        print(code)
    return DONE


def enroll_arguments(parser: Parser) -> None:
    """--central URL --code CODE [--allow-plain]"""
    parser.add_argument("--central", metavar="URL", required=True, help=_("the address of the centre"))
    parser.add_argument("--code", metavar="CODE", required=True, help=_("the one-time code that the centre made"))
    parser.add_argument(
        "--allow-plain", action="store_true", help=_("take an address without encryption that is not on this computer")
    )


def enroll(call: Call) -> int:
    """Binds this node to its centre."""
    url = call.values.central.strip().rstrip("/")
    with call.acting() as (node, actor):
        enroll_node(node, actor, url, call.values.code, allow_plain=call.values.allow_plain)
    if call.json:
        print_json({"enrolled": True, "central": url})
    else:
        print(_("This node is bound to %(url)s.", url=url))
    return DONE


def sync_arguments(parser: Parser) -> None:
    """Nothing beside the general options."""


def sync(call: Call) -> int:
    """Exchanges with the centre until nothing more moves."""
    with call.node() as node:
        if node.is_central:
            drain_inbox(node)
            return _told(call, _standing(node, Summary()), DONE)
        before, moved = _queue(node), Summary()
        progress = Progress()

        def follow(summary: Summary) -> None:
            nonlocal moved
            moved = summary
            progress(summary.sent, summary.sent + summary.waiting)

        try:
            with closing(HttpLink(before.central_url or "")) as link:
                done = reconcile(node, link, ignore_backoff=True, progress=follow)
        except (NoNetwork, BadMessage) as problem:
            progress.end()
            print(refusal(problem), file=sys.stderr)
            return _told(call, _standing(node, moved), AWAY)
        progress.end()
        assert done is not None, "the back-off was to be ignored"
        return _told(call, done, IN_PART if done.refused > before.refused else DONE)


def _queue(node: Node) -> Queue:
    with node.database.read() as db:
        return queue_status(db)


def _standing(node: Node, moved: Summary) -> SyncSummary:
    """What moved before it broke off, and how the queue stands now."""
    now = _queue(node)
    return SyncSummary(
        moved.sent, moved.received, now.waiting, now.refused, now.conflicts,
        moved.requests, moved.bytes_up, moved.bytes_down,
    )  # fmt: skip


def _told(call: Call, summary: SyncSummary, status: int) -> int:
    if call.json:
        print_json(asdict(summary))
        return status
    print(_("Sent: %(sent)s. Received: %(received)s. Still waiting: %(waiting)s.", **asdict(summary)))
    if summary.refused:
        print(_("Not taken by the centre: %(refused)s.", refused=summary.refused))
    if summary.conflicts:
        print(_("Need a decision: %(conflicts)s.", conflicts=summary.conflicts))
    return status


COMMANDS = {
    "enrollment-code": (enrollment_code_arguments, enrollment_code),
    "enroll": (enroll_arguments, enroll),
    "sync": (sync_arguments, sync),
}
