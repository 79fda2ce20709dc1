"""aws: pauses, which a host that the engine can cancel ends early, and no other."""

from __future__ import annotations

import importlib.util
import threading
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import limiter, pausing
from pulumi_connect_domains.aws.limiter import Pace
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


@pytest.mark.parametrize("limit", ["pace", "adaptive mode"])
def test_a_wait_for_a_turn_ends_when_the_run_is_cancelled(limit: str) -> None:
    """Both let a call start when the earlier ones allow it, which may take half a minute."""
    aws.allow_cancelling()
    wait: Callable[[], object]
    if limit == "pace":
        pace = Pace()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(limiter, "FIRST_INTERVAL_SECONDS", 30.0)
            pace.throttled()
        wait = pace.wait
    else:
        library = module_of("botocore.retries.bucket")
        pausing.take_over(library)
        bucket = library.TokenBucket(max_rate=1 / 30, clock=library.Clock(), min_rate=1 / 30)
        wait = bucket.acquire
    threading.Timer(0.05, aws.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled, match="the run was cancelled"):
        wait()
    assert time.monotonic() - began < 20


def test_a_condition_that_is_met_ends_its_wait_as_before() -> None:
    aws.allow_cancelling()
    library: Any = types.SimpleNamespace(threading=threading)
    pausing.take_over(library)
    assert library.threading.current_thread() is threading.current_thread()
    met, condition = [], library.threading.Condition()

    def meet() -> None:
        with condition:
            met.append(True)
            condition.notify()

    threading.Timer(pausing.LOOK_SECONDS * 2, meet).start()
    with condition:
        assert condition.wait_for(lambda: met, timeout=20)


def module_of(name: str) -> Any:
    """A copy of the module, so that the one that others use stays as it is."""
    spec = importlib.util.find_spec(name)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
