"""What all commands share: the options that every one takes, Go's `--flag=false`, and how mistakes turn into exit codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import click

from .surroundings import Surroundings, here

EXIT_FAILED = 1
EXIT_UNEXPECTED_CHANGES = 7
EXIT_CANCELLED = 8


class CommandError(click.ClickException):
    """A command that cannot be done, in one sentence."""

    exit_code = EXIT_FAILED


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value and parameter.name:
        context.meta[parameter.name] = value


def _change_folder(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value:
        surroundings = here(context)
        folder = surroundings.folder / value
        if not folder.is_dir():
            raise CommandError(f"--cwd {value}: there is no such folder")
        context.obj = replace(surroundings, folder=folder)


def _everywhere() -> list[click.Option]:
    """The options that may stand before or after any command; their values are in the context's `meta`."""
    kept: dict[str, Any] = {"expose_value": False, "callback": _remember}
    return [
        click.Option(["-s", "--stack"], help="The stack to work on (default: the selected one).", **kept),
        click.Option(["-C", "--cwd"], expose_value=False, callback=_change_folder, is_eager=True, help="Work there."),
        click.Option(["--non-interactive"], is_flag=True, help="Never ask.", **kept),
        click.Option(["--color"], help="always, never, raw or auto; the local engine writes plain text.", **kept),
        click.Option(["-e", "--emoji"], is_flag=True, help="Accepted, without effect.", **kept),
        click.Option(["-v", "--verbose"], type=int, help="Accepted, without effect.", **kept),
        click.Option(["--logtostderr"], is_flag=True, help="Accepted, without effect.", **kept),
        click.Option(["--logflow"], is_flag=True, help="Accepted, without effect.", **kept),
    ]


class Command(click.Command):
    """A command with the options of all; `--flag=true` and `--flag=false` are understood."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        taken = {name for parameter in self.params for name in parameter.opts}
        for option in _everywhere():
            option.opts = [name for name in option.opts if name not in taken]
            if option.opts:
                self.params.append(option)

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        return super().parse_args(context, _without_values(self, arguments))


class Group(Command, click.Group):
    """A command with commands below it, which by default are of these classes too."""

    command_class = Command
    group_class = type

    def resolve_command(self, context: click.Context, arguments: list[str]) -> Any:
        name, path = arguments[0], context.command_path
        if self.get_command(context, name) is None:
            close = _meant(get_close_matches(name, self.list_commands(context), n=1))
            raise CommandError(
                f"the local engine has no command '{name}' for '{path}'{close} (`{path} --help` lists them)"
            )
        return super().resolve_command(context, arguments)


def _meant(names: Sequence[str] | None) -> str:
    """A question about the closest name, if there is one: `; did you mean 'preview'?`."""
    return f"; did you mean '{names[0]}'?" if names else ""


def _without_values(command: click.Command, arguments: list[str]) -> list[str]:
    flags = {name for p in command.params if isinstance(p, click.Option) and p.is_flag for name in p.opts}
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = []
    for argument in arguments[:end]:
        name, _, value = argument.partition("=")
        if name in flags and value == "true":
            kept.append(name)
        elif not (name in flags and value == "false"):
            kept.append(argument)
    return kept + arguments[end:]


def run_safely(
    command: click.Command, arguments: list[str], mistakes: tuple[type[Exception], ...], surroundings: Surroundings
) -> int:
    """The exit code of the command; the user's mistakes become one `error: …` on standard error."""
    try:
        found = command.main(arguments, "pulumi", standalone_mode=False, obj=surroundings)
        return found if isinstance(found, int) else 0
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        message, code = "cancelled", EXIT_CANCELLED
    except click.NoSuchOption as error:
        path = error.ctx.command_path if error.ctx else "pulumi"
        close = _meant(error.possibilities)
        message, code = f"the local engine does not know the option {error.option_name} of `{path}`{close}", EXIT_FAILED
    except click.ClickException as error:
        message, code = error.format_message(), EXIT_FAILED
    except mistakes as error:
        message, code = str(error), int(getattr(error, "exit_code", EXIT_FAILED))
    print(f"error: {message}", file=surroundings.err, flush=True)
    return code


def confirmed(context: click.Context, yes: bool, question: str, no_yes: str) -> None:
    """The user agreed, by --yes or by answering. Raises CommandError otherwise."""
    if yes:
        return
    if not interactive(context):
        raise CommandError(no_yes)
    if not click.confirm(question, err=True):
        raise CommandError("confirmation declined")


def interactive(context: click.Context) -> bool:
    """True when somebody can be asked."""
    return not context.meta.get("non_interactive") and here(context).is_interactive


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def options(*all_: Decorator) -> Decorator:
    """The options as one decorator, in this order."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(all_):
            function = option(function)
        return function

    return decorate
