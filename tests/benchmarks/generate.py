"""Makes realistic Vietnamese record lines for benchmarks, as many as wanted, the same for the same seed.

    python3 tests/benchmarks/generate.py N [--seed S] [--start K] [--prose generated|unseen] > lines.jsonl

`generated`: the phrases and the word-by-word clauses that the peers were measured with, mean about 900 bytes a line.
`unseen`: a text of another kind (dialect, story-telling), of which nothing went into the preset dictionary either.
Line K depends on (seed, K) only, so any slice can be made again. Standard library only.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import random
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent.parent))

from sync.fold import fold  # noqa: E402  The project is not installed when this runs as a script.

SEED = 20261122
START = datetime(2021, 12, 1, 7, 30, tzinfo=timezone(timedelta(hours=7)))
PREFIXES = ("090", "091", "093", "096", "097", "098", "032", "033", "035", "070", "077", "083", "085", "086")
UNACCENTED_SHARE = 0.07  # As it happens in real offices.

Line = dict[str, object]


class Words(NamedTuple):
    """The material a line is made of."""

    lists: dict[str, list[str]]
    matters: dict[str, list[str]]
    weights: list[float]
    unseen: list[str]
    communes: dict[str, list[tuple[str, str]]]


@cache
def load_words() -> Words:
    """Reads the phrases, the unseen prose and the communes of 2021 by district."""
    raw = json.loads((FOLDER / "text/generated.json").read_text(encoding="utf-8"))
    matters = {topic: text.split("|") for topic, text in raw.pop("matters").items()}
    lists = {name: text.split("|") if "|" in text else text.split() for name, text in raw.items()}
    weights = list(itertools.accumulate(1.0 / (place + 4) ** 0.85 for place in range(len(lists["vocabulary"]))))
    unseen = (FOLDER / "text/unseen.txt").read_text(encoding="utf-8").replace(",", "").replace(".", "").lower().split()
    communes: dict[str, list[tuple[str, str]]] = {}
    with (FOLDER.parent.parent / "intake_app/data/units_2021.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["level"] == "commune":
                communes.setdefault(row["parent_code"], []).append((row["code"], row["name"]))
    return Words(lists, matters, weights, unseen, communes)


def _clause(rng: random.Random, words: Words, count: int) -> str:
    """Gives words drawn one by one, common ones more often."""
    vocabulary, weights = words.lists["vocabulary"], words.weights
    last = len(vocabulary) - 1
    return " ".join(vocabulary[min(bisect_left(weights, rng.random() * weights[-1]), last)] for _ in range(count))


def _piece(rng: random.Random, words: Words, count: int) -> str:
    """Gives runs of two to five words of the unseen prose, from anywhere in it."""
    found: list[str] = []
    while len(found) < count:
        at = rng.randrange(len(words.unseen) - 5)
        found += words.unseen[at : at + rng.randint(2, 5)]
    return " ".join(found[:count])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unit(rng: random.Random, words: Words) -> tuple[str, str]:
    """Gives a commune; some districts send far more than others."""
    districts = sorted(words.communes)
    place = min(int(rng.paretovariate(0.9)), len(districts)) if rng.random() < 0.5 else rng.randint(1, len(districts))
    return rng.choice(words.communes[districts[place - 1]])


def _village(rng: random.Random, lists: dict[str, list[str]]) -> str:
    return rng.choice(
        (
            f"ấp {rng.randint(1, 12)}",
            f"tổ {rng.randint(1, 20)}, ấp {rng.choice(lists['villages'])}",
            f"thôn {rng.choice(lists['villages'])}",
            f"khu phố {rng.randint(1, 9)}",
        )
    )


def _address(rng: random.Random, lists: dict[str, list[str]], village: str, commune: str) -> str:
    suffix = rng.choice(("", "", "A", "B", f"/{rng.randint(1, 60)}"))
    house = f"số {rng.randint(1, 900)}{suffix} " if rng.random() < 0.8 else ""
    street = f"đường {rng.choice(lists['streets'])}, " if rng.random() < 0.75 else ""
    return f"{house}{street}{village}, {commune[:1].lower()}{commune[1:]}"


def _name(rng: random.Random, lists: dict[str, list[str]]) -> str:
    kind = "women" if rng.random() < 0.5 else "men"
    surnames = lists["surnames"]
    surname = rng.choices(surnames, weights=range(len(surnames), 0, -1))[0]
    return f"{surname} {rng.choice(lists['middle_' + kind])} {rng.choice(lists['given_' + kind])}"


def _detail_of_fact(rng: random.Random) -> str:
    return rng.choice(
        (
            f"thiệt hại khoảng {rng.randint(1, 300)} triệu đồng",
            f"biển số {rng.randint(11, 99)}A-{rng.randrange(1000):03d}.{rng.randrange(100):02d}",
            f"thửa số {rng.randint(1, 999)}, tờ bản đồ số {rng.randint(1, 60)}",
            f"diện tích khoảng {rng.randint(12, 4000)} m2",
            f"cách đó chừng {rng.randint(5, 800)} mét",
        )
    )


def _generated(rng: random.Random, words: Words, topic: str, occurred: datetime, place: str) -> tuple[str, str]:
    """Gives summary and details as the peers' generator words them."""
    lists = words.lists
    matter = rng.choice(words.matters[topic])
    summary = f"{_sentence(matter)} tại {place}"
    if rng.random() < 0.7:
        summary += ", " + _clause(rng, words, rng.randint(2, 5))
    when = rng.choice(
        (
            f"ngày {occurred.day}/{occurred.month}",
            f"khoảng {occurred.hour} giờ {occurred.minute:02d}",
            f"hơn {rng.randint(1, 18)} tháng nay",
            "tuần trước",
            "đầu năm nay",
        )
    )
    parts = [f"{rng.choice(lists['openings'])}: {matter}, {rng.choice(lists['begins'])} {when}"]
    parts.append(_clause(rng, words, rng.randint(12, 24)))
    if rng.random() < 0.35:
        parts.append(f"{rng.choice(lists['effects'])} {_clause(rng, words, rng.randint(3, 8))}")
    if rng.random() < 0.35:
        parts.append(_detail_of_fact(rng))
    if rng.random() < 0.3:
        parts.append(rng.choice(lists["tried"]))
    parts.append(_clause(rng, words, rng.randint(12, 22)))
    if rng.random() < 0.5:
        parts.append(rng.choice(lists["wishes"]))
    return summary, ". ".join(map(_sentence, parts)) + "."


def _unseen(rng: random.Random, words: Words, topic: str, occurred: datetime, place: str) -> tuple[str, str]:
    """Gives summary and details in the words of the unseen prose."""
    summary = f"{_sentence(_piece(rng, words, rng.randint(8, 14)))} {place}"
    parts = [_piece(rng, words, rng.randint(9, 22)) for _ in range(rng.randint(3, 5))]
    parts[0] += f" ngày {occurred.day}/{occurred.month}"
    return summary, ". ".join(map(_sentence, parts)) + "."


PROSES: dict[str, Callable[[random.Random, Words, str, datetime, str], tuple[str, str]]] = {
    "generated": _generated,
    "unseen": _unseen,
}


def make_line(number: int, seed: int = SEED, prose: str = "generated") -> Line:
    """Gives the record line with this number."""
    rng = random.Random(seed * 1_000_003 + number)
    words = load_words()
    code, commune = _unit(rng, words)
    village = _village(rng, words.lists)
    topic = rng.choice(sorted(words.matters))
    received = START + timedelta(seconds=int(number * 268 + rng.random() * 260) % (320 * 86400))
    occurred = received - timedelta(minutes=int(rng.expovariate(1 / 2600.0)) + 5)
    summary, details = PROSES[prose](
        rng, words, topic, occurred, f"{village.split(',')[0]} {commune[:1].lower()}{commune[1:]}"
    )
    address = _address(rng, words.lists, village, commune)
    if rng.random() < UNACCENTED_SHARE:
        summary, details, address = (_without_accents(text) for text in (summary, details, address))
    line: Line = {
        "source_id": f"{seed}-{number}",
        "channel": "walk_in" if rng.random() < 0.62 else "phone",
        "topic": topic,
        "summary": summary[:120].strip(),
        "details": details,
        "unit": f"2021:{code}",
        "address": address,
        "urgency": rng.choices(("normal", "urgent", "emergency"), (93, 5, 2))[0],
        "occurred_at": occurred.replace(second=0).isoformat(),
        "received_at": received.isoformat(),
        "name": _name(rng, words.lists),
        "phone": f"{rng.choice(PREFIXES)}{rng.randrange(10**7):07d}",
        "consent": True,
        "reply_by": "phone",
    }
    return line


def _without_accents(text: str) -> str:
    return ". ".join(_sentence(part) for part in fold(text).split(". "))


def make_lines(count: int, seed: int = SEED, start: int = 0, prose: str = "generated") -> Iterator[Line]:
    """Gives lines one after the other."""
    return (make_line(number, seed, prose) for number in range(start, start + count))


def main() -> None:
    """Writes the wanted lines to stdout."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--prose", choices=sorted(PROSES), default="generated")
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in make_lines(options.count, options.seed, options.start, options.prose):
        sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
