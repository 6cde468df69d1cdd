"""What may change without anything else changing: all clocks, the order of pages; and what lost replies may cost."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.amend_report import amend_report
from intake_app.actions.reconcile import Port, reconcile
from intake_app.actions.record_report import record_lines
from intake_app.node import Node
from intake_app.store import upstream
from intake_app.store.confirmed import TakingOver
from intake_app.store.journal import head
from sync import protocol
from sync.errors import NoNetwork
from sync.ports import Answer, Taken
from sync.protocol import Page, Reply
from tests.creators import InProcess, make_line, province
from tests.simulation.machines import Machine
from tests.simulation.run import simulate
from tests.simulation.world import make_world

TOWN, COAST = "0380", "0381"
TRIES_MAX = 200


@pytest.mark.parametrize("seed", [1, 6])
def test_wrong_clocks_change_nothing_that_anybody_does_or_gets(seed: int) -> None:
    wrong, right = simulate(seed, 60), simulate(seed, 60, clocks_go_wrong=False)
    assert wrong.outcome == right.outcome


def test_eight_years_later_everything_comes_to_the_same() -> None:
    now, later = simulate(2, 60), simulate(2, 60, years=8)
    assert now.outcome == later.outcome


class _Collected(Port):
    """A node that keeps each page it was sent."""

    pages: list[tuple[Reply, Page]] = []

    def take(self, reply: Reply, page: Page, answer: Answer) -> Taken:
        self.pages.append((reply, page))
        return super().take(reply, page, answer)


def held_by(machine: Machine) -> list[tuple[Any, ...]]:
    return machine.eye.all("SELECT id, version, state FROM entity WHERE type = 'report' ORDER BY id")


def take_over(machine: Machine, reply: Reply, page: Page) -> None:
    with machine.node.database.transaction() as db:
        upstream.grant(db, reply.scopes[:-1])  # not the other machine's own scope
        taking = TakingOver(db, head(db), 0)
        taking.take(page)
        taking.finish()


@pytest.mark.parametrize("order", range(4))
def test_pages_in_any_order_and_twice_come_to_the_same(order: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "PAGE_ENTITIES_MAX", 3)
    monkeypatch.setattr("intake_app.actions.reconcile.Port", _Collected)
    monkeypatch.setattr(_Collected, "pages", [])
    world = make_world(1)  # a centre and two machines of one office
    try:
        first, second = world.offices
        record_lines(world.centre.node, world.centre.actor, [(at, make_line(TOWN)) for at in range(20)])
        reconcile(first.node, InProcess(world.centre.node), ignore_backoff=True)
        for report, *_ in held_by(first)[::2]:
            amend_report(world.centre.node, world.centre.actor, report, {"details": "Đã xem"})
        reconcile(first.node, InProcess(world.centre.node), ignore_backoff=True)
        pages = [*_Collected.pages, *_Collected.pages[::3]]
        random.Random(order).shuffle(pages)
        for reply, page in pages:
            take_over(second, reply, page)
        assert held_by(second) == held_by(first)
        reconcile(second.node, InProcess(world.centre.node), ignore_backoff=True)
        assert len(held_by(first)) == 20
        assert held_by(second) == held_by(first)
    finally:
        world.close()


class Lossy(InProcess):
    """A line on which three replies in ten are lost; counts every byte that was on it."""

    def __init__(self, centre: Node, share: float) -> None:
        super().__init__(centre)
        self.share = share
        self.chance = random.Random(29)
        self.bytes = 0

    def _answer(self, asked: bytes, reply: bytes) -> Answer:
        self.bytes += len(asked) + len(reply)
        if self.chance.random() < self.share:
            raise NoNetwork("timed_out")
        return super()._answer(asked, reply)


def bytes_for(folder: Path, share: float) -> int:
    with province(folder, TOWN, COAST) as both:
        lines = [(at, make_line(TOWN)) for at in range(600)]
        record_lines(both.node(TOWN), both.actor(TOWN), lines)
        link = Lossy(both.centre, share)
        for _ in range(TRIES_MAX):
            try:
                done = reconcile(both.node(TOWN), link, ignore_backoff=True)
            except NoNetwork:
                continue
            assert done is not None and done.waiting == 0
            return link.bytes
    raise AssertionError("it never arrived")


def test_three_lost_replies_in_ten_cost_at_most_three_times_the_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake_app.actions.reconcile.SEGMENT_EVENTS_MAX", 20)  # some thirty exchanges
    assert bytes_for(tmp_path / "lossy", 0.3) <= 3 * bytes_for(tmp_path / "quiet", 0.0)
