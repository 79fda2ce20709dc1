"""What the command lines of all commands have in common: examples and exit codes in `--help`, completion of files, the closest name.

    @click.command(
        cls=Command,
        examples=[Example("Check one stack", "connect-domains drift --stack dev")],
        exit_codes={0: "in sync", 2: "drift"},
    )

The reference pages are made from the same, and tests run every example's command line and every exit code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Example(NamedTuple):
    """A command line that people may copy, and what it does.

    It fits into the 80 columns of `--help`; where it is too long for one line, a backslash ends the line, as in a shell.
    """

    words: str
    line: str


class Command(click.Command):
    """A command whose `--help` ends with its exit codes and with examples."""

    def __init__(
        self, *args: Any, examples: Sequence[Example] = (), exit_codes: Mapping[int, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)
        self.exit_codes = dict(exit_codes or {})

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the two sections."""
        if self.exit_codes:
            with formatter.section("Exit codes"):
                formatter.write_dl([(str(code), words) for code, words in self.exit_codes.items()])
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write_text(example.words if example.words.endswith("?") else f"{example.words}:")
                    for start, each in zip(chain("$", repeat(" ")), example.line.splitlines(), strict=False):
                        formatter.write(f"{' ' * formatter.current_indent}  {start} {each}\n")
        super().format_epilog(ctx, formatter)


class Group(Command, click.Group):
    """A command with commands below it. A name that is none of them is answered with the closest one."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, which itself would look for the closest name among commands that are loaded. Raises: UsageError."""
        name, names = arguments[0], self.list_commands(context)
        if name not in names and not name.startswith("-") and not context.resilient_parsing:
            context.fail(f"No such command {name!r}.{did_you_mean(name, names)}")
        return super().resolve_command(context, arguments)


class Choice(click.Choice[str] if TYPE_CHECKING else click.Choice):  # type: ignore[misc]  # only a newer click's is generic
    """One of some words. A word that is none of them is answered with the closest one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word. Raises: BadParameter."""
        try:
            return str(super().convert(value, param, ctx))
        except click.BadParameter as mistake:
            close = did_you_mean(str(value), map(str, self.choices))
            raise click.BadParameter(f"{mistake.message}{close}", mistake.ctx, mistake.param) from None


class _Place(click.types.StringParamType):
    """Any text, which a shell completes as the name of a file, or of a folder."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Tells the shell to complete it by itself."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type=self._kind)]


FILE, FOLDER = _Place("file"), _Place("dir")
"""The types of options that name a file or a folder. Whether there is one is seen when it is opened."""

cwd = click.option(
    "--cwd",
    metavar="DIR",
    type=FOLDER,
    default=".",
    help="Where the Pulumi CLI runs: the project's folder.  [default: this folder]",
)
"""The option of every command that asks the Pulumi CLI."""


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """` Did you mean 'drift'?`, to follow a sentence; "" where no name is close."""
    return "".join(f" Did you mean {each!r}?" for each in get_close_matches(word, list(names), n=1))
