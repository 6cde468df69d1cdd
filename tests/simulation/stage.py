"""What the simulated world consists of for an action or an invariant, and how a module brings its own into it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tests.simulation.machines import Machine
from tests.simulation.network import Network
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.watch import Watcher

NOTHING_SAVED = ("known", "step from here", "to decide")  # how an outcome ends whose action had nothing to write
WORDS = ("đường ngập", "giá cao", "mất điện", "rác thải", "nước bẩn", "ồn ào", "Ký tự lạ 𝄞 ẵ")


@dataclass
class Stage:
    """One world at play: machines, line, chance, and what those who act and those who watch have to remember."""

    world: World
    network: Network
    chance: random.Random
    watcher: Watcher
    clocks_go_wrong: bool = True
    burst: int = 4  # how many things at the most somebody does in one go
    made: int = 0
    stale: set[str] = field(default_factory=set)  # hashes of values that people saw on pages which were not up to date
    poisoned: set[bytes] = field(default_factory=set)  # ids of events that no action of ours made
    apart: set[str] = field(default_factory=set)  # machines that need not agree in the end, such as a revoked one
    counts: Counter[str] = field(default_factory=Counter)  # what a part wants to see in the totals
    memory: dict[str, Any] = field(default_factory=dict)  # of the parts, by their name

    def words(self) -> str:
        """Words that nobody has used yet in this world."""
        self.made += 1
        return f"{self.chance.choice(WORDS)} {self.made}"


class Action(NamedTuple):
    """Something that may happen: how often beside the others, on whose machine, and whether it says "saved"."""

    name: str
    weight: float
    act: Callable[[Stage, Machine], str]  # the outcome in words; may raise Killed or an IntakeError
    who: Literal["anyone", "office", "centre"] = "office"
    saves: bool = False  # unless the outcome ends with one of NOTHING_SAVED


class Invariant(NamedTuple):
    """Something that must hold: its name, the numbers of PROTOCOL.md section 12, when it is checked, and the check."""

    name: str
    numbers: tuple[int, ...]
    when: Literal["step", "end"]
    check: Callable[[Stage], None]  # raises AssertionError with a sentence


class Part(NamedTuple):
    """What one module brings into the world. Listed in parts.py."""

    actions: tuple[Action, ...] = ()
    invariants: tuple[Invariant, ...] = ()
    before_healing: tuple[Callable[[Stage], None], ...] = ()  # such as bringing back a machine that was away
