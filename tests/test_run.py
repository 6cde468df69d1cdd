"""run.py sets itself up: on a fresh copy, for two at once, after a kill, without a network.

A wheelhouse with one tiny library stands for the real ones, so nothing here needs a network."""

from __future__ import annotations

import ast
import configparser
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import run
import setup_venv

HOME = Path(run.__file__).parent
COMMAND = """
import json, os, sys
def main(arguments):
    import tiny
    print(json.dumps({"pid": os.getpid(), "arguments": arguments, "tiny": tiny.VERSION, "input": sys.stdin.read(),
                      "arenas": os.environ["MALLOC_ARENA_MAX"], "utf8": sys.flags.utf8_mode}))
    return 7
"""
NO_NETWORK = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0",
    "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "",
}  # fmt: skip


def put_wheel(kit: Path, version: str) -> None:
    """Puts a library of one module into the kit's wheelhouse and pins it in the lock."""
    wheel = kit / "wheelhouse" / f"tiny-{version}-py3-none-any.whl"
    wheel.parent.mkdir(exist_ok=True)
    about = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", f"VERSION = '{version}'\n")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (kit / "requirements.lock").write_text(f"tiny=={version} --hash=sha256:{digest}\n", encoding="utf-8")


def make_kit(parent: Path) -> Path:
    """Makes a fresh copy with a command that tells how it was started, in a folder of the kind people have."""
    kit = parent / "Nguyễn Văn A" / "bộ tiếp nhận"
    (kit / "intake_app").mkdir(parents=True)
    (kit / "intake_app" / "__init__.py").touch()
    (kit / "intake_app" / "cli.py").write_text(COMMAND, encoding="utf-8")
    for name in ("run.py", "setup_venv.py"):
        shutil.copy(HOME / name, kit)
    put_wheel(kit, "1.0")
    return kit


def start(kit: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Starts run.py as a person does, from another folder."""
    return subprocess.Popen(
        [getattr(sys, "_base_executable", sys.executable), str(kit / "run.py"), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", cwd="/", env={**os.environ, **environment},
    )  # fmt: skip


def finish(process: subprocess.Popen[str], typed: str = "") -> tuple[int, str, str]:
    """Waits for a start; gives exit status, stdout and stderr."""
    said, told = process.communicate(typed, timeout=120)
    return process.returncode, said, told


def wait_for(path: Path) -> None:
    """Waits until a file is there."""
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until, f"{path} did not appear"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kit = make_kit(tmp_path_factory.mktemp("kit"))
    assert finish(start(kit))[0] == 7
    return kit


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_kit(tmp_path_factory.mktemp("fresh"))


def test_two_starts_at_once_on_a_fresh_folder_both_run(fresh: Path) -> None:
    first = start(fresh, "một")
    wait_for(fresh / ".setup-begun")
    second = finish(start(fresh, "hai"))
    one = finish(first)
    assert (one[0], second[0]) == (7, 7)
    assert "waiting" in second[2] and "waiting" not in one[2]
    assert "Making" in one[2] and "Making" not in second[2]


def test_set_up_killed_half_way_is_mended_by_the_next_start(fresh: Path) -> None:
    put_wheel(fresh, "1.1")
    shutil.rmtree(fresh / ".venv", ignore_errors=True)
    killed = start(fresh)
    wait_for(fresh / ".venv" / "pyvenv.cfg")
    killed.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    finish(killed)
    status, said, _ = finish(start(fresh))
    assert (status, json.loads(said)["tiny"]) == (7, "1.1")


def test_command_runs_in_folder_with_spaces_and_vietnamese_letters(kit: Path) -> None:
    process = start(kit, "ghi", "--tệp", "a b")
    status, said, told = finish(process, "đầu vào")
    answer = json.loads(said)
    assert status == 7 and told == ""
    assert answer["arguments"] == ["ghi", "--tệp", "a b"] and answer["input"] == "đầu vào"
    assert answer["utf8"] == 1 and answer["arenas"] == "2"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no exec")
def test_command_keeps_the_process_id(kit: Path) -> None:
    process = start(kit)
    assert json.loads(finish(process)[1])["pid"] == process.pid


def test_changed_lock_is_installed_and_told_on_stderr_only(kit: Path) -> None:
    put_wheel(kit, "2.0")
    status, said, told = finish(start(kit))
    assert status == 7 and json.loads(said)["tiny"] == "2.0"
    assert "Installing" in told and "Making" not in told


def test_lost_interpreter_is_noticed(kit: Path) -> None:
    interpreter = Path(setup_venv.venv_python(str(kit)))
    interpreter.rename(kit / "lost")
    assert not setup_venv.is_ready(str(kit), False) and not setup_venv.is_usable(str(kit))
    (kit / "lost").rename(interpreter)


def test_broken_network_is_one_sentence_and_status_3(kit: Path) -> None:
    put_wheel(kit, "3.0")
    (kit / "wheelhouse").rename(kit / "elsewhere")
    status, said, told = finish(start(kit, **NO_NETWORK))
    (kit / "elsewhere").rename(kit / "wheelhouse")
    assert (status, said) == (3, "")
    assert "Không có mạng" in told and "Traceback" not in told
    assert finish(start(kit))[0] == 7


def test_wheel_that_is_not_the_pinned_one_is_not_installed(kit: Path) -> None:
    put_wheel(kit, "4.0")
    lock = kit / "requirements.lock"
    lock.write_text(re.sub("sha256:....", "sha256:0000", lock.read_text()))
    status, _, told = finish(start(kit, **NO_NETWORK))
    assert status == 3 and "DO NOT MATCH THE HASHES" in told


def test_old_python_is_told_both_versions_in_both_languages() -> None:
    sentence = run.refuse_old_python((3, 8, 1))
    assert re.search(r"Cần Python 3\.11.* 3\.8;.*\n.*3\.11 or newer.* 3\.8;", sentence)
    assert run.refuse_old_python((3, 11, 0)) == run.refuse_old_python((3, 14, 0)) == ""


def test_run_py_can_be_parsed_by_old_pythons() -> None:
    tree = ast.parse((HOME / "run.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"]


def test_stamp_changes_with_lock_python_and_folder() -> None:
    stamps = {
        setup_venv.make_stamp("a==1", "/kit", (3, 11, 2)),
        setup_venv.make_stamp("a==2", "/kit", (3, 11, 2)),
        setup_venv.make_stamp("a==1", "/kit", (3, 12, 0)),
        setup_venv.make_stamp("a==1", "/kịt", (3, 11, 2)),
    }
    assert len(stamps) == 4


def test_whole_test_run_uses_two_workers_and_a_selection_none() -> None:
    assert setup_venv.pytest_arguments(["-x", "-q"])[:2] == ["-n", "2"]
    for selection in (["-k", "sync"], ["-n0"], ["tests/test_run.py"], ["-q", "--pdb"]):
        assert setup_venv.pytest_arguments(selection) == selection


def test_lock_holds_all_dependencies_with_hashes_and_no_address() -> None:
    lock = (HOME / "requirements.lock").read_text(encoding="utf-8")
    config = configparser.ConfigParser(interpolation=None)
    config.read(HOME / "setup.cfg", encoding="utf-8")
    node, _, rest = lock.partition(setup_venv.MARK)
    wanted = config["options"]["install_requires"], "\n".join(config["options.extras_require"].values())
    for text, pins in zip(wanted, (node, rest), strict=True):
        names = re.findall(r"^([a-z0-9-]+)[>=<]", text, re.MULTILINE)
        assert names and not [name for name in names if f"\n{name}==" not in f"\n{pins}"]
    assert "://" not in lock and "--index" not in lock
    pinned = [block for block in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE) if "==" in block]
    assert len(pinned) > 40 and all("--hash=sha256:" in block for block in pinned)
