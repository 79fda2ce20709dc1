"""How command lines are written and what they ask for: the options of all commands, and mistakes as exit codes."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import reduce
from typing import Any

import click

from ..deploy.options import Kind, Options
from ..store.workspace import MISTAKES
from .surroundings import CommandError, Surroundings

EXIT_FAILED = 1
EXIT_UNEXPECTED_CHANGES = 7
EXIT_CANCELLED = 8

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def options(*all_: Decorator) -> Decorator:
    """The options as one decorator, in this order."""
    return lambda function: reduce(lambda decorated, option: option(decorated), reversed(all_), function)


def pairs(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """The values `KEY=VALUE` of an option as a mapping. Raises CommandError for what is not of this form."""
    for value in values:
        if "=" not in value:
            raise CommandError(f"{parameter.opts[-1]} {value}: KEY=VALUE was expected")
    return {key: value for key, _, value in (pair.partition("=") for pair in values)}


def _consented(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if not value and not context.resilient_parsing:
        raise CommandError("the local engine does not ask: give --yes")


def flag(*names: str, help_: str) -> Decorator:
    return click.option(*names, is_flag=True, help=help_)


AS_JSON = flag("-j", "--json", "as_json", help_="As JSON.")
SHOW_SECRETS = flag("--show-secrets", help_="Secrets in clear.")
YES = flag("-y", "--yes", help_="Go on without a question.")
CONSENT = click.option(
    "-y", "--yes", is_flag=True, expose_value=False, callback=_consented, help="Needed: nothing is asked."
)
NAME = click.argument("name", required=False)


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value and parameter.name:
        context.meta[parameter.name] = value


def _everywhere() -> list[click.Option]:
    """The options that may stand before or after any command; their values are in the context's `meta`."""
    kept: dict[str, Any] = {"expose_value": False, "callback": _remember}
    silent = {**kept, "help": "Accepted, without effect."}
    return [
        click.Option(["-s", "--stack"], help="The stack to work on (default: the selected one).", **kept),
        click.Option(["--config-file"], help="The stack's settings, instead of Pulumi.STACK.yaml.", **kept),
        click.Option(["--non-interactive"], is_flag=True, help="Never ask.", **kept),
        *(click.Option([name], **silent) for name in ("--color", "--verbose")),
        *(click.Option([name], is_flag=True, **silent) for name in ("--logtostderr", "--logflow")),
    ]


class Command(click.Command):
    """A command with the options of all."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.params.extend(_everywhere())


class Group(Command, click.Group):
    """A command with commands below it, which by default are of these classes too."""

    command_class = Command
    group_class = type

    def resolve_command(self, context: click.Context, arguments: list[str]) -> Any:
        name, path = arguments[0], context.command_path
        if self.get_command(context, name) is None:
            close = _meant(get_close_matches(name, self.list_commands(context), n=1))
            raise CommandError(f"the local engine has no command '{name}' for '{path}'{close} (see `{path} --help`)")
        return super().resolve_command(context, arguments)


def _meant(names: Sequence[str] | None) -> str:
    """A question about the closest name, if there is one: `; did you mean 'preview'?`."""
    return f"; did you mean '{names[0]}'?" if names else ""


@dataclass(frozen=True)
class Request:
    """The values of one command line. The names are those that operations.py declares them under."""

    options: Options
    yes: bool = False
    skip_preview: bool = False
    preview_only: bool = False
    expect_no_changes: bool = False
    remove: bool = False
    as_json: bool = False
    diff: bool = False
    debug: bool = False
    show_sames: bool = False
    show_replacement_steps: bool = False
    suppress_outputs: bool = False
    suppress_progress: bool = False
    event_log: str | None = None
    config: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    client: str | None = None
    exec_kind: str = "cli"

    @classmethod
    def of(cls, kind: Kind, values: Mapping[str, Any]) -> "Request":
        """The values by their names: those of the engine's Options, and the rest."""
        of_engine = {each.name for each in dataclasses.fields(Options)}
        options = Options(kind, **{name: value for name, value in values.items() if name in of_engine})
        return cls(options, **{name: value for name, value in values.items() if name not in of_engine})

    @property
    def noun(self) -> str:
        """What the run is called: update, refresh, destroy, import."""
        return "update" if self.options.kind == "up" else self.options.kind


def run_safely(command: click.Command, arguments: list[str], surroundings: Surroundings | None) -> int:
    """The exit code of the command; the user's mistakes become one `error: …` on standard error."""
    surroundings = surroundings or Surroundings()
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
    except MISTAKES as error:
        message, code = str(error), int(getattr(error, "exit_code", EXIT_FAILED))
    print(f"error: {message}", file=surroundings.err, flush=True)
    return code
