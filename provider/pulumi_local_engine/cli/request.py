"""What one command line asks for: the engine's Options, and what the command itself needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..deploy.options import Kind, Options


@dataclass(frozen=True)
class Request:
    """The values of one command line. The names are those that operations.py declares them under."""

    options: Options
    yes: bool = False
    skip_preview: bool = False
    preview_only: bool = False
    expect_no_changes: bool = False
    remove: bool = False
    as_json: bool = False
    diff: bool = False
    debug: bool = False
    show_sames: bool = False
    show_replacement_steps: bool = False
    suppress_outputs: bool = False
    suppress_progress: bool = False
    event_log: str | None = None
    config: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    client: str | None = None
    exec_kind: str = "cli"

    @classmethod
    def of(cls, kind: Kind, values: Mapping[str, Any]) -> Request:
        """The values by their names: those of the engine's Options, and the rest."""
        of_engine = {each.name for each in dataclasses.fields(Options)}
        options = Options(kind, **{name: value for name, value in values.items() if name in of_engine})
        return cls(options, **{name: value for name, value in values.items() if name not in of_engine})

    @property
    def noun(self) -> str:
        """What the run is called: update, refresh, destroy, import."""
        return "update" if self.options.kind == "up" else self.options.kind
