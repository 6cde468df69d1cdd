"""Write down what crosses the wire now: real requests and replies of a small story, kept in tests/data/golden for ever.

Run whenever the wire has changed (sync/protocol.py, segment.py, columns.py, envelope.py), before it is released:

    python -m tests.golden tests/data/golden/NAME.json

A file that is there is never written again: whatever was shipped once must be read for ever (tests/actions/test_golden.py).
"""

from __future__ import annotations

import base64
import bz2
import json
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from intake_app.actions import add_to_report, reconcile
from intake_app.actions.making import make_event
from intake_app.actions.receive import exchange
from intake_app.node import Node
from intake_app.store import journal
from intake_app.store.own_events import write_events
from intake_app.version import VERSION
from sync import envelope, protocol, segment
from sync.ports import Answer
from sync.protocol import Health, Request
from tests.creators import Province, province

OFFICE = "0380"
MANY = 30  # reports of a slow line
WORDS = (
    "đường ngập",
    "nước",
    "rác thải",
    "mất điện",
    "giá cao",
    "chợ",
    "cầu",
    "tổ dân phố",
    "ban đêm",
    "ồn ào",
    "cây đổ",
)


class Tape:
    """The way to the centre; keeps what went over it."""

    def __init__(self, centre: Node) -> None:
        self.centre = centre
        self.what = ""
        self.kept: list[dict[str, str]] = []

    def post(self, data: bytes) -> Answer:
        """Carry a request and keep both ways."""
        reply = exchange(self.centre, data)
        self.kept.append({"what": self.what, "request": text(data), "reply": text(reply)})
        return Answer(reply, len(data), len(reply), 0.01)


def text(data: bytes) -> str:
    """Bytes as JSON can hold them."""
    return base64.b64encode(data).decode("ascii")


@contextmanager
def packed(codec: int, how: Callable[[bytes], bytes]) -> Iterator[None]:
    """Pack in one way, whatever would be smallest."""
    kept = segment.compress
    segment.compress = protocol.compress = lambda raw, slow: (codec, how(raw))  # type: ignore[assignment]
    try:
        yield
    finally:
        segment.compress = protocol.compress = kept  # type: ignore[assignment]


def write(node: Node, actor: Any, kind: str, entity: bytes | None, opened: dict[str, Any], private: Any = None) -> None:
    """Journal an event past every form."""
    with node.database.transaction() as db:
        write_events(node, db, [make_event(node, actor, kind, entity, opened, private)])


def play(town: Province, tape: Tape) -> None:
    """The story: every sort of exchange, nearly every kind of event, every verdict of a first version."""
    node, actor, centre = town.node(OFFICE), town.actor(OFFICE), town.actor("1022")

    def sync(what: str) -> None:
        tape.what = what
        reconcile.reconcile(node, tape, ignore_backoff=True)  # type: ignore[arg-type]

    sync("idle before anything")
    opened = {
        "username": "tam",
        "name": "Lê Văn Tám",
        "office": OFFICE,
        "roles": ["intake_officer"],
        "agency": "UBND-380",
    }
    write(node, actor, "person.added", None, opened)
    first = town.record(
        OFFICE, summary="Bán khẩu trang giá cao", name="Nguyễn Văn Mẫu", phone="0912 345 678", urgency="urgent",
        answers={"goods": "khẩu trang", "price_asked": 90000},
    )  # fmt: skip
    second = town.record(OFFICE, summary="Ngập nước 𝄞", details="Hai dòng\nNgõ 5", anonymous=True, channel="walk_in")
    sync("first push")
    sync("idle")
    town.amend("1022", first, village="Thôn 1")
    town.amend(OFFICE, first, village="Thôn 2", email="mau@example.vn")
    add_to_report.note_report(node, actor, first.id, "Chợ Vườn Hoa")
    add_to_report.call_report(node, actor, first.id, "out", "no_answer", "Không nghe máy")
    add_to_report.inform_citizen(node, actor, first.id, "phone", "Đã nghe")
    add_to_report.link_report(node, actor, first.id, second.id, "same_matter")
    add_to_report.relay_by_phone(node, actor, first.id, "115", "2021-12-05T09:15:00+07:00", "Bình")
    town.step(OFFICE, second, "route", agency="UBND-380", supporting=("SYT",), text="Đề nghị kiểm tra")
    town.step(OFFICE, second, "accept")
    sync("many kinds, a conflict")
    town.decide(OFFICE, "other")
    write(node, actor, "report.noted", second.id, {"text": 7})
    write(node, actor, "report.noted", second.id, {"text": "Đợi"})
    write(node, actor, "report.teleported", first.id, {"to": "Sao Hỏa"})
    sync("a decision and refusals")
    town.record("1022", summary="Tổng đài nhận", name="Bà Tư")
    sync("pull")
    for name, codec, how in (("plain", segment.PLAIN, bytes), ("bz2", segment.BZ2, bz2.compress)):
        with packed(codec, how):
            town.record(OFFICE, summary=f"Nén: {name}")
            town.record("1022", summary=f"Nén từ trung tâm: {name}")
            sync(name)
    _urgent(town, sync)
    _slow(town, sync)
    _apart(town, tape)
    with town.centre.database.transaction() as db:
        db.run("UPDATE node SET revoked_ms = 1 WHERE id = ?", node.head.node)
    try:
        sync("revoked")
    except Exception as refusal:
        print(f"refused as it should be: {refusal}")
    assert centre


def _urgent(town: Province, sync: Any) -> None:
    kept, reconcile.SEGMENT_EVENTS_MAX = reconcile.SEGMENT_EVENTS_MAX, 2
    long_before, reconcile._is_long = reconcile._is_long, lambda *rest: True
    for number in range(4):
        town.record(OFFICE, summary=f"Thường {number}")
    town.record(OFFICE, summary="Cháy chợ", urgency="emergency")
    sync("urgent")
    reconcile.SEGMENT_EVENTS_MAX, reconcile._is_long = kept, long_before


def _slow(town: Province, sync: Any) -> None:
    chance = random.Random(22)
    for _ in range(MANY):
        town.record(OFFICE, summary=" ".join(chance.sample(WORDS, 6)), details=" ".join(chance.choices(WORDS, k=12)))
    with town.node(OFFICE).database.transaction() as db:
        db.run("UPDATE upstream SET bytes_per_second = 2000, segment_target = 262144 WHERE id = 1")
    sync("slow line")


def _apart(town: Province, tape: Tape) -> None:
    """A request with another hash at a seq that the centre has."""
    node = town.node(OFFICE)
    with node.database.read() as db:
        head = journal.head(db)
    asked = Request(
        head.epoch, head.incarnation, head.seq, bytes(32), [], Health(0, 0, 0, node.clock.now_ms(), VERSION)
    )
    tape.what = "fork"
    tape.post(envelope.seal(envelope.REQUEST, head.node, bytes(16), protocol.encode(asked), node.keys.sign))


def states_of(node: Node) -> dict[str, Any]:
    """What is confirmed, by id in hex."""
    with node.database.read() as db:
        rows = db.all("SELECT id, state FROM entity WHERE state IS NOT NULL")
    return {row[0].hex(): json.loads(row[1]) for row in rows}


def make() -> dict[str, Any]:
    """The story as it crosses the wire now."""
    with TemporaryDirectory() as folder, province(Path(folder), OFFICE) as town:
        node, tape = town.node(OFFICE), Tape(town.centre)
        with town.centre.database.read() as db:
            scopes = json.loads(db.value("SELECT scopes FROM node WHERE id = ?", node.head.node))
        play(town, tape)
        with town.centre.database.read() as db:
            verdicts = {
                row[0].hex(): row[1] for row in db.all("SELECT event, verdict FROM inbox_event WHERE node_no <> 1")
            }
        return {
            "version": VERSION,
            "office": OFFICE,
            "node": {"id": text(node.head.node), "key": text(node.keys.public), "scopes": scopes},
            "centre": {"id": text(town.centre.head.node), "key": text(town.centre.keys.public)},
            "verdicts": verdicts,
            "held": states_of(node),
            "exchanges": tape.kept,
        }


if __name__ == "__main__":
    target = Path(sys.argv[1])
    if target.exists():
        sys.exit(f"{target} is there: what was shipped is never written again")
    target.parent.mkdir(parents=True, exist_ok=True)
    made = make()
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{target}: {len(made['exchanges'])} exchanges, {target.stat().st_size} bytes")
