"""The network between offices and centre: loses, repeats, delays, cuts and changes what it carries, and lies."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from intake_app.actions import receive
from intake_app.store import keys
from sync import envelope, protocol
from sync.errors import BadMessage, IntakeError, NoNetwork
from sync.ports import Answer
from tests.simulation.machines import TROUBLES, Killed, Machine
from tests.simulation.world import World

PORTAL = b"<html><head><title>Wi-Fi</title></head><body>200 OK</body></html>"
OLD_KEPT = 40
FAULTS = {
    "none": 10,
    "request lost": 2,
    "reply lost": 4,
    "request cut": 1,
    "request flipped": 1,
    "reply cut": 1,
    "reply flipped": 1,
    "portal": 2,
    "empty": 1,
    "old reply": 2,
    "another's reply": 1,
    "forged reply": 1,
    "twice": 2,
    "delayed": 2,
    "centre killed": 3,
    "centre's disk": 1,
    "node killed": 2,
    "node's disk": 1,
    "busy": 1,
    "error after commit": 1,
}
ON_THE_WAY_BACK = ("reply lost", "twice", "node killed", "node's disk", "reply cut", "reply flipped", "old reply")
PAIRED = 0.15  # of the exchanges with a fault on the way there that meet one on the way back too
BAD_REPLIES = frozenset(
    {"reply cut", "reply flipped", "portal", "empty", "forged reply", "old reply", "another's reply"}
)
STRANGER = keys.key_from_seed(b"s" * 32)

Told = Callable[[str, bytes, bytes], None]


def moment(chance: random.Random) -> int:
    """After how many moments the power goes: often among the first, where the acks are, sometimes far into a page."""
    return chance.randrange(chance.choices((8, 45, 250), (10, 8, 2))[0])


class Network:
    """What stands between the machines; `healed` carries everything as it is."""

    def __init__(self, world: World, chance: random.Random, told: Told) -> None:
        self.world = world
        self.chance = chance
        self.told = told  # machine, request, reply: what the centre has said, whether it arrives or not
        self.healed = False
        self.exchanges = 0
        self.counts: Counter[str] = Counter()
        self.last = ""
        self.lies = 0  # answers of this step that the centre did not give to this question
        self.refused_wrongly: list[str] = []

    def carry(self, machine: Machine, data: bytes) -> bytes:
        """Carry a request to the centre and an answer back; raises NoNetwork, BadMessage or Killed."""
        machine.old_requests = [*machine.old_requests, data][-OLD_KEPT:]
        fault = "none" if self.healed else self.chance.choices(list(FAULTS), list(FAULTS.values()))[0]
        self.counts[fault] += 1
        self.exchanges += 1
        self.last = fault
        self.lies += fault in BAD_REPLIES
        reply = self._before(machine, data, fault)
        if reply is None:
            reply = self.deliver(machine, data)
        if fault != "none" and fault not in ON_THE_WAY_BACK and reply and self.chance.random() < PAIRED:
            fault = self._second(fault)
        return self._after(machine, data, reply, fault)

    def _second(self, first: str) -> str:
        """A second fault, on the way back of what came through the first one."""
        if first in BAD_REPLIES:
            return first
        second = self.chance.choice(ON_THE_WAY_BACK)
        self.counts["in pairs"] += 1
        self.last = second
        self.lies += second in BAD_REPLIES
        return second

    def _before(self, machine: Machine, data: bytes, fault: str) -> bytes | None:
        """What happens on the way there; an answer where somebody else gives it."""
        if fault in ("request lost", "delayed"):
            # A delayed one is among the old requests, from which some are delivered later.
            raise NoNetwork("timed_out")
        if fault in ("request cut", "request flipped"):
            self._deliver_damaged(self._cut(data) if fault == "request cut" else self._flipped(data))
        if fault == "busy":
            raise NoNetwork("central_busy", status=503, retry_after_seconds=30)  # turned away before its body was read
        if fault == "centre killed":
            self.world.centre.fuse.set(moment(self.chance))
        if fault == "centre's disk":
            self.world.centre.fuse.set(moment(self.chance), self.chance.choice(TROUBLES), self.chance.choice((1, 5)))
        return {"portal": PORTAL, "empty": b""}.get(fault)

    def _after(self, machine: Machine, data: bytes, reply: bytes, fault: str) -> bytes:
        """What happens on the way back."""
        self.world.centre.fuse.set(None)
        if fault in ("reply lost", "error after commit"):
            raise NoNetwork("timed_out") if fault == "reply lost" else NoNetwork("central_busy", status=500)
        if fault == "twice":
            reply = self.deliver(machine, data)
        if fault == "node killed":
            machine.fuse.set(moment(self.chance))
        if fault == "node's disk":
            machine.fuse.set(moment(self.chance), self.chance.choice(TROUBLES), self.chance.choice((1, 5)))
        if fault == "reply cut":
            return self._cut(reply)
        if fault == "reply flipped":
            return self._flipped(reply)
        if fault == "forged reply":
            return reply[: -envelope.SIGNATURE_BYTES] + STRANGER.sign(reply[: -envelope.SIGNATURE_BYTES])
        others = machine.old_replies if fault == "old reply" else self._others_replies(machine)
        if fault in ("old reply", "another's reply"):
            if others:
                return self.chance.choice(others)
            self.last, self.lies = "none", self.lies - 1
        if fault not in ("portal", "empty"):
            machine.old_replies = [*machine.old_replies, reply][-OLD_KEPT:]
        return reply

    def deliver(self, machine: Machine, data: bytes) -> bytes:
        """Hand a request to the centre; what it answers counts as said even when it is lost."""
        centre = self.world.centre
        try:
            reply = receive.exchange(centre.node, data, later=self._later)
        except Killed:
            centre.crash()
            raise NoNetwork("no_network") from None
        except (OperationalError, OSError) as reason:
            if not centre.fuse.trouble:
                raise
            centre.fuse.set(None)
            self.counts["centre's disk refused"] += 1
            raise NoNetwork("central_busy", status=500, retry_after_seconds=None) from reason
        except BadMessage as reason:
            self.refused_wrongly.append(f"{machine.name}: {reason.code}")
            raise BadMessage("refused_by_central") from reason
        self.told(machine.name, data, reply)
        return reply

    def _later(self, judge: Callable[[], object], more: bool) -> None:
        """What a server does once its reply is on its way: at once, or never because it was ended; the job has to do it then."""
        if self.healed or self.chance.random() < 0.5:
            judge()

    def _deliver_damaged(self, data: bytes) -> None:
        """A damaged request must change nothing and be refused as no message."""
        centre = self.world.centre
        before = centre.fuse.commits
        try:
            receive.exchange(centre.node, data)
        except BadMessage as reason:
            assert centre.fuse.commits == before, "a damaged request was written down"
            raise BadMessage("refused_by_central") from reason
        raise AssertionError("a damaged request was answered")

    def replay(self, machine: Machine) -> str:
        """Deliver one of a machine's requests again, however old; its answer goes nowhere."""
        if not machine.old_requests:
            return "nothing to replay"
        self.counts["replayed"] += 1
        try:
            machine.old_replies.append(self.deliver(machine, self.chance.choice(machine.old_requests)))
        except NoNetwork:
            return "centre killed"
        return "replayed"

    def _others_replies(self, machine: Machine) -> list[bytes]:
        return [reply for other in self.world.offices if other is not machine for reply in other.old_replies]

    def _cut(self, data: bytes) -> bytes:
        return data[: int(len(data) * self.chance.random())]

    def _flipped(self, data: bytes) -> bytes:
        at, bit = int(len(data) * self.chance.random()), self.chance.randrange(8)
        return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


class Wire:
    """A machine's link through the network."""

    def __init__(self, network: Network, machine: Machine) -> None:
        self.network = network
        self.machine = machine
        self.held = b""  # what the machine held when an exchange went wrong on the line

    def start(self, data: bytes) -> Carried:
        """Send a request off: it arrives before or after its machine has taken the reply to the one before."""
        return Carried(self, data, self.network.chance.random() < 0.5)

    def post(self, data: bytes) -> Answer:
        """Send a request and return what came back."""
        self.machine.fuse.burn("before request")
        try:
            reply = self.network.carry(self.machine, data)
        except IntakeError:
            self.held = self.machine.eye.digest()
            raise
        if self.network.last in BAD_REPLIES:
            self.held = self.machine.eye.digest()
        self.machine.fuse.burn("after reply")
        return Answer(reply, len(data), len(reply), 0.01)


class Carried:
    """A request under way; what became of it is seen when its answer is asked for, if it ever is."""

    def __init__(self, wire: Wire, data: bytes, at_once: bool) -> None:
        self.wire = wire
        self.data = data
        self.problem: IntakeError | None = None
        self.found: Answer | None = None
        if at_once:
            self._go()

    def _go(self) -> None:
        lies = self.wire.network.lies
        try:
            self.found = self.wire.post(self.data)
        except IntakeError as problem:
            self.problem = problem
        self.last, self.lies = self.wire.network.last, self.wire.network.lies - lies

    def answer(self) -> Answer:
        """What came back; raises what went wrong on the way."""
        if self.found is None and self.problem is None:
            self._go()
        if self.problem is not None or self.last in BAD_REPLIES:
            self.wire.held = self.wire.machine.eye.digest()  # the reply before it has been taken meanwhile
        if self.problem is not None:
            raise self.problem
        assert self.found is not None
        return self.found

    def drop(self) -> None:
        """Nobody hears the answer: what was wrong with it is nobody's fault."""
        if self.found is not None:
            self.wire.network.lies -= self.lies


def reply_of(data: bytes) -> protocol.Reply:
    """What the centre said."""
    return protocol.decode_reply(envelope.peek(data, envelope.REPLY).body)


def request_of(data: bytes) -> protocol.Request:
    """What a machine asked."""
    return protocol.decode_request(envelope.peek(data, envelope.REQUEST).body)
