"""An instance that is set up, copied for each test, and a way to call commands on it as a shell would."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from intake_app.actions.setup import set_up
from intake_app.cli import main

PASSWORD = "một mật khẩu dài"
LINE = {"channel": "phone", "topic": "price_fraud", "summary": "Giá khẩu trang tăng gấp ba", "unit": "2021:14758"}


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        """The one object on stdout."""
        return json.loads(self.out)


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory) -> Callable[[str, str], Path]:
    """Folders that are set up, one a role: the passwords alone would take the tests a minute otherwise."""
    made: dict[str, Path] = {}

    def folder(role: str, office: str) -> Path:
        if office not in made:
            made[office] = tmp_path_factory.mktemp(office) / "instance"
            set_up(made[office], role, office, "quantri", "Vũ Văn Quản", PASSWORD)
        return made[office]

    return folder


@pytest.fixture
def office(set_up_once, tmp_path) -> Path:
    """A district's node."""
    return shutil.copytree(set_up_once("office", "0380"), tmp_path / "office")


@pytest.fixture
def centre(set_up_once, tmp_path) -> Path:
    """The centre's node."""
    return shutil.copytree(set_up_once("central", "1022"), tmp_path / "centre")


@pytest.fixture
def run(capsysbinary, monkeypatch) -> Callable[..., Said]:
    """Runs a command on an instance; `stdin` is what it reads."""
    monkeypatch.setenv("INTAKE_LANG", "en")

    def call(instance: Path, *argv: str, stdin: str | bytes = b"") -> Said:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        status = main([*argv, "--instance", str(instance)])
        said = capsysbinary.readouterr()
        return Said(status, said.out.decode("utf-8"), said.err.decode("utf-8"))

    return call


def as_lines(*lines: dict) -> str:
    """Reports as JSON lines."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


@pytest.fixture
def recorded(run) -> Callable[..., str]:
    """Records a report and gives its tracking code."""

    def record(instance: Path, **values: object) -> str:
        assert run(instance, "record", "-", stdin=as_lines(LINE | values)).status == 0
        return json.loads(run(instance, "export", "--format", "jsonl").out.splitlines()[0])["tracking_code"]

    return record


@pytest.fixture
def line_of(run) -> Callable[[Path], dict]:
    """The newest report of an instance as an exported line."""
    return lambda instance: json.loads(run(instance, "export", "--format", "jsonl").out.splitlines()[0])
