"""The centre of the simulated world sends reports back, and offices settle that. No chance of its own."""

from __future__ import annotations

from intake_app.actions.send_back import send_back, settle_query
from intake_app.store.queries import list_queries
from sync.errors import Refused
from tests.simulation import poison
from tests.simulation.machines import Machine
from tests.simulation.stage import Stage


def ask(stage: Stage, machine: Machine) -> str:
    """Send back the report that came last."""
    with machine.node.database.read() as db:
        found = db.value("SELECT e.id FROM report r JOIN entity e ON e.no = r.no ORDER BY r.no DESC LIMIT 1")
        if found is None:
            return "nothing to send back"
        poison.seen(db, found)
    try:
        send_back(machine.node, machine.actor, found, stage.words())
    except Refused as refused:
        return f"not sent back: {refused.code}"
    stage.counts["reports sent back"] += 1
    return f"{found.hex()[-6:]} sent back"


def settle(stage: Stage, machine: Machine) -> str:
    """Explain the first report that was sent back to this office."""
    with machine.node.database.read() as db:
        rows = list_queries(db, False, offices=[machine.settings.office]).rows
    if not rows:
        return "nothing was sent back"
    try:
        settle_query(machine.node, machine.actor, rows[0].report_id, rows[0].id, "noted", stage.words())
    except Refused as refused:
        return f"not settled: {refused.code}"
    stage.counts["queries settled"] += 1
    return f"{rows[0].report_id.hex()[-6:]} settled"
