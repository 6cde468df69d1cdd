"""A city's spreadsheet of service requests with all its dirt, as long as a test needs it.

tests/data/dirty_requests.csv is made up, after what real exports are like: a byte order mark, notes over several lines, cases
closed before they were opened, places at 0.0,0.0, letters in two spellings, a case that stands there twice, and rows that
cannot be taken: no time, no key, cut off in the middle.
"""

from __future__ import annotations

import csv
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "dirty_requests.csv"
MAPPING = Path(__file__).resolve().parents[2] / "docs" / "examples" / "sf311.toml"
KEY = 0
REFUSED_KEYS = ("", "7001221", "7001517")  # no key, no time, cut off in the middle


def write_dirty_csv(file: Path, reports: int) -> int:
    """Write rows until this many of them make a report of their own, and return that number."""
    with FILE.open(encoding="utf-8-sig", newline="") as source:
        head, *rows = csv.reader(source)
    good: set[str] = set()
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(head)
        round_ = 0
        while len(good) < reports:
            round_ += 1
            for row in rows:
                key = f"{row[KEY]}-{round_}" if row[KEY] else ""
                if row[KEY] not in REFUSED_KEYS:
                    good.add(key)
                writer.writerow([key, *row[KEY + 1 :]])
                if len(good) == reports:
                    break
    return len(good)
