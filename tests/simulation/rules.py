"""People who overstep, programs that are too old, and an office that puts right what the centre refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from intake_app.actions import judge_again, receive, settle_refused
from intake_app.actions.making import make_event
from intake_app.node import Actor
from intake_app.store import judging, queue
from intake_app.store.own_events import write_events
from sync import ingest
from sync.errors import Refused
from sync.event import Event
from sync.outcome import Outcome
from tests.simulation import poison
from tests.simulation.machines import Machine
from tests.simulation.stage import Action, Invariant, Part, Stage

WORLDS = 0.4  # of the worlds in which anything is mended: elsewhere every conflict gets a second opinion
TOO_NEW = "report.noted"  # what an old centre does not know yet
_old_centre: set[str] = set()  # the kinds that the centre of this world does not know now
_judge = ingest.judge


def _older(state: dict[str, Any] | None, event: Event, *rest: Any) -> Outcome:
    """A centre that is as old as the world says."""
    if event.kind in _old_centre:
        return Outcome("held", state, "unknown_kind", {"kind": event.kind, "version": event.version})
    return _judge(state, event, *rest)


def _mends(stage: Stage) -> bool:
    if "mends" not in stage.memory:
        stage.memory["mends"] = stage.chance.random() < WORLDS
        _old_centre.clear()
        judging.judge = _older  # type: ignore[assignment]
    return bool(stage.memory["mends"])


def _hire(stage: Stage, machine: Machine) -> str:
    """Somebody with one role begins to work; the centre will hear of it."""
    role = stage.chance.choice(("auditor", "case_handler", "operator", "intake_officer"))
    name = stage.words()
    opened = {"username": "nguoi", "name": name, "office": machine.actor.office, "roles": [role]}
    event = make_event(machine.node, machine.actor, "person.added", None, opened)
    with machine.node.database.transaction() as db:
        write_events(machine.node, db, [event])
    person = replace(machine.actor, person=event.id, name=name, roles=frozenset({role}))
    _people(stage, machine).append(person)
    return f"{role} {event.id.hex()[-6:]}"


def _people(stage: Stage, machine: Machine) -> list[Actor]:
    found: list[Actor] = stage.memory.setdefault(f"people of {machine.name}", [])
    return found


def _known(machine: Machine, person: Actor) -> bool:
    """Whether this machine's journal says who this is; one that was put back may have forgotten."""
    return bool(machine.eye.one("SELECT 1 FROM journal WHERE event = ?", person.person))


def _overstep(stage: Stage, machine: Machine) -> str:
    """Somebody does what is not theirs, past every form; or after their account has ended."""
    if not _people(stage, machine):
        _hire(stage, machine)
    people = [one for one in _people(stage, machine) if _known(machine, one)]
    reports = machine.eye.all("SELECT e.id FROM report r JOIN entity e ON e.no = r.no ORDER BY e.no")
    if not people or not reports:
        return "nobody is there"
    person, report = stage.chance.choice(people), stage.chance.choice(reports)[0]
    ended = stage.memory.setdefault("ended", set())
    if person.person not in ended and stage.chance.random() < 0.3:
        leaving = make_event(machine.node, machine.actor, "person.ended", person.person, {})
        with machine.node.database.transaction() as db:
            write_events(machine.node, db, [leaving])
        ended.add(person.person)
    allowed = person.person not in ended and "operator" in person.roles
    event = poison.write(replace(machine, actor=person), "report.rated", report, {"score": "3"}, 1, set())
    if not allowed and machine.name not in stage.watcher.parted:
        stage.memory.setdefault("overstepped", []).append(event.id)
    return f"{event.id.hex()[-6:]} {'allowed' if allowed else 'overstepped'}"


def _mend(stage: Stage, machine: Machine) -> str:
    """The office looks at its list: repairs an entry, or gives it up."""
    if not _mends(stage):
        return "nobody does"
    with machine.node.database.read() as db:
        found = [one for one in queue.refused_events(db) if one.code != "blocked_by_earlier"]
    if not found:
        raise Refused("not_refused")
    stage.watcher.mended = True
    one = stage.chance.choice(found)
    event_id = bytes.fromhex(one.event)
    if one.kind == "report.noted" and stage.chance.random() < 0.7:
        settle_refused.repair_event(machine.node, machine.actor, event_id, {"text": stage.words(), "weight": None})
        return f"{one.event[-6:]} repaired"
    settle_refused.dismiss_event(machine.node, machine.actor, event_id, stage.words())
    return f"{one.event[-6:]} {one.kind} given up"


def _age(stage: Stage, machine: Machine) -> str:
    """The centre is older than its offices for a while."""
    if not _mends(stage):
        return "it is not"
    _old_centre.add(TOO_NEW)
    return f"does not know {TOO_NEW}"


def _upgrade(stage: Stage, machine: Machine) -> str:
    """The centre starts with a program that knows more."""
    if not _mends(stage):
        return "it is new"
    _old_centre.clear()
    stage.watcher.mended = True
    return f"{judge_again.judge_held(machine.node)} verdicts"


def _upgrade_at_last(stage: Stage) -> None:
    stage.world.centre.fuse.set(None)
    if stage.memory.get("mends"):
        _upgrade(stage, stage.world.centre)
    _old_centre.clear()


def _nobody_oversteps(stage: Stage) -> None:
    """What a person may not do is never done, whoever let it through."""
    for event in stage.memory.get("overstepped", ()):
        verdict = stage.watcher.verdict_of.get(event)
        assert verdict not in ("applied", "merged", "conflict"), f"{event.hex()} was not its author's to do: {verdict}"


def _nothing_waits_for_nothing(stage: Stage) -> None:
    """What is held has a reason that still holds: a kind that is not known, or an earlier event that is refused."""
    if not stage.memory.get("mends"):
        return
    rows = stage.world.centre.eye.all(
        "SELECT node_no, entity_no, verdict, code, kind, event, params FROM inbox_event"
        " WHERE verdict IN ('held','quarantined','denied') AND settled_by IS NULL"
    )
    reasons = {(row[0], row[1]) for row in rows if _is_reason(*row[2:5], row[6])}
    for node, entity, verdict, code, _, event, _ in rows:
        if verdict == "held":
            assert (node, entity) in reasons, f"{event.hex()} waits ({code}), and nothing is there to wait for"


def _is_reason(verdict: str, code: str, kind: str, params: str | None) -> bool:
    if verdict == "denied":
        return kind in ("report.recorded", "person.added")
    if verdict == "held":
        return code == "unknown_kind" and (kind not in ingest.KIND_VERSIONS or '"version": 9' in (params or ""))
    return True


PART = Part(
    actions=(
        Action("hire", 0.6, _hire),
        Action("overstep", 2.5, _overstep),
        Action("mend", 3, _mend),
        Action("older centre", 1.5, _age, "centre"),
        Action("upgrade", 0.7, _upgrade, "centre"),
    ),
    invariants=(
        Invariant("nobody does what is not theirs", (16, 26), "end", _nobody_oversteps),
        Invariant("nothing waits for nothing", (16, 26), "end", _nothing_waits_for_nothing),
    ),
    before_healing=(_upgrade_at_last,),
)
BUGS: dict[str, Any] = {
    "denied not checked": lambda: [(ingest.permission, "denial", lambda *args: None)],
    "held never judged again": lambda: [
        (judge_again, "judge_held", lambda node: 0),
        (receive, "judge_held", lambda node: 0),
    ],
    "dismissal does not free followers": lambda: [(judging.Judging, "again", lambda self, one: None)],
}
