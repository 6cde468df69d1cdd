"""Writes requirements.lock anew from setup.cfg: one file, two parts, every file of every package by its hash.

The first part is what a node needs; below the mark stands what only tests and checks need (250 MB more on the disk),
which `run.py` installs for `run.py test` alone. Run it as `.venv/bin/python tools/relock.py` after `pip install uv`;
it keeps the pins that stand in the lock unless it is given `--upgrade` or `--upgrade-package NAME`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))
from run import OLDEST_PYTHON  # noqa: E402 - these lie beside this folder, not in it
from setup_venv import MARK  # noqa: E402

LOCK = HOME / "requirements.lock"


def compile_pins(*options: str) -> str:
    """Gives uv's answer for all systems and all Pythons from the oldest on."""
    oldest = ".".join(map(str, OLDEST_PYTHON))
    command = ["uv", "pip", "compile", "setup.cfg", "--universal", "--python-version", oldest, "--no-header", *options]
    done = subprocess.run([sys.executable, "-m", *command], cwd=HOME, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def blocks_by_name(pins: str) -> dict[str, str]:
    """Cuts a lock into its packages: the pin with the hashes and comments that follow it."""
    blocks = re.split(r"^(?=[a-z0-9])", pins, flags=re.MULTILINE)
    return {block.partition("==")[0]: block for block in blocks if "==" in block}


def relock(options: list[str]) -> str:
    """Gives the new lock; the pins of a node and those of the tests are solved together, so they always fit."""
    everything = blocks_by_name(compile_pins("--all-extras", "--generate-hashes", "--output-file", str(LOCK), *options))
    node = blocks_by_name(compile_pins("--constraint", str(LOCK)))
    first = [everything[name] for name in node]
    second = [block for name, block in everything.items() if name not in node]
    return "".join(first) + MARK + "\n" + "".join(second)


if __name__ == "__main__":
    LOCK.write_text(relock(sys.argv[1:]), encoding="utf-8")
