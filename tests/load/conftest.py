"""Where hosts of these tests come from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_connect_domains.testing import forking
from pulumi_local_engine.provider.hosts import Spawn

from ..model.stage import host_forks

PRELOADED = Path(__file__).parent / "preloaded"
SCALE = 20.0
"""How many times faster the clock of AWS and of the hosts runs, where a test of quotas asks for it."""


@pytest.fixture(scope="session", autouse=True)
def _forks() -> None:
    if not forking.is_possible():
        pytest.skip("processes are forked, and looked at, on Linux only")


@pytest.fixture(scope="session")
def spawn() -> Iterator[Spawn]:
    """Starts hosts that wait for nothing, or whose clock runs faster (`scaled`), and that can say what they hold (`figures`)."""
    forks = host_forks(PRELOADED)
    yield forks.spawn
    forks.close()
