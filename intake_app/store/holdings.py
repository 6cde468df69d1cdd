"""What a node holds of each scope: its digest beside the centre's, and reading a scope anew.

To read anew takes nothing away: the cursor goes to 0, states stay and give way to newer ones, and only when the end has
been reached is what was not seen again swept. A new epoch, a digest that differs and a node that was away for longer than
the centre keeps what has left all go this one way, and a scope that is granted for the first time too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intake_app.store.database import Db
from intake_app.store.entities import Entity
from intake_app.store.feed import Digests
from sync.digest import share, wrapped
from sync.feed import advance
from sync.protocol import ScopeDigest, ScopePage

DAY_MS = 24 * 3600 * 1000
_IN_MAX = 400
Pair = tuple[int, int]


class Tally:
    """What one page changes in the digests of the scopes it touches: what lay in them before it, and after."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.known: dict[int, tuple[bytes, int | None]] = {}  # entity → id and version before the page
        self.before: list[Pair] = []
        self.new: list[Pair] = []  # the places of what lay nowhere
        self.placed: set[int] = set()  # entities that the page says lie in a scope
        self.digests = Digests()

    def begin(self, versions: dict[int, tuple[bytes, int | None]], waited_for: set[bytes]) -> None:
        """Remember what lies where; what was never confirmed here and is not waited for lies nowhere yet."""
        self.known = {no: had for no, had in versions.items() if had[1] is not None or had[0] in waited_for}
        self.before = self._lying()

    def _lying(self) -> list[Pair]:
        found: list[Pair] = []
        numbers = sorted(self.known)
        for at in range(0, len(numbers), _IN_MAX):
            some = numbers[at : at + _IN_MAX]
            marks = ",".join("?" * len(some))
            sql = f"SELECT scope_no, entity_no FROM held_row WHERE removed = 0 AND entity_no IN ({marks})"
            found += [(row[0], row[1]) for row in self.db.all(sql, *some)]
        return found

    def place(self, scope: ScopePage, numbers: list[int]) -> set[int]:
        """Note which entities lie in a scope, each row only if it is later in the feed than the one held; returns what left."""
        found = self.db.one("SELECT no, position FROM scope_cursor WHERE scope = ?", scope.scope)
        if found is None:
            return set()
        scope_no, position = found
        if scope.start == 0 and position > 0:
            # The centre no longer has what would have told this node of all that left: it begins the scope anew.
            read_anew(self.db, [scope_no])
            position = 0
        rows, left = [], set()
        for place, seq in zip(scope.places, scope.seqs, strict=True):
            gone = place < 0
            no = numbers[-place - 1 if gone else place]
            if no:
                rows.append((scope_no, no, seq, int(gone)))
                if gone:
                    left.add(no)
                    continue
                self.placed.add(no)
                if no not in self.known:
                    self.new.append((scope_no, no))
        self.db.many(
            "INSERT INTO held_row (scope_no, entity_no, feed_seq, removed) VALUES (?,?,?,?)"
            " ON CONFLICT (scope_no, entity_no) DO UPDATE SET feed_seq = excluded.feed_seq, removed = excluded.removed"
            " WHERE excluded.feed_seq > held_row.feed_seq",
            rows,
        )
        position = advance(position, scope.start, scope.end)
        self.db.run("UPDATE scope_cursor SET position = ? WHERE no = ?", position, scope_no)
        return left

    def end(self, entities: dict[int, Entity]) -> None:
        """Write what has changed in the digests."""
        # What the page only says has left a scope is not among the entities: it may lie in another, unchanged.
        shares = {no: share(found, version) for no, (found, version) in self.known.items() if version is not None}
        for scope_no, no in self.before:
            if no in shares:
                self.digests.take(scope_no, shares[no])
        shares |= {no: share(one.id, one.version) for no, one in entities.items() if one.version is not None}
        for scope_no, no in (*self.new, *self._lying()):
            if no in shares:
                self.digests.add(scope_no, shares[no])
        self.digests.save(self.db, "scope_cursor")


def counted(db: Db, scope_no: int) -> tuple[int, int]:
    """Count and sum of a scope, made anew from its rows."""
    rows = db.stream(
        "SELECT e.id, e.version FROM held_row h JOIN entity e ON e.no = h.entity_no"
        " WHERE h.scope_no = ? AND h.removed = 0 AND e.version IS NOT NULL",
        scope_no,
    )
    entities = total = 0
    for found, version in rows:
        entities, total = entities + 1, total + share(found, version)
    return entities, wrapped(total)


def read_anew(db: Db, scopes: Iterable[int]) -> None:
    """Begin scopes anew: every row in them is to be seen again."""
    for scope_no in scopes:
        db.run("UPDATE held_row SET feed_seq = 0 WHERE scope_no = ?", scope_no)
        db.run(
            "UPDATE scope_cursor SET position = 0, anew = 1, entities = ?, digest = ? WHERE no = ?",
            *counted(db, scope_no), scope_no,
        )  # fmt: skip


def sweep(db: Db) -> set[int]:
    """End the reading of scopes that were read anew: what was not seen again lies in them no more; returns what that was."""
    swept: set[int] = set()
    for (scope_no,) in db.all("SELECT no FROM scope_cursor WHERE anew = 1 AND granted = 1"):
        unseen = "scope_no = ? AND feed_seq = 0 AND removed = 0"
        gone = [row[0] for row in db.all(f"SELECT entity_no FROM held_row WHERE {unseen}", scope_no)]
        if gone:
            db.run(f"UPDATE held_row SET removed = 1 WHERE {unseen}", scope_no)
            entities, digest = counted(db, scope_no)
            db.run("UPDATE scope_cursor SET entities = ?, digest = ? WHERE no = ?", entities, digest, scope_no)
        db.run("UPDATE scope_cursor SET anew = 0 WHERE no = ?", scope_no)
        swept.update(gone)
    return swept


def leave(db: Db, scope_no: int) -> set[int]:
    """A scope that is not granted any more holds nothing; returns what lay in it."""
    held = {row[0] for row in db.all("SELECT entity_no FROM held_row WHERE scope_no = ? AND removed = 0", scope_no)}
    db.run("UPDATE held_row SET removed = 1, feed_seq = 0 WHERE scope_no = ?", scope_no)
    db.run("UPDATE scope_cursor SET entities = 0, digest = 0 WHERE no = ?", scope_no)
    return held


def differing(db: Db, scopes: Sequence[str], told: Sequence[ScopeDigest], now_ms: int) -> list[str]:
    """The scopes whose digest is not the centre's and that are to be read anew, each once a day at most."""
    kept = {
        row[1]: row
        for row in db.all(
            "SELECT no, scope, entities, digest, counted_ms, resynced_ms FROM scope_cursor WHERE granted = 1"
        )
    }
    found = []
    # Only the scopes that the feed fills have a digest; a node's own, with its verdicts, stands after them.
    for at, digest in enumerate(told[: len(scopes)]):
        row = kept.get(digest.scope or scopes[at])
        if row is None:
            continue
        held = _checked(db, row, now_ms)
        if held != (digest.count, wrapped(digest.sum)) and not _today(row[5], now_ms):
            db.run("UPDATE scope_cursor SET resynced_ms = ? WHERE no = ?", now_ms, row[0])
            read_anew(db, [row[0]])
            found.append(row[1])
    return found


def last_read_anew(db: Db) -> int | None:
    """When something held here last differed from the centre's, by its clock."""
    found: int | None = db.value("SELECT max(resynced_ms) FROM scope_cursor")
    return found


def _checked(db: Db, row: Sequence[int], now_ms: int) -> tuple[int, int]:
    """What a scope holds; once a day not as it was kept but as the rows say, for they may be damaged too."""
    if _today(row[4], now_ms):
        return row[2], row[3]
    held = counted(db, row[0]) if row[4] is not None else (row[2], row[3])
    db.run("UPDATE scope_cursor SET entities = ?, digest = ?, counted_ms = ? WHERE no = ?", *held, now_ms, row[0])
    return held


def _today(moment_ms: int | None, now_ms: int) -> bool:
    """Whether that was less than a day ago; a moment still to come is one of a clock that was wrong."""
    return moment_ms is not None and 0 <= now_ms - moment_ms < DAY_MS


def left(db: Db, numbers: Iterable[int]) -> list[int]:
    """Those of these entities that lay in a scope of this node once, and lie in none now."""
    ordered, once = sorted(numbers), set()
    for at in range(0, len(ordered), _IN_MAX):
        some = ordered[at : at + _IN_MAX]
        marks = ",".join("?" * len(some))
        sql = f"SELECT DISTINCT entity_no FROM held_row WHERE removed = 1 AND entity_no IN ({marks})"
        once.update(row[0] for row in db.all(sql, *some))
    live = "SELECT 1 FROM held_row WHERE entity_no = ? AND removed = 0"
    return [no for no in sorted(once) if not db.one(live, no)]
