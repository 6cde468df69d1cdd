"""Commands act in somebody's name and may no more than that person's pages: an auditor reads and changes nothing."""

from __future__ import annotations

import pytest

from intake_app.cli.commands import commands

CHANGING = {
    "enrollment-code": ("--office", "0380"),
    "record": ("-",),
    "route": ("CODE", "--agency", "SYT"),
    "answer": ("CODE", "--text", "Xong"),
    "step": ("CODE", "verify"),
    "amend": ("CODE", "--set", "summary=Khác"),
    "send-back": ("CODE", "--reason", "Sửa"),
    "user": ("end", "quantri"),
}
# Nothing there to be refused about, or nothing that a person changes.
READING = {"conflicts", "refused", "sent-back", "status", "export", "verify", "doctor"}
OTHERS = {
    "serve": "starts the program",
    "demo": "an installation of its own",
    "init": "before anybody has an account",
    "nodes": "reads, or needs a computer: tests/actions/test_access.py",
    "enroll": "an office's; needs a centre",
    "import-csv": "the rules of record",
    "decide": "needs a conflict: tests/actions/test_access.py",
    "repair": "needs a refused entry: tests/actions/test_access.py",
    "dismiss": "needs a refused entry: tests/actions/test_access.py",
    "sync": "in nobody's name",
    "backup": "whoever has the machine has its files",
    "restore": "whoever has the machine has its files",
    "bench": "touches no installation",
    "test": "touches no installation",
}
LINE = '{"channel": "phone", "topic": "price_fraud", "summary": "Giá", "unit": "2021:14758"}\n'


def test_every_command_is_placed() -> None:
    assert sorted(commands()) == sorted({*CHANGING, *READING, *OTHERS})


@pytest.fixture
def audited(run, centre, recorded) -> str:
    """A centre with a report, an auditor and a node to be shut out; the code of the report."""
    run(centre, "user", "change", "quantri", "--role", "administrator", "--role", "operator")
    made = run(centre, "user", "add", "giamsat", "--name", "Giám sát", "--role", "auditor", "--password-stdin",
               stdin="một mật khẩu dài\n")  # fmt: skip
    assert made.status == 0
    return str(recorded(centre))


def test_an_auditor_changes_nothing_by_any_command(run, centre, audited) -> None:
    allowed = []
    for name, values in CHANGING.items():
        words = [audited if value == "CODE" else value for value in values]
        said = run(centre, name, *words, "--as", "giamsat", stdin=LINE)
        if said.status == 0 or "may not do this" not in said.err + said.out:
            allowed.append((name, said.status, said.err))
    assert allowed == []


@pytest.mark.parametrize("name", sorted(READING))
def test_an_auditor_reads_by_command_what_the_pages_show(run, centre, audited, name: str) -> None:
    assert run(centre, name, "--as", "giamsat").status == 0
