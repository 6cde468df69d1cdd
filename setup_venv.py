"""Makes `.venv` beside run.py and keeps it as requirements.lock says, for any number of starts at once.

run.py imports it before there is a `.venv`, so it needs the standard library only, and what costs time is imported
where a warm start does not come by. Sentences are in Vietnamese and English: nothing is known yet of who reads them.
"""

from __future__ import annotations

import hashlib
import os
import sys

WINDOWS = os.name == "nt"
WRONG_USE, NO_NETWORK = 2, 3

# In requirements.lock: above it what a node needs, below it what only `run.py test` and the checks need besides.
MARK = "# ---- below: only for `run.py test` and the checks ----"

# What pip says when it is the network's fault, unless it also says one of the others: a retry may have gone before.
OTHER_FAULTS = ("DO NOT MATCH THE HASHES", "No space left on device", "Permission denied")
NETWORK_SIGNS = (
    "ConnectionError", "NameResolution", "getaddrinfo failed", "name resolution", "unreachable", "Connection refused",
    "Connection broken", "IncompleteRead", "imed out", "TimeoutError", "ProxyError", "SSLError", "Max retries exceeded",
    "from versions: none", "502 Server Error", "503 Server Error", "504 Server Error",
)  # fmt: skip


class SetupFailed(Exception):
    """Set-up cannot go on; carries the exit status beside the sentence for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def say(sentence: str) -> None:
    """Tells progress on stderr; stdout belongs to the command."""
    print(sentence, file=sys.stderr, flush=True)


def venv_python(home: str) -> str:
    """Names the interpreter of the folder's `.venv`."""
    return os.path.join(home, ".venv", *(("Scripts", "python.exe") if WINDOWS else ("bin", "python")))


def read_pins(home: str, everything: bool) -> str:
    """Reads the pins that are to be installed: all of them, or those a node needs."""
    with open(os.path.join(home, "requirements.lock"), encoding="utf-8") as lock:
        pins = lock.read()
    return pins if everything else pins.partition(MARK)[0]


def make_stamp(pins: str, home: str, python: tuple[int, ...] = sys.version_info[:3]) -> str:
    """Gives the name of a finished set-up: it changes with the pins, the Python, the machine and the folder."""
    machine = os.environ.get("PROCESSOR_ARCHITECTURE", "") if WINDOWS else os.uname().machine
    parts = [pins, sys.implementation.name, ".".join(map(str, python)), sys.platform, machine, home]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def stamp_path(home: str) -> str:
    """Names the file that stands in `.venv` once a set-up has ended well."""
    return os.path.join(home, ".venv", "intake-kit.stamp")


def is_ready(home: str, everything: bool) -> bool:
    """Tells whether `.venv` holds what is wanted; a `.venv` that holds everything serves a node too."""
    try:
        with open(stamp_path(home)) as file:
            stamp = file.read().strip()
    except OSError:
        return False
    good = [make_stamp(read_pins(home, part), home) for part in ((True,) if everything else (False, True))]
    return stamp in good and os.path.exists(venv_python(home))


def set_up(home: str, everything: bool) -> None:
    """Makes `.venv` ready, one start at a time; a set-up that was killed is begun anew."""
    begun = os.path.join(home, ".setup-begun")
    with open(os.path.join(home, ".setup-lock"), "a") as lock:
        wait_for_turn(lock.fileno())
        if is_ready(home, everything):
            return
        killed = os.path.exists(begun)
        open(begun, "w").close()
        if os.path.exists(stamp_path(home)):
            os.remove(stamp_path(home))  # from here on the folder is not what an older stamp says
        if killed or not is_usable(home):
            make_venv(home, lock.fileno())
        install(home, everything, lock.fileno())
        with open(stamp_path(home) + ".new", "w") as file:
            file.write(make_stamp(read_pins(home, everything), home))
        os.replace(stamp_path(home) + ".new", stamp_path(home))
        os.remove(begun)


def wait_for_turn(lock: int) -> None:
    """Takes the lock of the folder's set-up; the system gives it back when the last process that holds it ends."""
    import time

    if not try_lock(lock):
        say("Đang chờ một lần khởi động khác chuẩn bị xong… / Another start is setting this folder up; waiting…")
        while not try_lock(lock):
            time.sleep(0.2)


def try_lock(lock: int) -> bool:
    """Takes the lock if it is free."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def has_ensurepip() -> bool:
    """Tells whether this Python can put pip into a venv; Debian's cannot without the package python3-venv."""
    import importlib.util

    return importlib.util.find_spec("ensurepip") is not None


def is_usable(home: str) -> bool:
    """Tells whether the `.venv` that is there runs, with this very Python, and can install."""
    probe = f"import sys, {'pip' if has_ensurepip() else 'os'}; print(sys.version_info[:2])"
    status, output = run_quietly([venv_python(home), "-I", "-c", probe], home)
    return status == 0 and output.strip() == str(tuple(sys.version_info[:2]))


def make_venv(home: str, lock: int) -> None:
    """Makes an empty `.venv`, in place of whatever is there."""
    say("Đang tạo môi trường Python trong .venv… / Making the Python environment in .venv…")
    options = ["--clear"] if has_ensurepip() else ["--clear", "--without-pip"]
    command = [sys.executable, "-m", "venv", *options, os.path.join(home, ".venv")]
    status, output = run_quietly(command, home, lock=lock)
    if status != 0:
        raise SetupFailed(WRONG_USE, "Không tạo được .venv. / Cannot make .venv: " + last_line(output))


def find_pip(home: str) -> tuple[list[str], dict[str, str]]:
    """Gives a pip for `.venv` and what its environment needs: the venv's own, the wheelhouse's, or this Python's."""
    if run_quietly([venv_python(home), "-I", "-c", "import pip"], home)[0] == 0:
        return [venv_python(home), "-m", "pip"], {}
    wheelhouse = os.path.join(home, "wheelhouse")
    for name in os.listdir(wheelhouse) if os.path.isdir(wheelhouse) else []:
        if name.startswith("pip-"):
            return [venv_python(home), "-m", "pip"], {"PYTHONPATH": os.path.join(wheelhouse, name)}
    if run_quietly([sys.executable, "-m", "pip", "--version"], home)[0] == 0:
        return [sys.executable, "-m", "pip", "--python", venv_python(home)], {}
    said = "Python trên máy này thiếu pip, hãy cài: / This Python has no pip, install it: apt install python3-venv"
    raise SetupFailed(WRONG_USE, said)


def install(home: str, everything: bool, lock: int) -> None:
    """Installs the pins from `wheelhouse/` where it is there, else or where it lacks something from the network."""
    say("Đang cài các thư viện (chỉ lần đầu)… / Installing the libraries (the first time only)…")
    pins = os.path.join(home, ".venv", "pins.txt")
    with open(pins, "w", encoding="utf-8") as file:
        file.write(read_pins(home, everything))
    command, extra = find_pip(home)
    # No resolving (the lock is complete), no building (a wheel runs no code), no file that was not seen before.
    command += ["install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", pins]
    if os.path.isdir(os.path.join(home, "wheelhouse")):
        local = ["--no-index", "--find-links", os.path.join(home, "wheelhouse")]
        status, output = run_quietly(command + local, home, pip_environment(True, extra), lock)
        if status == 0:
            return
        say("wheelhouse chưa đủ, thử qua mạng. / wheelhouse is not enough, trying the network: " + last_line(output))
    status, output = run_quietly(command, home, pip_environment(False, extra), lock)
    if status != 0:
        raise explain(home, output)


def pip_environment(offline: bool, extra: dict[str, str]) -> dict[str, str]:
    """Gives pip's environment; offline, no setting of this machine may send it elsewhere."""
    environment = {name: value for name, value in os.environ.items() if not (offline and name.startswith("PIP_"))}
    if offline:
        environment["PIP_CONFIG_FILE"] = os.devnull
    environment.update(extra, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_USER="0", PYTHONUTF8="1")
    return environment


def run_quietly(
    command: list[str], home: str, environment: dict[str, str] | None = None, lock: int = -1
) -> tuple[int, str]:
    """Runs a step of the set-up without the command's stdin and stdout; gives its exit status and what it said."""
    import subprocess  # 10 ms that a warm start does not pay

    # The child holds the lock too: when this process is killed, the next set-up waits until the orphan has ended.
    kept = () if WINDOWS or lock < 0 else (lock,)
    try:
        done = subprocess.run(
            command, cwd=home, env=environment, pass_fds=kept,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def last_line(output: str) -> str:
    """Gives the line in which pip or venv says what went wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return ([line for line in lines if line.startswith("ERROR")] or lines or ["?"])[-1]


def explain(home: str, output: str) -> SetupFailed:
    """Turns what pip said into one sentence; all of it is kept in a file."""
    log = os.path.join(home, ".venv", "setup.log")
    with open(log, "w", encoding="utf-8") as file:
        file.write(output)
    if any(sign in output for sign in NETWORK_SIGNS) and not any(fault in output for fault in OTHER_FAULTS):
        os.remove(os.path.join(home, ".setup-begun"))  # nothing was installed yet: the next try goes on with this .venv
        return SetupFailed(
            NO_NETWORK,
            "Không có mạng để cài thư viện; hãy nối mạng rồi chạy lại, hoặc đặt thư mục wheelhouse cạnh run.py.\n"
            "No network to install the libraries; connect and start again, or put a wheelhouse folder beside run.py.",
        )
    said = f"Chưa cài được thư viện. / The libraries could not be installed: {last_line(output)} ({log})"
    return SetupFailed(WRONG_USE, said)


def pytest_arguments(arguments: list[str]) -> list[str]:
    """Adds workers, a file of tests to each, where everything is to be run; a selection starts faster without.

    The files go out as tests/conftest.py puts them, the long ones first, not those with the most tests.
    """
    alone = ("-n", "-k", "-s", "--pdb", "--collect-only", "--numprocesses")
    if any(argument.startswith(alone) or not argument.startswith("-") for argument in arguments):
        return arguments
    return ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *arguments]


def go_on(home: str, arguments: list[str]) -> int:
    """Sees to `.venv` and runs the command in its Python."""
    everything = arguments[:1] in (["test"], ["bench"])
    try:
        if not is_ready(home, everything):
            set_up(home, everything)
    except SetupFailed as failure:
        say(str(failure))
        return failure.status
    except OSError as error:
        say(f"Không ghi được vào đây. / Cannot write here: {error}")
        return WRONG_USE
    except KeyboardInterrupt:
        return 130  # as shells count an end by Ctrl+C
    return run_in_venv(home, arguments)


def run_in_venv(home: str, arguments: list[str]) -> int:
    """Runs the command in the Python of `.venv`, on POSIX in this very process."""
    command = [venv_python(home), "-X", "utf8", os.path.join(home, "run.py"), *arguments]
    if arguments[:1] == ["test"]:
        os.chdir(home)
        command[3:] = ["-m", "pytest", *pytest_arguments(arguments[1:])]
    # glibc gives each thread a heap of its own otherwise: a node with eight threads would hold 30 MB more.
    environment = dict(os.environ, MALLOC_ARENA_MAX="2")
    if not WINDOWS:
        os.execve(command[0], command, environment)
    import signal
    import subprocess

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the command; it also reaches this process
    return subprocess.call(command, env=environment)
