"""Where tests keep what may be lost: in memory where there is room, as no test is about the disk's own speed.

What a test kills is a process, never the machine, so a file in memory stands for one on a disk. Benchmarks stay on the disk.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
ROOM_BYTES_MIN = 2 * 1024**3  # containers often have 64 MB there, less than one PostgreSQL wants


def fast_folder() -> Path | None:
    """A folder in memory with room for a whole run of the tests; None where there is none, such as on Windows."""
    if not SHARED_MEMORY.is_dir() or not os.access(SHARED_MEMORY, os.W_OK):
        return None
    return SHARED_MEMORY if shutil.disk_usage(SHARED_MEMORY).free >= ROOM_BYTES_MIN else None
