"""The files that an import writes, and the steps that are left to the user, as commands to paste. Files of others are not overwritten."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..model.errors import ConfigurationError, Unreadable
from ..model.resource_type import ResourceType
from ..model.spelling import Spelling
from ..model.values import HOST_KEY, Json
from ..model.visible import in_shell
from ..reporting import output
from ..reporting.escaping import json_text
from ..stacks import files
from ..stacks.documents import json_of
from .model import Adopted

PROGRAM = "__main__.py"
IMPORT_FILE = "import.json"


def write(texts: Mapping[Path, str], *, overwrite: bool) -> None:
    """All files hold their texts. Raises: ConfigurationError, before anything is written, where one exists with other contents.

    An import file of an earlier run that differs in outputs alone is replaced.
    """
    others = [files.called(str(path)) for path, text in texts.items() if _is_other(path, text)]
    if others and not overwrite:
        raise ConfigurationError(
            f"{', '.join(others)}: there already, with other contents; --overwrite replaces them, or choose another folder with --out"
        )
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            output.to_file(str(path), text)
    except OSError as error:
        raise ConfigurationError(f"{error.filename or path}: cannot be written: {error.strerror or error}") from None


def _is_other(path: Path, text: str) -> bool:
    if not path.exists():
        return False
    try:
        there = files.content(str(path))
    except Unreadable:
        return True
    if there == text.encode():
        return False
    return path.name != IMPORT_FILE or not _says_the_same(there, text)


def written(adopted: Sequence[Adopted], paths: Sequence[Path]) -> Iterator[str]:
    """Each domain with its variable, and the files."""
    width = max(len(each.variable) for each in adopted)
    for each in adopted:
        yield f"{each.variable:<{width}}  {each.found.text}"
    yield ""
    yield f"written: {', '.join(map(str, paths))}"


def next_steps(adopted: Sequence[Adopted], paths: Sequence[Path], *, protect: bool) -> Iterator[str]:
    """The steps that are left, for each import file."""
    formers = [each.found.former for each in adopted if each.found.former]
    option = "" if protect else " --protect=false"
    for path in (each for each in paths if each.name == IMPORT_FILE):
        yield ""
        yield "next, for the stack that they are to belong to:"
        program = path.with_name(PROGRAM)
        if program in paths:
            yield f"  put {program} in place as its program, or its declarations into the one that is there"
        if formers:
            yield "  take the old declarations out of the program"
        code = " --generate-code=false" if program in paths else ""
        yield f"  pulumi import --file {shlex.quote(str(path))}{code}{option}"
        if program not in paths:
            yield "  put the declarations that it prints into the program"
        for former in formers:
            force = "--force " if former.is_protected else ""
            urn = in_shell(str(former.urn))
            yield f"  pulumi state delete {force}{urn}   # only the entry goes, the domain stays; before any pulumi up"
        yield "  pulumi preview --expect-no-changes"


# -- the import file --------------------------------------------------------------------------------------------------


def import_file(adopted: Sequence[Adopted]) -> str:
    """The text of the import file, as `pulumi import --file` reads it.

    It holds inputs and outputs, so that the engine does not ask the provider to read the resource, and the Region counts in which it was
    found. A Python dynamic provider could not read it: it takes the provider from the resource's state, which does not exist yet. For the
    same reason both hold the pickled provider there.

    Source: CLI 3.254 and newer; seen on 3.260.
    """
    document = {"resources": [_entry(each) for each in adopted]}
    return json_text(document) + "\n"


def _says_the_same(one: str | bytes, other: str | bytes) -> bool:
    """Whether two import files import the same resources with the same inputs. Outputs do not count: AWS changes them by itself."""
    try:
        return _matters(json_of(one)) == _matters(json_of(other))
    except (Unreadable, AttributeError, KeyError, TypeError):
        return False  # it is none of ours


def _matters(document: Any) -> list[Any]:
    return [
        (each["type"], each["name"], each["id"], {key: item for key, item in each["inputs"].items() if key != HOST_KEY})
        for each in document["resources"]
    ]


def _entry(adopted: Adopted) -> dict[str, object]:
    return {
        "type": adopted.token,
        "name": adopted.resource_name,
        "id": adopted.found.id,
        "inputs": _document(adopted, adopted.inputs),
        "outputs": _document(adopted, adopted.outputs),
    }


def _document(adopted: Adopted, document: Json) -> object:
    """The inputs or outputs as the host that will manage the domain writes them."""
    if adopted.is_native:
        return Spelling.CAMEL.document(adopted.type.schema, document)
    return {HOST_KEY: _pickled(adopted.type), **document}


@lru_cache(maxsize=8)
def _pickled(type: ResourceType) -> str:
    """The provider as a program's constructor hands it over."""
    from ..host.lifecycle import pickled  # Pulumi is loaded only where a file is written

    return pickled(type.provider_class())
