"""The benchmarks, which are no part of the package."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a module of the benchmarks."""
    monkeypatch.syspath_prepend(Path(__file__).parents[3])

    def module(name: str) -> ModuleType:
        return importlib.import_module(f"benchmarks.{name}")

    return module
