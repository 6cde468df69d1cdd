"""Fills a centre with very many reports, as if 587 computers had sent them over three years; by bulk, not exchange by exchange.

    python -m tests.benchmarks.fill_centre INSTANCE REPORTS [--seed S]

INSTANCE is the folder of a centre that is set up and not serving; its database is SQLite's file or PostgreSQL, as its settings
say. What is written are real signed segments, each stored and judged by the store's own ways, hundreds of reports at once, so
`verify` holds for all of it. What the centre is spared: HTTP, proving the chain before the ack, and waiting for the disk.

Of a hundred reports some forty were answered on the spot, fifteen guided, twelve went through an agency (two of them late), five
are with one (some of them overdue), the rest wait. Three in a hundred places send a fifth of all. Texts are those of generate.py.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from intake_app.actions.lines import read_line
from intake_app.actions.receive import drain_inbox
from intake_app.clock import PROVINCE_ZONE, iso
from intake_app.config import load_settings
from intake_app.node import Node, database_url, open_node
from intake_app.store import feed, inbox, nodes
from intake_app.store.database import open_database
from intake_app.store.directory import Office
from intake_app.store.keys import Keys, key_from_seed
from sync import chain, segment, tracking_code
from sync.event import Event, EventBytes, new_id, to_bytes
from sync.protocol import Health
from sync.routing import scopes_of_office
from tests.benchmarks.generate import make_line

COMPUTERS = 587
DAYS = 3 * 365
SEGMENT_REPORTS = 600  # some 750 events: a segment holds 1,000
SILENT_EVERY = 40  # one in so many computers has not called for days
DAY_MS = 86_400_000
ROLES = ["administrator", "intake_officer", "dispatcher", "case_handler"]
AGENCIES = ("SYT", "SCT", "SLDTBXH", "SGTVT", "CAT", "STTTT")
PROMISED_DAYS = 10


@dataclass
class Sender:
    """A computer that has sent: what its chain needs to go on."""

    no: int
    id: bytes
    office: Office
    keys: Keys
    incarnation: bytes
    tip: bytes
    person: bytes
    units: list[str]
    seq: int = 0
    raws: list[EventBytes] = field(default_factory=list)


def fill_centre(node: Node, reports: int, seed: int = 20261128, tell: Callable[[int], None] = lambda done: None) -> int:
    """Fill an empty centre; returns how many events that were."""
    chance = random.Random(seed)
    senders = _senders(node, min(COMPUTERS, max(1, reports // 20)), chance)
    agencies = [code for code in AGENCIES if code in node.directory.agencies]
    done = events = 0
    for numbers in _shares(reports, len(senders)):
        sender = senders[numbers.start % len(senders)]
        for number in numbers:
            _record(node, sender, number, reports, agencies, chance)
        events += _send(node, sender)
        done += len(numbers)
        tell(done)
    return events


def _shares(reports: int, senders: int) -> Iterator[range]:
    """The numbers of the reports of one segment: a sender's are spread over the whole time, and its segments follow in order."""
    step = SEGMENT_REPORTS * senders
    for start in range(0, reports, step):
        for at in range(senders):
            numbers = range(start + at, min(start + step, reports), senders)
            if numbers:
                yield numbers


def _senders(node: Node, count: int, chance: random.Random) -> list[Sender]:
    offices = [one for one in node.directory.offices.values() if one.unit.startswith("2021:") and one.number != "1022"]
    made = []
    for number in range(count):
        made.append(_sender(node, offices[number % len(offices)], number, chance))
        _send(node, made[-1])
    return made


def _sender(node: Node, office: Office, number: int, chance: random.Random) -> Sender:
    keys, node_id, now = key_from_seed(chance.randbytes(32)), chance.randbytes(16), node.clock.now_ms()
    scopes = scopes_of_office(office.number, office.unit, office.agency or "")
    incarnation, person = chance.randbytes(8), new_id(now, chance.randbytes)
    with node.database.transaction() as db:
        nodes.add_node(db, node_id, office.number, keys.public, scopes, now)
        feed.open_scopes(db, scopes)
        known = nodes.find_node(db, node_id)
        assert known is not None
        nodes.meet_life(db, known, incarnation, None, now)
        seen = now - (5 * DAY_MS if number % SILENT_EVERY == SILENT_EVERY - 1 else 0)
        left = 7 if number % 10 == 9 else 0
        nodes.note_health(db, known.no, Health(left, 0, 50_000, seen, "fill"), seen, 0, left)
    opened = {"username": f"canbo{number}", "name": "Vũ Văn Quản", "office": office.number, "roles": ROLES}
    account = to_bytes(Event(person, "person.added", 1, person, bytes(16), now, b"fill", now, opened, {}))
    units = [unit for unit in node.directory.descendants(office.unit) if unit != office.unit] or [office.unit]
    return Sender(
        known.no, node_id, office, keys, incarnation, chain.genesis(node_id, incarnation), person, units, raws=[account]
    )  # fmt: skip


def _record(node: Node, sender: Sender, number: int, reports: int, agencies: list[str], chance: random.Random) -> None:
    """A report and what became of it, as events of its sender."""
    now = node.clock.now_ms()
    received = now - DAYS * DAY_MS + (DAYS * DAY_MS - 3_600_000) * (number + 1) // reports
    line = make_line(number) | {
        "unit": chance.choice(sender.units),
        "received_at": iso(received),
        "occurred_at": iso(received - 3_600_000 * chance.randint(1, 200)),
    }
    parts = read_line(line, node.directory, now)
    code = tracking_code.make(sender.office.number, chance.randrange(tracking_code.RANDOM_MAX))
    opened = {**parts.open, "tracking_code": code, "office": sender.office.number}
    fate = chance.random()
    if fate < 0.40:
        opened |= {"opening": "answered_on_spot", "answer_text": "Đã trả lời trực tiếp cho người dân theo hướng dẫn."}
    elif fate < 0.55:
        opened |= {"opening": "guided", "procedure": "Khiếu nại, tố cáo"}
    report = new_id(received, chance.randbytes)
    sender.raws.append(_event(sender, report, report, "report.recorded", received, opened, parts.private))
    if 0.55 <= fate < 0.72:
        _route(sender, report, received, fate < 0.67, chance.choice(agencies), chance)


def _route(sender: Sender, report: bytes, received: int, answered: bool, agency: str, chance: random.Random) -> None:
    deadline = datetime.fromtimestamp(received / 1000, PROVINCE_ZONE) + timedelta(days=PROMISED_DAYS)
    steps: list[tuple[int, dict[str, Any]]] = [
        (0, {"step": "route", "from": "received", "agency": agency, "deadline": deadline.isoformat(timespec="seconds")})
    ]
    if answered:
        days = chance.choice((2, 5, 8, 9, 9, 12))
        steps.append((1, {"step": "accept", "from": "routed"}))
        steps.append(
            (days, {"step": "answer", "from": "in_progress", "answer": "Đã kiểm tra, xử lý và trả lời người dân."})
        )
    for days, details in steps:
        at = received + days * DAY_MS + chance.randrange(3_600_000)
        sender.raws.append(_event(sender, new_id(at, chance.randbytes), report, "report.stepped", at, details, {}))


def _event(
    sender: Sender, event: bytes, entity: bytes, kind: str, at: int, opened: dict[str, Any], private: dict[str, Any]
) -> EventBytes:
    return to_bytes(Event(event, kind, 1, entity, sender.person, at, b"fill", at, opened, private))


def _send(node: Node, sender: Sender) -> int:
    """Store what a sender has and judge it; returns how many events that were."""
    raws, sender.raws = sender.raws, []
    item = segment.make(sender.id, sender.incarnation, sender.seq + 1, sender.tip, raws, slow=False)
    item = item.signed(sender.keys.sign(segment.signed_part(item)))
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        inbox.store_segment(db, sender.no, item, ahead=False, carrier="network", now_ms=now, clock_offset_ms=0)
        nodes.save_life(db, sender.no, item.incarnation, item.last, item.tip)
    sender.seq, sender.tip = item.last, item.tip
    drain_inbox(node, of=sender.no)
    return len(raws)


def settle(node: Node) -> None:
    """Let the database count its rows, as it does by itself within some minutes of a real day."""
    with node.database.engine.connect() as connection:
        for command in ("VACUUM ANALYZE",) if node.database.postgres else ("PRAGMA wal_checkpoint(TRUNCATE)",):
            connection.exec_driver_sql(command)


def fill_instance(
    folder: Path, reports: int, seed: int = 20261128, tell: Callable[[int], None] = lambda done: None
) -> int:
    """Fill the centre of a folder; returns how many events that were."""
    settings = load_settings(folder)
    database = open_database(database_url(settings), durable=False)
    with closing(open_node(settings, database=database)) as node:
        events = fill_centre(node, reports, seed, tell)
        settle(node)
    return events


def main() -> None:
    """Fill the instance that is named, and say how far it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance", type=Path)
    parser.add_argument("reports", type=int)
    parser.add_argument("--seed", type=int, default=20261128)
    options = parser.parse_args()
    began = time.monotonic()

    def tell(done: int) -> None:
        print(f"{done} reports, {time.monotonic() - began:.0f} s", file=sys.stderr)

    print(f"{fill_instance(options.instance, options.reports, options.seed, tell)} events")


if __name__ == "__main__":
    main()
