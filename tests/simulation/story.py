"""What to tell of a seed in which something did not hold: who did what to whom, in words, and how to see it again."""

from __future__ import annotations

import re

from tests.simulation.trace import Run
from tests.simulation.watch import Made, Watcher

STEPS_TOLD = 12
EVENTS_TOLD = 15


def story(run: Run, reason: BaseException, watcher: Watcher | None = None) -> str:
    """The story of a failure: what was made of the entity concerned, the last steps about it, the last steps of all."""
    lines = [f"seed {run.seed}, {run.events} events, step {run.steps}: {type(reason).__name__}: {reason}"]
    concerned = _concerned(str(reason), watcher) if watcher else None
    if concerned is not None and watcher is not None:
        lines += [f"  what happened to {concerned.hex()}:", *_life(concerned, watcher)]
        about = [line for line in run.trace if concerned.hex()[-6:] in line][-STEPS_TOLD:]
        lines += ["  the last steps about it:", *(f"  {line}" for line in about)] if about else []
    lines += ["  the last steps of all:", *(f"  {line}" for line in run.trace[-STEPS_TOLD:])]
    return "\n".join([*lines, f"again: {again(run.seed, run.events)}"])


def again(seed: int, events: int) -> str:
    """The command that runs a seed again."""
    return f"python3 run.py bench simulate --first {seed} --seeds 1 --events {events} --jobs 1"


def _concerned(reason: str, watcher: Watcher) -> bytes | None:
    """The entity that a sentence names, by its own id or by that of an event about it."""
    for found in re.findall(r"\b[0-9a-f]{32}\b", reason):
        named = bytes.fromhex(found)
        if named in watcher.made:
            return watcher.made[named].event.entity
        if any(made.event.entity == named for made in watcher.made.values()):
            return named
    return None


def _life(entity: bytes, watcher: Watcher) -> list[str]:
    """Each event about an entity: where it was made, what it says, what became of it; in the order of application."""
    place = {event: at for at, (event, _) in enumerate(watcher.verdicts)}
    about = [made for made in watcher.made.values() if made.event.entity == entity]
    about.sort(key=lambda made: (place.get(made.event.id, len(place)), made.seq))
    told = [f"    {_told(made, watcher)}" for made in about[-EVENTS_TOLD:]]
    return [f"    … {len(about) - EVENTS_TOLD} earlier events", *told] if len(about) > EVENTS_TOLD else told


def _told(made: Made, watcher: Watcher) -> str:
    event = made.event
    said = {**event.open, **event.private}
    changed: dict[str, object] = {}
    for part in (event.open, event.private):
        if isinstance(found := part.get("set"), dict):  # a poisoned one may hold anything
            changed |= found
    what = ", ".join(f"{name} = {value!r:.40}" for name, value in sorted(changed.items()))
    what = what or str(said.get("step") or said.get("field") or said.get("text") or "")[:40]
    verdict = watcher.verdict_of.get(event.id, "not judged")
    return f"{made.machine} wrote {event.kind} as its event {made.seq}, knowing version {made.base} ({what}): {verdict}"
