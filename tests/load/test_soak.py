"""A week compressed: whoever lives long, such as a host, the local AWS or a process of tests, holds no more at its end."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.isolation import isolated
from pulumi_local_engine.model.resource import Resource
from pulumi_local_engine.provider.hosts import Hosts, Spawn
from pulumi_local_engine.provider.protocol import Provider
from pulumi_local_engine.provider.rpc import HostedProvider

from .conftest import PRELOADED
from .measuring import Watch, of_process
from .operations import Operations

FLAT = {"descriptors": 0.5, "threads": 0.5, "files": 0.0, "rss_kib": 300.0, "blocks": 300.0}
"""Allowed growth in a thousand operations: nothing but what may come or go, and 0.3 KiB of memory an operation, less than the smallest
document that an operation handles."""
SHORT_FLAT = {"descriptors": 20.0, "threads": 20.0, "files": 0.0, "rss_kib": 10_000.0, "blocks": 10_000.0}
"""In a few hundred operations caches still fill. What each of them leaves behind (a thread, a descriptor, a document) is more than this."""
KINDS = ("check", "diff", "create", "read", "update", "delete")
DEFAULT = "urn:pulumi:dev::project::pulumi:providers:pulumi-python::default"


class Soak:
    """A provider in its host, the local AWS, and a watch over each."""

    def __init__(self, hosts: Hosts, aws: LocalAws, folder: Path, seed: int, most: dict[str, float]) -> None:
        host = hosts.take()
        hosted = HostedProvider(host, False)
        hosted.configure(Resource(DEFAULT, True, "pulumi:providers:pulumi-python", id="0"))
        self.provider: Provider = hosted
        self.operations = Operations(self.provider, aws, seed)
        pid = host._process.pid
        self.watches = {
            "the host": Watch(most, lambda: {**of_process(pid, folder), **self._blocks()}),
            "the local AWS": Watch(most, lambda: of_process(aws.pid)),
        }

    def run(self, count: int, samples: int) -> None:
        for number in range(samples):
            for _ in range(count // samples):
                self.operations.step()
            self.operations.sweep()
            for watch in self.watches.values():
                watch.look(self.operations.count)
            if number % 10 == 9:
                self.tell()

    def tell(self) -> None:
        for who, watch in self.watches.items():
            print(watch.told(who), flush=True)
        print(f"done {dict(self.operations.done)}, ended by faults {dict(self.operations.failed)}", flush=True)

    def _blocks(self) -> dict[str, float]:
        urn, known = "urn:pulumi:dev::project::figures::figures", {"__provider": _figures()}
        outputs = self.provider.read(urn, "x", {}, known, 0).outputs
        return {"blocks": outputs["blocks"]}


def _figures() -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PRELOADED)
        from figures import Figures  # as the hosts import it

        return str(serialize_provider(Figures()))


@contextmanager
def soaking(aws: LocalAws, spawn: Spawn, folder: Path, seed: int, most: dict[str, float]) -> Iterator[Soak]:
    temporary = folder / "temporary"
    temporary.mkdir()
    environment = {**isolated(os.environ, aws.endpoint), **aws.environment(), "TMPDIR": str(temporary)}
    with closing(Hosts(sys.executable, folder, environment, spawn=spawn)) as hosts:
        yield Soak(hosts, aws, temporary, seed, most)


def _hold(soak: Soak, count: int, samples: int) -> None:
    soak.run(count, samples)
    assert soak.operations.count == count
    assert min(soak.operations.done[kind] for kind in KINDS) > count / 30
    assert soak.operations.failed.total() > count / 60
    assert {who: watch.grown() for who, watch in soak.watches.items()} == {"the host": [], "the local AWS": []}


def test_a_host_and_the_local_aws_hold_no_more_after_some_hundred_operations(
    local_aws: LocalAws, spawn: Spawn, tmp_path: Path
) -> None:
    with soaking(local_aws, spawn, tmp_path, 18, SHORT_FLAT) as soak:
        _hold(soak, 300, 20)


@pytest.mark.long
def test_a_host_and_the_local_aws_hold_no_more_after_a_week(spawn: Spawn, tmp_path: Path) -> None:
    """`SOAK_SEED=7` asks for a seed; the seed is printed."""
    seed = int(os.environ.get("SOAK_SEED") or random.randrange(2**32))
    print(f"SOAK_SEED={seed}")
    with LocalAws.start() as aws, soaking(aws, spawn, tmp_path, seed, FLAT) as soak:
        _hold(soak, 10_000, 100)
