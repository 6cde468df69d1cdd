"""The peers' packages, fetched once from the public registries into a folder of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER_VARIABLE = "INTAKE_PEERS"  # where they are kept; without it in the system's folder for what may go


class NotHere(Exception):
    """What a peer needs is not on this machine; says what."""


def folder() -> Path:
    """Where the packages are kept."""
    return Path(os.environ.get(FOLDER_VARIABLE) or Path(tempfile.gettempdir()) / "intake-peers")


def pouch_packages() -> Path:
    """The folder with PouchDB's packages; raises NotHere without Node.js."""
    home = folder()
    if not shutil.which("node") or not shutil.which("npm"):
        raise NotHere("Node.js with npm")
    if not (home / "node_modules/express-pouchdb").is_dir():
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "package.json", home)
        _run(["npm", "install", "--no-audit", "--no-fund", "--silent"], home)
    return home


def kinto_python() -> Path:
    """The Python that has Kinto."""
    home = folder() / "venv"
    python = home / "bin/python"
    if not (home / "bin/kinto").is_file():
        _run([sys.executable, "-m", "venv", str(home)], HERE)
        _run([str(python), "-m", "pip", "install", "-q", "-r", str(HERE / "requirements.txt")], HERE)
    return python


def _run(command: list[str], cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise NotHere(f"{' '.join(command[:3])}: {done.stderr.strip()[-300:]}")
