"""What a serving node does by itself: an office exchanges with its centre, the centre applies what came in.

Only `serve` starts it. Nothing in here ever raises: the next run is the answer to whatever went wrong in this one.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from intake_app.actions.note_broken_promise import note_broken_promise
from intake_app.actions.reconcile import reconcile
from intake_app.actions.refresh_deadlines import refresh_deadlines
from intake_app.counting import Counting
from intake_app.keeping import Keeper
from intake_app.node import Node
from intake_app.store.queue import queue_status
from sync.backoff import Allowance
from sync.cycle import RUN_SECONDS, start
from sync.errors import IntakeError, NoNetwork
from sync.ports import DEADLINE_SECONDS, Answer, Trip
from sync.schedule import Schedule

if TYPE_CHECKING:
    from sync.transport import HttpLink

CONNECT_SECONDS = 3
STOP_SECONDS = 5
CENTRAL_SECONDS = 5
PURGE_MS = 3600 * 1000
# Longer than a run gives itself and its last exchange: whoever is still at it then hangs.
HUNG_SECONDS = RUN_SECONDS + DEADLINE_SECONDS + 60
log = logging.getLogger(__name__)


class Background:
    """The scheduled work of one node."""

    def __init__(
        self,
        node: Node,
        make_schedule: Callable[..., Schedule] = Schedule,
        make_link: Callable[[str], HttpLink] | None = None,
        reaches: Callable[[str], bool] | None = None,
        hung_seconds: float = HUNG_SECONDS,
    ) -> None:
        self.node = node
        self.make_link = make_link or over_http
        self.reaches = reaches or can_connect
        self.hung_seconds = hung_seconds
        self.link: HttpLink | None = None
        self.asked = threading.Event()
        self.attempt: Attempt | None = None
        self.was_reachable = True
        self.held_left = True
        self.keeper = Keeper(node)
        self.purged_ms = 0
        self.counting = Counting(node) if node.is_central else None
        self.allowance = Allowance()
        # The centre only looks for what a crash or a rush left without verdicts: that may not wait a minute.
        every = CENTRAL_SECONDS if node.is_central else node.settings.sync_seconds
        phase = every * int.from_bytes(node.entropy(2), "big") / 2**16
        self.schedule = make_schedule(self.run, every, phase, node.clock.utc)

    def now(self) -> None:
        """Exchanges at once, whatever the pause after a failure says: a person asked for it."""
        self.asked.set()
        self.schedule.soon(0)

    def soon(self) -> None:
        """Exchanges within a second or two, unless a pause after a failure is on: something may have been saved."""
        self.schedule.soon()

    def stop(self) -> None:
        """Starts nothing more, and waits a little for what is under way."""
        self.schedule.stop()
        if self.counting is not None:
            self.counting.stop()
        if self.attempt is not None:
            self.attempt.over.wait(STOP_SECONDS)
        self.keeper.stop()
        if self.link is not None:
            self.link.close()

    def run(self) -> None:
        """One run of the job. One that hangs is given up: its link is closed, and what it does later has no effect."""
        self.attempt = attempt = Attempt(self._work)
        attempt.start()
        if not attempt.over.wait(self.hung_seconds):
            attempt.given_up.set()
            log.error("a run of the job hangs and was given up")
            if self.link is not None:
                self.link.close()
                self.link = None

    def _work(self, attempt: Attempt) -> None:
        try:
            self.keeper.look()
            if refresh_deadlines(self.node):
                self.schedule.soon(0)
            self._drain() if self.node.is_central else self._exchange(attempt)
        except IntakeError as reason:
            log.info("exchange ended: %s", reason.code)
        except Exception as problem:
            log.exception("the background job failed")
            self._note(problem)

    def _note(self, problem: Exception) -> None:
        try:
            note_broken_promise(self.node, problem)
        except Exception:
            # The database itself may be what is broken; the log has the story, and the next run tries again.
            log.exception("a broken promise could not be kept")

    def _drain(self) -> None:
        # Only the centre pays for importing what judges events.
        from intake_app.actions.enroll import fill_scopes
        from intake_app.actions.judge_again import judge_held
        from intake_app.actions.receive import drain_inbox
        from intake_app.actions.remind import remind_all

        drain_inbox(self.node)
        fill_scopes(self.node)
        remind_all(self.node)
        if not 0 <= self.node.clock.now_ms() - self.purged_ms < PURGE_MS:
            from intake_app.actions.purge_feed import purge_feed

            purge_feed(self.node)
            self.purged_ms = self.node.clock.now_ms()
        # What a program understands changes only with the program: once after its start is enough.
        if self.held_left:
            judge_held(self.node)
            self.held_left = False
        if self.counting is not None:
            self.counting.look()

    def _exchange(self, attempt: Attempt) -> None:
        with self.node.database.read() as db:
            url = queue_status(db).central_url
        if url is None:
            return
        asked = self.asked.is_set()
        self.asked.clear()
        if not asked and not self.allowance.holds(self.node.clock.seconds()):
            return
        link = Wanted(self._link_to(url), attempt)
        try:
            if reconcile(self.node, link, ignore_backoff=asked, going_on=self._goes_on) is None and self._came_back(
                url
            ):
                reconcile(self.node, link, ignore_backoff=True, going_on=self._goes_on)
        except IntakeError:
            self._failed(url)
            raise

    def _goes_on(self) -> None:
        """A run that took its time ended with events left: the next one follows at once."""
        self.schedule.soon(0)

    def _failed(self, url: str) -> None:
        """Every try that failed is followed by another, when its pause is over."""
        self.allowance.note(self.node.clock.seconds())
        with self.node.database.read() as db:
            again_ms = queue_status(db).next_try_ms or 0
        self.schedule.soon(max(1.0, (again_ms - self.node.clock.now_ms()) / 1000))
        self.was_reachable = self.reaches(url)

    def _came_back(self, url: str) -> bool:
        """Whether the centre can be reached again after it could not.

        Only the change counts: what answers all the time and still fails (a portal, a centre that is busy) is left in
        peace for as long as the pause says.
        """
        before, self.was_reachable = self.was_reachable, self.reaches(url)
        return self.was_reachable and not before

    def _link_to(self, url: str) -> HttpLink:
        if self.link is None or self.link.url != url:
            self.link = self.make_link(url)
        return self.link


class Attempt(threading.Thread):
    """One run in a thread of its own, which can be left behind: a name that is looked up can hang without end."""

    def __init__(self, work: Callable[[Attempt], None]) -> None:
        super().__init__(name="attempt", daemon=True)
        self.over = threading.Event()
        self.given_up = threading.Event()
        self._work = work

    def run(self) -> None:
        """Work until it is over."""
        try:
            self._work(self)
        finally:
            self.over.set()


class Wanted:
    """The link of one attempt: once that is given up, nothing more is sent, and what comes is not taken."""

    def __init__(self, link: HttpLink, attempt: Attempt) -> None:
        self._link = link
        self._attempt = attempt

    def post(self, data: bytes) -> Answer:
        """Send a request and return what came back, as long as somebody waits for it."""
        return self.start(data).answer()

    def start(self, data: bytes) -> WantedTrip:
        """Send a request off, as long as somebody waits for its answer."""
        self.check()
        return WantedTrip(self, start(self._link, data))

    def check(self) -> None:
        if self._attempt.given_up.is_set():
            raise NoNetwork("timed_out")


class WantedTrip:
    """A request under way whose answer counts as long as its attempt was not given up."""

    def __init__(self, link: Wanted, trip: Trip) -> None:
        self._link = link
        self._trip = trip

    def answer(self) -> Answer:
        """Wait for what comes back."""
        answer = self._trip.answer()
        self._link.check()
        return answer

    def drop(self) -> None:
        """Nobody waits for the answer any more."""
        self._trip.drop()


def over_http(url: str) -> HttpLink:
    """The link to a centre at that address."""
    # requests costs 34 ms and 5 MB that a node which is not enrolled never pays.
    from sync.transport import HttpLink

    return HttpLink(url)


def can_connect(url: str) -> bool:
    """Whether something at that address takes a connection."""
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with socket.create_connection((parts.hostname or "", port), CONNECT_SECONDS):
            return True
    except (OSError, ValueError):
        return False
