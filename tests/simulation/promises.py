"""What the machines and the centre have promised, after every step: the watcher's part of PROTOCOL.md, section 12."""

from __future__ import annotations

from tests.simulation.stage import Invariant, Part, Stage


def _journals(stage: Stage) -> None:
    stage.watcher.journals()


def _centre(stage: Stage) -> None:
    stage.watcher.centre()


PART = Part(
    invariants=(
        Invariant("what was saved stays, byte for byte", (1, 4, 5, 6), "step", _journals),
        Invariant("acks, verdicts, versions and values stay", (2, 3, 5, 7, 9), "step", _centre),
    )
)
