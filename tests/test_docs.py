"""docs/ leaves nothing out: every event kind, refusal code and folder has its place, and every example is what it says.

Commands and settings are held by test_command_docs.py, the words of closed sets by test_glossary.py.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forms.refusals import SAME_AS, SENTENCES
from forms.refusals_dispatch import RETIRED
from intake_app.cli.refusing import OWN_SENTENCES
from sync import reference
from sync.event import Event
from sync.ingest import KIND_VERSIONS, VERDICTS, judge

HOME = Path(__file__).resolve().parent.parent
DOCS = HOME / "docs"
# Where a code stands among the arguments of what raises or carries it.
CARRIERS = {
    "Refused": 0, "Problem": 0, "BadMessage": 0, "NoNetwork": 0, "Unwelcome": 0, "Invalid": 0, "BadSettings": 0,
    "MappingError": 0, "PortTaken": 0, "ChildFailed": 0, "Outcome": 2, "shape": 1, "_alarm": 1, "_refusal": 1, "_refuse": 2,
}  # fmt: skip
MADE_HERE = {"__pycache__", "build", "dist", "wheelhouse"}  # folders that no one wrote
FIRST = {
    "person": "person.added",
    "shift": "shift.handed_over",
    "article": "article.published",
    "routing_rule": "routing_rule.published",
    "calendar": "calendar.published",
    "deadline_rule": "deadline_rule.published",
    **{kind: f"{kind}.published" for kind in reference.TYPES},
}
NODE, PERSON = b"\1" * 16, b"\2" * 16


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def headings(name: str, level: str) -> list[str]:
    return re.findall(rf"^{level} (\S+)$", page(name), re.MULTILINE)


def section(name: str, heading: str) -> str:
    return page(name).split(f"\n## {heading}\n")[1].split("\n## ")[0]


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(kind: str) -> dict[str, Any]:
    found = re.search(r"^```json\n(.*?)^```", section("events.md", kind), re.MULTILINE | re.DOTALL)
    assert found is not None, f"no example of {kind}"
    return dict(json.loads(found[1]))


def event_of(kind: str, number: int) -> Event:
    parts, entity = example(kind), bytes([1]) * 16
    if kind in reference.KINDS and kind.endswith(".published"):
        entity = reference.id_of(reference.KINDS[kind], parts["open"][reference.KEY[reference.KINDS[kind]]])
    return Event(bytes([number]) * 16, kind, 1, entity, PERSON, 0, b"boot", 0, parts["open"], parts.get("private", {}))


def state_before(kind: str) -> dict[str, Any] | None:
    """A state on which the example stands: what its first event made, with what the kind needs besides."""
    first = FIRST.get(kind.split(".")[0], "report.recorded")
    if kind == first:
        return None
    state = judge(None, event_of(first, 1), NODE).state
    assert state is not None
    if kind == "report.resumed":
        return state | {"paused": {"reason": "Chờ"}}
    if kind == "report.query_settled":
        return state | {
            "queries": [{"id": example(kind)["open"]["query"], "by": "", "at": 0, "node": "", "reason": "Sửa"}]
        }
    if kind == "conflict.decided":
        opened = example(kind)["open"]
        row = {"id": opened["conflicts"][0], "field": opened["field"], "other": "Khác", "by": "", "at": 0, "node": ""}
        return state | {"conflicts": [row]}
    return state


def test_every_event_kind_has_its_heading() -> None:
    assert sorted(headings("events.md", "##")) == sorted(KIND_VERSIONS)


@pytest.mark.parametrize("kind", KIND_VERSIONS)
def test_every_example_of_an_event_is_applied(kind: str) -> None:
    before = state_before(kind)
    outcome = judge(before, event_of(kind, 2 if before else 1), NODE)
    assert (outcome.verdict, outcome.code, dict(outcome.params)) == ("applied", "", {})
    assert outcome.state != before


def test_every_verdict_is_explained() -> None:
    assert re.findall(r"^\| `(\w+)` \|", page("protocol.md"), re.MULTILINE) == list(VERDICTS)


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def codes_of(call: ast.Call) -> Iterator[str]:
    """The codes that a call carries; `"required" if … else "too_long"` carries two."""
    place = CARRIERS.get(name_of(call))
    if place is None or len(call.args) <= place:
        return
    for node in ast.walk(call.args[place]):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z0-9_]+", node.value):
            yield node.value


def codes_in_use() -> dict[str, str]:
    """Every code that the product raises, with the file that does."""
    found: dict[str, str] = {}
    for file in (file for room in ("sync", "intake_app", "forms") for file in (HOME / room).rglob("*.py")):
        calls = (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
        found |= {code: file.name for call in calls for code in codes_of(call)}
    return found


def test_every_refusal_code_has_its_heading_and_no_other_has() -> None:
    known = (
        codes_in_use()
        | dict.fromkeys(SENTENCES | RETIRED, "forms/refusals.py")
        | dict.fromkeys(OWN_SENTENCES, "refusing.py")
    )
    found = headings("errors.md", "###")
    assert {code: file for code, file in known.items() if code not in found} == {}
    assert [code for code in found if code not in known] == []
    assert len(found) == len(set(found))


def test_every_refusal_code_has_its_words() -> None:
    worded = SENTENCES.keys() | SAME_AS.keys() | OWN_SENTENCES.keys()
    assert {code: file for code, file in codes_in_use().items() if code not in worded} == {}


# ── folders and decisions ────────────────────────────────────────────────────────────────────────────────────────────


def inside(folder: Path) -> list[Path]:
    found = [one for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")]
    return [one for one in found if one.name not in MADE_HERE and one.suffix != ".egg-info"]


def folders() -> set[str]:
    """The folders of the tree, and those of the product and the tests one level down."""
    deep = [one for name in ("intake_app", "tests") for one in inside(HOME / name)]
    return {one.relative_to(HOME).as_posix() for one in [*inside(HOME), *deep]}


def test_every_folder_is_in_the_folder_guide() -> None:
    text = page("codebase.md")
    assert sorted(name for name in folders() if f"`{name}/`" not in text) == []


def test_every_path_the_folder_guide_names_is_there() -> None:
    named = re.findall(r"`((?:intake_app|forms|sync|tests|tools|docs)/[\w/.\-]+)`", page("codebase.md"))
    assert [path for path in named if not (HOME / path).exists()] == []


def test_decisions_are_numbered_on_and_say_how_they_stand() -> None:
    files = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(file.name[:4])}. ") and re.search(
            r"^Date: \d{4}-\d\d-\d\d\. Status: ", text, re.M
        )
        assert re.findall(r"^## (\w+)$", text, re.M) == ["Context", "Options", "Decision", "Consequences"]


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for file in DOCS.rglob("*.md"):
        links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
        broken += [f"{file.name}: {link}" for link in links if "://" not in link and not (file.parent / link).exists()]
    assert broken == []
