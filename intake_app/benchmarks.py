"""Finding and running the benchmarks of tests/benchmarks, and what a figure is.

A benchmark is a module with a NAME, a number of REPORTS and `run(reports)`; one that says ON_REQUEST takes long or needs
more than this machine may have, and runs only when it is named.
"""

from __future__ import annotations

import importlib
import os
import platform
import sqlite3
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "benchmarks"
# The median of three leaves out the one run in which something else had the computer.
TIMES = 3


@dataclass(frozen=True)
class Figure:
    """One thing measured: what, how much, in which unit, and what it should be ("≤ 15", "≥ 15000", or nothing)."""

    what: str
    value: float
    unit: str
    goal: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        sign, _, number = self.goal.strip().partition(" ")
        if sign not in ("≤", "≥"):
            return None
        limit = float(number.replace(" ", "").replace("\u202f", ""))
        return self.value <= limit if sign == "≤" else self.value >= limit


@dataclass(frozen=True)
class Measured:
    """A figure with the values of all runs; `figure.value` is their median."""

    benchmark: str
    figure: Figure
    values: tuple[float, ...]


def find_benchmarks() -> dict[str, ModuleType]:
    """Gives the benchmarks by name; none where the tests are not installed."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    files = sorted(FOLDER.glob("bench_*.py"))
    modules = [importlib.import_module(f"tests.benchmarks.{file.stem}") for file in files]
    return {module.NAME: module for module in modules}


def measure(
    benchmark: ModuleType,
    tell: Callable[[int, int], None],
    reports: int | None = None,
    times: int = TIMES,
    options: Mapping[str, object] = MappingProxyType({}),
) -> list[Measured]:
    """Runs one benchmark several times, with as many reports as it says or is told, and gives the medians.

    Of the options it gets those that it names in OPTIONS.
    """
    own = {name: value for name, value in options.items() if name in getattr(benchmark, "OPTIONS", ())}
    runs: list[list[Figure]] = []
    for number in range(1, times + 1):
        tell(number, times)
        runs.append(benchmark.run(reports or benchmark.REPORTS, **own))
    return [_median(benchmark.NAME, same) for same in zip(*runs, strict=True)]


def _median(name: str, same: Sequence[Figure]) -> Measured:
    values = tuple(figure.value for figure in same)
    first = same[0]
    return Measured(name, Figure(first.what, statistics.median(values), first.unit, first.goal), values)


def machine() -> dict[str, object]:
    """What a figure must be read with: the same code gives others elsewhere."""
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
