"""How a process that runs until somebody ends it is asked to end."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue


class Stop:
    """The wish to end. Unlike threading.Event it may be set from a signal handler at any moment.

    A handler that interrupts Event.wait() just while it holds its lock, and then sets the event, waits for ever.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._wishes: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Asks for the end."""
        self.is_set = True
        self._wishes.put(None)

    def wait(self, seconds: float) -> bool:
        """Waits that long at most, and tells whether the end has been asked for."""
        if not self.is_set:
            with suppress(Empty):
                self._wishes.get(timeout=seconds)
        return self.is_set

    def on_signals(self) -> None:
        """Takes Ctrl+C, the system's wish to end, and the closing of the terminal as the wish to end."""
        # Only the main thread may ask for signals; a test that serves from another thread sets it itself.
        if threading.current_thread() is not threading.main_thread():
            return
        for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):
            number = getattr(signal, name, None)
            # Who starts it with nohup wants it to outlive the terminal.
            if number is not None and not (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
                signal.signal(number, lambda _number, _frame: self.set())
