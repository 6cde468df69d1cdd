"""Arguments: one sentence for each mistake, general options on either side of the command."""

from __future__ import annotations

import pytest

from intake_app.cli import command_parser, main, read_call
from intake_app.cli.commands import commands
from intake_app.cli.parsing import split_command

MISTAKES = {
    "nothing-like-it": "nothing-like-it",
    "init --role boss": "boss",
    "init": "--role",
    "record": "FILE",
    "record a b": "b",
    "serve --port": "--port",
    "serve --port 99999": "99999",
    "serve --colour red": "--colour",
    "demo --no-browser=yes": "--no-browser",
    "decide x --keep both": "both",
    "decide x --keep other --value 3": "--value",
    "decide x": "--keep",
    "step 038040277158 fly": "fly",
    "user dance": "dance",
    "export --format pdf": "pdf",
}


@pytest.mark.parametrize(("typed", "named"), MISTAKES.items())
@pytest.mark.parametrize("language", ["vi", "en"])
def test_mistake_is_told_in_one_sentence_that_names_it(typed, named, language, capsys, monkeypatch):
    monkeypatch.setenv("INTAKE_LANG", language)
    assert main(typed.split()) == 2
    said = capsys.readouterr()
    assert named in said.err and said.err.count("\n") == 1 and said.out == ""
    assert "usage" not in said.err and "Traceback" not in said.err


@pytest.mark.parametrize("name", commands())
def test_every_command_has_its_help(name, capsys):
    assert main([name, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"run.py {name}" in said and "--instance" in said


def test_help_lists_every_command(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert [name for name in commands() if f"\n  {name} " not in said] == []


@pytest.mark.parametrize(
    "argv",
    [
        ["--instance", "x", "--as", "b", "--json", "status"],
        ["status", "--instance", "x", "--as", "b", "--json"],
        ["--instance=x", "status", "--as=b", "--json"],
    ],
)
def test_general_options_stand_before_or_after_the_command(argv):
    call = read_call(argv)
    assert (call.name, str(call.values.instance), call.values.as_user, call.json) == ("status", "x", "b", True)


def test_no_command_means_serve():
    assert read_call([]).name == "serve"
    assert read_call(["--port", "9000", "--no-browser"]).values.port == 9000


def test_name_of_an_instance_is_not_taken_for_a_command():
    assert split_command(["--instance", "status", "doctor"]) == ("doctor", ["--instance", "status"])


def test_code_may_be_typed_in_groups():
    parser, _ = command_parser("step")
    values = parser.parse(["0380", "4027", "7158", "close", "--how", "gọi điện"])
    assert (values.code, values.step) == (["0380", "4027", "7158"], "close")


def test_mistake_with_json_is_one_object(capsys):
    import json

    assert main(["record", "--json"]) == 2
    assert "FILE" in json.loads(capsys.readouterr().out)["error"]
