"""How the C library of Linux hands memory to the threads of a server: sparingly, and back when it is not needed any more."""

from __future__ import annotations

import ctypes
import sys

# Of malloc.h in glibc; other C libraries have no such call, or ignore it.
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
ARENAS = 2
LARGE_BYTES = 1024 * 1024


def keep_memory_small() -> None:
    """Tells the allocator to keep few arenas and to give large pieces back at once; elsewhere than on Linux nothing.

    Each thread otherwise keeps an arena of its own with what the largest request ever needed (a centre held 228 MiB after
    10 000 reports, 136 with two arenas), and the 19 MiB of one password check stay for good.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
