"""The bar that says on every page where this machine's reports are. It counts the queue, it never asks the browser."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from intake_app.desk.sight import answering_offices
from intake_app.shown import clock_time
from intake_app.store.queries import count_open
from intake_app.store.queue import Queue, queue_status
from sync.backoff import CAP_SECONDS

# Without the centre for this long, the way by USB stick is worth the walk.
LONG_OFFLINE_MS = 3 * 86_400_000


@dataclass(frozen=True)
class Bar:
    """What the bar says: a state for its look, words, and whether something is to be looked at or can be sent now."""

    state: str
    tone: str
    icon: str
    text: str
    detail: str = ""
    link: str = ""
    can_send: bool = False
    task: str = ""  # what the centre asks of this office, beside whatever else there is


def current() -> Bar:
    """The bar for this node now."""
    node = current_app.extensions["node"]
    with node.database.read() as db:
        queue = queue_status(db, node.clock.now_ms())
        sent_back = 0 if node.is_central else count_open(db, answering_offices(node))
    task = ngettext(
        "The centre sent back %(n)s report.", "The centre sent back %(n)s reports.", sent_back, n=sent_back
    )
    return replace(bar(queue, node.clock.now_ms(), node.settings.role), task=task if sent_back else "")


def bar(queue: Queue, now_ms: int, role: str | None = "office") -> Bar:
    """The most important thing first: what needs a person, then what waits, then that all is well."""
    if queue.refused:
        text = ngettext(
            "The centre did not take %(n)s entry.",
            "The centre did not take %(n)s entries.",
            queue.refused,
            n=queue.refused,
        )
        return Bar("refused", "bad", "✖", text, _besides(queue, now_ms, role), "refused")
    if queue.conflicts:
        text = ngettext(
            "%(n)s value needs a decision.", "%(n)s values need a decision.", queue.conflicts, n=queue.conflicts
        )
        return Bar("conflicts", "warn", "⚖", text, _besides(queue, now_ms, role), "conflicts")
    if role == "central":
        return Bar("centre", "good", "✓", _("This is the centre. Everything recorded here is in place."))
    if not queue.enrolled:
        text = ngettext(
            "Saved on this computer: %(n)s entry waiting – not connected to a centre yet.",
            "Saved on this computer: %(n)s entries waiting – not connected to a centre yet.",
            queue.waiting,
            n=queue.waiting,
        )
        return Bar("unenrolled", "warn", "⚠", text, "", "queue")
    if queue.last_error_code:
        return _offline(queue, now_ms)
    if queue.sending_total:
        done = max(0, queue.sending_total - queue.waiting)
        text = _("Sending: %(done)s of %(total)s.", done=done, total=queue.sending_total)
        return Bar("sending", "calm", "↻", text, _since(queue, now_ms), "queue")
    if queue.waiting:
        text = _waiting(queue.waiting)
        return Bar("waiting", "calm", "↑", text, _by_itself(queue, now_ms), "queue", can_send=True)
    return Bar("sent", "good", "✓", _("All sent."), _since(queue, now_ms), "queue")


def _waiting(n: int) -> str:
    return ngettext(
        "Saved on this computer: %(n)s entry waiting.", "Saved on this computer: %(n)s entries waiting.", n, n=n
    )


def _besides(queue: Queue, now_ms: int, role: str | None) -> str:
    """What waits, told beside what needs a person: one must not hide the other."""
    if role == "central" or not queue.waiting:
        return _since(queue, now_ms)
    waiting = _waiting(queue.waiting)
    return " · ".join(part for part in (waiting, _since(queue, now_ms)) if part)


def _offline(queue: Queue, now_ms: int) -> Bar:
    if queue.waiting:
        text = ngettext(
            "Saved on this computer: %(n)s entry waiting (since %(oldest)s) – no contact with the centre.",
            "Saved on this computer: %(n)s entries waiting (oldest %(oldest)s) – no contact with the centre.",
            queue.waiting,
            n=queue.waiting,
            oldest=clock_time(queue.oldest_ms, now_ms),
        )
    else:
        text = _("Saved on this computer, and everything recorded here has been sent – no contact with the centre now.")
    since = now_ms - (queue.last_contact_ms or now_ms)
    detail = _since(queue, now_ms)
    if since > LONG_OFFLINE_MS:
        days = since // 86_400_000
        long = ngettext(
            "Without contact for %(days)s day: have the line checked.",
            "Without contact for %(days)s days: have the line checked.",
            days, days=days,
        )  # fmt: skip
        detail = f"{detail} · {long}" if detail else long
    return Bar("offline", "warn", "⚠", text, detail, "queue", can_send=True)


def _by_itself(queue: Queue, now_ms: int) -> str:
    """When what waits goes by itself; a time that has come, or that no pause of ours has, is now."""
    minutes = ((queue.next_try_ms or 0) - now_ms) / 60_000
    if 1 <= minutes <= CAP_SECONDS / 60:
        going = _("Sent by itself in %(n)s min", n=round(minutes))
    else:
        going = _("Sent by itself in a moment")
    return " · ".join(part for part in (going, _since(queue, now_ms)) if part)


def _since(queue: Queue, now_ms: int) -> str:
    return _("Last contact %(time)s", time=clock_time(queue.last_contact_ms, now_ms)) if queue.last_contact_ms else ""
