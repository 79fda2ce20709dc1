"""The commands of an example's README, run as they stand there: in a shell, in a copy of the example, against a local AWS."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import PulumiEngine

EXAMPLES = Path(__file__).parents[2] / "examples"
NOT_COPIED = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".venv")


class Example:
    """A copy of an example. `blocks` are the commands of its README: one text for each console block, in order."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.readme = (folder / "README.md").read_text(encoding="utf-8")
        self.blocks = blocks_of(self.readme)

    def run(self, commands: str, *, fails: bool = False) -> str:
        """What the commands print, on both streams. Each of them has to succeed; with `fails` the last one must not."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert bool(done.returncode) is fails, done.stdout
        return done.stdout


def blocks_of(page: str) -> list[str]:
    """The commands of each console block of a page."""
    blocks = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    return ["\n".join(line[2:] for line in block.splitlines() if line.startswith("$ ")) for block in blocks]


@pytest.fixture
def example(tmp_path: Path, pulumi_engine: PulumiEngine, local_aws: LocalAws) -> Callable[[str], Example]:
    """Copies an example. Its commands find the engine as `pulumi`, and the programs of this environment; pip asks nobody."""
    programs = os.pathsep.join([str(pulumi_engine.path.parent), sysconfig.get_path("scripts"), os.environ["PATH"]])
    (tmp_path / "state").mkdir()
    environment = {
        **os.environ,  # the fixture local_aws has seen to what AWS is
        "PATH": programs,
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }

    def copied(name: str) -> Example:
        return Example(Path(shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=NOT_COPIED)), environment)

    return copied
