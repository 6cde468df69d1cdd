"""How long a clerk waits for "saved" while seven others save too, over HTTP, with every save on disk before the answer."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from intake_app.benchmarks import Figure
from tests.benchmarks.gauges import percentile
from tests.benchmarks.generate import make_line
from tests.benchmarks.visitor import Visitor
from tests.processes.computer import Computer

NAME = "save"
REPORTS = 400
CLERKS = 8
# A person needs minutes for a report; a save each second by each of eight is more than any office will see.
PAUSE_SECONDS = 1.0


def run(reports: int) -> list[Figure]:
    """Saves this many reports, once as clerks do and once as fast as eight can."""
    with tempfile.TemporaryDirectory() as folder:
        office = Computer(Path(folder) / "office", "office", "0380")
        with office.serving() as server:
            clerks = [Visitor(server.address).sign_in() for _ in range(CLERKS)]
            calm, _ = _save(clerks, reports, 0, lambda rng: rng.uniform(0, 2 * PAUSE_SECONDS))
            rush, seconds = _save(clerks, reports, reports, lambda rng: 0.0)
        assert office.rows("SELECT count(*) FROM report")[0][0] == 2 * reports
    return [
        Figure("8 clerks, a save a second each: p50", median(calm) * 1000, "ms", "≤ 15"),
        Figure("8 clerks, a save a second each: p99", percentile(calm, 0.99) * 1000, "ms", "≤ 60"),
        Figure("8 clerks without a pause: p50", median(rush) * 1000, "ms"),
        Figure("8 clerks without a pause: p99", percentile(rush, 0.99) * 1000, "ms"),
        Figure("8 clerks without a pause: saves", len(rush) / seconds, "1/s"),
    ]


def _save(
    clerks: list[Visitor], reports: int, start: int, pause: Callable[[random.Random], float]
) -> tuple[list[float], float]:
    """Seconds each save took, and the seconds of all of them together."""
    tokens = [clerk.token("/intake") for clerk in clerks]
    taken: list[float] = []
    adding = threading.Lock()

    def work(place: int) -> None:
        rng = random.Random(place)
        for number in range(place, reports, len(clerks)):
            time.sleep(pause(rng))
            answer = clerks[place].post("/intake", _form(start + number, tokens[place]))
            assert answer.status == 303, answer.text[:3000]
            with adding:
                taken.append(answer.seconds)

    began = time.perf_counter()
    with ThreadPoolExecutor(len(clerks)) as pool:
        list(pool.map(work, range(len(clerks))))
    return taken, time.perf_counter() - began


def _form(number: int, token: str) -> dict[str, str]:
    line = make_line(number)
    fields = {name: str(line[name]) for name in ("channel", "topic", "summary", "details", "address", "name", "phone")}
    # The unit as a click in the list leaves it: its label typed, its code beside it.
    return fields | {
        "csrf_token": token, "draft": f"{number:032x}", "action": "save", "unit": str(line["unit"]),
        "unit-code": str(line["unit"]), "urgency": "normal", "consent": "y",
    }  # fmt: skip
