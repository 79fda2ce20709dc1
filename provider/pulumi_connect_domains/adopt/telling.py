"""What the command says in the end: what was written, and which steps are left, as commands to paste. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..stacks.urn import Urn
from .files import IMPORT_FILE, PROGRAM
from .model import Adopted


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
        yield f"  put {path.with_name(PROGRAM)} in place as its program, or its declarations into the one that is there"
        if formers:
            yield "  take the old declarations out of the program"
        yield f"  pulumi import --file {shlex.quote(str(path))} --generate-code=false{option}"
        for former in formers:
            force = "--force " if former.is_protected else ""
            yield f"  pulumi state delete {force}{_quoted(former.urn)}   # only the entry goes, the domain stays; before any pulumi up"
        yield "  pulumi preview --expect-no-changes"


def _quoted(urn: Urn) -> str:
    """The URN for a shell, always in quotes: a `$` may be in it."""
    return "'" + str(urn).replace("'", "'\"'\"'") + "'"
