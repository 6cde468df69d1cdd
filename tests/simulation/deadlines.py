"""Before the world heals its centre publishes a calendar and a rule, reminds of what is over and urges; rows follow everywhere."""

from __future__ import annotations

from intake_app.actions.publish_deadlines import CALENDAR, RULE, publish
from intake_app.actions.refresh_deadlines import refresh_deadlines
from intake_app.actions.remind import remind_all
from intake_app.store.deadlines import shipped
from tests.simulation.stage import Invariant, Part, Stage

RULE_OF_HOURS = {"name": "Mọi việc", "unit_of_time": "hours", "amount": 2, "soon": 1, "source": "Mẫu", "valid_from": "1900-01-01"}


def _set_terms(stage: Stage) -> None:
    """What every computer is to count by, and what is over by it: told of by the centre."""
    centre = stage.world.centre
    centre.fuse.set(None)
    publish(centre.node, centre.actor, CALENDAR, shipped(CALENDAR)[2] | {"name": stage.words()})
    publish(centre.node, centre.actor, RULE, RULE_OF_HOURS)
    while refresh_deadlines(centre.node):
        pass
    stage.counts["reminders"] += remind_all(centre.node)


def _rows_follow(stage: Stage) -> None:
    """Every computer counts by what was published, and its rows say so."""
    for machine in stage.world.machines.values():
        if machine.name not in stage.apart:
            while refresh_deadlines(machine.node):
                pass
            rows = machine.eye.one("SELECT count(*) FROM deadline_source")
            assert rows is not None and rows[0] == 2, f"{machine.name} does not know what it is to count by"


PART = Part(
    invariants=(Invariant("rows follow published deadlines", (), "end", _rows_follow),),
    before_healing=(_set_terms,),
)
