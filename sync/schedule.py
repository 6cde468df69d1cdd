"""The only importer of apscheduler: one job, in one thread, that never overlaps itself and never skips a run for being late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

DEBOUNCE_SECONDS = 1.0  # after a save: the next one may follow at once, and both go in one exchange
JOB = "sync"


class Schedule:
    """Runs a job every so many seconds, and soon when asked."""

    def __init__(
        self, job: Callable[[], None], every_seconds: float, phase_seconds: float, now: Callable[[], datetime]
    ) -> None:
        self._now = now
        # The zone is given, or the library would search the system for one and warn about what it finds.
        self._scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
        self._scheduler.add_job(
            job,
            "interval",
            seconds=every_seconds,
            id=JOB,
            max_instances=1,
            coalesce=True,
            # The default of one second drops the run of a laptop that slept; late is what a run here usually is.
            misfire_grace_time=None,
            # A phase of its own for each node: 587 of them start after the same power cut.
            next_run_time=now() + timedelta(seconds=phase_seconds),
        )
        self._scheduler.start()

    def soon(self, delay_seconds: float = DEBOUNCE_SECONDS) -> None:
        """Run the job soon, unless it runs before that anyway."""
        job = self._scheduler.get_job(JOB)
        wanted = self._now() + timedelta(seconds=delay_seconds)
        if job is not None and (job.next_run_time is None or job.next_run_time > wanted):
            job.modify(next_run_time=wanted)

    def stop(self) -> None:
        """Start no further run; one that is under way ends by itself or with the process."""
        self._scheduler.shutdown(wait=False)
