"""docs/commands.md and docs/settings.md leave nothing out, and their examples are understood."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from intake_app.cli import command_parser, read_call
from intake_app.cli.commands import commands
from intake_app.config import SETTING_NAMES, check_setting

DOCS = Path(__file__).resolve().parent.parent / "docs"
COMMANDS = (DOCS / "commands.md").read_text(encoding="utf-8")
SETTINGS = (DOCS / "settings.md").read_text(encoding="utf-8")


def headings(text: str) -> list[str]:
    return re.findall(r"^## (\S+)$", text, re.MULTILINE)


def examples() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", COMMANDS, re.MULTILINE | re.DOTALL)
    return [line.split("run.py ", 1)[1] for block in blocks for line in block.splitlines() if "run.py " in line]


def test_every_command_has_its_heading_in_order():
    assert headings(COMMANDS) == list(commands())


def test_every_setting_has_its_heading():
    assert headings(SETTINGS) == list(SETTING_NAMES)


@pytest.mark.parametrize("name", commands())
def test_every_option_of_a_command_is_named(name):
    part = COMMANDS.split(f"\n## {name}\n")[1].split("\n## ")[0] + COMMANDS.split("\n## ")[0]
    options = command_parser(name)[0]._option_string_actions
    assert [option for option in options if option.startswith("--") and option not in part] == []


@pytest.mark.parametrize("example", examples())
def test_every_example_is_understood(example):
    assert read_call(shlex.split(example)).name == example.split()[0]


def test_example_of_the_settings_is_understood():
    example = tomllib.loads(SETTINGS.split("```toml\n")[1].split("```")[0])
    for key, value in example.items():
        check_setting(key, value, "docs/settings.md")
