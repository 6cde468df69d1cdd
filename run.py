# -*- coding: utf-8 -*-
"""The one entrance: sees to `.venv` beside this file, then runs a command of the kit in its Python.

Nothing is written here that Python 3.4 cannot parse (no f-strings, annotations of containers in quotes), so that an old
Python gets a sentence and not a traceback. How `.venv` is made stands in setup_venv, what a command does in intake_app.
"""

import gc
import os
import sys

OLDEST_PYTHON = (3, 11)
HOME = os.path.dirname(os.path.realpath(__file__))


def refuse_old_python(version: "tuple[int, ...]") -> str:
    """Gives the sentence for a Python that is too old, or nothing."""
    if version[:2] >= OLDEST_PYTHON:
        return ""
    return (
        "Cần Python %d.%d trở lên, máy này đang dùng %d.%d; hãy cài bản mới từ python.org rồi chạy lại.\n"
        "Python %d.%d or newer is needed, this is %d.%d; install a newer one from python.org and start again."
    ) % ((OLDEST_PYTHON + tuple(version[:2])) * 2)


def start(arguments: "list[str]") -> int:
    """Goes on in the Python of `.venv`, which is made or mended first where that is needed."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")
    refusal = refuse_old_python(sys.version_info[:3])
    if refusal:
        print(refusal, file=sys.stderr)
        return 2
    if HOME not in sys.path:
        sys.path.insert(0, HOME)  # PYTHONSAFEPATH leaves the script's folder out
    inside = os.path.realpath(sys.prefix) == os.path.realpath(os.path.join(HOME, ".venv"))
    if inside and arguments[:1] != ["test"]:
        gc.disable()  # all that is imported stays: looking for garbage among it takes a seventh of a start
        from intake_app.cli import main

        gc.enable()
        return int(main(arguments))
    from setup_venv import go_on

    return go_on(HOME, arguments)


if __name__ == "__main__":
    sys.exit(start(sys.argv[1:]))
