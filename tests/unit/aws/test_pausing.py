"""aws: pauses, which a host that the engine can cancel ends early, and no other."""

from __future__ import annotations

import threading
import time
import types
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import pausing
from pulumi_connect_domains.model.errors import Cancelled


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    pausing.reset()


def test_a_pause_ends_when_the_run_is_cancelled() -> None:
    aws.allow_cancelling()
    threading.Timer(0.05, aws.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled, match="the run was cancelled"):
        aws.pause(30)
    assert time.monotonic() - began < 20
    with pytest.raises(Cancelled):
        aws.pause(0)


def test_a_process_that_nobody_can_cancel_pauses_to_the_end() -> None:
    aws.cancel()
    began = time.monotonic()
    aws.pause(0.05)
    assert time.monotonic() - began >= 0.05


def test_a_library_s_pauses_end_too_and_the_rest_of_its_clock_is_as_it_was() -> None:
    library: Any = types.SimpleNamespace(time=time)
    pausing.take_over(library)
    assert library.time is time
    aws.allow_cancelling()
    pausing.take_over(library)
    aws.cancel()
    with pytest.raises(Cancelled):
        library.time.sleep(30)
    assert library.time.monotonic() <= time.monotonic()
