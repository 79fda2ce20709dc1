"""Costs that are the same on every machine: what a program imports, what a state holds, how work grows. Times are `make bench`'s.

The bounds are a little above what was counted when they were set. A change that goes above one has made every user's program dearer: find
out why before you raise it.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

import pytest
from pulumi_connect_domains import customerprofiles, voiceid
from pulumi_connect_domains.host.lifecycle import Lifecycle
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.values import HOST_KEY

from .model.validation_documents import FULL_PROFILES

PACKAGE = "pulumi_connect_domains"
MOST_MODULES = 27
"""Of ours, in a program that imports all that is public."""
MOST_CALLS = {"program": 20, "check": 130, "diff": 145}
"""Of our Python functions, for one domain with a few settings. Before Python 3.12 each comprehension counts, too."""
MOST_CALLS_FOR_ALL = 360
"""The same for the check of a Customer Profiles domain with every input: two for each of its values."""
MOST_BYTES = {"customerprofiles": 410, "voiceid": 620}
"""Of one domain with as few settings as possible in a state, as compact JSON: inputs and outputs. The provider's text in both has
a test of its own.
"""
COMMON = {"region": "us-east-1", "tags": {"team": "crm"}, "tags_all": {"team": "crm"}}
DECLARED: Mapping[str, Mapping[str, Any]] = {
    "customerprofiles": {"domain_name": "crm", "default_expiration_days": 365, **COMMON},
    "voiceid": {"name": "crm", "server_side_encryption_configuration": {"kms_key_id": "alias/voice"}, **COMMON},
}
ARN = "arn:aws:{}:us-east-1:123456789012:{}/crm"
CREATED = {"created_at": "2026-05-01T10:00:00+00:00"}
LIVE: Mapping[str, Mapping[str, Any]] = {
    "customerprofiles": {"arn": ARN.format("profile", "domains"), **CREATED},
    "voiceid": {"arn": ARN.format("voiceid", "domain"), "domain_id": "crm", **CREATED},
}
"""What state holds beside the inputs."""
PROVIDERS: Mapping[str, Lifecycle] = {
    "customerprofiles": customerprofiles.DomainProvider(),
    "voiceid": voiceid.DomainProvider(),
}

IMPORTS = f"""
import json, sys
import pulumi, pulumi.dynamic
before = set(sys.modules)
from {PACKAGE} import Provider, customerprofiles, voiceid
print(json.dumps(sorted(set(sys.modules) - before)))
"""
PROGRAM = f"""
import json, sys, threading
import pulumi
from pulumi.runtime import mocks
from {PACKAGE} import customerprofiles

class Answering(mocks.Mocks):
    def call(self, args):
        return {{}}

    def new_resource(self, args):
        return args.name, args.inputs

calls = 0
def count(frame, event, _):
    global calls
    calls += event == "call" and "{PACKAGE}" in frame.f_code.co_filename

def run(number):
    global calls
    mocks.set_mocks(Answering())
    calls = 0

    @pulumi.runtime.test
    def program():
        for place in range(number):
            customerprofiles.Domain(f"crm-{{place}}", domain_name=f"crm-{{place}}", default_expiration_days=365, tags={{"team": "crm"}})

    threading.setprofile(count)
    sys.setprofile(count)
    program()
    sys.setprofile(None)
    threading.setprofile(None)
    return calls

run(1)
print(json.dumps([run(10), run(100)]))
"""


def printed(program: str) -> Any:
    """What the program prints, read as JSON."""
    command = [sys.executable, "-c", program]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])


def calls_of(measured: Callable[[], object]) -> int:
    """How many of our functions are called meanwhile, in this thread."""
    calls = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += event == "call" and PACKAGE in frame.f_code.co_filename

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        measured()
    finally:
        sys.setprofile(before)
    return calls


def test_a_program_imports_nothing_of_others_but_what_pulumi_does_and_few_modules_of_ours() -> None:
    added = printed(IMPORTS)
    others = {name.partition(".")[0] for name in added} - sys.stdlib_module_names
    assert others == {PACKAGE}
    ours = [name for name in added if name.partition(".")[0] == PACKAGE]
    assert len(ours) <= MOST_MODULES, ours


def test_a_program_of_ten_times_as_many_domains_calls_ten_times_as_much() -> None:
    few, many = printed(PROGRAM)
    assert few / 10 <= MOST_CALLS["program"]
    assert 9 * few < many <= 10 * few


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("operation", ["check", "diff"])
def test_the_work_of_a_preview_grows_with_the_number_of_domains_and_no_faster(name: str, operation: str) -> None:
    """As the host does it: one provider object for each resource, since each is read from its text anew."""
    provider = type(PROVIDERS[name])
    values = dict(DECLARED[name])

    def once(place: int) -> None:
        one = provider()
        olds = {**values, **LIVE[name], HOST_KEY: "gASV"}
        news = {**values, "tags_all": {"team": f"crm-{place}"}}
        if operation == "check":
            assert not one.check({}, news).failures
        else:
            assert one.diff("crm", olds, news).changes is not False

    once(0)  # what is made once is there
    few, many = (calls_of(lambda number=number: [once(place) for place in range(number)]) for number in (10, 100))  # type: ignore[misc]
    assert few > 10
    assert few / 10 <= MOST_CALLS[operation]
    assert many <= 10 * few


def test_a_check_of_every_input_looks_at_each_value_a_few_times_at_most() -> None:
    provider = customerprofiles.DomainProvider()
    news = {**FULL_PROFILES, "tags": {f"key{number}": "value" for number in range(10)}, "region": "us-east-1"}
    assert provider.check({}, copy.deepcopy(news)).failures == []  # what is made once is there
    assert calls_of(lambda: provider.check({}, copy.deepcopy(news))) <= MOST_CALLS_FOR_ALL


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_domain_takes_few_bytes_in_a_state(name: str, local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in local_aws.environment().items():
        monkeypatch.setenv(variable, value)
    provider = PROVIDERS[name]
    inputs = provider.check({}, dict(DECLARED[name])).inputs
    outputs = provider.create(dict(inputs)).outs or {}
    held = json.dumps([inputs, outputs], separators=(",", ":"))
    assert len(held) <= MOST_BYTES[name], held


def test_counting_sees_calls_of_ours_alone() -> None:
    assert calls_of(lambda: json.dumps([1])) == 0
    assert calls_of(lambda: customerprofiles.validate({})) >= 1
