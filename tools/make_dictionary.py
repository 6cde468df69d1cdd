"""Makes sync/data/dictionary-<version>.bin, the zstd dictionary that both ends of an exchange hold.

    python3 tools/make_dictionary.py [--version 1] [--out FILE]

Made only of what is committed here: our own prose, unit and agency names, the words of a record, and made-up
reports packed as the exchange packs them. The same sources and the same zstandard give the same bytes. A version
that was shipped is never made again: change the sources, and make the next one.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import zstandard

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from sync import limits  # noqa: E402  The project is not installed when this tool runs.
from sync.fold import fold  # noqa: E402
from tools.dictionary_examples import Material, packed_reports, scramble  # noqa: E402

PROSE = PROJECT / "sync/data/prose"
REFERENCE = PROJECT / "intake_app/data"
SEED = 1022
BYTES_MAX = 256 * 1024  # Twice as much as the small trial had; beyond this no batch got smaller.
SCRAMBLED_WORDS = 9000  # Prose strung together anew lies where the fast level still finds it: 3 % at ten reports.
EXAMPLES = 16  # Bodies of one report each at the end; the keys of a lone report then cost two bytes each.
TRAINING_BODIES = 1500
PAIR_SEEN_MIN = 2


def read_prose(pattern: str) -> list[str]:
    """Gives the paragraphs of the prose files of this pattern, in the order of their names."""
    files = sorted(PROSE.glob(pattern))
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_names() -> list[str]:
    """Gives the names of communes, districts and agencies, each once, as they stand within a sentence."""
    seen: dict[str, None] = {}
    for name in ("units_2025.csv", "units_2021.csv", "agencies_2021.csv"):
        with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                seen[row["name"][0].lower() + row["name"][1:]] = None
    return list(seen)


def read_codes() -> tuple[list[str], list[str]]:
    """Gives the codes of the topics, and those of their questions and choices."""
    topics = json.loads((REFERENCE / "topics.json").read_bytes())
    questions = [question for topic in topics.values() for question in topic["questions"]]
    choices = [choice[0] for question in questions for choice in question.get("choices", ())]
    return list(topics), [question["code"] for question in questions] + choices


def _rising(counts: Counter[str], least: int) -> list[str]:
    ordered = sorted(counts.items(), key=lambda each: (each[1], each[0]))
    return [word for word, count in ordered if count >= least]


def frequent_words(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    """Gives all words, and the pairs that occur more than once; the most frequent last."""
    pairs: Counter[str] = Counter()
    singles: Counter[str] = Counter()
    for phrase in re.split(r"[^\w ]+", ".".join(paragraphs).lower()):
        words = [word for word in phrase.split() if word.isalpha()]
        singles.update(words)
        pairs.update(map(" ".join, pairwise(words)))
    return _rising(singles, 1), _rising(pairs, PAIR_SEEN_MIN)


def record_words() -> str:
    """Gives the keys and codes of a record, as text, as JSON and as msgpack has them."""
    keys = [*limits.OPEN_FIELDS, *limits.PRIVATE_FIELDS, "tracking_code", "office", "opening"]
    closed = (limits.CHANNELS, limits.KINDS, limits.URGENCIES, limits.REPLY_WAYS)
    kinds = "report.recorded report.amended report.noted report.called report.informed report.stepped report.linked"
    topics, others = read_codes()
    as_json = "".join(f'"{key}":"' for key in keys)
    return "\n".join([as_json, " ".join(others), " ".join(topics), *map(" ".join, closed), kinds])


def shapes() -> str:
    """Gives the shapes of dates, hours, unit codes and telephone numbers."""
    days = " ".join(f"{year}-{month:02d}-" for year in range(2021, 2028) for month in range(1, 13))
    hours = " ".join(f"T{hour:02d}:00:00+07:00" for hour in range(6, 22))
    phones = " ".join("+84" + prefix[1:] for prefix in read_prose("31_*.txt")[0].split())
    return "\n".join([days, hours, phones, *read_prose("31_*.txt")])


def read_material() -> Material:
    """Gives what the made-up reports are made of."""
    surnames = read_prose("13_*.txt")[-1].rstrip(".").split(", ")
    given = ", ".join(read_prose("30_*.txt")).split(", ")
    names = [f"{surname} {name}" for surname in surnames[:20] for name in given]
    return Material(" ".join(read_prose("[01]*.txt")).split(), read_names(), names, read_codes()[0])


def make_content(rng: random.Random, material: Material) -> bytes:
    """Gives the dictionary's text: what is needed most stands last, where a reference to it is shortest."""
    prose = read_prose("[012]*.txt")
    words, pairs = frequent_words(prose)
    parts = [
        fold(" ".join(prose)),  # Some officers type without accents.
        " ".join(words),
        " ".join(read_names()),
        "\n".join(prose),
        scramble(rng, material.words, SCRAMBLED_WORDS),
        shapes(),
        "\n".join(read_prose("30_*.txt")),
        " ".join(pairs),
        record_words(),
    ]
    examples = [packed_reports(rng, material, 1) for _ in range(EXAMPLES)]
    return b"\n".join([*(part.encode("utf-8") for part in parts), *examples])


def make_tables(rng: random.Random, material: Material) -> bytes:
    """Gives the head of a trained dictionary: its entropy tables spare a small body its own."""
    bodies = [packed_reports(rng, material, rng.choice((1, 1, 1, 2, 4))) for _ in range(TRAINING_BODIES)]
    trained = zstandard.train_dictionary(BYTES_MAX, bodies, dict_id=1, level=19).as_bytes()
    # The head ends where the text begins, and that text is a piece of the bodies.
    everything = b"".join(bodies)
    end = next(end for end in range(8, 1024) if trained[end : end + 24] in everything)
    return trained[:end]


def make(seed: int = SEED) -> bytes:
    """Gives the whole dictionary."""
    material = read_material()
    content = make_content(random.Random(seed), material)
    tables = make_tables(random.Random(seed + 1), material)
    return tables + content[-(BYTES_MAX - len(tables)) :]


def main() -> None:
    """Writes the dictionary and says how large it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    out = options.out or PROJECT / f"sync/data/dictionary-{options.version}.bin"
    content = make()
    out.write_bytes(content)
    print(f"{out.name}: {len(content)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
