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

TOKENS = {
    "customerprofiles": "pulumi-python:dynamic/customerprofiles:Domain",
    "voiceid": "pulumi-python:dynamic/voiceid:Domain",
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
print(serialize_provider(import_module("pulumi_connect_domains." + sys.argv[1]).DomainProvider()))
"""


@pytest.mark.parametrize("package", registry.PACKAGES)
def test_the_type_token_is_the_one_in_state(package: str) -> None:
    domain = import_module(f"pulumi_connect_domains.{package}").Domain
    assert f"pulumi-python:{domain._resource_type_name}" == TOKENS[package]
    assert TOKENS[package] in registry.specs()


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
@pytest.mark.parametrize("package", registry.PACKAGES)
def test_the_pickled_provider_is_a_class_name_and_the_same_for_every_hash_seed(package: str, seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", SERIALIZE, package]
    text = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    expected = PICKLED[package]
    if sys.version_info >= (3, 14):  # which writes pickle's protocol 5 by default
        expected = expected.replace(b"\x80\x04", b"\x80\x05")
    assert base64.b64decode(text) == expected
    assert len(text) <= 200


@pytest.mark.parametrize("package", registry.PACKAGES)
def test_what_is_in_state_loads(package: str) -> None:
    provider = dill.loads(PICKLED[package])
    assert type(provider) is import_module(f"pulumi_connect_domains.{package}").DomainProvider
    assert vars(provider) == {}
