"""Begin another life in the middle of a run: what the centre says shows that this database was restored, copied or damaged."""

from __future__ import annotations

from intake_app.node import Node
from intake_app.store import journal, lives, upstream
from intake_app.store.confirmed import TakingOver
from intake_app.store.database import Db
from sync.errors import BadMessage
from sync.protocol import Continued, Reply

LIVES_MAX = 2  # of one run; whoever needs more is told so, and the pause after a failure applies


class Lives:
    """The lives of a node as one run sees them."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.asked_as = b""  # the incarnation of the last question
        self.told = False  # whether it spoke of a new life
        self.begun = 0

    def close_gap(self) -> None:
        """Where what the centre needs next is gone from the journal: go on in another life, which says after what."""
        with self.node.database.read() as db:
            bound = upstream.load_upstream(db)
            gone = journal.gone_after(db, journal.head(db), bound.acked) if bound else None
        if gone:
            with self.node.database.transaction() as db:
                lives.begin(self.node, db, "gap", common=gone)

    def asking(self, db: Db, head: journal.Head) -> Continued | None:
        """Remember as whom the next question is asked; what the centre has to know of this life."""
        continued = lives.continues(lives.present(db))
        self.asked_as, self.told = head.incarnation, continued is not None
        return continued

    def parted(self, db: Db, head: journal.Head, acked: int, reply: Reply) -> bool:
        """Begin another life if the centre has another history under this one, or more of it; whether that was done.

        A node concludes that it was rolled back only from a hash that its own journal lacks.
        """
        if reply.fork is None and _stands(db, head, reply.ack, reply.ack_hash):
            return False
        reason = "fork" if reply.fork is not None else "rolled_back"
        if self.begun >= LIVES_MAX:
            raise BadMessage(reason)
        self.begun += 1
        if reply.fork is not None and _stands(db, head, reply.fork.seq, reply.fork.hash):
            acked = max(acked, reply.fork.seq)
        lives.begin(self.node, db, reason, common=acked)
        return True

    def all_again(self, db: Db, reply: Reply) -> None:
        """Of ended lives a restored centre may have lost events that it does not speak of: it gets all of them once more."""
        head = lives.begin(self.node, db, "new_epoch", common=reply.ack, everything=True)
        laying = TakingOver(db, head, 0)
        laying.lay_again({row[0] for row in db.all("SELECT DISTINCT entity_no FROM journal WHERE life = ?", head.life)})
        laying.finish()

    def answered(self, db: Db, states: int, all_moved: bool) -> None:
        """Keep how far a new life has been made good."""
        lives.note_exchange(db, lives.present(db), self.told, states, all_moved, self.node.clock.now_ms())


def _stands(db: Db, head: journal.Head, seq: int, tip: bytes) -> bool:
    """Whether this journal has that hash after that event of its present life."""
    return journal.hash_at(db, head.life, head.incarnation, head.node, seq) == tip
