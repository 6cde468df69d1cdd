"""One call of a command: its values, the node it works on and the person in whose name."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from intake_app.actions.act_as import act_as
from intake_app.actions.note_broken_promise import note_broken_promise
from intake_app.actor import Actor
from intake_app.cli.parsing import WrongUse
from intake_app.config import Settings, default_instance, load_settings
from intake_app.node import Node, open_node
from intake_app.words import gettext as _
from sync.errors import BrokenPromise


@dataclass(frozen=True)
class Call:
    """A command with its values, ready to run."""

    name: str
    values: argparse.Namespace
    run_command: Callable[[Call], int]

    def run(self) -> int:
        """Runs the command and gives its exit status."""
        return self.run_command(self)

    @property
    def json(self) -> bool:
        """Whether exactly one JSON object is wanted on stdout."""
        return self.values.json

    @cached_property
    def instance(self) -> Path:
        """The folder of the node this call is about."""
        return (self.values.instance or default_instance()).expanduser().absolute()

    @cached_property
    def settings(self) -> Settings:
        """The settings of the node; a refusal where nothing is set up."""
        settings = load_settings(self.instance)
        if settings.role is None:
            raise WrongUse(
                _("Nothing is set up in %(folder)s yet. Start it once (run.py serve) or use run.py init.",
                  folder=self.instance)
            )  # fmt: skip
        return settings

    @contextmanager
    def node(self) -> Iterator[Node]:
        """The open node, closed again whatever happens."""
        node = open_node(self.settings)
        try:
            yield node
        except BrokenPromise as problem:
            note_broken_promise(node, problem)
            raise
        finally:
            node.close()

    @contextmanager
    def acting(self) -> Iterator[tuple[Node, Actor]]:
        """The open node and the person who acts: --as, or the first administrator."""
        with self.node() as node:
            yield node, act_as(node, self.values.as_user, self.name)
