"""Files are written whole or not at all; locks belong to living processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from intake_app.files import replacing, write_private_file
from intake_app.locking import Held, holding

HOLD_AND_DIE = """
import os, sys
from pathlib import Path
from intake_app.locking import holding
with holding(Path(sys.argv[1])):
    os._exit(9)
"""


def write_half(file: Path) -> None:
    with replacing(file) as out:
        out.write(b"half")
        raise InterruptedError


def test_failed_writing_leaves_the_old_file_and_nothing_else(tmp_path):
    file = tmp_path / "list.csv"
    write_private_file(file, "old")
    with pytest.raises(InterruptedError):
        write_half(file)
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]


def test_second_holder_is_told_at_once(tmp_path):
    with holding(tmp_path / "lock"), pytest.raises(Held), holding(tmp_path / "lock"):
        pass


def test_lock_is_free_after_its_block(tmp_path):
    for _ in range(2):
        with holding(tmp_path / "lock"):
            pass


def test_lock_of_a_dead_process_does_not_block(tmp_path):
    died = subprocess.run([sys.executable, "-c", HOLD_AND_DIE, str(tmp_path / "lock")], check=False)
    assert died.returncode == 9
    with holding(tmp_path / "lock"):
        pass
