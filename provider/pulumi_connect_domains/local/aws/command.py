"""`connect-domains local start`: a local AWS in the foreground."""

from __future__ import annotations

import errno
import json
import os
import shlex
import signal
import threading

import click

from ...operations.forms import REGION
from ...reporting.command_line import Choice, Command, Example
from .accounts import DEFAULT_ACCOUNT, DEFAULT_REGION, access_key_id, environment

DEFAULT_PORT = 4599


@click.command(
    cls=Command,
    exit_codes={0: "It ran until Ctrl-C.", 1: "It could not be started."},
    examples=[
        Example("In this terminal", "connect-domains local start"),
        Example("For a program: any free port, and JSON", "connect-domains local start --port 0 --format json"),
    ],
)
@click.option(
    "--port",
    metavar="PORT",
    type=int,
    default=DEFAULT_PORT,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes any that is free.",
)
@click.option(
    "--account",
    metavar="ACCOUNT",
    default=DEFAULT_ACCOUNT,
    show_default=True,
    help="The account of the credentials that are printed.",
)
@click.option(
    "--region", metavar="REGION", default=DEFAULT_REGION, show_default=True, help="The Region that is printed."
)
@click.option(
    "--format",
    "form",
    type=Choice(["shell", "json"]),
    default="shell",
    show_default=True,
    help="How the variables are printed: for a shell, or as JSON.",
)
def start(port: int, account: str, region: str, form: str) -> None:
    """Start a local AWS with Customer Profiles and Voice ID, and print the variables that lead programs to it.

    It answers on this machine only, until Ctrl-C. Nothing is kept when it stops. Other AWS services are those of the library moto.
    """
    try:
        access_key_id(account)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--account") from error
    if not REGION.fullmatch(region):
        raise click.BadParameter(f"{region!r} is not the name of a Region", param_hint="--region")
    try:
        from .server import Server  # moto takes half a second to import
        from .token import NotPrivate

        try:
            server = Server(port)
        except NotPrivate as error:
            raise click.ClickException(str(error)) from error
    except ImportError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        # strerror may go on about the address, in words that differ between systems and versions of Python
        cause = os.strerror(error.errno) if error.errno else str(error)
        hint = "; `--port 0` takes any that is free" if error.errno == errno.EADDRINUSE else ""
        raise click.ClickException(f"port {port}: {cause}{hint}") from error
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    click.echo(rendered(environment(server.endpoint, account, region), form))
    click.echo(f"The local AWS is ready at {server.endpoint}. Ctrl-C stops it.", err=True)
    while not ended.wait(timeout=1):  # Windows delivers Ctrl-C between two waits only
        pass
    server.stop()


def rendered(variables: dict[str, str], form: str) -> str:
    """The variables as a JSON object, or as commands for a POSIX shell, which also drop a profile that is in the way."""
    if form == "json":
        return json.dumps(variables)
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join([*lines, "unset AWS_PROFILE"])
