"""Route several reports to one agency with one text: each is a step of its own, and of each it is told what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from intake_app.actions.step_report import step_report
from intake_app.node import Actor, Node
from intake_app.store.entities import State
from intake_app.store.reports import load_report
from sync.errors import IntakeError, InvalidFields, NoDatabase, Refused

MANY_MAX = 100  # what a page shows; more at once nobody has looked at
Sees = Callable[[State], bool]


class Result(NamedTuple):
    """What became of one report: done, or the refusal that kept it as it was."""

    id: bytes
    tracking_code: str
    summary: str
    refused: IntakeError | None = None


def route_many(
    node: Node, actor: Actor, chosen: Sequence[tuple[bytes, int]], sees: Sees = lambda state: True, **details: object
) -> list[Result]:
    """Route each of these reports, given with the version that was seen of it; one that is refused stops no other.

    What this person does not see is as if it were not there.
    """
    if len(chosen) > MANY_MAX:
        raise Refused("too_many_chosen", max=MANY_MAX)
    return [_one(node, actor, report, version, sees, details) for report, version in chosen]


def _one(node: Node, actor: Actor, report_id: bytes, version: int, sees: Sees, details: Mapping[str, object]) -> Result:
    with node.database.read() as db:
        found = load_report(db, report_id)
    if found is None or not sees(found.state):
        return Result(report_id, "", "", Refused("no_such_report", text=report_id.hex()))
    told = Result(report_id, found.state["tracking_code"], found.state["summary"])
    if (found.version or 0) != version:
        return told._replace(refused=Refused("moved_meanwhile"))
    try:
        step_report(node, actor, report_id, "route", seen_status=found.state["status"], **details)
    except NoDatabase:
        raise  # no report's own fault, and none of the others would fare better
    except InvalidFields as invalid:
        problem = next(iter(invalid.problems.values()))
        return told._replace(refused=Refused(problem.code, **problem.params))
    except Refused as refused:
        return told._replace(refused=refused)
    return told
