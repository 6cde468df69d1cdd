"""One cause, many citizens: the approved answer of one report goes to the reports linked with it, as an event of each.

Nothing is merged: every report keeps its code, its citizen and its office, which then has somebody to call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intake_app.actions.route_many import Result
from intake_app.actions.step_report import step_report
from intake_app.node import Actor, Node
from intake_app.store.claims import Claim, claims_of
from intake_app.store.database import Db
from intake_app.store.links import family_of
from intake_app.store.reports import Report, load_report
from sync.errors import NoDatabase, Refused
from sync.workflow import OPEN

FAMILY_MAX = 100  # linked reports looked at; a cause with more of them gets its answer in several goes
GIVEN = frozenset({"answered", "closed"})  # where an answer is one that somebody has approved or given


@dataclass(frozen=True)
class Kin:
    """A report linked with the one that has the answer."""

    report: Report
    claim: Claim | None

    @property
    def waits(self) -> bool:
        """Whether it is open and so can take the answer."""
        return self.report.state["status"] in OPEN


def has_answer(state: Mapping[str, Any]) -> bool:
    """Whether a report has an answer that others may get."""
    return state["status"] in GIVEN and bool(state.get("answer", {}).get("text"))


def kin_of(db: Db, report: Report, now_ms: int) -> list[Kin]:
    """The reports of the same matter, near and far, those that wait first; what only follows an earlier one is another matter."""
    found = [load_report(db, one) for one in family_of(db, report.id, FAMILY_MAX)]
    held = [one for one in found if one is not None]
    claims = claims_of(db, [one.id for one in held], now_ms)
    kin = [Kin(one, claims.get(one.id)) for one in held]
    return sorted(kin, key=lambda each: (not each.waits, each.report.state["received_at"]))


def share_answer(
    node: Node,
    actor: Actor,
    report_id: bytes,
    chosen: Sequence[tuple[bytes, int]],
) -> list[Result]:
    """Give the answer of a report to the chosen ones of its kin, each with the version that was seen of it.

    What is refused is named and stops no other.
    """
    with node.database.read() as db:
        source = load_report(db, report_id)
        if source is None:
            raise Refused("no_such_report", text=report_id.hex())
        kin = {each.report.id: each.report for each in kin_of(db, source, node.clock.now_ms())}
    if not has_answer(source.state):
        raise Refused("no_answer_to_share")
    return [_give(node, actor, source, kin.get(one), one, version) for one, version in chosen]


def _give(node: Node, actor: Actor, source: Report, one: Report | None, wanted: bytes, version: int) -> Result:
    if one is None:
        return Result(wanted, "", "", Refused("not_linked"))
    told = Result(one.id, one.state["tracking_code"], one.state["summary"])
    if (one.version or 0) != version:
        return told._replace(refused=Refused("moved_meanwhile"))
    answer = source.state["answer"]
    details = {"answer": answer["text"], "sources": answer.get("sources"), "same_as": source.id.hex()}
    try:
        step_report(node, actor, one.id, "share", seen_status=one.state["status"], **details)
    except NoDatabase:
        raise  # no report's own fault, and none of the others would fare better
    except Refused as refused:
        return told._replace(refused=refused)
    return told
