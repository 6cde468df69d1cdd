"""The queues as data: which statuses wait for whom, and what is done next. The pages list them, the start page counts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forms.words import N_
from intake_app.auth import current_actor
from intake_app.clock import iso
from intake_app.desk.at_hand import the_node
from intake_app.desk.rows import shown_rows
from intake_app.store.database import Db
from intake_app.store.lists import COUNT_MAX, ListFilter, ListPage, list_reports
from intake_app.store.returned import returned_twice
from sync.deadline_rule import FIRST_STEP
from sync.workflow import OPEN, STATUSES, STEPS

PAGE_ROWS = 50
URGENT_ROWS = 50


@dataclass(frozen=True)
class WorkQueue:
    """Reports that wait for the same kind of person."""

    code: str
    title: str
    hint: str
    statuses: tuple[str, ...]
    steps: tuple[str, ...] = ()  # what is done next from here, by whoever may
    sort: str = "oldest"
    near: bool = False  # only what is near or over its deadline
    told_from: int | None = None  # only what was told of so far, at least
    supports: bool = False  # what the agency helps with, instead of what it leads
    twice: bool = False  # only those given back so often that the centre decides

    def of(self, agency: str | None, urgent: bool | None = None) -> ListFilter:
        """What this queue is narrowed to for an agency, or for nobody's in particular."""
        side = {"supporting": agency} if self.supports else {"agency": agency}
        near_ms = the_node().clock.now_ms() if self.near else None
        return ListFilter(statuses=self.statuses, urgent=urgent, near_ms=near_ms, told_from=self.told_from, **side)


APPROVAL = WorkQueue(
    "approval",
    N_("Waiting for approval"),
    N_("A draft answer lies with the approver."),
    ("pending_approval",),
    ("approve", "send_back"),
)
ASKED = WorkQueue(
    "asked", N_("Waiting for the citizen"), N_("Something was asked of the citizen."), ("awaiting_info",), ("supply",)
)
DISPATCH = (
    WorkQueue("new", N_("New"), N_("Nobody has taken these on yet."), ("received", "verifying"), ("route",)),
    WorkQueue(
        "returned",
        N_("Returned"),
        N_("The agency says it is not competent. Route them anew."),
        ("returned",),
        ("route",),
    ),
    WorkQueue(
        "twice",
        N_("Returned twice"),
        N_("Two agencies, or one twice, have given these back. The agency named next has to keep them."),
        ("returned",),
        ("route",),
        twice=True,
    ),
    WorkQueue("reopened", N_("Reopened"), N_("The citizen is not content with the answer."), ("reopened",), ("route",)),
    WorkQueue("routed", N_("Routed"), N_("The agency has not accepted these yet."), ("routed",)),
    APPROVAL,
    ASKED,
)
AGENCY = (
    WorkQueue(
        "to_accept",
        N_("To accept"),
        N_("Routed to your agency: accept or return them."),
        ("routed",),
        ("accept", "return"),
        sort="deadline",
    ),
    WorkQueue(
        "at_work",
        N_("In progress"),
        N_("Your agency has accepted these and owes an answer."),
        ("in_progress",),
        ("submit", "answer", "ask", "return"),
        sort="deadline",
    ),
    APPROVAL,
    ASKED,
    WorkQueue(
        "near",
        N_("Overdue and due soon"),
        N_("Your agency was reminded of these, or will be."),
        (),
        ("accept", "submit", "answer"),
        sort="deadline",
        near=True,
    ),
    WorkQueue(
        "escalated",
        N_("For the leaders"),
        N_("The time of these is over; the leaders of your agency are told."),
        (),
        ("approve", "send_back"),
        sort="deadline",
        near=True,
        told_from=FIRST_STEP,
    ),
    WorkQueue(
        "supporting",
        N_("Supporting"),
        N_("Another agency leads these and takes the steps; yours helps it."),
        tuple(status for status in STATUSES if status in OPEN and status not in ("received", "verifying")),
        sort="deadline",
        supports=True,
    ),
    WorkQueue("done", N_("Answered"), N_("The newest answers of your agency."), ("answered", "closed"), sort="newest"),
)


def find_queue(queues: tuple[WorkQueue, ...], code: str | None) -> WorkQueue | None:
    """The queue of that code; the first one where none is asked for; None where there is no such queue."""
    return next((queue for queue in queues if queue.code == (code or queues[0].code)), None)


def count_queues(db: Db, queues: tuple[WorkQueue, ...], agency: str | None = None) -> dict[str, int]:
    """How many reports wait in each queue; counting stops where a list stops counting."""
    return {queue.code: _count(db, queue, agency) for queue in queues}


def _count(db: Db, queue: WorkQueue, agency: str | None) -> int:
    if queue.twice:
        return len(returned_twice(db, agency))
    return list_reports(db, queue.of(agency), limit=1).total


@dataclass(frozen=True)
class QueuePage:
    """One page of a queue: on the first one the urgent reports stand above the others, whatever their age."""

    urgent: ListPage | None
    others: ListPage


def load_queue(db: Db, queue: WorkQueue, agency: str | None = None, after: str | None = None) -> QueuePage:
    """A page of a queue, who waits longest first; `after` is the `next` of the page before."""
    if queue.twice:
        rows = returned_twice(db, agency)
        return QueuePage(None, ListPage(rows, None, len(rows)))
    urgent, normal = (queue.of(agency, each) for each in (True, False))
    return QueuePage(
        None if after else list_reports(db, urgent, limit=URGENT_ROWS, sort=queue.sort),
        list_reports(db, normal, after, PAGE_ROWS, sort=queue.sort),
    )


def load_urgent(db: Db, queue: WorkQueue, agency: str | None = None, after: str | None = None) -> QueuePage:
    """A page of the urgent reports alone, for the day when there are more of them than the first page shows."""
    return QueuePage(None, list_reports(db, queue.of(agency, True), after, PAGE_ROWS, sort=queue.sort))


def shown_queue(
    queues: tuple[WorkQueue, ...], chosen: WorkQueue, counts: dict[str, int], page: QueuePage
) -> dict[str, Any]:
    """What the page of a queue shows: its lines in the reader's language, and the steps that this person may take from it."""
    now_iso = iso(the_node().clock.now_ms())
    roles = current_actor().roles
    return {
        "queues": queues, "chosen": chosen, "counts": counts, "page": page, "count_max": COUNT_MAX,
        "urgent": shown_rows(page.urgent.rows, now_iso) if page.urgent else [],
        "others": shown_rows(page.others.rows, now_iso),
        "offered": [name for name in chosen.steps if STEPS[name].roles & roles],
    }  # fmt: skip
