"""Hours that pass at once: the real scheduler on clocks that only a test moves, both of them, each as wrong as it likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.schedulers import base
from apscheduler.schedulers.base import BaseScheduler

from intake_app.clock import Clock
from sync.schedule import LOOK_SECONDS, Schedule

START = datetime(2021, 12, 5, 8, tzinfo=UTC)


class Hours(Clock):
    """The time of day, which may be set, and the seconds since the start, which nobody sets."""

    def __init__(self) -> None:
        self.day = START
        self.passed = 0.0
        self.schedule: Schedule | None = None

    def now_ms(self) -> int:
        return int(self.day.timestamp() * 1000)

    def utc(self) -> datetime:
        return self.day

    def seconds(self) -> float:
        return self.passed

    def make_schedule(self, job: Callable[[], None], every: float, phase: float, now: Any = None) -> Schedule:
        """The real schedule; its runs happen inside `pass_by`, in the caller's thread."""
        self.schedule = Schedule(job, every, phase, self.utc, _Stepped)
        return self.schedule

    def pass_by(self, seconds: float) -> None:
        """Let time pass: the scheduler's thread wakes when a run is due, the look is taken every few seconds."""
        assert self.schedule is not None
        end = self.passed + seconds
        while self.passed < end:
            step = min(LOOK_SECONDS, end - self.passed)
            self.passed += step
            self.day += timedelta(seconds=step)
            self.schedule.look()
            self.schedule._scheduler.step()

    def set(self, **by: float) -> None:
        """Somebody sets the time of day, or the machine slept."""
        self.day += timedelta(**by)


class _Afterwards(BaseExecutor):  # type: ignore[misc]
    """Runs what is due once the scheduler has let go of its lock, as another thread would."""

    def __init__(self) -> None:
        super().__init__()
        self.due: list[tuple[Any, Any]] = []

    def _do_submit_job(self, job: Any, run_times: Any) -> None:
        self.due.append((job, run_times))

    def work(self) -> None:
        """Run it now."""
        for job, run_times in self.due:
            self._run_job_success(job.id, run_job(job, job._jobstore_alias, run_times, self._logger.name))
        self.due.clear()


class _Stepped(BaseScheduler):  # type: ignore[misc]
    """The library's scheduler without its threads."""

    def __init__(self) -> None:
        self.executor = _Afterwards()
        super().__init__(timezone="UTC", executors={"default": self.executor})

    def step(self) -> None:
        """What the threads do when they wake."""
        self._process_jobs()
        self.executor.work()

    def wakeup(self) -> None:
        """Nobody sleeps here."""

    def shutdown(self, wait: bool = True) -> None:
        """Nothing runs by itself."""


@contextmanager
def virtual_hours(patch: pytest.MonkeyPatch) -> Iterator[Hours]:
    """Clocks for a test; the library's own look at the time of day goes to them too."""
    hours = Hours()

    class Virtual(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return hours.day

    patch.setattr(base, "datetime", Virtual)
    yield hours
