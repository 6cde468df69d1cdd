"""Two offices and a centre, each a serving process, on lines that break in every way while people record.

    python -m tests.processes.chaos --minutes 10 [--seed S]

Each office also has somebody who presses the button: a second process's worth of exchanges beside the server's own. Then
the lines are whole again, everything is sent, and both sides are compared: nothing lost, nothing doubled, all in order.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from intake_app.actions.act_as import act_as
from intake_app.actions.amend_report import amend_report
from intake_app.actions.enroll import enroll, make_enrollment_code
from intake_app.actions.reconcile import reconcile
from intake_app.actions.record_report import record_report
from intake_app.actions.step_report import step_report
from intake_app.config import load_settings
from intake_app.node import Actor, Node, open_node
from sync.errors import BadMessage, NoNetwork, Refused
from sync.transport import HttpLink
from tests.benchmarks import proxy
from tests.benchmarks.generate import make_line
from tests.benchmarks.proxy import Fault, Proxy
from tests.processes.computer import Computer

OFFICES = {"0380": "2021:14758", "0381": "2021:14809"}
SHARE = 0.6  # of all exchanges something happens to
LINE = {"kbit": 2000.0, "round_trip_seconds": 0.01}
BUTTON_DEADLINE_SECONDS = 3.0  # the server's own waits minutes; a long run meets those too
PAUSE_SECONDS = 0.1
LAST_TRIES = 5


def faults(chance: random.Random, hang_seconds: float) -> dict[str, Callable[[], Fault]]:
    """Everything that may happen to an exchange, each time at another place."""
    return {
        "request lost": proxy.lost_request,
        "request cut": lambda: proxy.cut_request(chance.randrange(1, 2000)),
        "request flipped": proxy.flipped_request,
        "request twice": proxy.repeated_request,
        "reply lost": proxy.lost_reply,
        "reply cut": lambda: proxy.cut_reply(chance.random()),
        "reply truncated": proxy.truncated_reply,
        "reply flipped": proxy.flipped_reply,
        "reply stalled": lambda: proxy.stalled_reply(chance.randrange(400), chance.random() * hang_seconds),
        "byte by byte": lambda: proxy.trickled_reply(chance.randrange(200), hang_seconds / 20),
        "half open, not heard": lambda: proxy.half_open(False, chance.random() * hang_seconds),
        "half open, heard": lambda: proxy.half_open(True, chance.random() * hang_seconds),
        "portal": proxy.portal,
        "portal 511": lambda: proxy.portal("511 Network Authentication Required"),
        "redirect": proxy.redirect,
        "busy": lambda: proxy.busy(chance.choice((0, 1, 5, 10**6))),
    }


@dataclass
class Result:
    """What came of it."""

    seed: int
    recorded: int = 0
    amended: int = 0
    stepped: int = 0
    exchanges: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nothing was lost, doubled or broken."""
        return not (self.lost or self.doubled or self.problems)


class Office:
    """An office at work: its computer, its line, the node that this process opens beside its server."""

    def __init__(self, computer: Computer, line: Proxy, node: Node, seed: int, result: Result) -> None:
        self.computer, self.line, self.node, self.result = computer, line, node, result
        self.actor = act_as(node, None, "chaos")
        self.chance = random.Random(seed)
        self.recorded: list[bytes] = []
        self.over = threading.Event()

    def break_line(self, hang_seconds: float) -> None:
        """From now on something happens to most exchanges."""
        chance, turn = random.Random(self.chance.random()), threading.Lock()
        every = faults(chance, hang_seconds)

        def choose() -> Fault | None:
            with turn:
                if self.over.is_set() or chance.random() >= SHARE:
                    return None
                name = chance.choice(sorted(every))
                self.result.faults[name] += 1
                return every[name]()

        self.line.choose = choose

    def work(self) -> None:
        """Record and amend, a little at a time, until it is over."""
        while not self.over.wait(self.chance.random() * PAUSE_SECONDS):
            line = {**make_line(self.chance.randrange(10**9)), "unit": OFFICES[self.computer.office]}
            self.recorded.append(record_report(self.node, self.actor, line).id)
            if self.chance.random() < 0.3:
                what = {"village": f"Thôn {self.result.amended}"}
                amend_report(self.node, self.actor, self.chance.choice(self.recorded), what)
                self.result.amended += 1

    def press_the_button(self) -> None:
        """Exchange beside the server, whatever the pause says, until it is over."""
        with closing(HttpLink(self.line.url, deadline_seconds=BUTTON_DEADLINE_SECONDS)) as link:
            while not self.over.wait(self.chance.random() * PAUSE_SECONDS):
                self.result.exchanges[self._exchange(link)] += 1

    def _exchange(self, link: HttpLink) -> str:
        try:
            reconcile(self.node, link, ignore_backoff=True)
        except (NoNetwork, BadMessage) as reason:
            return reason.code
        return "well"

    def send_the_rest(self) -> bool:
        """Exchange on a whole line until nothing waits."""
        with closing(HttpLink(self.line.url)) as link:
            for _ in range(LAST_TRIES):
                self._exchange(link)
                done = reconcile(self.node, link, ignore_backoff=True)
                if done is not None and not done.waiting:
                    return True
        return False


class Chaos:
    """The whole of it."""

    def __init__(self, folder: Path, seed: int, seconds: float, hang_seconds: float) -> None:
        self.folder, self.seed, self.seconds, self.hang_seconds = folder, seed, seconds, hang_seconds
        self.result = Result(seed)

    def run(self) -> Result:
        """Set up, break, restore, compare."""
        centre = Computer(self.folder / "centre", "central", "1022")
        began = time.monotonic()
        with ExitStack() as stack:
            stack.enter_context(centre.serving())
            node = stack.enter_context(closing(open_node(load_settings(centre.folder))))
            operator = act_as(node, None, "chaos")
            offices = [stack.enter_context(self._office(node, operator, centre, office)) for office in OFFICES]
            self._rage(offices, node, operator)
            for office in offices:
                if not office.send_the_rest():
                    self.result.problems.append(f"{office.computer.office} could not send everything")
        self._compare(centre, offices)
        self.result.seconds = round(time.monotonic() - began, 1)
        return self.result

    @contextmanager
    def _office(self, centre: Node, operator: Actor, computer: Computer, number: str) -> Iterator[Office]:
        made = Computer(self.folder / number, "office", number, sync_seconds=1)
        with Proxy(computer.port, **LINE) as line, closing(open_node(load_settings(made.folder))) as node:
            enroll(node, act_as(node, None, "chaos"), line.url, make_enrollment_code(centre, operator, number))
            office = Office(made, line, node, self.seed + int(number), self.result)
            with made.serving():
                yield office

    def _rage(self, offices: list[Office], centre: Node, operator: Actor) -> None:
        """Let people work on broken lines for the time given."""
        for office in offices:
            office.break_line(self.hang_seconds)
        acts = [act for one in offices for act in (one.work, one.press_the_button)]
        works = [threading.Thread(target=self._guard, args=(act,)) for act in acts]
        for work in works:
            work.start()
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            time.sleep(0.2)
            self._step(centre, operator)
        for office in offices:
            office.over.set()
        for work in works:
            work.join()
        self.result.recorded = sum(len(office.recorded) for office in offices)

    def _guard(self, act: Callable[[], None]) -> None:
        """A mistake in a thread is a problem of the run."""
        try:
            act()
        except Exception as reason:
            self.result.problems.append(f"{type(reason).__name__}: {reason}")

    def _step(self, centre: Node, operator: Actor) -> None:
        """The centre takes up a report, so that something comes down as well."""
        with centre.database.read() as db:
            found = db.value(
                "SELECT e.id FROM report r JOIN entity e ON e.no = r.no WHERE r.status = 'received' ORDER BY r.no LIMIT 1"
            )
        try:
            if found is not None:
                step_report(centre, operator, found, "verify")
                self.result.stepped += 1
        except Refused:
            self.result.exchanges["refused step"] += 1

    def _compare(self, centre: Computer, offices: list[Office]) -> None:
        stored = Counter(row[0] for row in centre.rows("SELECT event FROM inbox_event WHERE kind = 'report.recorded'"))
        wanted = {report for office in offices for report in office.recorded}
        self.result.lost = len(wanted - stored.keys())
        self.result.doubled = sum(stored.values()) - len(stored) + len(stored.keys() - wanted)
        there = centre.confirmed()
        for office in offices:
            differing = [one for one, state in office.computer.confirmed().items() if there.get(one) != state]
            if differing or not set(office.recorded) <= office.computer.confirmed().keys():
                self.result.problems.append(
                    f"{office.computer.office}: {len(differing)} reports differ from the centre's"
                )
        for computer in (centre, *(office.computer for office in offices)):
            self.result.problems += [f"{computer.office}: {problem}" for problem in computer.problems()]


def main() -> int:
    """The long run, by hand; prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--hang", type=float, default=10.0, help="how many seconds a line may hang, at most")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = Chaos(Path(folder), asked.seed, asked.minutes * 60, asked.hang).run()
    print(json.dumps({"ok": result.ok, **vars(result)}, ensure_ascii=False, indent=1))
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
