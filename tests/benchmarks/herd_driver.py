"""Lets a herd call: every node a connection of its own in one event loop, each obeying 503 and Retry-After as real nodes do."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from sync.backoff import asked_pause_seconds, pause_seconds
from sync.errors import IntakeError
from tests.benchmarks.herd_nodes import HerdNode

ANSWER_SECONDS = 60.0
END_SECONDS = 600.0
PAGE_PAUSE_SECONDS = 0.5
HEAD = "POST /api/v1/exchange HTTP/1.1\r\nHost: c\r\nContent-Type: application/x-1022\r\nContent-Length: {}\r\n\r\n"


@dataclass
class Drained:
    """What came of it: seconds until the last node was done, how long pushes took, what else was answered."""

    seconds: float = 0.0
    pushes: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)  # by status, or the kind of failure
    problems: list[str] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)  # how long somebody waited who opened a page meanwhile

    @property
    def errors(self) -> int:
        """Answers that were neither an answer nor "busy"."""
        return sum(count for what, count in self.answers.items() if what not in ("200", "503"))


class Caller:
    """One node on its line."""

    def __init__(self, node: HerdNode, port: int, drained: Drained, chance: random.Random) -> None:
        self.node, self.port, self.drained, self.chance = node, port, drained, chance
        self.failures = 0
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(self) -> None:
        """Exchange until everything is acknowledged, judged and read."""
        while not self.node.done:
            pause = await self._once()
            if pause:
                await asyncio.sleep(pause)
        self._hang_up()

    async def _once(self) -> float:
        """One request; gives the pause that follows."""
        try:
            status, head, body = await asyncio.wait_for(self._exchange(), ANSWER_SECONDS)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as reason:
            return self._failed(type(reason).__name__)
        self.drained.answers[str(status)] += 1
        if status == 503:
            return asked_pause_seconds(float(head.get("retry-after", 5)), self.chance.random())
        if status != 200:
            return self._failed("", body[:100].decode("utf-8", "replace"))
        try:
            self.node.take(body)
        except (IntakeError, AssertionError) as reason:
            return self._failed("not believed", str(reason)[:200])
        self.failures = 0
        return 0.0

    def _failed(self, kind: str, what: str = "") -> float:
        self._hang_up()
        self.failures += 1
        if kind:
            self.drained.answers[kind] += 1
        self.drained.problems.append(f"{kind} {what}")
        return pause_seconds(self.failures, self.chance.random())

    async def _exchange(self) -> tuple[int, dict[str, str], bytes]:
        data, events = self.node.ask(self.chance)
        began = time.perf_counter()
        if self.line is not None and self.line[0].at_eof():
            self._hang_up()  # the centre let go of it during a long pause; a real node looks before it uses one again
        if self.line is None:
            self.line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.line
        writer.write(HEAD.format(len(data)).encode() + data)
        await writer.drain()
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        head = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(head["content-length"]))
        status = int(first.split()[1])
        if status == 200 and events:
            self.drained.pushes.append(time.perf_counter() - began)
        if head.get("connection", "").lower() == "close":
            self._hang_up()
        return status, head, body

    def _hang_up(self) -> None:
        if self.line is not None:
            self.line[1].close()
            self.line = None


async def _open_pages(port: int, drained: Drained) -> None:
    """Somebody at the centre who opens a page every now and then."""
    while True:
        await asyncio.sleep(PAGE_PAUSE_SECONDS)
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /sign-in HTTP/1.1\r\nHost: c\r\nConnection: close\r\n\r\n")
        await reader.read(-1)
        writer.close()
        drained.pages.append(time.perf_counter() - began)


def let_call(herd: list[HerdNode], port: int, seed: int) -> Drained:
    """All nodes at once; returns when the last is done, or the time is up."""
    drained, chance = Drained(), random.Random(seed)

    async def everybody() -> None:
        callers = [Caller(one, port, drained, random.Random(chance.random())) for one in herd]
        person = asyncio.create_task(_open_pages(port, drained))
        await asyncio.wait_for(asyncio.gather(*(caller.call() for caller in callers)), END_SECONDS)
        person.cancel()

    began = time.perf_counter()
    asyncio.run(everybody())
    drained.seconds = time.perf_counter() - began
    return drained
