"""An event's bytes never change once a version that writes them has shipped."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import chain
from sync.errors import BrokenPromise
from sync.event import NO_PART, Event, EventBytes, canonical, from_bytes, new_id, size, to_bytes

GOLDEN = json.loads((Path(__file__).parent.parent / "data" / "golden_events.json").read_text(encoding="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def golden_event(one: dict[str, Any]) -> Event:
    ids = {name: bytes.fromhex(one[name]) for name in ("id", "entity", "actor", "boot")}
    rest = {name: one[name] for name in ("kind", "version", "at_ms", "mono_ms", "open", "private")}
    return Event(**ids, **rest)


@pytest.mark.parametrize("one", GOLDEN["events"], ids=lambda one: one["what"])
def test_the_bytes_of_golden_events_never_change(one: dict[str, Any]) -> None:
    raw = to_bytes(golden_event(one))
    assert [part.hex() for part in raw] == one["bytes"]
    assert from_bytes(raw) == golden_event(one)
    assert chain.payload_hash(raw).hex() == one["payload_hash"]


def test_the_chain_over_golden_events_never_changes() -> None:
    before = chain.genesis(bytes.fromhex(GOLDEN["node"]), bytes.fromhex(GOLDEN["incarnation"]))
    hashes = [before.hex()]
    for one in GOLDEN["events"]:
        before = chain.link(before, to_bytes(golden_event(one)))
        hashes.append(before.hex())
    assert hashes == GOLDEN["hashes"]


@given(JSON)
def test_canonical_json_is_spelled_as_the_standard_library_spells_it(value: Any) -> None:
    spelled = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if "\x7f" not in spelled:
        assert canonical(value) == spelled.encode()


@given(st.dictionaries(st.text(), JSON), st.dictionaries(st.text(), JSON))
def test_an_event_of_any_content_comes_back_from_its_bytes(opened: dict[str, Any], private: dict[str, Any]) -> None:
    event = Event(b"i" * 16, "report.noted", 1, b"e" * 16, b"a" * 16, -1, b"boot", 2**40, opened, private)
    assert from_bytes(to_bytes(event)) == event


def test_an_event_without_a_private_part_says_so_in_two_bytes() -> None:
    raw = to_bytes(golden_event(GOLDEN["events"][0])._replace(private={}))
    assert raw.private == NO_PART
    assert size(raw) == len(raw.header) + len(raw.open) + 2


@pytest.mark.parametrize(
    "raw",
    [
        EventBytes(b"", b"{}", b"{}"),
        EventBytes(b"\x02" + bytes(70) + b"kind", b"{}", b"{}"),
        EventBytes(b"\x01" + bytes(70) + b"\xff", b"{}", b"{}"),
        EventBytes(b"\x01" + bytes(70) + b"kind", b"[]", b"{}"),
        EventBytes(b"\x01" + bytes(70) + b"kind", b"{}", b"{"),
    ],
)
def test_what_is_no_event_is_refused(raw: EventBytes) -> None:
    with pytest.raises(ValueError, match="."):
        from_bytes(raw)


def test_two_events_that_differ_in_one_part_have_different_hashes() -> None:
    raw = to_bytes(golden_event(GOLDEN["events"][0]))
    others = [raw._replace(header=raw.header + b"x"), raw._replace(open=b"{}"), raw._replace(private=b'{"a":1}')]
    assert len({chain.link(b"", one) for one in [raw, *others]}) == 4


def test_an_erased_private_part_leaves_the_chain_verifiable_by_its_hash() -> None:
    raw = to_bytes(golden_event(GOLDEN["events"][0]))
    kept = sha256(raw.private).digest()
    assert chain.link(b"b", raw) == sha256(b"b" + raw.header + sha256(raw.open).digest() + kept).digest()


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_a_new_id_is_a_version_7_uuid_of_its_moment(now_ms: int, random: bytes) -> None:
    made = new_id(now_ms, lambda count: random)
    assert (len(made), made[6] >> 4, made[8] >> 6) == (16, 7, 2)
    assert int.from_bytes(made[:6], "big") == now_ms


def test_a_source_of_entropy_that_runs_dry_is_our_bug() -> None:
    with pytest.raises(BrokenPromise):
        new_id(0, lambda count: b"")
