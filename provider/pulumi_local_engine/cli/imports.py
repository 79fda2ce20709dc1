"""`pulumi import`: resources that exist already join the stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from .perform import perform
from .request import Request
from .shape import Command, CommandError, options
from .surroundings import FilePath

_KNOWN = {"type", "name", "id", "parent", "provider", "component", "inputs", "outputs", "logicalName"}


@click.command("import", cls=Command)
@options(
    click.argument("resource", nargs=-1, metavar="[TYPE NAME ID]"),
    click.option("-f", "--file", "path", type=FilePath(), help="A JSON file that lists the resources."),
    click.option("--protect", type=bool, default=True, help="Protect what was imported (default: true)."),
    click.option("--generate-code", type=bool, default=True, help="false: this engine writes no program."),
    click.option("-o", "--out", type=FilePath(), help="Where a program would go; an empty file is left there."),
    click.option("--parent", help="NAME=URN of the parent."),
    click.option("--provider", help="NAME=URN of the provider."),
    click.option("-m", "--message", default=""),
    click.option("-p", "--parallel", type=int, default=16),
    click.option("-y", "--yes", is_flag=True),
    click.option("--skip-preview", is_flag=True),
    click.option("--preview-only", is_flag=True),
    click.option("-j", "--json", "as_json", is_flag=True),
    click.option("-d", "--debug", is_flag=True),
    click.option("--diff", is_flag=True),
    click.option("--suppress-outputs", is_flag=True),
    click.option("--suppress-progress", is_flag=True),
    click.option("--event-log"),
    click.option("--exec-kind", default="cli", hidden=True),
)
@click.pass_context
def import_(
    context: click.Context,
    /,
    resource: tuple[str, ...],
    path: Path | None,
    protect: bool,
    generate_code: bool,
    out: Path | None,
    parent: str | None,
    provider: str | None,
    **values: Any,
) -> int:
    """Put resources that exist into the stack's state: TYPE NAME ID, or those of a file."""
    from ..deploy.options import ImportedResource

    urns = [(option or "").partition("=")[2] or option or "" for option in (parent, provider)]
    if path:
        imports = read_file(path)
    elif len(resource) == 3:
        imports = (ImportedResource(*resource, parent=urns[0], provider=urns[1]),)
    else:
        raise CommandError("TYPE NAME ID, or --file, was expected")
    code = perform(context, Request(kind="import", imports=imports, protect_imports=protect, **values))
    if code == 0 and out:
        out.write_text("", "utf-8")
    return code


def read_file(path: Path) -> Any:
    """The resources of an import file. Raises CommandError for what is wrong in it or not supported."""
    from ..deploy.options import ImportedResource

    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"could not read import file: {error}") from None
    names = document.get("nameTable") or {}

    def urn(entry: dict[str, Any], key: str) -> str:
        name = entry.get(key)
        if name and name not in names:
            raise CommandError(f"{entry.get('name')}: the {key} '{name}' is not in the file's nameTable")
        return names[name] if name else ""

    found = []
    for entry in document.get("resources") or ():
        entry = {key: value for key, value in entry.items() if value is not None}
        if unknown := sorted(entry.keys() - _KNOWN):
            raise CommandError(
                f"{entry.get('name')}: the local engine does not know {', '.join(unknown)} in an import file"
            )
        if missing := sorted({"type", "name", *(() if entry.get("component") else ("id",))} - entry.keys()):
            raise CommandError(f"{entry.get('name')}: {', '.join(missing)} missing in the import file")
        found.append(
            ImportedResource(
                entry["type"],
                entry.get("logicalName") or entry["name"],
                entry.get("id", ""),
                inputs=entry.get("inputs"),
                outputs=entry.get("outputs"),
                parent=urn(entry, "parent"),
                provider=urn(entry, "provider"),
                component=bool(entry.get("component")),
            )
        )
    return tuple(found)
