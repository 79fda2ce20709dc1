"""What every resource type is put through: its provider, called as each host calls it, against the local AWS over HTTP."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import services
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.operations import reading
from pulumi_connect_domains.testing import MakeStack, PulumiStack
from pulumi_connect_domains.testing.native import name_in_project, write_executable

from .hosts import HELD
from .resources import SERVICES, TYPES, Resource, resource_in


@pytest.fixture(scope="session")
def local_aws_server() -> Iterator[LocalAws]:
    """The test kit's server, with the services of the bare types too."""
    with LocalAws.start(services=SERVICES) as running:
        yield running


@pytest.fixture(scope="module")
def _clients() -> Iterator[None]:
    """The clients of other tests are forgotten before, and those of a module's tests, which share them, afterwards."""
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def cloud(local_aws: LocalAws, _clients: None, monkeypatch: pytest.MonkeyPatch) -> LocalAws:
    """An empty local AWS, to which this process's calls go. Between attempts nobody waits as long as for the real one."""
    monkeypatch.setattr(services, "UNUSABLE_AGAIN_AFTER_SECONDS", (0.01, 0.01))
    monkeypatch.setattr(reading, "AGAIN_AFTER_SECONDS", (0.01, 0.01, 0.01))
    return local_aws


@pytest.fixture(params=HELD)
def host(request: pytest.FixtureRequest) -> str:
    """The host that holds the provider: each in turn."""
    return str(request.param)


@pytest.fixture(params=TYPES)
def resource(request: pytest.FixtureRequest, cloud: LocalAws, host: str) -> Resource:
    """A resource of each type in turn."""
    return resource_in(cloud, HELD[host](TYPES[request.param]))


# -- whole programs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def cases(host: str) -> ModuleType:
    """The package of the bare types for the host."""
    return import_module({"dynamic": "bare.cases", "native": "bare.native.cases"}[host])


@pytest.fixture
def bare_stack(host: str, pulumi_stack: MakeStack, tmp_path: Path) -> Callable[[Callable[[], None]], PulumiStack]:
    """Makes a stack, whose program declares resources of bare types."""

    def make(program: Callable[[], None]) -> PulumiStack:
        stack = pulumi_stack(program, env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))})
        if host == "native":
            name_in_project(stack.folder, write_executable(tmp_path / "plugin", module="bare.native"))
        return stack

    return make
