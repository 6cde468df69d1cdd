"""The queues of the centre as data: which statuses wait for whom. The pages list them, the start page counts them."""

from __future__ import annotations

from dataclasses import dataclass

from forms.words import N_
from intake_app.store.database import Db
from intake_app.store.lists import ListFilter, ListPage, list_reports

PAGE_ROWS = 50
URGENT_ROWS = 50


@dataclass(frozen=True)
class WorkQueue:
    """Reports that wait for the same kind of person."""

    code: str
    title: str
    hint: str
    statuses: tuple[str, ...]
    sort: str = "oldest"


APPROVAL = WorkQueue(
    "approval", N_("Waiting for approval"), N_("A draft answer lies with the approver."), ("pending_approval",)
)
ASKED = WorkQueue("asked", N_("Waiting for the citizen"), N_("Something was asked of the citizen."), ("awaiting_info",))
DISPATCH = (
    WorkQueue("new", N_("New"), N_("Nobody has taken these on yet."), ("received", "verifying")),
    WorkQueue("returned", N_("Returned"), N_("The agency says it is not competent. Route them anew."), ("returned",)),
    WorkQueue("reopened", N_("Reopened"), N_("The citizen is not content with the answer."), ("reopened",)),
    WorkQueue("routed", N_("Routed"), N_("The agency has not accepted these yet."), ("routed",)),
    APPROVAL,
    ASKED,
)
AGENCY = (
    WorkQueue("to_accept", N_("To accept"), N_("Routed to your agency: accept or return them."), ("routed",)),
    WorkQueue("at_work", N_("In progress"), N_("Your agency has accepted these and owes an answer."), ("in_progress",)),
    APPROVAL,
    ASKED,
    WorkQueue("done", N_("Answered"), N_("The newest answers of your agency."), ("answered", "closed"), sort="newest"),
)


def find_queue(queues: tuple[WorkQueue, ...], code: str | None) -> WorkQueue | None:
    """The queue of that code; the first one where none is asked for; None where there is no such queue."""
    return next((queue for queue in queues if queue.code == (code or queues[0].code)), None)


def count_queues(db: Db, queues: tuple[WorkQueue, ...], agency: str | None = None) -> dict[str, int]:
    """How many reports wait in each queue; counting stops where a list stops counting."""
    return {
        queue.code: list_reports(db, ListFilter(statuses=queue.statuses, agency=agency), limit=1).total
        for queue in queues
    }


@dataclass(frozen=True)
class QueuePage:
    """One page of a queue: on the first one the urgent reports stand above the others, whatever their age."""

    urgent: ListPage | None
    others: ListPage


def load_queue(db: Db, queue: WorkQueue, agency: str | None = None, after: str | None = None) -> QueuePage:
    """A page of a queue, who waits longest first; `after` is the `next` of the page before."""
    urgent, normal = (ListFilter(statuses=queue.statuses, agency=agency, urgent=each) for each in (True, False))
    return QueuePage(
        None if after else list_reports(db, urgent, limit=URGENT_ROWS, sort=queue.sort),
        list_reports(db, normal, after, PAGE_ROWS, sort=queue.sort),
    )


def load_urgent(db: Db, queue: WorkQueue, agency: str | None = None, after: str | None = None) -> QueuePage:
    """A page of the urgent reports alone, for the day when there are more of them than the first page shows."""
    wanted = ListFilter(statuses=queue.statuses, agency=agency, urgent=True)
    return QueuePage(None, list_reports(db, wanted, after, PAGE_ROWS, sort=queue.sort))
