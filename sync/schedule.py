"""The only importer of apscheduler: one job, in one thread, that never overlaps itself and never skips a run for being late.

The library goes by the time of day. Two things here keep a clock that is set by years from stopping the job or from making
it run for all the years at once: a trigger that counts from now, and a look every few seconds on a clock nobody sets.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

DEBOUNCE_SECONDS = 1.0  # after a save: the next one may follow at once, and both go in one exchange
LOOK_SECONDS = 10.0
JOB = "sync"


class _Every(BaseTrigger):  # type: ignore[misc]
    """So long after now, whatever was missed: the library's own would list each missed run of ten years."""

    def __init__(self, seconds: float) -> None:
        self.pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + self.pause


class Schedule:
    """Runs a job every so many seconds, and soon when asked."""

    def __init__(
        self,
        job: Callable[[], None],
        every_seconds: float,
        phase_seconds: float,
        now: Callable[[], datetime],
        make: Callable[[], Any] | None = None,
    ) -> None:
        self._now = now
        self._every = timedelta(seconds=every_seconds)
        self._job = job
        self._turn = threading.Lock()
        self._running = False
        self._again: float | None = None
        self._stopped = threading.Event()
        self._scheduler = (make or _scheduler)()
        self._scheduler.add_job(
            self._run,
            _Every(every_seconds),
            id=JOB,
            max_instances=1,
            coalesce=True,
            # The default of one second drops the run of a laptop that slept; late is what a run here usually is.
            misfire_grace_time=None,
            # A phase of its own for each node: 587 of them start after the same power cut. Runs keep their distance from it.
            next_run_time=now() + timedelta(seconds=phase_seconds),
        )
        self._scheduler.start()
        if make is None:
            threading.Thread(target=self._watch, name="schedule", daemon=True).start()

    def soon(self, delay_seconds: float = DEBOUNCE_SECONDS) -> None:
        """Run the job so soon, unless it runs before that anyway; asked during a run, that long after its end."""
        with self._turn:
            if self._running:
                self._again = delay_seconds if self._again is None else min(self._again, delay_seconds)
                return
        self._at_latest(delay_seconds)

    def look(self) -> None:
        """Set right what a changed clock has done: no run lies further ahead than the pause, an overdue one starts."""
        job, now = self._scheduler.get_job(JOB), self._now()
        if job is None:
            return
        if job.next_run_time is None or job.next_run_time > now + self._every:
            job.modify(next_run_time=now)
        elif job.next_run_time <= now:
            self._scheduler.wakeup()

    def stop(self) -> None:
        """Start no further run; one that is under way ends by itself or with the process."""
        self._stopped.set()
        self._scheduler.shutdown(wait=False)

    def _run(self) -> None:
        with self._turn:
            self._running = True
        try:
            self._job()
        finally:
            self._ended()

    def _ended(self) -> None:
        with self._turn:
            self._running, again, self._again = False, self._again, None
        if again is not None:
            # Not at once: the library still counts this run as one that is under way, and would skip the next.
            self._at_latest(max(again, DEBOUNCE_SECONDS))

    def _at_latest(self, delay_seconds: float) -> None:
        job = self._scheduler.get_job(JOB)
        wanted = self._now() + timedelta(seconds=delay_seconds)
        if job is not None and (job.next_run_time is None or job.next_run_time > wanted):
            job.modify(next_run_time=wanted)

    def _watch(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            self.look()


def _scheduler() -> Any:
    # The zone is given, or the library would search the system for one and warn about what it finds.
    return BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
