"""The local engine's shape: its rooms import one way, it imports nothing of the provider, and it stays small."""

from __future__ import annotations

from pathlib import Path

import pulumi_local_engine
import pytest

from .modules import Package

ENGINE = Package(Path(pulumi_local_engine.__file__).parent)
ROOMS = ("version", "model", "provider", "deploy", "program", "store", "cli")
"""Each may import those before it."""
CEILING = 6400
"""Lines in all Python files together. It is there to be lowered. Native providers have 400 of them."""


def test_imports_go_one_way() -> None:
    assert ENGINE.forbidden({"": set(), **{room: set(ROOMS[:place]) for place, room in enumerate(ROOMS)}}) == []


def test_there_is_no_import_in_a_circle() -> None:
    assert ENGINE.circles == {}


def test_it_imports_nothing_of_the_provider() -> None:
    assert [str(module) for module in ENGINE.modules.values() if module.uses("pulumi_connect_domains")] == []


def test_the_command_line_and_the_settings_are_known_to_the_outer_rooms_alone() -> None:
    importers = {
        library: {module.room for module in ENGINE.modules.values() if module.uses(library)}
        for library in ("click", "ruamel", "grpc")
    }
    assert importers == {"click": {"cli"}, "ruamel": {"store"}, "grpc": {"provider", "program", "cli"}}


def test_it_stays_small(capsys: pytest.CaptureFixture[str]) -> None:
    lines = {str(module): len(module.path.read_text().splitlines()) for module in ENGINE.modules.values()}
    with capsys.disabled():
        print(f"the local engine has {sum(lines.values())} lines in {len(lines)} modules; the ceiling is {CEILING}")
    assert sum(lines.values()) <= CEILING, sorted(lines.items(), key=lambda each: -each[1])[:10]
