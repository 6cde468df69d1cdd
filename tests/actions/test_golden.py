"""Everything that was ever shipped is understood for ever: real messages of every version, and peers older than this one.

A file of tests/data/golden is the story of one office as it crossed the wire (`tests/golden.py`). It is never written again.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from intake_app.actions.receive import drain_inbox, exchange
from intake_app.actions.reconcile import Port
from intake_app.node import Node
from intake_app.store import feed, nodes, upstream
from intake_app.store.own_events import write_events
from sync import chain, envelope, limits, protocol, segment
from sync.event import Event
from sync.ports import Answer
from sync.protocol import Reply, Request
from tests.creators import Province, journal_event, make_node, province

FILES = sorted((Path(__file__).parent.parent / "data" / "golden").glob("*.json"))
STORIES = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in FILES}
WHAT = {"idle before anything", "first push", "idle", "many kinds, a conflict", "a decision and refusals", "pull", "plain", "bz2",
        "urgent", "slow line", "fork", "revoked"}  # fmt: skip
OF_THE_CENTRE = ("at_centre", "clock_offset_seconds")  # what it adds by its own clock


@pytest.fixture(params=STORIES)
def story(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One shipped version's messages."""
    return dict(STORIES[request.param])


def raw(text: str) -> bytes:
    return base64.b64decode(text)


def requests(story: dict[str, Any]) -> list[tuple[str, Request]]:
    bodies = [(one["what"], envelope.peek(raw(one["request"]), envelope.REQUEST).body) for one in story["exchanges"]]
    return [(what, protocol.decode_request(body)) for what, body in bodies]


def replies(story: dict[str, Any]) -> list[tuple[str, Reply]]:
    bodies = [(one["what"], envelope.peek(raw(one["reply"]), envelope.REPLY).body) for one in story["exchanges"]]
    return [(what, protocol.decode_reply(body)) for what, body in bodies]


def segments(story: dict[str, Any]) -> list[segment.Segment]:
    found = [asked for _, asked in requests(story)]
    return [item for asked in found for item in (asked.segment, *asked.urgent) if item is not None]


def lasting(states: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: value for key, value in one.items() if key not in OF_THE_CENTRE} for name, one in states.items()
    }


def confirmed(node: Node, wanted: dict[str, Any]) -> dict[str, Any]:
    with node.database.read() as db:
        rows = db.all("SELECT id, state FROM entity WHERE state IS NOT NULL")
    states = {row[0].hex(): json.loads(row[1]) for row in rows}
    return lasting({name: state for name, state in states.items() if name in wanted})


def test_a_version_that_was_shipped_is_kept() -> None:
    assert "wire-1" in STORIES
    for told in STORIES.values():
        assert {one["what"] for one in told["exchanges"]} == WHAT


def test_a_story_holds_every_way_to_pack_and_every_verdict(story: dict[str, Any]) -> None:
    codecs = {segment.PLAIN, segment.ZSTD_DICTIONARY, segment.BZ2}
    assert {item.codec for item in segments(story)} == codecs
    assert {reply.page_codec for _, reply in replies(story) if reply.page_length} >= {
        segment.PLAIN,
        segment.ZSTD_DICTIONARY,
    }
    assert set(story["verdicts"].values()) >= {"applied", "conflict", "held", "quarantined"}
    assert any(asked.urgent for _, asked in requests(story))
    assert any(asked.slow for _, asked in requests(story))


@contextmanager
def centre_that_knows(story: dict[str, Any], folder: Path) -> Iterator[Node]:
    """Today's centre, at which the story's office is enrolled."""
    centre = make_node(folder / "1022", "central", "1022")
    told = story["node"]
    with centre.database.transaction() as db:
        nodes.add_node(db, raw(told["id"]), story["office"], raw(told["key"]), told["scopes"], 0)
        feed.open_scopes(db, told["scopes"])
    try:
        yield centre
    finally:
        centre.close()


def test_todays_centre_takes_every_push_that_was_ever_made(story: dict[str, Any], tmp_path: Path) -> None:
    with centre_that_knows(story, tmp_path) as centre:
        for one, (_, old) in zip(story["exchanges"], replies(story), strict=True):
            answer = envelope.peek(exchange(centre, raw(one["request"])), envelope.REPLY)
            now = protocol.decode_reply(answer.body)
            if old.refusal:
                continue  # this centre has not shut it out
            assert (now.refusal, now.ack, now.ack_hash) == ("", old.ack, old.ack_hash)
            assert (now.fork is None) == (old.fork is None)
        drain_inbox(centre)
        with centre.database.read() as db:
            verdicts = {row[0].hex(): row[1] for row in db.all("SELECT event, verdict FROM inbox_event")}
        # What only the old centre's own people did is not in the pushes: those events meet another state here.
        own = {name for name, verdict in story["verdicts"].items() if verdict in ("held", "quarantined")}
        assert {name: verdicts[name] for name in own} == {name: story["verdicts"][name] for name in own}
        assert verdicts.keys() == story["verdicts"].keys()


def rebuilt(story: dict[str, Any], folder: Path) -> Node:
    """Today's program with the identity of the story's office and its binding, before it wrote anything."""
    node = make_node(folder / story["office"], "office", story["office"])
    first = requests(story)[0][1]
    own = raw(story["node"]["id"])
    with node.database.transaction() as db:
        db.run(
            "UPDATE self_node SET node = ?, incarnation = ?, hash = ?, epoch = ? WHERE id = 1",
            own, first.incarnation, chain.genesis(own, first.incarnation), replies(story)[0][1].epoch,
        )  # fmt: skip
        upstream.bind(db, "http://127.0.0.1:1", raw(story["centre"]["id"]), raw(story["centre"]["key"]))
    return node


def written(story: dict[str, Any]) -> list[Event]:
    """What the office wrote, in order."""
    found = {
        item.first + at: opened.event
        for item in segments(story)
        for at, opened in enumerate(segment.open_segment(item))
    }
    assert sorted(found) == list(range(1, len(found) + 1))
    return [found[seq] for seq in sorted(found)]


def test_todays_node_takes_every_reply_that_was_ever_given(story: dict[str, Any], tmp_path: Path) -> None:
    node, events, seq = rebuilt(story, tmp_path), written(story), 0
    port = Port(node)
    for one, (what, asked), (_, reply) in zip(story["exchanges"], requests(story), replies(story), strict=True):
        if asked.tip_seq > seq:
            with node.database.transaction() as db:
                write_events(node, db, events[seq : asked.tip_seq])
            seq = asked.tip_seq
        data = raw(one["reply"])
        envelope.unseal(data, envelope.REPLY, port.verify)
        if what not in ("fork", "revoked"):
            port.ask()
            port.take(reply, protocol.unpack_page(reply), Answer(data, 0, len(data), 0.01))
    assert confirmed(node, story["held"]) == lasting(story["held"])
    with node.database.read() as db:
        verdicts = {row[0].hex(): row[1] for row in db.all("SELECT event, verdict FROM journal")}
    node.close()
    assert verdicts == {name: story["verdicts"][name] for name in verdicts}
    assert len(verdicts) == len(events)


def test_refusals_of_old_say_what_they_said(story: dict[str, Any]) -> None:
    told = dict(replies(story))
    assert told["revoked"].refusal == "revoked"
    assert told["fork"].fork is not None


@pytest.mark.parametrize("kind", [Request, Reply])
def test_an_older_peer_skips_what_was_appended_later(kind: type[msgspec.Struct], story: dict[str, Any]) -> None:
    """A struct that lacks any number of the last fields reads what is said to it."""
    fields = msgspec.structs.fields(kind)
    least = sum(one.required for one in fields)
    column, sort = ("request", envelope.REQUEST) if kind is Request else ("reply", envelope.REPLY)
    bodies = [envelope.peek(raw(one[column]), sort).body for one in story["exchanges"]]
    for known in range(least, len(fields)):
        shape = [(one.name, Any) if one.required else (one.name, Any, None) for one in fields[:known]]
        older = msgspec.defstruct("Older", shape, array_like=True)
        for body in bodies:
            read = msgspec.msgpack.decode(body, type=older)
            told = msgspec.msgpack.decode(body)[:known]
            assert [getattr(read, one.name) for one in fields[: len(told)]] == told


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Province]:
    """A centre with one office."""
    with province(tmp_path / "town", "0380") as made:
        yield made


def test_a_field_that_an_old_node_does_not_know_survives_it(town: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old node, new centre, old node (18)."""
    found = town.record("0380")
    town.sync()
    with monkeypatch.context() as newer:
        newer.setitem(limits.OPEN_FIELDS, "colour", limits.text(20))  # type: ignore[arg-type]
        set_ = {"set": {"colour": "đỏ"}, "was": {"colour": "74234e98afe7498f"}}
        journal_event(town.centre, town.actor("1022"), "report.amended", found.id, set_)
        assert town.seen("1022", found)["colour"] == "đỏ"
    town.sync()
    town.amend("0380", found, village="Thôn 1")
    assert town.seen("0380", found)["colour"] == "đỏ"
    town.sync()
    assert (town.seen("1022", found)["colour"], town.seen("1022", found)["village"]) == ("đỏ", "Thôn 1")
    assert town.seen("0380", found) == town.seen("1022", found)


def test_what_an_event_says_that_this_version_does_not_know_is_kept_as_it_came(town: Province) -> None:
    found = town.record("0380")
    event = journal_event(town.node("0380"), town.actor("0380"), "report.noted", found.id, {"text": "a", "mood": 3}, 2)
    town.sync()
    with town.centre.database.read() as db:
        raws = db.one("SELECT verdict, open FROM verdict_feed WHERE event = ?", event.id)
    assert raws is not None and (raws[0], json.loads(raws[1])) == ("held", {"text": "a", "mood": 3})
