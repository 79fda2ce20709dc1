"""Command lines in processes of limited time and memory, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pulumi_connect_domains.local.aws import LocalAws

from .bounded import Bounded
from .readers import good_state


@pytest.fixture(scope="package")
def bounded(tmp_path_factory: pytest.TempPathFactory, local_aws_server: LocalAws) -> Iterator[Bounded]:
    local_aws_server.reset()
    local_aws_server.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in local_aws_server.environment().items():
            patch.setenv(name, value)
        folder = tmp_path_factory.mktemp("bounded")
        good = folder / "good.json"
        good.write_text(good_state())
        with Bounded(folder, ["drift", "--state", str(good), "--rate", "0"]) as server:
            yield server
