"""The stage that all tests here share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pulumi_connect_domains.testing import forking
from pulumi_local_engine.deploy import journal

from .stage import Stage, staged


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One for the whole run (for each worker of pytest-xdist)."""
    if not forking.is_possible():
        pytest.skip("processes are forked on Linux only")
    with pytest.MonkeyPatch.context() as patch, staged(tmp_path_factory.mktemp("model")) as made:
        patch.setattr(journal, "SAVE_AGAIN_SECONDS", (0.0,))
        yield made
