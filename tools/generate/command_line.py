"""The reference pages of the command line: every command with its arguments, options, exit codes and examples, from click's own objects."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import click
from pulumi_connect_domains import cli, interrupts
from pulumi_connect_domains.reporting import markdown
from pulumi_connect_domains.reporting.command_line import Command

PROGRAM = "connect-domains"
NOTE = (
    "<!-- Written by `make generate` from the commands themselves (tools/generate/command_line.py). Do not edit it. -->"
)
WIDTH = 120
_OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")
_DEFAULT = re.compile(r"\s*\[default: (?P<words>.+)\]$")

ABOUT = """
The package brings one command, `connect-domains`. Each command below explains itself with `--help`, or `-h`.

- Reports go to standard output. Errors, notes and progress go to standard error.
- Commands that take longer than a second show their progress on a terminal, and erase it at the end. In a pipe, and
  where the variable `CI` is set, they are quiet.
- Colours are used on a terminal. `NO_COLOR=1` turns them off, `FORCE_COLOR=1` turns them on, also in a pipe. If both
  are set, `NO_COLOR` counts. `TERM=dumb` means neither colours nor progress.
- [Exit codes](exit-codes.md) are the same as in `--help`. Mistakes on the command line exit with 1.
- Your shell can complete commands, options and their values: see [completion](#connect-domains-completion).
"""

ABOUT_CODES = f"""
Each command ends with one of these exit codes, so that scripts and CI jobs can tell what happened.

- **1** is also the exit code for mistakes on the command line, and for errors: AWS, files, the Pulumi CLI. Standard
  error says why.
- **2** never means a mistake on the command line. It means drift, or lost data.
- **{interrupts.INTERRUPTED}** means that Ctrl-C stopped the command. The local AWS ends with 0 then.
- A traceback means a bug of this package. Please report it.
"""


class Named(NamedTuple):
    """A command, with the words that call it: `connect-domains local start`."""

    words: str
    command: Command


def commands() -> Iterator[Named]:
    """Every command, the groups in front of their commands; not `connect-domains` itself."""
    return _below(Named(PROGRAM, cli.cli))


def files() -> dict[str, str]:
    """The two pages."""
    named = list(commands())
    return {
        "docs/reference/command-line.md": _text(_page(named)),
        "docs/reference/exit-codes.md": _text(_codes(named)),
    }


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _prose(text: str) -> str:
    """Markdown of the words, options as code: renderers take two hyphens for a dash."""
    parts = text.split("`")
    parts[::2] = [_OPTION.sub(r"`\1`", part) for part in parts[::2]]
    return markdown.prose("`".join(parts))


def _below(group: Named) -> Iterator[Named]:
    assert isinstance(group.command, click.Group)
    context = click.Context(group.command)
    for name in group.command.list_commands(context):
        command = group.command.get_command(context, name)
        assert isinstance(command, Command), f"{name} is no Command of reporting.command_line"
        found = Named(f"{group.words} {name}", command)
        yield found
        if isinstance(command, click.Group):
            yield from _below(found)


def _page(named: list[Named]) -> Iterator[str]:
    yield from (NOTE, "", "# Command line", ABOUT.rstrip(), "")
    yield from _table(["Command", "What it does"], ([_link(each), _summary(each)] for each in named))
    for each in named:
        yield from _section(each)


def _section(named: Named) -> Iterator[str]:
    command = named.command
    pieces = command.collect_usage_pieces(click.Context(command))
    yield from ("", f"## {named.words}", "", "```text", " ".join([named.words, *pieces]), "```", "")
    yield from "\n\n".join(_paragraphs(command.help or "")).splitlines()
    parameters = [each for each in command.params if not getattr(each, "hidden", False)]
    if parameters:
        yield ""
        rows = ([_names(each), _values(each), _default(each), _words(each)] for each in parameters)
        yield from _table(["Argument or option", "Value", "Default", "What it does"], rows)
    if command.exit_codes:
        yield ""
        yield from _table(
            ["Exit code", "Meaning"], ([str(code), _prose(words)] for code, words in command.exit_codes.items())
        )
    if command.examples:
        yield from ("", "Examples:")
    for example in command.examples:
        yield from (
            "",
            f"{_prose(example.words)}:".replace("?:", "?"),
            "",
            "```console",
            f"$ {example.line}",
            "```",
        )


def _codes(named: list[Named]) -> Iterator[str]:
    yield from (NOTE, "", "# Exit codes", ABOUT_CODES.rstrip(), "")
    rows = (
        [_link(each, "command-line.md") if first else "", str(code), _prose(words)]
        for each in named
        for first, (code, words) in zip([True, *[False] * 9], each.command.exit_codes.items(), strict=False)
    )
    yield from _table(["Command", "Exit code", "Meaning"], rows)


def _table(headings: list[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'|'.join('---' for _ in headings)}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _link(named: Named, page: str = "") -> str:
    return f"[{named.words.removeprefix(f'{PROGRAM} ')}]({page}#{named.words.replace(' ', '-')})"


def _summary(named: Named) -> str:
    first, *_ = _paragraphs(named.command.help or "")
    return " ".join(first.split())


def _paragraphs(text: str) -> list[str]:
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    return [textwrap.fill(_prose(part), WIDTH, break_long_words=False, break_on_hyphens=False) for part in parts]


def _names(of: click.Parameter) -> str:
    if isinstance(of, click.Argument):
        word = (of.metavar or "").strip("[].")
        return f"`{word if word.isalpha() else str(of.name).upper()}`"
    return ", ".join(f"`{each}`" for each in (*of.opts, *of.secondary_opts))


def _values(of: click.Parameter) -> str:
    if isinstance(of, click.Option) and of.is_flag:
        return ""
    if isinstance(of.type, click.Choice):
        return ", ".join(f"`{each}`" for each in of.type.choices)
    shown = "" if isinstance(of, click.Argument) else f"`{of.metavar or of.type.name.upper()}`"
    limits = isinstance(of.type, (click.IntRange, click.FloatRange))
    return f"{shown}, {of.type.min:g} to {of.type.max:g}" if limits else shown


def _default(of: click.Parameter) -> str:
    said = _DEFAULT.search(getattr(of, "help", None) or "")
    if said:
        return _prose(said["words"])
    if isinstance(of, click.Option) and of.show_default:
        return f"`{of.opts[0]}`" if of.secondary_opts else f"`{of.default}`"
    return "required" if of.required else ""


def _words(of: click.Parameter) -> str:
    if isinstance(of, click.Argument):
        return "May be repeated." if of.nargs == -1 else ""
    assert isinstance(of, click.Option)
    words = _prose(_DEFAULT.sub("", of.help or ""))
    return f"{words} The variable `{of.envvar}` sets it, too." if of.envvar else words
