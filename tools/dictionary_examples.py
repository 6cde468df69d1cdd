"""Made-up reports, packed as the exchange packs them: they end the preset dictionary and train its entropy tables.

Their text is the project's own prose cut into runs of one to three words and strung together anew, so that matches
are about as short as with text that the dictionary has never seen.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from sync import limits, tracking_code
from sync.event import Event
from sync.segment import pack_events

EPOCH_MS = 1_638_316_800_000  # 1 December 2021, when the hotline opened.
RUN_LENGTHS = (1, 1, 1, 2, 2, 3)


class Material(NamedTuple):
    """What the made-up reports are made of."""

    words: Sequence[str]
    places: Sequence[str]
    names: Sequence[str]
    topics: Sequence[str]


def scramble(rng: random.Random, words: Sequence[str], count: int) -> str:
    """Gives so many words in short runs from anywhere in the prose."""
    found: list[str] = []
    while len(found) < count:
        at = rng.randrange(len(words) - 3)
        found += words[at : at + rng.choice(RUN_LENGTHS)]
    return " ".join(found[:count]).capitalize()


def _time(rng: random.Random, second: int) -> str:
    return f"2021-12-{rng.randint(1, 28):02d}T{rng.randint(7, 20):02d}:{rng.randint(0, 59):02d}:{second:02d}+07:00"


def _open_part(rng: random.Random, material: Material) -> dict[str, Any]:
    opened: dict[str, Any] = {
        "channel": rng.choice(("phone", "walk_in")),
        "consent": True,
        "occurred_at": _time(rng, 0),
        "office": "0380",
        "received_at": _time(rng, rng.randint(0, 59)),
        "reply_by": rng.choice(("phone", "phone", "phone", "letter", "in_person")),
        "summary": scramble(rng, material.words, rng.randint(6, 16))[: limits.SUMMARY_MAX],
        "topic": rng.choice(material.topics),
        "topic_version": 1,
        "tracking_code": tracking_code.make("0380", rng.randrange(10_000_000)),
        "unit": f"2021:{rng.randint(14755, 16750)}",
        "village": f"Thôn {rng.randint(1, 12)}",
    }
    if rng.random() < 0.9:
        opened["details"] = scramble(rng, material.words, rng.randint(10, 120))
    if rng.random() < 0.5:
        opened["address"] = (
            f"số {rng.randint(1, 400)} đường {rng.choice(material.names)}, {rng.choice(material.places)}"
        )
    if rng.random() < 0.3:
        opened["source_id"] = f"draft:{rng.randbytes(16).hex()}"
    if rng.random() < 0.1:
        opened["urgency"] = rng.choice(("urgent", "emergency"))
    return opened


def _event(rng: random.Random, material: Material, actor: bytes, boot: bytes, at_ms: int) -> Event:
    event_id = at_ms.to_bytes(6, "big") + rng.randbytes(10)
    private = {"name": rng.choice(material.names), "phone": f"+849{rng.randint(10_000_000, 99_999_999)}"}
    opened = _open_part(rng, material)
    return Event(event_id, "report.recorded", 1, event_id, actor, at_ms, boot, at_ms - EPOCH_MS, opened, private)


def packed_reports(rng: random.Random, material: Material, count: int) -> bytes:
    """Gives a segment's body of so many made-up reports."""
    actor, boot, at_ms = rng.randbytes(16), rng.randbytes(4), EPOCH_MS + rng.randrange(10**9)
    events = []
    for _ in range(count):
        at_ms += rng.randint(60_000, 900_000)
        events.append(_event(rng, material, actor, boot, at_ms))
    return pack_events(events)
