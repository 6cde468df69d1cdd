"""The batch inbox: what came from each office, and what became of every entry."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from intake_app.auth import only
from intake_app.central.silence import silence_level
from intake_app.desk.at_hand import the_node
from intake_app.navigation import BATCH_READERS
from intake_app.store.batches import list_batches, load_batch
from intake_app.store.nodes import NodeRow, list_nodes
from sync.errors import Refused

blueprint = Blueprint("batches", __name__)

PAGE_ROWS = 50
NODE_BYTES = 16
SHOWS = ("attention", "all")


@blueprint.get("/batches")
@only(*BATCH_READERS)
def listed() -> str:
    """The batches, newest first; those that need attention unless all are asked for."""
    show = request.args.get("show", SHOWS[0])
    if show not in SHOWS:
        abort(404)
    node, now_ms = the_node(), the_node().clock.now_ms()
    with node.database.read() as db:
        nodes = list_nodes(db)
        sender = _asked_node(nodes)
        # One row more than shown tells whether there is a next page, without counting a table that only grows.
        rows = list_batches(db, show == "attention", sender and sender.id, _before(), PAGE_ROWS + 1)
    return render_template(
        "central/batches.html",
        rows=rows[:PAGE_ROWS],
        older=rows[PAGE_ROWS - 1].no if len(rows) > PAGE_ROWS else None,
        show=show,
        sender=sender,
        nodes=_quietest_first(nodes, now_ms),
    )


@blueprint.get("/batches/<int:no>")
@only(*BATCH_READERS)
def one(no: int) -> str:
    """One batch with the outcome of each entry in words."""
    node = the_node()
    with node.database.read() as db:
        batch = load_batch(db, no)
    if batch is None:
        raise Refused("no_such_batch")
    return render_template("central/batch.html", batch=batch)


def _before() -> int | None:
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        abort(404)
    return int(text) if text else None


def _asked_node(nodes: list[NodeRow]) -> NodeRow | None:
    text = request.args.get("node", "")
    if not text:
        return None
    return next((row for row in nodes if row.id.hex() == text), None) or abort(404)


def _quietest_first(nodes: list[NodeRow], now_ms: int) -> list[tuple[NodeRow, str]]:
    """The nodes with how silent they are; the longest unheard first, those never heard last."""
    ordered = sorted(nodes, key=lambda row: row.last_seen_ms or now_ms)
    return [(row, silence_level(row.last_seen_ms, now_ms)) for row in ordered]
