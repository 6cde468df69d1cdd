"""A node and its centre from the command line, over real HTTP."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest

from intake_app.config import load_settings
from intake_app.serve import Stop, serve, with_place
from tests.cli.conftest import LINE, as_lines

COUNTS = {"sent", "received", "waiting", "refused", "conflicts", "requests", "bytes_up", "bytes_down"}
WAIT_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def url(centre):
    """The address of a centre that serves."""
    stop, told = Stop(), []
    listening = threading.Event()
    settings = with_place(load_settings(centre), None, free_port())

    def tell(started):
        told.append(started.address)
        listening.set()

    thread = threading.Thread(target=lambda: serve(settings, tell=tell, open_browser=False, stop=stop))
    thread.start()
    assert listening.wait(WAIT_SECONDS)
    yield told[0]
    stop.set()
    thread.join(WAIT_SECONDS)


@pytest.fixture
def enrolled(run, centre, office, url) -> Path:
    """An office that is bound to the centre."""
    code = run(centre, "enrollment-code", "--office", "0380", "--json").json["code"]
    assert run(office, "enroll", "--central", url, "--code", code).status == 0
    return office


def lines_of(said) -> dict[str, dict]:
    return {line["source_id"]: line for line in map(json.loads, said.out.splitlines())}


def test_code_is_letters_and_digits_only(run, centre):
    code = run(centre, "enrollment-code", "--office", "0380", "--unit", "2021:14758", "--json").json["code"]
    assert code.isalnum() and run(centre, "enrollment-code", "--office", "0380").out.strip().isalnum()


def test_wrong_code_office_or_role_is_one_sentence(run, centre, office, url):
    wrong = run(office, "enroll", "--central", url, "--code", "NOSUCHCODE")
    assert (wrong.status, wrong.err.count("\n")) == (2, 1) and "does not know" in wrong.err
    other = run(centre, "enrollment-code", "--office", "0381", "--json").json["code"]
    assert "0381" in run(office, "enroll", "--central", url, "--code", other).err
    assert run(office, "enrollment-code", "--office", "0380").status == 2
    assert run(centre, "enrollment-code", "--office", "9999").status == 2


@pytest.mark.parametrize(("address", "named"), [("http://10.0.0.1", "https"), ("ftp://x", "address"), ("x", "address")])
def test_address_that_cannot_be_a_centre_is_refused(run, office, address, named):
    said = run(office, "enroll", "--central", address, "--code", "X")
    assert said.status == 2 and named in said.err


def test_report_arrives_and_its_answer_comes_back(run, centre, enrolled):
    run(enrolled, "record", "-", stdin=as_lines(LINE | {"source_id": "a-1"}))
    said = run(enrolled, "sync", "--json")
    assert said.status == 0 and said.json.keys() == COUNTS
    assert said.json["sent"] >= 1 and said.json["waiting"] == 0
    line = lines_of(run(centre, "export", "--format", "jsonl"))["a-1"]
    run(centre, "route", line["tracking_code"], "--agency", "STTTT")
    run(centre, "answer", line["tracking_code"], "--text", "Đã xử lý.")
    assert run(enrolled, "sync").status == 0
    back = lines_of(run(enrolled, "export", "--format", "jsonl"))["a-1"]
    assert (back["answer"], back["status"]) == ("Đã xử lý.", "answered") and back["version"] is not None


def test_two_values_unseen_by_each_other_are_decided_by_a_person(run, centre, enrolled):
    run(enrolled, "record", "-", stdin=as_lines(LINE | {"source_id": "a-1"}))
    run(enrolled, "sync")
    code = lines_of(run(centre, "export", "--format", "jsonl"))["a-1"]["tracking_code"]
    run(centre, "amend", code, "--set", "address=Ngõ 5")
    run(enrolled, "amend", code, "--set", "address=Ngõ 7")
    assert run(enrolled, "sync", "--json").json["conflicts"] == 1
    (row,) = run(centre, "conflicts", "--json").json["conflicts"]
    assert (row["field"], row["current"], row["other"], row["tracking_code"]) == ("address", "Ngõ 5", "Ngõ 7", code)
    assert "now: Ngõ 5" in run(centre, "conflicts").out
    assert run(centre, "decide", row["id"], "--keep", "other").status == 0
    assert run(centre, "conflicts", "--json").json["conflicts"] == []
    assert lines_of(run(centre, "export", "--format", "jsonl"))["a-1"]["address"] == "Ngõ 7"
    assert run(centre, "decide", row["id"], "--keep", "other").status == 2


def test_without_a_network_everything_is_kept_and_the_status_says_so(run, enrolled, url, monkeypatch):
    run(enrolled, "record", "-", stdin=as_lines(LINE))
    monkeypatch.setattr("socket.socket.connect", lambda *_: (_ for _ in ()).throw(OSError("no network")))
    said = run(enrolled, "sync", "--json")
    assert said.status == 3 and said.json["waiting"] == 2 and "kept" in said.err
    assert run(enrolled, "status", "--json").json["waiting"] == 2


def test_node_without_a_centre_says_so(run, office):
    said = run(office, "sync")
    assert said.status == 2 and "not connected" in said.err


def test_centre_itself_has_nothing_to_send(run, centre):
    assert run(centre, "sync", "--json").json["sent"] == 0
