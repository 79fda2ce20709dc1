"""waiting: bounds, pauses, what is shown meanwhile, and which errors end a wait."""

from __future__ import annotations

from typing import Any, cast

import pytest
from pulumi_connect_domains.model.errors import AccessDenied, AwsError, NoAnswer, NotFound, Throttled
from pulumi_connect_domains.model.resource_type import Clock
from pulumi_connect_domains.model.schema import Bound
from pulumi_connect_domains.operations.call import Call, Host
from pulumi_connect_domains.operations.reading import Waited, bound, wait
from pulumi_connect_domains.registry import resource_types

WAITING = resource_types()["voiceid"]
LIMIT = Bound(seconds=20, poll_from_seconds=1, poll_to_seconds=5)


class Scene:
    """A call whose clock moves only in `sleep`, a host that keeps what it shows, and the answers of the looks to come."""

    def __init__(self, *answers: str | AwsError, timeout_seconds: float | None = None) -> None:
        self.answers = list(answers)
        self.passed = 0.0
        self.shown: list[str] = []
        clock = Clock(monotonic=lambda: self.passed, sleep=self.sleep)
        host = Host(clock, progress=lambda urn, text: self.shown.append(text))
        self.call = Call(cast(Any, None), WAITING, host, timeout_seconds=timeout_seconds)

    def sleep(self, seconds: float) -> None:
        self.passed += seconds

    def look(self) -> dict[str, object]:
        answer = self.answers.pop(0) if self.answers else "PENDING"
        if isinstance(answer, AwsError):
            raise answer
        return {"status": answer}

    def wait(self, first: str = "PENDING") -> Waited:
        def pending(live: dict[str, object]) -> str:
            return "PENDING" if live["status"] == "PENDING" else ""

        return wait(self.call, LIMIT, "the thing", {"status": first}, pending, self.look)


def test_what_is_ready_is_not_waited_for() -> None:
    scene = Scene()
    assert scene.wait("READY") == Waited({"status": "READY"})
    assert (scene.passed, scene.shown) == (0, [])


def test_pauses_grow_up_to_the_longest() -> None:
    scene = Scene("PENDING", "PENDING", "PENDING", "PENDING", "READY")
    assert scene.wait() == Waited({"status": "READY"})
    assert scene.shown == [f"waiting for the thing: PENDING, for {seconds} s already" for seconds in (0, 1, 3, 7, 12)]
    assert scene.passed == 17


def test_the_bound_is_kept_to_the_second() -> None:
    scene = Scene()
    assert scene.wait() == Waited({"status": "PENDING"}, "PENDING after 20 s")
    assert scene.passed == LIMIT.seconds


@pytest.mark.parametrize("error", [NoAnswer("lost"), Throttled("too fast")], ids=["no answer", "throttled"])
def test_an_error_that_says_nothing_of_the_thing_is_waited_out(error: AwsError) -> None:
    assert Scene(error, error, "READY").wait() == Waited({"status": "READY"})


@pytest.mark.parametrize("error", [AccessDenied("denied"), NotFound("gone")], ids=["access denied", "gone"])
def test_any_other_error_ends_the_wait_and_is_told(error: AwsError) -> None:
    scene = Scene("PENDING", error)
    assert scene.wait() == Waited({"status": "PENDING"}, str(error))
    assert scene.passed == 3


@pytest.mark.parametrize(("given", "seconds"), [(None, 120), (7.0, 7.0)], ids=["the schema's", "of custom_timeouts"])
def test_the_bound_comes_from_the_resource_or_else_from_its_schema(given: float | None, seconds: float) -> None:
    assert bound(Scene(timeout_seconds=given).call, "create") == Bound(seconds, 1, 10)


def test_an_answer_that_is_older_than_the_one_before_is_no_end() -> None:
    older, now = (
        {"status": status, "updated_at": f"2026-01-01T00:00:0{second}+00:00"}
        for status, second in (("READY", 1), ("PENDING", 2))
    )
    done = {**now, "status": "READY"}
    answers = [older, older, done]
    found = wait(
        Scene().call,
        LIMIT,
        "the thing",
        now,
        lambda live: "PENDING" if live is not done else "",
        lambda: answers.pop(0),
    )
    assert found == Waited(done)
