"""What lives in people's state files and can never change: type tokens and the pickled provider's text."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from importlib import import_module

import dill
import pytest
from pulumi_connect_domains import registry
from pulumi_connect_domains.model.resource_type import ResourceType

TOKENS = {
    "customerprofiles": "pulumi-python:dynamic/customerprofiles:Domain",
    "voiceid": "pulumi-python:dynamic/voiceid:Domain",
}
NATIVE_TOKENS = {
    "customerprofiles": "connect-domains:customerprofiles:Domain",
    "voiceid": "connect-domains:voiceid:Domain",
}
# pickle's protocol 4: a frame, the module, the class, and nothing else
PICKLED = {
    "customerprofiles": (
        b"\x80\x04\x95A\x00\x00\x00\x00\x00\x00\x00\x8c'pulumi_connect_domains.customerprofiles\x94"
        b"\x8c\x0eDomainProvider\x94\x93\x94)\x81\x94."
    ),
    "voiceid": (
        b"\x80\x04\x958\x00\x00\x00\x00\x00\x00\x00\x8c\x1epulumi_connect_domains.voiceid\x94"
        b"\x8c\x0eDomainProvider\x94\x93\x94)\x81\x94."
    ),
}
SERIALIZE = """
import sys
from importlib import import_module
from pulumi.dynamic.dynamic import serialize_provider
print(serialize_provider(getattr(import_module(sys.argv[1]), sys.argv[2])()))
"""


each_type = pytest.mark.parametrize("type", registry.resource_types().values(), ids=registry.resource_types())


def class_of(type: ResourceType) -> tuple[str, str]:
    """Where the provider's class is found: its module and its name."""
    return type.package.rpartition(".")[0], f"{type.name}Provider"


@each_type
def test_the_type_token_is_the_one_in_state(type: ResourceType) -> None:
    declared = getattr(import_module(type.package.rpartition(".")[0]), type.name)
    assert f"pulumi-python:{declared._resource_type_name}" == type.type_token == TOKENS[type.key]
    assert registry.by_token()[TOKENS[type.key]] == type


@each_type
def test_the_native_type_token_is_the_one_in_state(type: ResourceType) -> None:
    assert type.native_token == NATIVE_TOKENS[type.key]
    assert registry.by_token()[NATIVE_TOKENS[type.key]] == type


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
@each_type
def test_the_pickled_provider_is_a_class_name_and_the_same_for_every_hash_seed(type: ResourceType, seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", SERIALIZE, *class_of(type)]
    text = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    expected = PICKLED[type.key]
    if sys.version_info >= (3, 14):  # which writes pickle's protocol 5 by default
        expected = expected.replace(b"\x80\x04", b"\x80\x05")
    assert base64.b64decode(text) == expected
    assert len(text) <= 200


@each_type
def test_what_is_in_state_loads(type: ResourceType) -> None:
    provider = dill.loads(PICKLED[type.key])
    assert provider.__class__ is type.provider_class
    assert vars(provider) == {}
