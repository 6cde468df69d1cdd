"""What a run leaves behind: what was done, how often, and one hash over all of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Run:
    """What became of one seed."""

    seed: int
    events: int  # after how many it ends
    steps: int = 0
    trace: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    hash: str = ""
    outcome: list[str] = field(default_factory=list)  # verdicts, versions and states, without ids and times


class Failed(AssertionError):
    """A run in which something did not hold; its text is the story, `sentence` what did not hold."""

    def __init__(self, story: str, sentence: str = "") -> None:
        super().__init__(story)
        self.sentence = sentence
