"""Where hosts of these tests come from."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_connect_domains.testing import forking
from pulumi_local_engine.provider.hosts import Spawn

from ..model.stage import host_forks

PRELOADED = Path(__file__).parent / "preloaded"
SCALE = 20.0
"""How many times faster the clock of AWS and of the hosts runs, where a test of quotas asks for it."""

IS_ALONE = "TESTS_LOAD_ALONE"
"""Set where a process runs one test alone."""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test with the mark `alone` measures this process. So it runs in a new one, where no test before it has left threads or caches."""
    if pyfuncitem.get_closest_marker("alone") is None or IS_ALONE in os.environ:
        return None
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    if engine := pyfuncitem.config.getoption("--pulumi-engine"):
        environment["PULUMI_ENGINE"] = engine
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-n", "0", "-p", "no:cacheprovider", pyfuncitem.nodeid]
    ended = subprocess.run(
        command,
        cwd=pyfuncitem.config.rootpath,
        env={**environment, IS_ALONE: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    print(ended.stdout, ended.stderr)
    if ended.returncode or "1 passed" not in ended.stdout:
        pytest.fail("its process has printed why, above", pytrace=False)
    return True


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
