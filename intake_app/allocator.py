"""How a server gets its memory and gives it back: from the C library of Linux, and from Python's own collector."""

from __future__ import annotations

import ctypes
import gc
import sys

# Of malloc.h in glibc; other C libraries have no such call, or ignore it.
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
ARENAS = 1  # Python lets one thread at a time ask for memory: more only keep apart what each has left
LARGE_BYTES = 1024 * 1024
# A thousand reports being judged are some 20,000 containers, and none of them is ever part of a ring.
NEW_CONTAINERS = 20_000
OFFICE_NEW_CONTAINERS = 1_000  # with 20,000 its pages leave 2 MiB lying about


def keep_memory_small() -> None:
    """Tells the allocator to keep one arena and to give large pieces back at once; elsewhere than on Linux nothing.

    Each thread otherwise keeps an arena of its own with what the largest request ever needed (a centre held 228 MiB after
    10 000 reports, 124 with two arenas, 118 with one), and the 19 MiB of one password check stay for good.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def collect_seldom(new_containers: int = NEW_CONTAINERS) -> None:
    """Tells Python's collector of rings to leave alone what is there since the start, and to look less often at the rest.

    With its own measure it takes an eighth of the time in which a centre judges what has come. What it has not looked at yet
    stays in memory: an office, which never has so much to do at once, has it look more often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(new_containers, 20, 100)
