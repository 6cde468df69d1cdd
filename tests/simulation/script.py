"""What people do in the simulated world, one small thing at a time, chosen by the seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from intake_app.actions import (
    add_to_report,
    amend_report,
    decide_conflict,
    receive,
    reconcile,
    record_report,
    step_report,
)
from intake_app.store import conflicts
from sync import limits, workflow
from sync.conflict import short_hash
from sync.errors import BadMessage, NoNetwork, Refused
from tests.simulation import poison
from tests.simulation.machines import Killed, Machine
from tests.simulation.network import BAD_REPLIES, Network, Wire
from tests.simulation.watch import digest_of
from tests.simulation.world import World, let_in

UNITS = ("2021:14758", "2021:14761", "2021:14809", "2021:14812", "2021:381", "2021:380")
AGENCIES = ("UBND-380", "UBND-381", "UBND-382", "SYT")
WORDS = ("đường ngập", "giá cao", "mất điện", "rác thải", "nước bẩn", "ồn ào", "Ký tự lạ 𝄞 ẵ")
YEAR_MS = 365 * 24 * 3600 * 1000
KINDS = {
    "record": 12,
    "amend": 14,
    "note": 5,
    "call": 2,
    "link": 1,
    "step": 12,
    "decide": 6,
    "sync": 24,
    "replay": 4,
    "job": 3,
    "clock": 1,
    "power": 2,
    "poison": 2,
    "units": 1,
}


class Script:
    """The people of one world."""

    def __init__(self, world: World, network: Network, chance: random.Random, clocks_go_wrong: bool = True) -> None:
        self.world = world
        self.network = network
        self.chance = chance
        self.clocks_go_wrong = clocks_go_wrong
        self.made = 0
        self.stale: set[str] = set()  # hashes of values that people saw on pages which were not up to date
        self.poisoned: set[bytes] = set()

    def next(self) -> tuple[str, Machine, Callable[[], str]]:
        """The next thing somebody does: what, on which machine, and how."""
        kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        anyone = kind in ("record", "amend", "note", "call", "link", "step", "decide", "clock", "power")
        machine = self.chance.choice(list(self.world.machines.values()) if anyone else self.world.offices)
        return kind, machine, lambda: str(getattr(self, f"_{kind}")(machine))

    def _words(self) -> str:
        self.made += 1
        return f"{self.chance.choice(WORDS)} {self.made}"

    def _reports(self, machine: Machine) -> list[tuple[bytes, dict[str, Any]]]:
        with machine.node.database.read() as db:
            ids = [row[0] for row in db.all("SELECT e.id FROM report r JOIN entity e ON e.no = r.no ORDER BY e.no")]
            if not ids:
                raise Refused("no_such_report")
            # Few favourites, so that people meet on the same report.
            from_end = min(len(ids), 1 + int(self.chance.expovariate(0.4)))
            one = poison.seen(db, ids[-from_end])
        return [(ids[-from_end], one)]

    def _one(self, machine: Machine) -> tuple[bytes, dict[str, Any]]:
        return self._reports(machine)[0]

    def _record(self, machine: Machine) -> str:
        line: dict[str, Any] = {
            "channel": self.chance.choice(limits.CHANNELS),
            "topic": "price_fraud",
            "summary": self._words(),
            "unit": self.chance.choice(UNITS),
            "urgency": self.chance.choice(("normal", "normal", "normal", "urgent", "emergency")),
        }
        if self.chance.random() < 0.5:
            line |= {"name": self._words(), "phone": f"09{self.chance.randrange(10**8):08d}"}
        if self.chance.random() < 0.3:
            line["source_id"] = f"{machine.name}{self.chance.randrange(12)}"
        opening = self.chance.choice(("received", "received", "received", "answered_on_spot", "guided"))
        done = record_report.record_report(
            machine.node, machine.actor, line, opening=opening, answer_text=self._words(), procedure=self._words()
        )
        return f"{done.id.hex()[-6:]} {done.tracking_code} {'known' if done.known else opening}"

    def _amend(self, machine: Machine) -> str:
        report, state = self._one(machine)
        fields = self.chance.sample(
            ("summary", "details", "urgency", "unit", "village", "name", "phone", "occurred_at", "confidential"),
            self.chance.choice((1, 1, 1, 2, 3)),
        )
        changes = {field: self._value(field) for field in fields}
        seen = {fields[0]: self._words()} if len(fields) == 1 and self.chance.random() < 0.05 else None
        self.stale.update(short_hash(value) for value in (seen or {}).values())
        outcome = amend_report.amend_report(machine.node, machine.actor, report, changes, seen=seen)
        return f"{report.hex()[-6:]} {sorted(changes)} {outcome.verdict}"

    def _value(self, field: str) -> Any:
        if field == "urgency":
            return self.chance.choice(limits.URGENCIES)
        if field == "unit":
            return self.chance.choice(UNITS)
        if field == "confidential":
            return self.chance.random() < 0.5
        if field == "occurred_at":
            return f"2005-11-{self.chance.randrange(1, 29):02d}T08:00:00+07:00"
        if field == "phone":
            return f"09{self.chance.randrange(10**8):08d}"
        if field == "village":
            return self.chance.choice(("Thôn 1", "Thôn 2", None))  # the same value from two sides is no conflict
        return self._words()

    def _note(self, machine: Machine) -> str:
        report, _ = self._one(machine)
        return add_to_report.note_report(machine.node, machine.actor, report, self._words()).verdict

    def _call(self, machine: Machine) -> str:
        report, _ = self._one(machine)
        return add_to_report.call_report(machine.node, machine.actor, report, "out", "no_answer", self._words()).verdict

    def _link(self, machine: Machine) -> str:
        report, other = self._one(machine)[0], self._one(machine)[0]
        return add_to_report.link_report(machine.node, machine.actor, report, other, "same_matter").verdict

    def _step(self, machine: Machine) -> str:
        report, state = self._one(machine)
        steps = workflow.allowed_steps(state, machine.actor.roles)
        if not steps:
            return "no step from here"
        step = self.chance.choice(steps)
        details: dict[str, Any] = {name: self._words() for name in step.requires if name != "agency"}
        if "agency" in step.requires:
            own = machine.actor.agency
            details["agency"] = self.chance.choice(AGENCIES) if "dispatcher" in machine.actor.roles else own
            details["supporting"] = tuple(self.chance.sample(AGENCIES, self.chance.choice((0, 0, 1, 2))))
        outcome = step_report.step_report(machine.node, machine.actor, report, step.name, **details)
        return f"{report.hex()[-6:]} {step.name} {outcome.verdict}"

    def _decide(self, machine: Machine) -> str:
        with machine.node.database.read() as db:
            found = conflicts.list_conflicts(db)
        if not found:
            return "nothing to decide"
        row = self.chance.choice(found)
        same = [one.id for one in found if (one.report_id, one.field) == (row.report_id, row.field)]
        ids = same if self.chance.random() < 0.6 else [row.id]
        keep = self.chance.choice(("current", "other", "other", "value"))
        value = row.other if row.field == "status" else self._value(row.field)
        outcome = decide_conflict.decide_conflict(machine.node, machine.actor, ids, keep, value)
        return f"{row.report_id.hex()[-6:]} {row.field} {keep} {outcome.verdict}"

    def _sync(self, machine: Machine) -> str:
        network, held = self.network, [digest_of(machine)]
        failed = ""
        try:
            summary = reconcile.reconcile(
                machine.node,
                Wire(network, machine),
                ignore_backoff=True,
                progress=lambda done: held.append(digest_of(machine)),
            )
        except (NoNetwork, BadMessage) as reason:
            failed = reason.code
        if not failed and summary is not None:
            assert not network.lies, "something that the centre did not say was taken for its answer"
            return f"sent {summary.sent} received {summary.received} in {summary.requests} ({network.last})"
        assert network.lies == (network.last in BAD_REPLIES), "something else was taken for an answer before"
        assert digest_of(machine) == held[-1], f"an exchange that failed with {failed} changed something"
        return f"{failed} ({network.last})"

    def _replay(self, machine: Machine) -> str:
        return self.network.replay(machine)

    def _job(self, machine: Machine) -> str:
        """The centre's job judges what is stored and not judged yet."""
        centre = self.world.centre
        try:
            return f"judged {receive.drain_inbox(centre.node)} segments"
        except Killed:
            centre.crash()
            return "centre killed"

    def _clock(self, machine: Machine) -> str:
        years = self.chance.choice((-10, -1, 0, 0, 1, 10))
        machine.clock.wrong_ms = years * YEAR_MS if self.clocks_go_wrong else 0
        return f"wrong by {years} years"

    def _power(self, machine: Machine) -> str:
        machine.crash()
        return "off and on"

    def _poison(self, machine: Machine) -> str:
        return poison.inject(machine, self.chance, self.poisoned)

    def _units(self, machine: Machine) -> str:
        units = tuple(sorted(self.chance.sample(("2021:380", "2021:381", "2021:382"), self.chance.choice((0, 1, 2)))))
        let_in(self.world, machine.name, machine.settings.office, units)
        return f"looks after {units}"
