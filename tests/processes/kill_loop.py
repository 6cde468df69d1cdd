"""Power cuts at any moment: an office imports and syncs, and processes on either side are killed again and again.

    python -m tests.processes.kill_loop --kills 50 --reports 10000 [--seed S] [--csv FILE --mapping FILE.toml]

At the end both sides hold the same reports, key by key, each once; what each keeps fits together; and importing and syncing
once more adds nothing. A run is as random as the machine: the seed fixes who is killed at which point of the work.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes.computer import Computer, Said, kill
from tests.processes.dirty_rows import MAPPING, write_dirty_csv

WORK = ("import", "sync")
SERVERS = ("office serve", "centre serve")
# A start of Python takes a second; somebody is killed then too, even if nothing has moved.
PATIENCE_SECONDS = (0.2, 5.0)
LOOK_SECONDS = 0.01
END_SECONDS = 900.0
OFFICE_SYNC_SECONDS = 2  # the office's own server exchanges beside the command
GOOD_ENDS = {"import": (0, 1), "sync": (0, 3)}


@dataclass(frozen=True)
class Plan:
    """What is done to whom: reports that the file holds, the command that imports it, how many are killed."""

    feed: tuple[str, ...]
    reports: int
    kills: int
    seed: int


@dataclass
class Result:
    """What came of it."""

    reports: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    during: Counter[str] = field(default_factory=Counter)  # kills by what was still to be done
    syncs_without_centre: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was lost, doubled or broken."""
        return not self.faults


class Siege:
    """The processes of both sides, kept running however often they are killed."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.plan = plan
        self.rng = random.Random(plan.seed)
        self.result = Result()
        self.centre = Computer(folder / "centre", "central", "1022")
        self.office = Computer(folder / "office", "office", "0380", sync_seconds=OFFICE_SYNC_SECONDS)
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.imported = False

    def run(self) -> Result:
        """The whole of it."""
        began = time.monotonic()
        with self.centre.serving():
            self.office.enroll_at(self.centre)
        try:
            for number in range(self.plan.kills):
                self._wait_for_moment(number)
                self._kill_one()
            self._finish_import()
        finally:
            for name in list(self.running):
                kill(self.running.pop(name))
        self._compare()
        self.result.seconds = round(time.monotonic() - began, 1)
        return self.result

    def _wait_for_moment(self, number: int) -> None:
        """Wait until the work has come to this kill's share of it, or nothing has moved for a while."""
        share = (number + self.rng.random()) / self.plan.kills
        patience = time.monotonic() + self.rng.uniform(*PATIENCE_SECONDS)
        while self._moved() < 2 * self.plan.reports * share and time.monotonic() < patience:
            self._keep_running()
            time.sleep(LOOK_SECONDS)

    def _moved(self) -> int:
        """Reports recorded at the office, and again once they are stored at the centre."""
        recorded = self.office.rows("SELECT seq FROM self_node")[0][0]
        return int(recorded) + self._stored()

    def _stored(self) -> int:
        rows = self.centre.rows("SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM inbox_segment WHERE ahead = 0")
        return int(rows[0][0])

    def _kill_one(self) -> None:
        self._keep_running()
        name = self.rng.choice(sorted(self.running))
        stage = "import" if not self.imported else "sync" if self._stored() < self.plan.reports else "nothing left"
        kill(self.running.pop(name))
        self.result.kills[name] += 1
        self.result.during[stage] += 1

    def _keep_running(self) -> None:
        for name in (*SERVERS, *WORK):
            process = self.running.get(name)
            if process is None:
                self.running[name] = self._begin(name)
            elif process.poll() is not None:
                self._ended(name, self.running.pop(name))

    def _begin(self, name: str) -> subprocess.Popen[str]:
        computer = self.centre if name == "centre serve" else self.office
        words = {"import": (*self.plan.feed, "--json"), "sync": ("sync", "--json")}.get(name, ("serve", "--no-browser"))
        return computer.begin(*words)

    def _ended(self, name: str, process: subprocess.Popen[str]) -> None:
        """A process ended by itself: commands may, servers may not, and nobody with a traceback."""
        out, err = process.communicate()
        if process.returncode not in GOOD_ENDS.get(name, ()) or "Traceback" in err:
            self.result.faults.append(f"{name} ended with {process.returncode}: {err[-500:]} {out[-300:]}")
        self.imported = self.imported or name == "import"
        self.result.syncs_without_centre += name == "sync" and process.returncode == 3

    def _finish_import(self) -> None:
        end = time.monotonic() + END_SECONDS
        while not self.imported:
            if time.monotonic() > end:
                raise TimeoutError("the import did not come to its end")
            self._keep_running()
            time.sleep(LOOK_SECONDS)

    def _compare(self) -> None:
        """Everything that must hold once there is light again."""
        with self.centre.serving():
            self._expect("sync", self.office.call("sync", "--json"), waiting=0, refused=0, conflicts=0)
            here, there = self.office.exported(), self.centre.exported()
            self.result.reports = len(here)
            if here != there:
                differing = [one for one in here.keys() | there.keys() if here.get(one) != there.get(one)]
                self._fault(f"{len(differing)} reports differ, {len(here)} here, {len(there)} there: {differing[:3]}")
            keys = Counter(report["source_id"] for report in here.values())
            if len(here) != self.plan.reports or len(keys) != self.plan.reports:
                self._fault(f"{len(here)} reports of {len(keys)} keys, the file holds {self.plan.reports}")
            for computer in (self.office, self.centre):
                said = computer.call("verify", "--json")
                self._expect(f"verify at {computer.office}", said, ok=True)
            kept = self.office.kept(), self.centre.kept()
            self._expect("second import", self.office.call(*self.plan.feed, "--json"), recorded=0)
            self._expect("second sync", self.office.call("sync", "--json"), sent=0, received=0, waiting=0)
            if (self.office.kept(), self.centre.kept()) != kept:
                self._fault("importing and syncing once more changed something")

    def _expect(self, what: str, said: Said, **values: object) -> None:
        try:
            found = {name: said.json.get(name) for name in values}
        except json.JSONDecodeError:
            found = {}
        if found != values:
            self._fault(f"{what}: {values} expected, got {said.out[:400]} {said.err[-400:]}")

    def _fault(self, text: str) -> None:
        self.result.faults.append(text)


def dirty_plan(folder: Path, reports: int, kills: int, seed: int) -> Plan:
    """A plan with a CSV of our own; some of its rows are refused, some stand in it twice."""
    file = folder / "dirty.csv"
    good = write_dirty_csv(file, reports)
    return Plan(("import-csv", str(file), "--mapping", str(MAPPING)), good, kills, seed)


def given_plan(file: Path, mapping: Path, reports: int, kills: int, seed: int) -> Plan:
    """A plan with somebody's CSV, which holds this many good reports."""
    return Plan(("import-csv", str(file), "--mapping", str(mapping)), reports, kills, seed)


def main() -> int:
    """The long loop, by hand; prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument(
        "--reports", type=int, default=10_000, help="how many good reports the file holds, or shall hold"
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--mapping", type=Path, default=MAPPING)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.csv:
            plan = given_plan(asked.csv.absolute(), asked.mapping.absolute(), asked.reports, asked.kills, asked.seed)
        else:
            plan = dirty_plan(Path(folder), asked.reports, asked.kills, asked.seed)
        result = Siege(Path(folder), plan).run()
    print(json.dumps({"ok": result.ok, "seed": plan.seed, **vars(result)}, ensure_ascii=False, indent=1))
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
