"""How much an office sends at once: what the line has shown that it carries, one event at least, 256 KB at most."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from intake_app.actions.reconcile import Port, reconcile
from intake_app.node import Node
from sync import envelope, protocol
from sync.errors import NoNetwork
from sync.ports import Answer
from sync.segment import SEGMENT_BYTES_MAX, Segment
from tests.creators import province

KB = 1024
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def next_segment(node: Node) -> Segment:
    request = protocol.decode_request(envelope.peek(Port(node).ask().data, envelope.REQUEST).body)
    assert request.segment is not None
    return request.segment


def target_of(node: Node) -> int:
    with node.database.read() as db:
        return int(db.value("SELECT coalesce(segment_target, 0) FROM upstream"))


def set_line(node: Node, target: int, speed: int | None) -> None:
    with node.database.transaction() as db:
        db.run("UPDATE upstream SET segment_target = ?, bytes_per_second = ?", target, speed)


def test_segments_fit_the_line_whatever_the_text(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        chance, node = random.Random(1), made.node("0380")
        for _ in range(90):  # letters at random hardly pack
            made.record("0380", details="".join(chance.choices(LETTERS, k=4900)))
        set_line(node, SEGMENT_BYTES_MAX, None)
        assert 64 * KB < len(next_segment(node).packed) <= SEGMENT_BYTES_MAX
        set_line(node, SEGMENT_BYTES_MAX, 1000)  # 20 s at that speed are 20 KB
        assert len(next_segment(node).packed) <= 5 * 20_000
        set_line(node, 1, None)
        assert next_segment(node).count == 1


class Breaking:
    """A line that ends every exchange in one way."""

    def __init__(self, reason: NoNetwork) -> None:
        self.reason = reason

    def post(self, data: bytes) -> Answer:
        raise self.reason


@pytest.mark.parametrize(
    ("reason", "following"),
    [
        (NoNetwork("timed_out"), 32 * KB),  # broken on the way: half
        (NoNetwork("no_network"), 32 * KB),
        (NoNetwork("no_network", unreached=True), 64 * KB),  # never reached: says nothing of the line
        (NoNetwork("not_central", status=200, unreached=True), 64 * KB),
        (NoNetwork("central_busy", status=503, retry_after_seconds=5.0), 64 * KB),
        (NoNetwork("central_busy", status=502, retry_after_seconds=None), 64 * KB),
    ],
)
def test_only_what_broke_on_the_way_halves_the_next_segment(tmp_path: Path, reason: NoNetwork, following: int) -> None:
    with province(tmp_path) as made:
        made.record("0380")
        with pytest.raises(NoNetwork):
            reconcile(made.node("0380"), Breaking(reason), ignore_backoff=True)
        assert target_of(made.node("0380")) == following
