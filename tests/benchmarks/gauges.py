"""What a process has used, read from outside, and the two numbers that say how long people wait."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path

MEBIBYTE = 1024.0


def _status(pid: int, name: str) -> float:
    """A size of /proc/PID/status in MiB; not a number where the system has no such file."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return float("nan")
    return next(float(line.split()[1]) / MEBIBYTE for line in lines if line.startswith(f"{name}:"))


def memory_mib(pid: int) -> float:
    """The memory that a process holds now."""
    return _status(pid, "VmRSS")


def peak_memory_mib(pid: int) -> float:
    """The most memory that a process has held."""
    return _status(pid, "VmHWM")


def family(pid: int) -> list[int]:
    """A process and those that it started, where the system tells."""
    found = [(int(file.parent.name), _parent(file)) for file in Path("/proc").glob("[0-9]*/stat")]
    return [pid, *(child for child, parent in found if parent == pid)]


def _parent(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0  # it has just ended


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used until now."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all stays below or meets."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
