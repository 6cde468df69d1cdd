"""What a command prints: one JSON object or lines for a person, and progress while it takes long."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from intake_app.words import gettext as _

# Nothing is said about what is done at once; then the person sees that it moves.
FIRST_AFTER_SECONDS = 2.0
EVERY_SECONDS = 2.0
EVERY_ON_TERMINAL_SECONDS = 0.2


def print_json(value: Mapping[str, object]) -> None:
    """Prints exactly one JSON object."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints rows under their heads, each column as wide as it has to be."""
    lines = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


class Progress:
    """Shows on stderr how far a long command is: in place on a terminal, a line every two seconds otherwise."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.started = clock()
        self.next_at = self.started + FIRST_AFTER_SECONDS
        self.in_place = sys.stderr.isatty()
        self.open_line = False

    def __call__(self, done: int, total: int | None = None) -> None:
        """Says how many are done, if it is time to."""
        now = self.clock()
        if now < self.next_at:
            return
        self.next_at = now + (EVERY_ON_TERMINAL_SECONDS if self.in_place else EVERY_SECONDS)
        per_second = round(done / (now - self.started))
        if total:
            text = _("%(done)s of %(total)s done, %(rate)s a second", done=done, total=total, rate=per_second)
        else:
            text = _("%(done)s done, %(rate)s a second", done=done, rate=per_second)
        self._show(text)

    def _show(self, text: str) -> None:
        if self.in_place:
            # Carriage return and "erase to the end of the line", which every terminal since the VT100 knows.
            sys.stderr.write(f"\r\x1b[K{text}")
            self.open_line = True
        else:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leaves the line that was written in place, so that what comes next starts on its own."""
        if self.open_line:
            sys.stderr.write("\n")
            self.open_line = False
