"""Computers with another past: restored from a copy, whole or the database alone, copied and run twice, side file lost.

What must survive: every event that the centre has stored, and every event of any machine's present database. An event that
was only in a database that was put back, and never reached the centre, is gone; it may still arrive with a late request.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from intake_app.actions import shut_out
from intake_app.node import DATABASE_FILE, SIDE_FILE, init_node
from intake_app.store import inbox
from sync import segment
from tests.simulation.machines import Fuse, Machine, SteppingClock
from tests.simulation.stage import Action, Part, Stage
from tests.simulation.world import let_in

DATABASE = (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm")
WHOLE_DISK = (*DATABASE, SIDE_FILE)
WORLDS = 0.3  # of the worlds in which this happens at all: elsewhere every conflict gets a second opinion


def _happens(stage: Stage) -> bool:
    found: bool = stage.memory.setdefault("lives", stage.chance.random() < WORLDS)
    return found


def _copies(stage: Stage) -> dict[str, Path]:
    found: dict[str, Path] = stage.memory.setdefault("copies", {})
    return found


def _copy(stage: Stage, machine: Machine) -> str:
    """Somebody takes an image of the disk."""
    if not _happens(stage):
        return "nobody does"
    folder = machine.settings.instance.with_name(f"copy of {machine.name}")
    machine.crash()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(machine.settings.instance, folder)
    _copies(stage)[machine.name] = folder
    return "copied"


def _put_back(stage: Stage, machine: Machine, names: tuple[str, ...]) -> str:
    copy = _copies(stage).get(machine.name)
    if copy is None:
        return "there is no copy"
    fuse = machine.fuse.left
    machine.crash()
    for name in names:
        (machine.settings.instance / name).unlink(missing_ok=True)
        if (copy / name).exists():
            shutil.copy(copy / name, machine.settings.instance / name)
    forget(stage, machine)
    machine.fuse.set(fuse)
    return f"in life {machine.node.head.life}"


def _restore_database(stage: Stage, machine: Machine) -> str:
    return _put_back(stage, machine, DATABASE)


def _restore_disk(stage: Stage, machine: Machine) -> str:
    return _put_back(stage, machine, WHOLE_DISK)


def _lose_side_file(stage: Stage, machine: Machine) -> str:
    if not _happens(stage):
        return "it stays"
    machine.crash()
    (machine.settings.instance / SIDE_FILE).unlink(missing_ok=True)
    return f"lost in life {machine.node.head.life}"


def _twin(stage: Stage, machine: Machine) -> str:
    """A second machine starts from the same files, and both go on."""
    name = machine.name.lower()
    copy = _copies(stage).get(machine.name)
    if copy is None or name in stage.world.machines or machine.name == name:
        return "there is no copy"
    folder = machine.settings.instance.with_name(name)
    shutil.copytree(copy, folder)
    settings = type(machine.settings)(
        instance=folder, role="office", office=machine.settings.office, secret_key="none"
    )  # fmt: skip
    clock = SteppingClock(machine.clock.true_ms)
    entropy = random.Random(f"twin {machine.entropy.random()}")
    twin = Machine(name, settings, machine.actor, machine.directory, clock, entropy, Fuse(name), machine.direct)
    twin.hardware = stage.chance.choice((None, b"another machine."))
    stage.world.machines[name] = twin
    forget(stage, twin)
    return f"{name} goes on from a copy, in life {twin.node.head.life}"


def _shut_out(stage: Stage, machine: Machine) -> str:
    """A laptop is reported stolen; its thief goes on typing."""
    if not _happens(stage):
        return "nobody is"
    # A twin has the same identity: who shuts out the one has shut out both.
    stage.watcher.revoked.update((machine.name, machine.name.upper(), machine.name.lower()))
    shut_out.shut_out(stage.world.centre.node, stage.world.centre.actor, machine.node.head.node)
    return "shut out"


def _let_in(stage: Stage, machine: Machine) -> str:
    """It was only mislaid."""
    if machine.name not in stage.watcher.revoked:
        return "is in"
    let_in(stage.world, machine.name, machine.settings.office, ())
    return "let in again"


def _reinstall(stage: Stage, machine: Machine) -> str:
    """A disk dies, and the office starts with a new one under a new identity."""
    known = machine.eye.value("SELECT acked FROM upstream")
    if not _happens(stage) or not known or machine.name == machine.name.lower():
        return "not yet"
    machine.crash()
    shutil.rmtree(machine.settings.instance)
    init_node(machine.settings, clock=machine.clock, entropy=machine.entropy.randbytes)
    machine.old_requests, machine.old_replies = [], []
    _copies(stage).pop(machine.name, None)
    forget(stage, machine)
    let_in(stage.world, machine.name, machine.settings.office, ())
    return "a new one"


def _bring_back(stage: Stage) -> None:
    """Whoever is out, or was set up and not enrolled, is let in for the end."""
    for machine in stage.world.offices:
        machine.fuse.set(None)
        if machine.name in stage.watcher.revoked or machine.eye.one("SELECT 1 FROM upstream") is None:
            let_in(stage.world, machine.name, machine.settings.office, ())


def forget(stage: Stage, machine: Machine) -> None:
    """The watcher sees a machine with another past: what is on its disk now is what was promised of it."""
    stage.memory.pop(f"shown at {machine.name}", None)
    reached = stage.memory.get("reached", {})
    for key in [key for key in reached if key[0] == machine.name]:
        del reached[key]
    stage.watcher.meet_again(machine, _on_the_way(stage))


def _on_the_way(stage: Stage) -> set[bytes]:
    """Events that the centre has stored and not judged yet."""
    centre = stage.world.centre
    with centre.node.database.read() as db:
        rows = db.all("SELECT no FROM inbox_segment WHERE applied_ms IS NULL")
        stored = [inbox.segment_no(db, row[0]) for row in rows]
    return {found.event.id for item in stored if item is not None for found in segment.open_segment(item)}


PART = Part(
    actions=(
        Action("copy", 3, _copy),
        Action("restore database", 2, _restore_database),
        Action("restore disk", 2, _restore_disk),
        Action("side file lost", 0.6, _lose_side_file),
        Action("twin", 1.5, _twin),
        Action("shut out", 0.6, _shut_out),
        Action("let in", 1, _let_in),
        Action("reinstall", 0.4, _reinstall),
    ),
    before_healing=(_bring_back,),
)
