"""The centre's start page: in one look what needs a person, each count with its link."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, url_for

from forms.words import N_
from intake_app.actions.set_publicity import PUBLISHERS
from intake_app.auth import current_actor
from intake_app.central.silence import silence_level, thresholds
from intake_app.desk.at_hand import sight, the_node
from intake_app.desk.queues import AGENCY, DISPATCH, WorkQueue, count_queues
from intake_app.navigation import BATCH_READERS, DISPATCHERS, HANDLERS, NODE_READERS, QUERY_READERS
from intake_app.store.batches import count_attention
from intake_app.store.database import Db
from intake_app.store.nodes import NodeRow, list_nodes
from intake_app.store.overdue import due_by_agency
from intake_app.store.publicity import count_stages
from intake_app.store.queries import count_open
from intake_app.store.queue import queue_status
from sync.publicity import WAITING

blueprint = Blueprint("home", __name__)

# What a person has to move; the other queues wait for somebody else and are shown without a call to act.
DISPATCH_DUE = ("new", "returned", "twice", "reopened")
AGENCY_DUE = ("to_accept", "at_work", "near", "escalated")


@dataclass(frozen=True)
class Line:
    """One count of the start page."""

    text: str
    count: int
    address: str
    due: bool = True


@blueprint.get("/centre")
def overview() -> str:
    """What needs a person now, by what this person may do."""
    node, actor, seen = the_node(), current_actor(), sight()
    groups: list[tuple[str, list[Line]]] = []
    own: tuple[WorkQueue, ...] = ()
    with node.database.read() as db:
        if actor.agency and actor.roles & HANDLERS:
            own = (*AGENCY[:3], *(queue for queue in AGENCY if queue.near))
            lines = _queue_lines(db, own, "agency.queue", AGENCY_DUE, actor.agency)
            groups.append((N_("My agency"), lines))
        if actor.roles & DISPATCHERS:
            # Who sees one agency only would read the same count in both groups.
            others = tuple(queue for queue in DISPATCH if seen is None or queue not in own)
            lines = _queue_lines(db, others, "dispatch.queue", _due(actor.roles), seen)
            groups.append((N_("Dispatch"), lines + _publicity_lines(db, actor.roles)))
        if actor.roles & DISPATCHERS:
            groups.append((N_("Deadlines"), _deadline_lines(db, node.clock.now_ms())))
        if seen is None:
            groups.append((N_("Data from the offices"), _exchange_lines(db, actor.roles, node.clock.now_ms())))
    return render_template("central/home.html", groups=[(title, lines) for title, lines in groups if lines])


def _deadline_lines(db: Db, now_ms: int) -> list[Line]:
    """How much is over and near; the page behind them says at whom."""
    found = due_by_agency(db, now_ms, sight())
    over, near = sum(one.over for one in found), sum(one.near for one in found)
    return [
        Line(N_("Overdue"), over, url_for("overdue.listed", show="over")),
        Line(N_("Due soon"), near, url_for("overdue.listed"), due=False),
    ]


def _publicity_lines(db: Db, roles: Collection[str]) -> list[Line]:
    """What waits to be published, for whoever publishes."""
    if not PUBLISHERS & set(roles):
        return []
    waiting = count_stages(db, sight() or "")[WAITING]
    return [Line(N_("To be published"), waiting, url_for("public.listed", show=WAITING), due=False)]


def _due(roles: Collection[str]) -> tuple[str, ...]:
    return (*DISPATCH_DUE, "approval") if "approver" in roles else DISPATCH_DUE


def _queue_lines(
    db: Db, queues: tuple[WorkQueue, ...], endpoint: str, due: tuple[str, ...], agency: str | None = None
) -> list[Line]:
    counts = count_queues(db, queues, agency)
    return [
        Line(queue.title, counts[queue.code], url_for(endpoint, queue=queue.code), queue.code in due)
        for queue in queues
    ]


def _exchange_lines(db: Db, roles: Collection[str], now_ms: int) -> list[Line]:
    lines = [Line(N_("Conflicts"), queue_status(db).conflicts, url_for("conflicts.listed"))]
    if BATCH_READERS & set(roles):
        lines.append(Line(N_("Batches that need attention"), count_attention(db), url_for("batches.listed")))
    if NODE_READERS & set(roles):
        lines.append(Line(N_("Silent computers"), _silent(list_nodes(db), now_ms), url_for("nodes.listed")))
    if QUERY_READERS & set(roles):
        lines.append(Line(N_("Sent back, waiting for the office"), count_open(db), url_for("sent_back.listed"), False))
    return lines


def _silent(nodes: Sequence[NodeRow], now_ms: int) -> int:
    limits = thresholds(current_app.extensions["settings"])
    levels = [
        silence_level(row.last_seen_ms, now_ms, limits, row.enrolled_ms) for row in nodes if row.revoked_ms is None
    ]
    return sum(level in ("amber", "red") for level in levels)
