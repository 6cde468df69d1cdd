"""What people do in the simulated world, one small thing at a time."""

from __future__ import annotations

import unicodedata
from typing import Any

from intake_app.actions import add_to_report, amend_report, decide_conflict, record_report, step_report
from intake_app.store import conflicts
from sync import limits, workflow
from sync.conflict import short_hash
from sync.errors import IntakeError, Refused
from tests.simulation import poison
from tests.simulation.machines import Machine
from tests.simulation.stage import NOTHING_SAVED, Action, Part, Stage

UNITS = ("2021:14758", "2021:14761", "2021:14809", "2021:14812", "2021:381", "2021:380")
BACK_MS = (1, 3_600_000, 86_400_000)  # how far somebody sets the clock back in the middle of the work
AGENCIES = ("UBND-380", "UBND-381", "UBND-382", "SYT")


def _reports(stage: Stage, machine: Machine) -> list[tuple[bytes, dict[str, Any]]]:
    with machine.node.database.read() as db:
        ids = [row[0] for row in db.all("SELECT e.id FROM report r JOIN entity e ON e.no = r.no ORDER BY e.no")]
        if not ids:
            raise Refused("no_such_report")
        # Few favourites, so that people meet on the same report.
        from_end = min(len(ids), 1 + int(stage.chance.expovariate(0.4)))
        one = poison.seen(db, ids[-from_end])
    return [(ids[-from_end], one)]


def _one(stage: Stage, machine: Machine) -> tuple[bytes, dict[str, Any]]:
    return _reports(stage, machine)[0]


def _line(stage: Stage, machine: Machine) -> dict[str, Any]:
    line: dict[str, Any] = {
        "channel": stage.chance.choice(limits.CHANNELS),
        "topic": "price_fraud",
        "summary": _text(stage),
        "unit": stage.chance.choice(UNITS),
        "urgency": stage.chance.choice(("normal", "normal", "normal", "urgent", "emergency")),
    }
    if stage.chance.random() < 0.5:
        line |= {"name": stage.words(), "phone": f"09{stage.chance.randrange(10**8):08d}"}
    if stage.chance.random() < 0.3:
        line["source_id"] = f"{machine.name}{stage.chance.randrange(12)}"
    return line


def _record(stage: Stage, machine: Machine) -> str:
    line = _line(stage, machine)
    opening = stage.chance.choice(("received", "received", "received", "answered_on_spot", "guided"))
    done = record_report.record_report(
        machine.node, machine.actor, line, opening=opening, answer_text=stage.words(), procedure=stage.words()
    )
    return f"{done.id.hex()[-6:]} {done.tracking_code} {'known' if done.known else opening}"


def _amend(stage: Stage, machine: Machine) -> str:
    report, state = _one(stage, machine)
    fields = stage.chance.sample(
        ("summary", "details", "urgency", "unit", "village", "name", "phone", "occurred_at", "confidential"),
        stage.chance.choice((1, 1, 1, 2, 3)),
    )
    changes = {field: _value(stage, field) for field in fields}
    seen = {fields[0]: stage.words()} if len(fields) == 1 and stage.chance.random() < 0.05 else None
    stage.stale.update(short_hash(value) for value in (seen or {}).values())
    outcome = amend_report.amend_report(machine.node, machine.actor, report, changes, seen=seen)
    return f"{report.hex()[-6:]} {sorted(changes)} {outcome.verdict}"


def _text(stage: Stage) -> str:
    """Words, and now and then what no keyboard has or what another one writes in another way."""
    words = stage.words()
    if stage.chance.random() < 0.96:
        return words
    strange = (
        f"{words}\x00",
        f"{words}\ud800",
        unicodedata.normalize("NFD", words),
        "x" * 100_000,
        f"\u202e{words}\r\n",
    )
    return stage.chance.choice(strange)


def _value(stage: Stage, field: str) -> Any:
    if field == "urgency":
        return stage.chance.choice(limits.URGENCIES)
    if field == "unit":
        return stage.chance.choice(UNITS)
    if field == "confidential":
        return stage.chance.random() < 0.5
    if field == "occurred_at":
        return f"2005-11-{stage.chance.randrange(1, 29):02d}T08:00:00+07:00"
    if field == "phone":
        return f"09{stage.chance.randrange(10**8):08d}"
    if field == "village":
        # The same value from two sides is no conflict, in whatever form it is typed.
        return stage.chance.choice(("Thôn 1", "Thôn 2", unicodedata.normalize("NFD", "Thôn 1"), None))
    return _text(stage)


def _note(stage: Stage, machine: Machine) -> str:
    report, _ = _one(stage, machine)
    return add_to_report.note_report(machine.node, machine.actor, report, _text(stage)).verdict


def _call(stage: Stage, machine: Machine) -> str:
    report, _ = _one(stage, machine)
    return add_to_report.call_report(machine.node, machine.actor, report, "out", "no_answer", stage.words()).verdict


def _link(stage: Stage, machine: Machine) -> str:
    report, other = _one(stage, machine)[0], _one(stage, machine)[0]
    return add_to_report.link_report(machine.node, machine.actor, report, other, "same_matter").verdict


def _step(stage: Stage, machine: Machine) -> str:
    report, state = _one(stage, machine)
    steps = workflow.allowed_steps(state, machine.actor.roles)
    if not steps:
        return "no step from here"
    step = stage.chance.choice(steps)
    details: dict[str, Any] = {name: stage.words() for name in step.requires if name != "agency"}
    if "agency" in step.requires:
        own = machine.actor.agency
        details["agency"] = stage.chance.choice(AGENCIES) if "dispatcher" in machine.actor.roles else own
        details["supporting"] = tuple(stage.chance.sample(AGENCIES, stage.chance.choice((0, 0, 1, 2))))
    outcome = step_report.step_report(machine.node, machine.actor, report, step.name, **details)
    return f"{report.hex()[-6:]} {step.name} {outcome.verdict}"


def _decide(stage: Stage, machine: Machine) -> str:
    with machine.node.database.read() as db:
        found = conflicts.list_conflicts(db)
    if not found:
        return "nothing to decide"
    row = stage.chance.choice(found)
    same = [one.id for one in found if (one.report_id, one.field) == (row.report_id, row.field)]
    ids = same if stage.chance.random() < 0.6 else [row.id]
    keep = stage.chance.choice(("current", "other", "other", "value"))
    value = row.other if row.field == "status" else _value(stage, row.field)
    outcome = decide_conflict.decide_conflict(machine.node, machine.actor, ids, keep, value)
    return f"{row.report_id.hex()[-6:]} {row.field} {keep} {outcome.verdict}"


def _record_file(stage: Stage, machine: Machine) -> str:
    """Lines of a file, in one transaction; some came in an earlier file already, some do not fit."""
    lines: list[tuple[int, dict[str, Any]]] = []
    for number in range(stage.chance.randint(2, stage.burst)):
        line = _line(stage, machine)
        if stage.chance.random() < 0.02:
            line["unit"] = "nowhere"
        lines.append((number, line))
    done = record_report.record_lines(machine.node, machine.actor, lines)
    return f"{done.recorded} recorded, {len(done.refused)} refused, {done.known} known"


def _several(stage: Stage, machine: Machine) -> str:
    """An hour at the desk: one thing after the other, each said to be saved."""
    done = 0
    for _ in range(stage.chance.randint(2, stage.burst)):
        action = stage.chance.choices(DESK, [one.weight for one in DESK])[0]
        back = stage.chance.choice(BACK_MS) if stage.chance.random() < 0.05 else 0
        machine.clock.wrong_ms -= back if stage.clocks_go_wrong else 0
        before = machine.eye.value("SELECT seq FROM self_node")
        try:
            outcome = action.act(stage, machine)
        except IntakeError:
            continue
        if not outcome.endswith(NOTHING_SAVED):
            stage.watcher.saved(machine, before)
            done += 1
    return f"{done} things"


DESK = (
    Action("record", 12, _record, "anyone", saves=True),
    Action("amend", 14, _amend, "anyone", saves=True),
    Action("note", 5, _note, "anyone", saves=True),
    Action("call", 2, _call, "anyone", saves=True),
    Action("link", 1, _link, "anyone", saves=True),
    Action("step", 12, _step, "anyone", saves=True),
    Action("decide", 6, _decide, "anyone", saves=True),
)
PART = Part(actions=(*DESK, Action("file", 5, _record_file, "anyone"), Action("desk", 12, _several, "anyone")))
