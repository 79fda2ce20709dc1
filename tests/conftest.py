"""What all tests share: golden files, and the one flag that rewrites them."""

from __future__ import annotations

import gc
import logging
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi_connect_domains
import pytest
from hypothesis import settings
from pulumi_connect_domains.testing import pickler_as_it_was

from .natives import host as host  # a fixture for all tests

settings.register_profile("no deadline", deadline=None)  # on a busy machine an example may take any time
settings.load_profile("no deadline")

GOLDEN = Path(__file__).parent / "golden"


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it runs in the background with Ctrl-C ignored, and the processes of tests would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """The tests themselves, and what they import, are millions of objects. No later collection of garbage looks at them again."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden", action="store_true", help="golden files become what the tests get; look at the difference"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Compares a text with the golden file of that name: `golden("drift/report.md", text)`.

    In the test, this package has the version of the golden files: each commit has another one.
    """
    monkeypatch.setattr(pulumi_connect_domains, "__version__", "0.1.0", raising=False)

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--rewrite-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"there is no {path}; `pytest --rewrite-golden` makes it"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(autouse=True)
def _pickler_as_it_was() -> Iterator[None]:
    with pickler_as_it_was():
        yield


@pytest.fixture(autouse=True)
def _log_of_calls_as_it_was() -> Iterator[None]:
    """A provider that a test configures logs every call from then on; pytest keeps each line of the tests after it."""
    log = logging.getLogger("pulumi_connect_domains.aws")
    before = (list(log.handlers), log.level, log.propagate)
    yield
    log.handlers[:], level, log.propagate = before
    log.setLevel(level)
