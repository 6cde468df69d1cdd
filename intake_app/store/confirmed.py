"""A node takes over what central confirmed: states if newer, places in scopes if later, verdicts over its own events."""

from __future__ import annotations

import json
from collections.abc import Iterable

from intake_app.store import echoes, journal, published, reports, stubs
from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, add_entities, decode, load_entities, load_numbers, save_entities
from intake_app.store.holdings import Tally, leave, left, sweep
from sync import feed, overlay
from sync.errors import BadMessage
from sync.event import Event, EventBytes, from_bytes
from sync.ingest import entity_type
from sync.protocol import Echo, Page, Verdict

_IN_MAX = 400


class TakingOver:
    """One page being taken over, in the caller's transaction."""

    def __init__(self, db: Db, head: journal.Head, acked: int) -> None:
        self.db = db
        self.head = head
        self.acked = acked
        self.touched: dict[int, Entity] = {}
        self.before: dict[int, State | None] = {}
        self.fits: dict[int, echoes.Fitting] = {}  # taken over by their bytes alone; nothing else of them is loaded
        self.states = 0
        self.loose: set[int] = set()  # entities that may have no reason left to be kept
        self.quiet: set[int] = set()  # echoes of what lists and search show already
        self.judged: set[int] = set()  # entities with an own event that got another verdict than "applied"
        self.versions: dict[int, tuple[bytes, int | None]] = {}  # of all that the page names, before it

    def _touch(self, one: Entity) -> Entity:
        kept = self.touched.setdefault(one.no, one)
        self.before.setdefault(one.no, kept.seen)
        self.versions.setdefault(one.no, (one.id, kept.version))
        return kept

    def take(self, page: Page) -> None:
        """Take over states, places and verdicts."""
        waited_for = {row[0] for row in self.db.all("SELECT entity FROM wanted")}
        echoed, wholes = self._echoes(page), self._wholes(page)
        ids = echoed + wholes + self._removed(page)
        tally = Tally(self.db)
        tally.begin(self.versions, waited_for)
        for scope in page.scopes:
            self.loose.update(tally.place(scope, ids))
        stubs.drop(self.db, tally.placed)
        # What has left one scope may lie in another, read before, and is waited for still.
        gone = [no for whole, no in zip(page.wholes, wholes, strict=True) if no and whole.type == stubs.LEFT]
        done = [(no,) for no in left(self.db, gone)]
        self.db.many("DELETE FROM wanted WHERE entity = (SELECT id FROM entity WHERE no = ?)", done)
        tally.end(self.touched | self.fits)
        self._verdicts(page)

    def _echoes(self, page: Page) -> list[int]:
        """States made here again from what is seen, proven equal by central's hash; a mismatch asks for the whole."""
        found = echoes.find(self.db, self.head.life, page.echoes)
        others = []
        for echo in page.echoes:
            if echo.seq not in found:
                raise BadMessage("bad_page")
            here = found[echo.seq]
            fits = echoes.fitting(here, echo) if here.no not in self.touched else None
            if fits is None:
                others.append((here.no, echo))
            else:
                self.fits[here.no] = fits
                self.versions.setdefault(here.no, (fits.id, None))
                self.states += 1
        self._unlike(others)
        # An urgent report that rode ahead of the queue is at the centre although its turn has not come.
        ahead = [(found[echo.seq].no, echo.seq) for echo in page.echoes if echo.seq > self.acked]
        self.db.many("UPDATE report SET own_seq = 0 WHERE no = ? AND own_seq = ?", ahead)
        return [found[echo.seq].no for echo in page.echoes]

    def _unlike(self, others: list[tuple[int, Echo]]) -> None:
        """Echoes of what has moved on here, or to which more was added than the time of arrival."""
        entities = load_numbers(self.db, [no for no, _ in others])
        for no, echo in others:
            one = self._touch(entities.get(no) or echoes.lost(self.db, no))
            if not _takes(one, echo.version):
                continue
            state = echoes.laid_on(one.view, echo)
            if state is not None:
                self.quiet.add(one.no)
            state = state or echoes.made_again(self.db, self.head, echo)
            if state is None:
                self.db.run("INSERT INTO wanted (entity) VALUES (?) ON CONFLICT DO NOTHING", one.id)
                continue
            self._state(one, state, echo.version)

    def _unfold(self, numbers: Iterable[int]) -> None:
        """Take these states the long way after all: something of this node lies over them, or has to be shown."""
        wanted = [no for no in numbers if no in self.fits]
        for one in load_numbers(self.db, wanted).values():
            fits, one = self.fits.pop(one.no), self._touch(one)
            one.confirmed, one.version = decode(fits.state), fits.version
            self.quiet.add(one.no)

    def _wholes(self, page: Page) -> list[int]:
        known = load_entities(self.db, [whole.id for whole in page.wholes])
        wholes = [whole for whole in page.wholes if whole.type != stubs.LEFT]
        missing = [(whole.id, whole.type) for whole in wholes if whole.id not in known]
        self._unfold([one.no for one in known.values()])
        known |= {one.id: one for one in add_entities(self.db, missing)}
        for whole in wholes:
            one = self._touch(known[whole.id])
            if _takes(one, whole.version):
                self._state(one, whole.state, whole.version)
        if wholes and self.db.one("SELECT 1 FROM wanted LIMIT 1"):
            self.db.many("DELETE FROM wanted WHERE entity = ?", [(whole.id,) for whole in wholes])
        self._stubs(page, known)
        return [known[whole.id].no if whole.id in known else 0 for whole in page.wholes]

    def _state(self, one: Entity, state: State, version: int) -> None:
        if one.confirmed is None and not one.fresh:
            self.loose.add(one.no)  # forgotten here: a reply that comes late may bring it although it has left for good
        one.confirmed, one.version = state, version
        self.states += 1

    def _stubs(self, page: Page, known: dict[bytes, Entity]) -> None:
        """Of what has left for elsewhere, and was held here: where it is now."""
        for whole in page.wholes:
            one = known.get(whole.id)
            if whole.type == stubs.LEFT and one is not None:
                self.versions.setdefault(one.no, (one.id, one.version))
                stubs.note(self.db, one.no, whole.state)

    def _removed(self, page: Page) -> list[int]:
        known = load_entities(self.db, page.removed)
        for one in known.values():
            self.versions.setdefault(one.no, (one.id, one.version))
        return [known[found].no if found in known else 0 for found in page.removed]

    def _verdicts(self, page: Page) -> None:
        """Write down what central says of this node's own events, whatever life they were journalled in."""
        known = journal.numbers_of(self.db, [verdict.event for verdict in page.verdicts])
        self._returned([verdict for verdict in page.verdicts if verdict.event not in known and verdict.header])
        rows = []
        for verdict in page.verdicts:
            if verdict.event in known:
                row, entity_no = known[verdict.event]
                rows.append((verdict.verdict, verdict.code or None, _params(verdict), row))
                self.judged.add(entity_no)
        self.db.many("UPDATE journal SET verdict = ?, code = ?, params = ? WHERE no = ?", rows)
        self._unfold(self.judged)
        self._touch_numbers(self.judged)

    def _returned(self, verdicts: list[Verdict]) -> None:
        """Own events that were refused and that this database has lost come back with their bytes."""
        if not verdicts:
            return
        save_entities(self.db, [one for one in self.touched.values() if one.fresh])  # numbers are given after these
        raws = [EventBytes(verdict.header, verdict.open, verdict.private) for verdict in verdicts]
        events = [from_bytes(raw) for raw in raws]
        entities = load_entities(self.db, dict.fromkeys(event.entity for event in events))
        types = {event.entity: entity_type(event.kind) for event in events if event.entity not in entities}
        added = add_entities(self.db, list(types.items()))
        save_entities(self.db, added)
        entities |= {one.id: one for one in added}
        for verdict, raw, event in zip(verdicts, raws, events, strict=True):
            one = self._touch(entities[event.entity])
            journal.append_returned(self.db, one.no, raw, verdict.verdict, verdict.code or None, _params(verdict))
            self.judged.add(one.no)

    def settle(self, settled: int, judged: int) -> int:
        """Everything judged and not told otherwise was applied, now that all it led to has been read; returns how far."""
        if judged <= settled:
            self._settle_kept(settled)
            return settled
        rows = self.db.all(
            "SELECT DISTINCT entity_no FROM journal WHERE life = ? AND seq > ? AND seq <= ? AND verdict IS NULL",
            self.head.life, settled, judged,
        )  # fmt: skip
        numbers = {row[0] for row in rows}
        self.loose.update(numbers)
        self._touch_numbers(numbers)
        waiting = self._waiting(numbers | self.judged, judged)
        others = f" AND entity_no NOT IN ({_marks(waiting)})" if waiting else ""
        self.db.run(
            f"UPDATE journal SET verdict = 'applied' WHERE life = ? AND seq > ? AND seq <= ? AND verdict IS NULL{others}",
            self.head.life, settled, judged, *waiting,
        )  # fmt: skip
        # What an echo past that mark recorded cannot have an earlier event here.
        earlier = {no for no, fits in self.fits.items() if fits.seq <= settled}
        self._apply_until(settled, (self.touched.keys() | earlier) - set(waiting))
        return judged

    def _settle_kept(self, settled: int) -> None:
        """What was judged long ago and kept in view, as its entity had left, is settled with the last verdict about it."""
        self._apply_until(settled, self.judged - set(self._waiting(self.judged, settled)))

    def _apply_until(self, settled: int, numbers: set[int]) -> None:
        for some in _chunks(sorted(numbers)):
            self.db.run(
                "UPDATE journal SET verdict = 'applied' WHERE +life = ? AND seq <= ? AND verdict IS NULL"
                f" AND entity_no IN ({_marks(some)})",
                self.head.life, settled, *some,
            )  # fmt: skip

    def _waiting(self, numbers: set[int], judged: int) -> list[int]:
        """Entities that have left this node while later events of its own are still to be judged.

        Their states come no more: what was done to them here stays in view, and is settled together with the last of it.
        """
        later = "SELECT 1 FROM journal WHERE entity_no = ? AND life = ? AND seq > ? AND verdict IS NULL"
        return [no for no in left(self.db, numbers) if self.db.one(later, no, self.head.life, judged)][:_IN_MAX]

    def lay_again(self, numbers: Iterable[int]) -> None:
        """Show these entities anew: own events about them are pending again."""
        self._touch_numbers(numbers)

    def leave(self, scopes: Iterable[int]) -> None:
        """Scopes that are no longer granted hold nothing; if they are granted again, they are read from the beginning."""
        for scope_no in scopes:
            self.loose.update(leave(self.db, scope_no))

    def _touch_numbers(self, numbers: Iterable[int]) -> None:
        missing = [no for no in numbers if no not in self.touched and no not in self.fits]
        for one in load_numbers(self.db, missing).values():
            self._touch(one)

    def finish(self, told_all: bool = False) -> None:
        """Lay what is still pending over what changed, and bring list rows and search up to date.

        Once all that lies in the scopes was told, what was read anew and not seen again goes.
        """
        pending = self._pending()
        self._unfold(pending)
        echoes.save(self.db, self.fits)
        for one in self.touched.values():
            events = (
                pending.get(one.no) if one.version is not None else journal.laid_over(self.db, one.no, confirmed=False)
            )
            one.view = overlay.view(one.confirmed, events, self.head.node) if events else None
        save_entities(self.db, changed := list(self.touched.values()))
        found = [one for one in changed if one.type == "report" and one.seen is not None and self._shows_anew(one)]
        published.save(self.db, changed)
        reports.save_reports(self.db, found, {}, reports.refused_counts(self.db, [one.no for one in found]))
        reports.index_reports(self.db, found, self.before)
        if told_all:
            self.loose.update(sweep(self.db))
        self._purge()

    def _purge(self) -> None:
        """Forget what no scope of this node holds any more, unless an own event about it is not settled."""
        for no in left(self.db, self.loose | self.judged):
            if self.db.one("SELECT 1 FROM journal WHERE entity_no = ? AND verdict IS NULL AND seq > 0", no):
                continue
            self.fits.pop(no, None)
            one = self.touched.pop(no, None) or load_numbers(self.db, [no])[no]
            stubs.keep(self.db, one)
            reports.forget(self.db, one)
            self.db.run("DELETE FROM wanted WHERE entity = ?", one.id)

    def _shows_anew(self, one: Entity) -> bool:
        # Where the centre saw that the clock was wrong, the deadline is another one than was shown so far.
        moved = "clock_offset_seconds" in (one.confirmed or {})
        return moved or one.no in self.judged or one.no not in self.quiet or one.view is not None

    def _pending(self) -> dict[int, list[Event]]:
        pending: dict[int, list[Event]] = {}
        for some in _chunks([*self.touched, *self.fits]):
            rows = self.db.all(
                "SELECT entity_no, header, open, private FROM journal"
                f" WHERE entity_no IN ({_marks(some)}) AND verdict IS NULL AND seq > 0 AND settled_by IS NULL ORDER BY no",
                *some,
            )
            for row in rows:
                pending.setdefault(row[0], []).append(from_bytes(EventBytes(*row[1:4])))
        for no, events in pending.items():
            if any("replaces" in event.open for event in events):
                pending[no] = journal.laid_over(self.db, no, confirmed=True)  # a repair has another place
        return pending


def _takes(one: Entity, version: int) -> bool:
    """Whether a state counts here: it is newer, or it is the one of which only a stub was kept."""
    return feed.is_newer(version, one.version) or (one.confirmed is None and version == one.version)


def _params(verdict: Verdict) -> str | None:
    return json.dumps(verdict.params) if verdict.params else None


def _chunks(values: list[bytes] | list[int]) -> Iterable[list[bytes] | list[int]]:
    for at in range(0, len(values), _IN_MAX):
        yield values[at : at + _IN_MAX]


def _marks(some: list[bytes] | list[int]) -> str:
    return ",".join("?" * len(some))
