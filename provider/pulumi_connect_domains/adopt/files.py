"""The files that are written, and what the command says of them: which steps are left, as commands to paste.

What somebody else has written is never overwritten unasked.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..model.errors import ConfigurationError, Unreadable
from ..reporting import output
from ..stacks import files
from ..stacks.urn import Urn
from . import import_file
from .model import Adopted

PROGRAM = "__main__.py"
IMPORT_FILE = "import.json"


def write(texts: Mapping[Path, str], *, overwrite: bool) -> None:
    """All of the files hold their texts. Raises: ConfigurationError, before anything is written, for one that holds something else.

    An import file of an earlier run that says the same is replaced: only what AWS computes has moved.
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
    return path.name != IMPORT_FILE or not import_file.says_the_same(there, text)


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
