"""What the tests of secrets share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .saying import Said, heard_all


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[Said]:
    """What is said in this test, by errors, warnings, progress and the log of calls."""
    with heard_all(monkeypatch) as heard:
        yield heard
