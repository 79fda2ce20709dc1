"""`connect-domains plugin install`: the options."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import click
import yaml

from ..model.errors import ConfigurationError
from ..model.resource_type import PACKAGE
from ..native.version import plugin_version
from ..reporting import output
from ..reporting.command_line import Command, Example
from ..stacks import files
from ..stacks.plugins import Plugin
from . import launcher


@click.command(
    cls=Command,
    exit_codes={
        0: "The plugin is where Pulumi looks, or it was removed, or the lines were printed.",
        1: "It was not installed: a folder that is not of our making is in its place, or it could not be written.",
    },
    examples=[
        Example("For every project of this user", "connect-domains plugin install"),
        Example("For one project, with nothing installed", "connect-domains plugin install --print"),
        Example("Remove it again", "connect-domains plugin install --remove"),
    ],
)
@click.option("--remove", is_flag=True, help="Remove every version that this command has installed.")
@click.option("--print", "prints", is_flag=True, help="Print what to write into Pulumi.yaml; install nothing.")
def install(remove: bool, prints: bool) -> None:
    """Let programs in TypeScript, YAML, Go and other languages find the provider.

    A small launcher goes into Pulumi's folder for plugins. It starts the Python that this command runs in. Nothing is downloaded.
    """
    if remove and prints:
        raise click.UsageError("--remove or --print, not both")
    if prints:
        output.write(_for_project())
        return
    output.print_lines(
        launcher.remove() if remove else launcher.install(os.path.abspath(sys.executable), plugin_version())
    )


def _for_project() -> str:
    """The lines of Pulumi.yaml that name this Python's plugin, by a path from this folder where it is below it."""
    folder = Path(sysconfig.get_path("scripts"))
    if not Plugin("project", folder).is_there:
        raise ConfigurationError(
            f"{files.called(str(folder))} does not hold the plugin; install pulumi-connect-domains with pip into this Python"
        )
    here = Path.cwd()
    path = folder.relative_to(here).as_posix() if folder.is_relative_to(here) else str(folder)
    providers = {"providers": [{"name": PACKAGE, "path": path}]}
    return yaml.safe_dump({"plugins": providers}, sort_keys=False, allow_unicode=True, width=1000)
