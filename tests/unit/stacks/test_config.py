"""A stack's config, as the Pulumi CLI prints it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi_connect_domains.model.errors import CommandFailed, ConfigurationError
from pulumi_connect_domains.stacks.cli import Pulumi
from pulumi_connect_domains.stacks.config import config_of

from .test_cli import program


def test_its_values_by_key_with_secrets_in_clear(tmp_path: Path) -> None:
    script = f"""echo "$*" > {tmp_path}/asked
echo '{{"aws:region": {{"value": "eu-west-2", "secret": false}}, "a:b": {{"value": "s", "secret": true}}, "c:d": {{"secret": true}}}}'"""
    found = config_of(Pulumi(program(tmp_path, script), str(tmp_path)), "dev")
    assert found == {"aws:region": "eu-west-2", "a:b": "s"}
    assert (tmp_path / "asked").read_text() == (
        "config --json --show-secrets --stack dev --color=never --non-interactive\n"
    )


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'error: no stack named dev' >&2; exit 255", "`pulumi config` of stack dev: no stack named dev"),
        ("echo '[1]'", "`pulumi config` of stack dev: what it says cannot be read"),
        ("echo '{\"a\": 1}'", "`pulumi config` of stack dev: what it says cannot be read"),
    ],
    ids=["an error", "a list", "a value without its members"],
)
def test_what_cannot_be_read(tmp_path: Path, script: str, said: str) -> None:
    with pytest.raises(CommandFailed) as failed:
        config_of(Pulumi(program(tmp_path, script), str(tmp_path)), "dev")
    assert str(failed.value) == said


def test_a_cli_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="did not answer"):
        config_of(Pulumi(program(tmp_path, "exec /bin/sleep 60"), str(tmp_path)), "dev", seconds=0.3)
