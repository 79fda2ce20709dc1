"""Deterministic costs of the provider's own path: modules that a program imports, and work in each check and diff. No times."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any
from unittest import mock

from pulumi.runtime import rpc
from pulumi.runtime.proto.provider_pb2 import DiffResponse
from pulumi_connect_domains import registry
from pulumi_connect_domains.host import context
from pulumi_connect_domains.host.bridge import Bridge
from pulumi_connect_domains.host.values import from_engine

from ..unit.model.validation_documents import FULL_PROFILES
from .hosts import Native

TYPE = registry.resource_types()["customerprofiles"]
RAW: dict[str, Any] = {**FULL_PROFILES, "default_expiration_days": 366.0, "__provider": "gASV"}
STATE: dict[str, Any] = {
    **RAW,
    "arn": "arn:aws:profile:eu-central-1:123456789012:domains/contact-center",
    "created_at": "2026-05-01T00:00:00+00:00",
}


def calls_in(work: Callable[[], Any]) -> int:
    """How many of this package's functions are called. The second run counts: the first one builds what stays."""
    work()
    seen: Counter[str] = Counter()

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and "/pulumi_connect_domains/" in frame.f_code.co_filename:
            seen[frame.f_code.co_name] += 1

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return seen.total()


def test_a_check_calls_few_functions() -> None:
    """750 calls for a document with every input. Without quick answers it was 1,700."""
    bridge = Bridge(TYPE)
    assert not bridge.check(RAW, RAW).failures
    assert calls_in(lambda: bridge.check(RAW, RAW)) <= 1_000


def test_a_diff_without_a_change_calls_few_functions() -> None:
    """240 calls; without quick answers it was 700."""
    bridge = Bridge(TYPE)
    assert bridge.diff("contact-center", STATE, RAW).changes is False
    assert calls_in(lambda: bridge.diff("contact-center", STATE, RAW)) <= 350


def test_a_check_and_a_diff_of_the_native_host_call_few_functions() -> None:
    """740 and 480 calls. In those are the engine's values: they come as messages, and the answer to a check is one."""
    held = Native(TYPE)
    inputs, outputs = from_engine(RAW), from_engine(STATE)
    check, diff = held.check_request(inputs, inputs), held.diff_request("contact-center", outputs, inputs)
    assert not held.servicer.Check(check, None).failures
    assert held.servicer.Diff(diff, None).changes == DiffResponse.DIFF_NONE
    assert calls_in(lambda: held.servicer.Check(check, None)) <= 950
    assert calls_in(lambda: held.servicer.Diff(diff, None)) <= 650


def test_a_diff_without_a_change_does_not_read_the_inputs_in_state() -> None:
    """The dynamic host has read the outputs and the new inputs. A third document costs it as much as each of these."""
    old_inputs = mock.Mock(fields={"region": 1})
    request = mock.Mock(spec=["urn", "old_inputs"], urn="urn:x", old_inputs=old_inputs)

    def asked(request: Any, context: Any) -> Any:
        """The host's frame, in which the bridge finds the request."""
        return Bridge(TYPE).diff("contact-center", STATE, RAW)

    with mock.patch.object(rpc, "deserialize_properties", return_value={}) as read:
        assert asked(request, mock.Mock(spec=["set_trailing_metadata"])).changes is False
        assert read.call_count == 0
        assert context.HostCall(request).state_inputs == {}
        assert read.call_count == 1


def test_a_program_imports_what_it_declares_with_and_no_more() -> None:
    names = ", ".join(["Provider", *registry.SERVICES])
    probe = f"import sys; from pulumi_connect_domains import {names}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[2] for name in done.stdout.split() if name.startswith("pulumi_connect_domains.")}
    assert not loaded & {"model.comparison", "model.documents", "model.tags", "model.validation", "host.bridge", "aws"}
    assert len(loaded) <= 30


def test_the_native_host_loads_of_pulumis_sdk_the_protocol_alone() -> None:
    """The rest of the SDK takes longer to load than all of the host's own modules, and each command waits for it."""
    command = [sys.executable, "-X", "importtime", "-m", "pulumi_connect_domains.native", "127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().strip().isdecimal()
        process.terminate()
        loaded = {line.rpartition("|")[2].strip() for line in process.stderr or ()}
    of_pulumi = {name for name in loaded if name.split(".")[0] == "pulumi"}
    assert "pulumi.runtime.proto.provider_pb2" in of_pulumi
    assert {name for name in of_pulumi if not name.startswith("pulumi.runtime.proto.")} == set()
    assert loaded & {"boto3", "botocore", "jsonschema", "yaml"} == set()
