"""Who wrote the events of a batch, as the centre knew them at that point: asked once per batch and person, not per event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from intake_app.store import refused
from intake_app.store.arrived import Batch, Late
from intake_app.store.database import Db
from intake_app.store.entities import Entity, load_entities
from sync.ingest import judge
from sync.permission import Writer, person_of, writer_of


class Writers:
    """The people of one batch; `entities` are those that the batch itself may change."""

    def __init__(self, db: Db, batch: Batch, entities: Mapping[bytes, Entity], actors: Iterable[bytes]) -> None:
        self.db = db
        self.batch = batch
        self.entities = entities
        self.others = load_entities(db, [actor for actor in actors if actor not in entities])
        self.known: dict[bytes, Writer] = {}

    def of(self, actor: bytes) -> Writer:
        """Whoever wrote an event of this batch."""
        writer = self.known.get(actor)
        if writer is None:
            one = self.entities.get(actor) or self.others.get(actor)
            found = one.confirmed if one is not None and one.type == "person" else None
            known = person_of(found, self.batch.node) if found else None
            writer = self.known[actor] = writer_of(known, self.batch.computer)
        return writer

    def changed(self) -> None:
        """A person was added, changed or ended: from here on they may do something else."""
        self.known.clear()

    def of_late(self, late: Late) -> Writer:
        """Whoever wrote an event that was held back, as they were then: what was said of them later does not count."""
        actor = late.item.event.actor
        one = self.entities.get(actor) or load_entities(self.db, [actor]).get(actor)
        state = None
        for told in refused.told_of_person(self.db, one.no) if one is not None else ():
            if (told.node, told.incarnation) != (self.batch.node, late.incarnation) or told.seq < late.item.seq:
                state = judge(state, told.event, told.node).state
        return writer_of(person_of(state, self.batch.node) if state else None, self.batch.computer)
