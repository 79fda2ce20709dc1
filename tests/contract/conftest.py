"""What every registered resource is put through: its provider, called as the host calls it, against the local AWS over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest
from pulumi_connect_domains import aws, registry
from pulumi_connect_domains.host.lifecycle import Lifecycle
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.resource_type import ResourceSpec
from pulumi_connect_domains.operations import run

SAMPLES = Path(__file__).parent / "samples"
PICKLED = "gASV"


@dataclass(frozen=True)
class Resource:
    """A resource under test: its spec, a provider as the host holds it, sample inputs, and the cloud."""

    spec: ResourceSpec
    provider: Lifecycle
    sample: dict[str, Any]
    cloud: LocalAws
    config: dict[str, str] = field(default_factory=dict)
    """The stack's config; it counts from the next run on."""

    def check(self, inputs: dict[str, Any], state: dict[str, Any] | None = None) -> dict[str, Any]:
        """The checked inputs; a failure fails the test."""
        result = self.provider.check(as_engine(state or {}), as_engine(inputs))
        assert [failure.reason for failure in result.failures] == []
        return dict(result.inputs)

    def create(self, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """A new domain's id and outputs."""
        made = self.provider.create(as_engine(self.check(inputs)))
        return made.id, dict(made.outs or {})

    def diff(self, id: str, outputs: dict[str, Any], inputs: dict[str, Any]) -> Any:
        """The provider's answer for these inputs, checked against the inputs that the outputs echo."""
        return self.provider.diff(id, as_engine(outputs), as_engine(self.check(inputs, outputs)))

    def update(self, id: str, outputs: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
        """The outputs after an update to these inputs."""
        made = self.provider.update(id, as_engine(outputs), as_engine(self.check(inputs, outputs)))
        return dict(made.outs or {})

    def read(self, id: str, outputs: dict[str, Any]) -> Any:
        """What a refresh reads."""
        return self.provider.read(id, as_engine(outputs))

    def delete(self, id: str, outputs: dict[str, Any]) -> None:
        """What a later command deletes: the host that runs it knows nothing of this one's run."""
        self.begin_a_run()
        self.provider.delete(id, as_engine(outputs))

    def begin_a_run(self) -> None:
        """From here on the provider is as in a host that has just started."""
        run.begin_anew()
        self.provider.configure(ConfigureRequest(Config(self.config, "contract")))

    def live(self, id: str) -> dict[str, Any]:
        """The domain as the cloud has it."""
        return self.cloud.domains(self.spec.service)[id]


def as_engine(value: Any) -> Any:
    """The value as the engine hands it over: numbers as floats, no nulls in maps, the pickled provider beside the properties."""

    def travel(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: travel(each) for key, each in item.items() if each is not None}
        if isinstance(item, list):
            return [travel(each) for each in item]
        return float(item) if isinstance(item, int) and not isinstance(item, bool) else item

    return {**travel(value), "__provider": PICKLED}


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalAws]:
    with LocalAws.start() as running:
        yield running


@pytest.fixture(params=registry.PACKAGES)
def resource(request: pytest.FixtureRequest, cloud: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Resource]:
    cloud.reset()
    for name, value in cloud.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    package = import_module(f"pulumi_connect_domains.{request.param}")
    spec, provider = package.SPEC, package.DomainProvider()
    made = Resource(spec, provider, json.loads((SAMPLES / f"{spec.package}.json").read_text()), cloud)
    made.begin_a_run()
    yield made
    aws.forget_clients()
