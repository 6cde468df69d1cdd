"""A server gives memory back that it needed for a moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHECKS = """
import threading
from argon2 import PasswordHasher
from intake_app.allocator import keep_memory_small
from tests.benchmarks.gauges import memory_mib
import os
keep_memory_small()
hasher = PasswordHasher(time_cost=1, memory_cost=19_456, parallelism=1)
before = memory_mib(os.getpid())
for _ in range(4):
    thread = threading.Thread(target=hasher.hash, args=("mật khẩu",))
    thread.start()
    thread.join()
print(memory_mib(os.getpid()) - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only the C library of Linux is told anything")
def test_memory_of_a_password_check_is_given_back() -> None:
    said = subprocess.run([sys.executable, "-c", CHECKS], capture_output=True, text=True, check=True, cwd=ROOT)
    assert float(said.stdout) < 10  # MiB; one check takes 19
