"""What a benchmark stands in: an environment in which AWS is where we say, and the real provider host."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi_connect_domains import aws
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_local_engine.provider.hosts import Hosts


def environment(endpoint: str) -> dict[str, str]:
    """This process's variables, with AWS at that address; nothing of the user's own AWS settings is among them."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    no_files = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return {**own, **no_files, **LocalAws(endpoint).environment()}


@contextmanager
def talking_to(endpoint: str) -> Iterator[None]:
    """AWS is at that address for this process, too; afterwards all is as before."""
    before = dict(os.environ)
    os.environ.update(environment(endpoint))
    for name in before.keys() - environment(endpoint).keys():
        del os.environ[name]
    aws.forget_clients()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        aws.forget_clients()


@contextmanager
def provider_host(variables: Mapping[str, str] | None = None) -> Iterator[Any]:
    """`python -m pulumi.dynamic`, configured, as the engine runs it: the stub of its gRPC service."""
    root = Path(__file__).parents[1]  # from where the benchmarks' own providers can be imported
    with closing(Hosts(sys.executable, root, variables, project="bench")) as hosts:
        host = hosts.take()
        host.configure({}, "urn:pulumi:bench::bench::pulumi:providers:pulumi-python::default", "")
        yield host.stub


def urn_of(provider: ResourceProvider) -> str:
    """A resource of that provider."""
    return f"urn:pulumi:bench::bench::pulumi-python:dynamic:Resource::{type(provider).__name__}"


def properties(provider: ResourceProvider, values: Mapping[str, Any]) -> Struct:
    """The values as the engine sends them, with the provider that is to answer."""
    return ParseDict({**values, "__provider": serialize_provider(type(provider)())}, Struct())
