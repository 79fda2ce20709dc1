"""What the tests of imports share: the command in a process with the local AWS's credentials, and domains made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.local.aws import LocalAws

ConnectDomains = Callable[..., int]


@pytest.fixture
def connect_domains(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ConnectDomains]:
    """Runs `connect-domains` in a folder of the test's own, and gives back its exit code."""
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    aws.forget_clients()
    yield lambda *arguments: cli.run(["import", *(str(each) for each in arguments)])
    aws.forget_clients()
