"""Open reports of all offices that may be about one matter: each with those that look like it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from intake_app.actions.hint import Duplicate, Typed, find_duplicates
from intake_app.clock import from_iso
from intake_app.node import Node
from intake_app.store.claims import told_apart_from
from intake_app.store.database import Db
from intake_app.store.entities import State
from intake_app.store.links import linked_with
from intake_app.store.lists import ListFilter, list_reports
from intake_app.store.reports import Report, load_report
from sync.workflow import OPEN

AT_ONCE = 6  # each asks the index and compares some texts, which takes some thousandths of a second
LOOKED_AT_MAX = 60  # where nothing looks alike a page is done after so many
GROUPS_ENOUGH = 5


@dataclass(frozen=True)
class Group:
    """A report and those that may be about the same matter, which came before it."""

    report: Report
    alike: list[Duplicate]


def find_alike(node: Node, after: str | None) -> tuple[list[Group], str | None]:
    """The groups among the next open reports, the newest first, and where to go on."""
    groups: list[Group] = []
    for _ in range(LOOKED_AT_MAX // AT_ONCE):
        some, after = _among_next(node, after)
        groups += some
        if after is None or len(groups) >= GROUPS_ENOUGH:
            break
    return groups, after


def _among_next(node: Node, after: str | None) -> tuple[list[Group], str | None]:
    with node.database.read() as db:
        page = list_reports(db, ListFilter(open=True), after, AT_ONCE)
        reports = [report for row in page.rows if (report := load_report(db, row.id)) is not None]
        known = {report.id: _settled(db, report) for report in reports}
    groups = [Group(report, _alike(node, report, known[report.id])) for report in reports]
    return [group for group in groups if group.alike], page.next


def _settled(db: Db, report: Report) -> set[bytes]:
    """What needs no decision any more: the report itself, what is linked with it, what was told apart from it."""
    linked = {each.id for each in linked_with(db, report.id, report.no)}
    return {report.id, *linked, *told_apart_from(db, report.id)}


def _alike(node: Node, report: Report, settled: set[bytes]) -> list[Duplicate]:
    state = report.state
    secret = bool(state.get("confidential"))
    phone = "" if secret else state.get("reporter", {}).get("phone", "")
    typed = Typed(phone, state["summary"], state["unit"], state.get("address", ""))
    found = find_duplicates(node, typed, lambda other: True)
    # Of two only the later one shows the pair; an earlier one that has ended long ago needs no link.
    return [
        each
        for each in found
        if each.id not in settled and _before(each.state, state) and (each.state["status"] in OPEN or each.near)
    ]


def _before(other: State, state: State) -> bool:
    return _order(other) < _order(state)


def _order(state: State) -> tuple[int, str]:
    return from_iso(state["received_at"]), state["tracking_code"]
