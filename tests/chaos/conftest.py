"""The stage that all tests here share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pulumi_connect_domains.testing import forking

from ..model.stage import Stage
from . import table


@pytest.fixture(scope="package")
def stage() -> Iterator[Stage]:
    if not forking.is_possible():
        pytest.skip("processes are forked on Linux only")
    with table.stage() as made:
        yield made
