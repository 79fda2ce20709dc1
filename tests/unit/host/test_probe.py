"""The probe of the provider host: all means work in the real one, and each one that is broken there is found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pulumi_connect_domains.host import probe

NAMES = ["call", "warnings", "errors", "partial-failures", "detailed-diffs"]


def works(seconds: float = 60) -> dict[str, bool]:
    return {mean.name: mean.works for mean in probe.means(seconds)}


def test_every_means_works_in_the_host_of_the_pinned_sdk() -> None:
    assert works() == dict.fromkeys(NAMES, True)


BROKEN = {
    "call": "context.current = lambda: context.HostCall()",
    "errors": "context.shorten_errors = lambda: None",
    "warnings": "context.show_log = lambda: None",
    "partial-failures": "context._provider_text = lambda request: None",
    "detailed-diffs": "context.allow_detailed_diffs = lambda: None",
}
"""What makes each means fall back silently, as it does where another version of the host differs."""


@pytest.fixture
def sabotaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Host processes run this line first: Python imports `sitecustomize` when it starts."""
    lines = ["import sys", "if 'pulumi.dynamic' in ' '.join(sys.orig_argv):"]
    lines += [f"    {each}" for each in ("from pulumi_connect_domains.host import context", *request.param)]
    (tmp_path / "sitecustomize.py").write_text("\n".join(lines))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.parametrize(
    ("sabotaged", "name"),
    [pytest.param([line], name, id=name) for name, line in BROKEN.items()],
    indirect=["sabotaged"],
)
def test_a_means_that_falls_back_silently_is_found(sabotaged: None, name: str) -> None:
    found = works()
    assert found[name] is False
    # Without the call there is no URN to warn about, and no context for a partial failure.
    depends = {"warnings", "partial-failures"} if name == "call" else set()
    assert {each for each in NAMES if not found[each]} == {name, *depends}


@pytest.mark.parametrize("sabotaged", [["raise SystemExit('no such host')"]], indirect=True)
def test_a_host_that_does_not_start_is_said(sabotaged: None) -> None:
    with pytest.raises(probe.HostDown, match="the host does not start: "):
        probe.means(60)


@pytest.mark.parametrize("sabotaged", [["import time; time.sleep(60)"]], indirect=True)
def test_a_host_that_hangs_is_ended(sabotaged: None) -> None:
    with pytest.raises(probe.HostDown, match="the host does not start"):
        probe.means(0.5)


@pytest.mark.parametrize(
    "sabotaged", [["context.shorten_errors = lambda: __import__('time').sleep(60)"]], indirect=True
)
def test_a_host_that_does_not_answer_is_said(sabotaged: None) -> None:
    with pytest.raises(probe.HostDown, match="gave no answer in time"):
        probe.means(3)


def test_the_python_of_this_process_is_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'No module named pulumi' >&2; exit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(probe.HostDown, match="the host does not start: No module named pulumi"):
        probe.means(10)
