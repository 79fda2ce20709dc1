"""What the local engine costs: an `up` of one domain as a command and in a test's own process, beside the Pulumi CLI's command."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from pulumi import automation
from pulumi_connect_domains import customerprofiles
from pulumi_connect_domains.testing import find_cli, local_engine
from pulumi_connect_domains.testing.command import InProcessCommand
from pulumi_connect_domains.testing.forking import ForkServer

from .answering import answering
from .commands import Command
from .figures import Figure
from .measuring import in_turn, python, seconds, settled
from .program import PULUMI
from .surroundings import environment

PROGRAM = """
from pulumi_connect_domains import customerprofiles

customerprofiles.Domain("crm", default_expiration_days=365)
"""
_names = itertools.count()


def declare() -> None:
    """The same program as a function."""
    customerprofiles.Domain("crm", default_expiration_days=365)


def run() -> list[Figure]:
    """Against the CLI where a suitable one is on PATH, otherwise beside the mere import of Pulumi, without a target."""
    found = find_cli()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        variables = environment(stack.enter_context(answering(0)))
        inline = Inline(folder, variables, stack.enter_context(closing(ForkServer(["pulumi.dynamic", "boto3"]))))
        local = Command.of(local_engine(folder / "engine"), folder / "local", variables, PROGRAM)
        if isinstance(found, str):
            other, alone = "import of pulumi and pulumi.dynamic (no suitable CLI is on PATH)", _import_alone
        else:
            other, alone = "the Pulumi CLI's", Command.of(found, folder / "cli", variables, PROGRAM).up
        inline.up()  # everything is imported
        turns = itertools.count()

        def one_round() -> list[float]:
            """The seconds of each, in one order and then in the other."""
            return in_turn([alone, local.up, inline.up], next(turns))

        rounds = settled(one_round, lambda each: each[0], None)
    return [
        Figure.of(
            f"up of one domain on the local engine, {name} / {other}",
            [each[place] / each[0] for each in rounds],
            None if isinstance(found, str) else target,
        )
        for place, name, target in ((1, "as a command", 0.5), (2, "in a test's process", 0.1))
    ]


def _import_alone() -> float:
    return seconds(lambda: python(PULUMI))


class Inline:
    """Stacks of a function, as the test kit runs them: the local engine in this process, hosts forked."""

    def __init__(self, folder: Path, variables: Mapping[str, str], server: ForkServer) -> None:
        (project := folder / "inline").mkdir()
        (state := folder / "inline-state").mkdir()
        own = {
            "PULUMI_BACKEND_URL": f"file://{state}",
            "PULUMI_HOME": str(folder / "inline-home"),
            "PULUMI_CONFIG_PASSPHRASE": "bench",
        }
        self._options = automation.LocalWorkspaceOptions(
            work_dir=str(project), env_vars={**variables, **own}, pulumi_command=InProcessCommand(server.spawn)
        )

    def up(self) -> float:
        """The seconds of an `up` that creates the domain in a new stack."""
        name = f"bench{next(_names)}"
        stack = automation.create_stack(name, project_name="bench", program=declare, opts=self._options)
        return seconds(lambda: stack.up())
