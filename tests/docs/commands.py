"""Whether a command line that a page shows can be right: read as a shell reads it, then by the parser of the command itself."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import Path

import botocore.session
import click
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from pulumi_connect_domains.cli import cli
from pulumi_local_engine.cli.root import root

OF_THE_CLI = {
    "install": set(),
    "import": {"--file", "--generate-code", "--yes", "--stack"},
    "package add": set(),
    "login": {"--local"},
    "new": {"--dir", "--name", "--stack", "--yes"},
    "policy publish": set(),
    "stack": {"--show-urns"},
    "state repair": {"--stack", "--yes"},
    "state unprotect": {"--stack", "--yes"},
}
"""Commands of the Pulumi CLI that the local engine does not have, with the options that pages use.

Source: `pulumi COMMAND --help` of the CLI 3.260.0.
"""
POLICIES = {"--policy-pack", "--policy-pack-config"}
"""Options of the Pulumi CLI's `preview` and `up` that the local engine does not have; each has a value."""
OTHERS = re.compile(
    r"\.|\[|basedpyright|bash|cat|cd|chmod|cp|crontab|curl|echo|env|eval|export|for|gh|git|if|install|jq|kubectl|ls|mkdir|mypy|node|npm|pip"
    r"|pipx|pre-commit|printf|promtool|pytest|python3?|rm|sed|sh|source|sphinx-build|sudo|systemctl|tee|true|unset|uvx?|(\.venv|\.|\$).*"
)
"""Other programs that pages call; nothing of their arguments is checked."""

EXAMPLES = Path(__file__).parents[2] / "examples"

DOES_NOT_ASK = "the local engine does not ask: give --yes"
"""What the local engine says of a command that the CLI asks about: right on the CLI."""


def command_lines(text: str) -> Iterator[list[str]]:
    """Each command in a line of shell, as words, without comments, redirections and variables that are set for it."""
    text = re.sub(r"\w+\(\) \{(.*)\}", r"\1", text.replace("\\\n", " "))  # what a function does
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.commenters = "#"
    lexer.whitespace_split = True
    words: list[str] = []
    skips = False
    for token in [*lexer, ";"]:
        if re.fullmatch(r"[|&;()]+", token) or token in ("do", "done", "then", "fi"):
            if words:
                yield words
            words, skips = [], False
        elif re.fullmatch(r"[<>]+&?", token):
            if words and words[-1].isdigit():
                words.pop()
            skips = True
        elif skips:
            skips = False
        elif words or not re.match(r"\w+=", token):
            words.append(token)


def mistake(words: list[str], targets: set[str]) -> str:
    """What is wrong with the command; "" when nothing is. `targets` are those of the Makefile."""
    name, *arguments = words
    arguments = [each for each in arguments if each != "…"]
    if name == "make":
        wrong = [each for each in arguments if "=" not in each and each not in targets]
        return f"no target {wrong[0]!r} in the Makefile" if wrong else ""
    if name == "connect-domains":
        engine = [*dropwhile(lambda word: word not in root.commands, arguments)] if "pulumi" in arguments else []
        return parsed(cli, arguments) or (parsed(root, engine) if engine else "")
    if name == "aws":
        return of_the_aws_cli(arguments)
    if name == "pulumi":
        options = OF_THE_CLI.get(" ".join(arguments[:2]), OF_THE_CLI.get(arguments[0] if arguments else ""))
        used = {each.partition("=")[0] for each in arguments if each.startswith("--")}
        if options is None or used - options:
            said = parsed(root, without_policies(arguments))
            return "" if said == DOES_NOT_ASK else said
    is_ours = name.endswith(".sh") and any(EXAMPLES.glob(f"*/{name}"))
    return "" if name == "pulumi" or is_ours or OTHERS.fullmatch(name) else f"no test knows the program {name!r}"


def without_policies(arguments: list[str]) -> list[str]:
    """The arguments but for policy packs, which the CLI's `preview` and `up` take."""
    if arguments[:1] not in (["preview"], ["up"]):
        return arguments
    pairs = zip(["", *arguments], arguments, strict=False)
    return [each for before, each in pairs if each not in POLICIES and before not in POLICIES]


AWS = botocore.session.Session()
WHEREVER = {"cli-binary-format", "cli-input-json", "no-cli-pager", "output", "profile", "query", "region"}
"""Options of the AWS CLI that every command takes."""


def of_the_aws_cli(arguments: list[str]) -> str:
    """What is wrong with a command of the AWS CLI: its options are the members of the operation's input, in kebab-case."""
    if arguments[:2] == ["s3", "sync"]:  # no operation: a command of the CLI's own
        return ""
    service, operation = [*arguments, "", ""][:2]
    try:
        model = AWS.get_service_model(service)
    except UnknownServiceError:
        return f"AWS has no service {service!r}"
    operations = {xform_name(each, "-"): each for each in model.operation_names}
    if operation not in operations:
        return f"{service} has no operation {operation!r}"
    shape = model.operation_model(operations[operation]).input_shape
    members = {xform_name(each, "-") for each in shape.members} if shape else set()
    used = {each.partition("=")[0].removeprefix("--") for each in arguments[2:] if each.startswith("--")}
    unknown = sorted(used - members - WHEREVER)
    return f"{service} {operation} has no option {unknown[0]!r}" if unknown else ""


def parsed(command: click.Command, arguments: list[str]) -> str:
    """What click says against the arguments; "" when nothing. Nothing is run."""
    context = click.Context(command, resilient_parsing=True)
    try:
        while True:
            if isinstance(command, click.Group):
                made = command.make_context(command.name or "", list(arguments), parent=context.parent and context)
                rest = [*made._protected_args, *made.args] if hasattr(made, "_protected_args") else made.args
                if not rest:
                    return ""
                name, found, arguments = command.resolve_command(made, rest)
                if found is None:
                    return f"no command {name!r}"
                command, context = found, made
                continue
            command.make_context(command.name or "", list(arguments), parent=context)
            return ""
    except click.exceptions.Exit:  # --help, --version
        return ""
    except click.ClickException as error:
        return error.format_message()
