"""The centre of the simulated world publishes answers and routing rules, writes new editions of answers and retires them."""

from __future__ import annotations

from intake_app.actions.publish_article import publish_article, retire_article
from intake_app.actions.publish_rule import publish_rule
from intake_app.store.entities import load_entities
from tests.simulation.machines import Machine
from tests.simulation.stage import Action, Part, Stage

TOPICS = ("price_fraud", "medical_advice")


def _publish(stage: Stage, machine: Machine) -> str:
    """A new article, or the next edition of one of the last few; now and then from a page that is not up to date."""
    known: list[bytes] = stage.memory.setdefault("articles", [])
    content = {
        "question": stage.words(), "short": stage.words(), "source": stage.words(), "valid_from": "2005-01-01",
        "topics": [stage.chance.choice(TOPICS)],
    }  # fmt: skip
    chosen = stage.chance.choice(known[-4:]) if known and stage.chance.random() < 0.6 else None
    row = machine.eye.one("SELECT e.version FROM article a JOIN entity e ON e.no = a.no WHERE e.id = ?", chosen)
    if chosen is None and len(known) % 3 == 2 and stage.memory.setdefault("ruled", 0) < len(known):
        # No chance of its own: the worlds stay those in which each planted bug was found.
        stage.memory["ruled"] = len(known)
        rule = {"name": content["question"], "valid_from": "2005-01-01", "topics": content["topics"], "lead": "SYT"}
        return f"{publish_rule(machine.node, machine.actor, rule).hex()[-6:]} rule published"
    if chosen is None or row is None:
        known.append(publish_article(machine.node, machine.actor, content))
        return f"{known[-1].hex()[-6:]} published"
    if stage.chance.random() < 0.2:
        retire_article(machine.node, machine.actor, chosen, stage.words())
        return f"{chosen.hex()[-6:]} retired"
    publish_article(machine.node, machine.actor, content, chosen, _edition(machine, chosen))
    return f"{chosen.hex()[-6:]} published again"


def _edition(machine: Machine, article: bytes) -> int:
    with machine.node.database.read() as db:
        found = load_entities(db, [article])[article].seen or {}
    return int(found["edition"])


PART = Part(actions=(Action("publish", 1.5, _publish, "centre", saves=True),))
