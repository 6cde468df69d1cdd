"""How a command ends when something was refused or went wrong: one sentence and one number."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import sys
from typing import TYPE_CHECKING

from intake_app.cli.parsing import WrongUse
from intake_app.cli.printing import print_json
from intake_app.cli.refusing import refusal
from intake_app.logs import LOG_FILE, log_to
from intake_app.words import gettext as _
from sync.errors import BadMessage, IntakeError, NoDatabase, NoNetwork

if TYPE_CHECKING:
    from intake_app.cli.call import Call

DONE, IN_PART, WRONG, AWAY, INTERRUPTED = 0, 1, 2, 3, 130


def ended_by(problem: BaseException, call: Call | None, json_wanted: bool) -> int:
    """Tells the person what went wrong and gives the exit status."""
    status, sentence = _judge(problem, call)
    if json_wanted:
        print_json({"error": sentence})
    print(sentence, file=sys.stderr)
    return status


def _judge(problem: BaseException, call: Call | None) -> tuple[int, str]:
    if isinstance(problem, KeyboardInterrupt):
        return INTERRUPTED, _("Stopped. What was recorded so far is kept.")
    if isinstance(problem, WrongUse):
        return WRONG, str(problem)
    if isinstance(problem, (NoNetwork, BadMessage, NoDatabase)):
        return AWAY, refusal(problem)
    if isinstance(problem, IntakeError):
        return WRONG, refusal(problem)
    if isinstance(problem, OSError) and problem.filename:
        return WRONG, file_sentence(problem)
    return WRONG, _unexpected(problem, call)


def file_sentence(problem: OSError) -> str:
    """Says which file or folder could not be used, and why."""
    known = {
        errno.ENOENT: _("%(file)s is not there."),
        errno.EACCES: _("%(file)s may not be read or written by this user."),
        errno.EPERM: _("%(file)s may not be read or written by this user."),
        errno.EISDIR: _("%(file)s is a folder, not a file."),
        errno.ENOTDIR: _("%(file)s lies under something that is not a folder."),
        errno.EEXIST: _("%(file)s is in the way."),
        errno.ENOSPC: _("The disk is full: %(file)s could not be written."),
    }
    words = known.get(problem.errno, _("%(file)s cannot be used: %(problem)s"))
    return words % {"file": problem.filename, "problem": problem.strerror}


def _unexpected(problem: BaseException, call: Call | None) -> str:
    why = _short(problem)
    # A folder that is not there is a typing error more often than a node: it is not made for a log.
    if call is None or not call.instance.is_dir():
        return _("This went wrong and should not have: %(problem)s", problem=why)
    try:
        log_to(call.instance)
        logging.getLogger("intake.cli").error("%s went wrong", call.name, exc_info=problem)
    except OSError:
        return _("This went wrong and should not have: %(problem)s", problem=why)
    file = call.instance / LOG_FILE
    return _("This went wrong and should not have: %(problem)s. Details: %(file)s", problem=why, file=file)


def _short(problem: BaseException) -> str:
    # SQLAlchemy wraps what SQLite says and adds the statement, which may hold what a citizen told us.
    cause = getattr(problem, "orig", None) or problem
    if isinstance(cause, sqlite3.OperationalError) and "full" in str(cause):
        return _("the disk is full")
    text = str(cause).splitlines()[0] if str(cause) else ""
    return f"{type(cause).__name__}: {text[:200]}" if text else type(cause).__name__


def quiet_pipe() -> int:
    """Ends without a word when the reader of our output has gone (`export | head`)."""
    # Python would complain once more when it flushes stdout at exit; there is nobody left to write to.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE
