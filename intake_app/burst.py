"""What the centre judges once its replies have gone, in a thread that waits until a burst is over: it is acked at the line's speed.

Nothing here decides anything or must succeed: what is stored is judged by the next exchange or by the job, whatever becomes
of this thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

QUIET_SECONDS = 0.04  # longer than two small transactions of one burst are apart
MORE_SECONDS = 0.6  # for a node that said that it has more to send: a slow computer takes that long to pack it
WAITING_MAX = 16  # segments, of a megabyte each while they wait: more are not kept for a burst that does not end
HOLD_SECONDS = 1.0  # how long a node that asks for verdicts is kept waiting for the first of them
LOOK_SECONDS = 0.25  # another process may judge what this one waits for
HELD_MAX = 2  # requests: each holds a thread of the server
STOP_SECONDS = 5.0
log = logging.getLogger(__name__)


class Burst:
    """The thread of one served centre; it is there only while there is something to do."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._acts: deque[Callable[[], object]] = deque()
        self._starts = 0.0
        self._done = 0
        self._held = 0
        self._stopped = False
        self._thread: threading.Thread | None = None

    def later(self, act: Callable[[], object], more: bool = False) -> None:
        """Do this once it has been quiet for a moment; `more` says that the burst goes on."""
        with self._changed:
            if self._stopped:
                return
            self._acts.append(act)
            self._starts = time.monotonic() + (MORE_SECONDS if more else QUIET_SECONDS)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="judging", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def hold(self, done: Callable[[], bool]) -> None:
        """Wait for this to become true, but not long; whoever waits ends the quiet time."""
        ends = time.monotonic() + HOLD_SECONDS
        with self._changed:
            if self._held >= HELD_MAX:
                return
            self._held += 1
            self._changed.notify_all()
        try:
            while True:
                before = self._done
                if done() or self._stopped or (left := ends - time.monotonic()) <= 0:
                    break
                with self._changed:
                    # What was done since the look would not wake anybody up any more.
                    if self._done == before and not self._stopped:
                        self._changed.wait(min(left, LOOK_SECONDS))
        finally:
            with self._changed:
                self._held -= 1

    def stop(self) -> None:
        """Begin nothing more, and wait a little for what is under way."""
        with self._changed:
            self._stopped = True
            self._acts.clear()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(STOP_SECONDS)

    def _work(self) -> None:
        while (act := self._next()) is not None:
            try:
                act()
            except Exception:
                log.exception("judging after the reply failed")
            with self._changed:
                self._done += 1
                self._changed.notify_all()

    def _next(self) -> Callable[[], object] | None:
        """What to do next, when its time has come; None, and the end of the thread, where there is nothing."""
        with self._changed:
            while self._acts and not self._held and len(self._acts) < WAITING_MAX:
                left = self._starts - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            if not self._acts:
                self._thread = None
                return None
            return self._acts.popleft()
