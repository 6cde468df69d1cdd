"""Where a node writes down what went wrong: `log/node.log` in its instance, five files of one megabyte at most.

No name, number or text of a citizen belongs here: a log is copied and sent around more lightly than a database.
"""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

from intake_app.files import make_private_folder

LOG_FILE = Path("log") / "node.log"
FILE_BYTES_MAX = 1_000_000
FILES_KEPT = 4


def log_to(instance: Path, level: int = logging.INFO) -> None:
    """Sends this process's log to the node's file; a second call changes nothing."""
    file = instance / LOG_FILE
    root = logging.getLogger()
    if any(getattr(handler, "baseFilename", None) == str(file) for handler in root.handlers):
        return
    make_private_folder(file.parent)
    handler = logging.handlers.RotatingFileHandler(
        file, maxBytes=FILE_BYTES_MAX, backupCount=FILES_KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(level)
    # It says twice a minute that a job ran, for years.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
