"""`pulumi up`, `preview`, `refresh`, `destroy` and `import`: their options. What they do is in running.py.

An option's last name is that of the field that its value goes to, of the engine's Options or of Request.
"""

from typing import TYPE_CHECKING, Any

import click

from ..model.reading import json_of, reading
from .grammar import YES, Command, Decorator, flag, options, pairs
from .surroundings import CommandError, here

if TYPE_CHECKING:
    from ..deploy.options import ImportedResource, Kind


def _many(*names: str, help_: str, **settings: Any) -> Decorator:
    return click.option(*names, multiple=True, help=help_, **settings)


def _pending_creates(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    if len(values) % 2:
        raise CommandError("--import-pending-creates: a URN and an ID each were expected")
    return dict(zip(values[::2], values[1::2], strict=True))


_ENTRY = {"type": str, "name": str, "id": str, "inputs?": dict, "outputs?": dict}


def _import_file(context: click.Context, parameter: click.Parameter, path: str) -> "tuple[ImportedResource, ...]":
    """The resources of an import file. Raises CommandError for what is wrong in it or not supported."""
    from ..deploy.options import ImportedResource  # here, since it loads the engine, which most commands do without

    with reading(f"could not read import file: {path}", "an import file"):
        entries = json_of(here().folder / path, {"resources": [_ENTRY]})["resources"]
    for entry in entries:
        if unknown := sorted(entry.keys() - {key.removesuffix("?") for key in _ENTRY}):
            raise CommandError(f"{path}: the local engine does not know {', '.join(unknown)} of a resource")
    return tuple(ImportedResource(**entry) for entry in entries)


AT_LEAST_ONE = click.IntRange(min=1, clamp=True)
COMMON = options(
    click.option("-m", "--message", default="", help="Kept in the history."),
    click.option("-p", "--parallel", type=AT_LEAST_ONE, default=16, help="How many operations run at once."),
    click.option("--event-log", help="A file or tcp://ADDRESS that receives every event as JSON."),
    click.option("--exec-kind", default="cli", hidden=True),
    flag("-j", "--json", "as_json", help_="A preview as the CLI's JSON document."),
    flag("--diff", help_="Show every property that differs."),
    flag("-d", "--debug", help_="Show debug messages too."),
    flag("--suppress-outputs", help_="Leave the stack's outputs out."),
    flag("--suppress-progress", help_="Leave out what operations say while they run."),
)
RUN = options(
    click.option("--client", help="The address of a program's own LanguageRuntime server."),
    flag("--show-sames", help_="List what does not change too."),
    flag("--show-replacement-steps", help_="List the halves of a replacement."),
    flag("--expect-no-changes", help_="Exit with 7 when anything changes."),
    _many("-t", "--target", "targets", help_="Only this URN; `*` and `**` are wildcards."),
    flag("--target-dependents", help_="And what depends on it."),
    _many("--exclude", "excludes", help_="All but this URN."),
    flag("--exclude-dependents", help_="And but what depends on it."),
    flag("--run-program", help_="Run the program when reading what exists, for its configuration and providers."),
)
CHANGING = options(
    YES, flag("-f", "--skip-preview", help_="Do not show what would be done first."),
    flag("--continue-on-error", help_="Go on with what does not depend on what failed."),
)  # fmt: skip
PREVIEW_ONLY = flag("--preview-only", help_="Only show what would be done.")
REFRESH = flag("-r", "--refresh", help_="Read what exists first.")
PLANNING = options(
    REFRESH,
    _many("-c", "--config", callback=pairs, help_="KEY=VALUE, kept in Pulumi.STACK.yaml."),
    _many("--replace", help_="Replace this URN."),
    _many("--target-replace", help_="Replace this URN, and leave all others alone."),
)


def _operation(name: str, kind: "Kind", help_: str, *all_: Decorator, **fixed: Any) -> click.Command:
    """The command; `fixed` are values that it gives without an option."""

    @click.command(name, cls=Command, help=help_)
    @options(*all_)
    def command(**values: Any) -> int:
        from .running import perform  # here, since it loads the engine

        for urn in values.pop("target_replace", ()):
            values.update(targets=(*values["targets"], urn), replace=(*values["replace"], urn))
        return perform(kind, {**values, **fixed})

    return command


up = _operation("up", "up", "Make everything as the program says.", COMMON, RUN, CHANGING, PLANNING)
preview = _operation("preview", "up", "Show what `up` would do.", COMMON, RUN, PLANNING, preview_only=True)
refresh = _operation(
    "refresh", "refresh", "Read what exists and make it the state.", COMMON, RUN, CHANGING, PREVIEW_ONLY,
    flag("--clear-pending-creates", help_="Forget creates that were begun and not heard of again."),
    _many("--import-pending-creates", callback=_pending_creates, help_="URN and ID of such a create: two values."),
)  # fmt: skip
destroy = _operation(
    "destroy", "destroy", "Delete all resources of the stack.", COMMON, RUN, CHANGING, PREVIEW_ONLY, REFRESH,
    flag("--exclude-protected", help_="Leave protected resources, and what they need."),
    flag("--remove", help_="Remove the stack too."),
)  # fmt: skip
import_ = _operation(
    "import", "import", "Put resources that exist, those of a file, into the stack's state.", COMMON, YES, PREVIEW_ONLY,
    flag("--skip-preview", help_="Do not show what would be done first."),
    click.option("-f", "--file", "imports", required=True, callback=_import_file, help="A JSON file."),
    click.option("--protect", "protect_imports", type=bool, default=True, help="Protect what was imported (default: true)."),
    click.option("--generate-code", type=bool, expose_value=False, help="Without effect: no program is written."),
)  # fmt: skip
ALL = (up, preview, refresh, destroy, import_)
