"""All checks together: their order, time limits, what is skipped for want of another, and mistakes of this program."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.doctor import here, host, plugin, versions
from pulumi_connect_domains.doctor.examination import OFFLINE, Examination
from pulumi_connect_domains.doctor.here import Wanted
from pulumi_connect_domains.doctor.model import Check, Report
from pulumi_connect_domains.host import probe
from pulumi_connect_domains.local.aws import LocalAws

NAMES = [
    "python", "pulumi-sdk", "boto3", "other-packages", "pulumi-cli",
    "host", "host-call", "host-warnings", "host-errors", "host-partial-failures", "host-detailed-diffs", "native-plugin",
    "configuration", "region", "credentials", "account", "clock",
    "endpoint-customerprofiles", "service-customerprofiles", "endpoint-voiceid", "service-voiceid",
]  # fmt: skip
"""They stand in people's scripts, so none of them may ever change."""


@pytest.fixture(autouse=True)
def _surroundings(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(host, "checks", lambda seconds: [Check(name, "ok", "works") for name in host.NAMES])
    aws.forget_clients()
    monkeypatch.setattr(plugin, "check", lambda folder, seconds: Check(plugin.NAME, "ok", f"in {folder}"))
    yield
    aws.forget_clients()


def by_name(report: Report) -> dict[str, Check]:
    assert [check.name for check in report.checks] == NAMES
    return {check.name: check for check in report.checks}


def test_all_is_well() -> None:
    seen: list[tuple[int, int]] = []
    report = Examination().run(on_check=lambda done, of: seen.append((done, of)))
    found = by_name(report)
    assert {found[name].status for name in NAMES if name not in ("pulumi-cli", "configuration")} == {"ok"}
    assert report.exit_code == 0
    assert report.counts["checks"] == len(NAMES)
    assert {of for _, of in seen} == {len(NAMES)}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_offline_asks_nothing(local_aws: LocalAws) -> None:
    local_aws.forget_calls()
    found = by_name(Examination(offline=True).run())
    skipped = [name for name in NAMES if found[name].found == OFFLINE]
    assert skipped == NAMES[NAMES.index("credentials") :]
    assert found["region"].status == "ok"
    assert local_aws.calls() == []


def test_without_a_region_aws_is_not_asked(monkeypatch: pytest.MonkeyPatch, local_aws: LocalAws) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    local_aws.forget_calls()
    report = Examination().run()
    found = by_name(report)
    assert found["region"].status == "failed"
    assert {found[name].found for name in NAMES[NAMES.index("credentials") :]} == {"needs a Region"}
    assert report.exit_code == 1
    assert local_aws.calls() == []


def test_without_credentials_aws_is_not_asked(monkeypatch: pytest.MonkeyPatch, local_aws: LocalAws) -> None:
    monkeypatch.setattr(here, "credentials", lambda *_: [Check("credentials", "failed", "there are none")])
    local_aws.forget_calls()
    found = by_name(Examination().run())
    assert {found[name].found for name in NAMES[NAMES.index("account") :]} == {"needs credentials"}
    assert local_aws.calls() == []


def test_without_a_configuration_all_checks_are_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = by_name(Examination(Wanted(stack="dev")).run())
    assert found["configuration"].status == "failed"
    assert {found[name].status for name in NAMES[NAMES.index("region") :]} == {"skipped"}


def test_a_check_that_takes_too_long_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a local AWS of its own: what is left behind still calls for a while, and would be found by other tests."""
    with LocalAws.start() as slow:
        for name, value in slow.environment().items():
            monkeypatch.setenv(name, value)
        slow.latency(20, operation="ListDomains")
        begin = time.monotonic()
        found = by_name(Examination(seconds=1.5).run())
        assert time.monotonic() - begin < 10
        assert (found["endpoint-customerprofiles"].status, found["service-customerprofiles"].status) == (
            "failed",
            "skipped",
        )
        assert found["endpoint-customerprofiles"].found == "did not end within 1.5 s"
        assert found["account"].status == "ok"


def test_no_thread_keeps_the_process_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(versions, "of_cli", lambda seconds: ended.wait(60) and [])
    Examination(seconds=0.2, offline=True).run()
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("doctor "))
    ended.set()


def test_a_mistake_of_ours_fails_one_check_and_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(seconds: float) -> list[Check]:
        raise ZeroDivisionError("of this test")

    monkeypatch.setattr(versions, "of_cli", breaks)
    traces: list[str] = []
    found = by_name(Examination(offline=True).run(on_bug=traces.append))
    assert (found["pulumi-cli"].status, found["pulumi-cli"].found) == (
        "failed", "connect-domains has a bug: ZeroDivisionError",
    )  # fmt: skip
    assert len(traces) == 1
    assert "of this test" in traces[0]


def test_the_user_and_password_of_a_url_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    leak = "https://ada:hush@proxy.example:8080/x (AWS_ENDPOINT_URL)"
    monkeypatch.setattr(versions, "of_cli", lambda seconds: [Check("pulumi-cli", "ok", leak, leak)])
    found = by_name(Examination(offline=True).run())["pulumi-cli"]
    assert found.found == found.advice == "https://…@proxy.example:8080/x (AWS_ENDPOINT_URL)"


# -- the host ---------------------------------------------------------------------------------------------------------


def test_a_means_that_does_not_work_is_a_warning_and_says_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    found = [probe.Mean("call", True, "a"), probe.Mean("errors", False, "each error is shown with a traceback")]
    monkeypatch.setattr(probe, "means", lambda seconds: found)
    assert host.checks(1) == [
        Check("host", "ok", "starts, and answers"),
        Check("host-call", "ok", "works"),
        Check("host-errors", "warning", "does not work here: each error is shown with a traceback", host.REPORT),
    ]


def test_a_host_that_is_down_fails_and_its_means_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    def down(seconds: float) -> list[probe.Mean]:
        raise probe.HostDown("the host does not start: why")

    monkeypatch.setattr(probe, "means", down)
    first, *others = host.checks(1)
    assert (first.status, first.found) == ("failed", "the host does not start: why")
    assert [check.name for check in (first, *others)] == list(host.NAMES)
    assert {check.status for check in others} == {"skipped"}
