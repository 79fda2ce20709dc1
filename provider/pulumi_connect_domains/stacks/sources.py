"""Where exports come from: the Pulumi CLI, files, folders. Nothing is written and no lock is taken.

Each function returns an iterator, which reads an export when it is asked for the next one. What can be said before, such as that there is
no such folder, is raised at once.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from ..model.errors import ConfigurationError, Unreadable
from . import files, layout
from .ahead import ahead
from .cli import Pulumi
from .documents import json_of, text_of

EXPORTS_AT_ONCE = 4  # each is a process of the CLI

WITHOUT_CLI = (
    "--stack, --all and --org ask it for the state\n"
    "without it: `pulumi stack export > state.json` where it is, then --state state.json (or --state-dir for many)"
)


@dataclass(frozen=True)
class Export:
    """The text of one export, and in words where it came from. `error` says why there is no text."""

    origin: str
    text: str | bytes = ""
    error: str = ""

    def content(self) -> str | bytes:
        """The text. Raises: Unreadable, with the error."""
        if self.error:
            raise Unreadable(self.error)
        return self.text


# -- files and folders ------------------------------------------------------------------------------------------------


def from_file(name: str) -> Iterator[Export]:
    """The export in a file, compressed or not; `-` is standard input."""
    origin = "standard input" if name == files.STANDARD_INPUT else files.called(name)
    try:
        export = Export(origin, files.content(name))
    except Unreadable as error:
        export = Export(origin, error=str(error))
    yield export


def from_folder(name: str, option: str = "--state-dir") -> Iterator[Export]:
    """The exports in a folder and the folders below it, or the stacks of a backend that was copied there, by name.

    A folder below it that cannot be opened gives an export with an error, since it may hold some. Raises: ConfigurationError when there is
    no such folder.
    """
    if not os.path.isdir(name):
        raise ConfigurationError(f"{option} {files.called(name)}: there is no such folder")
    return _in_folder(name, lambda key: True)


def from_folder_of_backend(name: str, option: str = "--state") -> Iterator[Export]:
    """The exports of all stacks of a backend that is this folder, by name. Raises: ConfigurationError when the folder is none."""
    place = os.path.join(name, _STACKS)
    if not os.path.isdir(place):
        raise ConfigurationError(
            f"{option} {files.called(name)}: there is no backend of Pulumi in this folder ({layout.STACKS})"
        )
    return _in_folder(place, lambda path: layout.is_stack(os.path.relpath(path, place).replace(os.sep, "/")))


_STACKS = layout.STACKS.replace("/", os.sep)


@dataclass(frozen=True)
class _File:
    key: str
    modified: str


def _in_folder(root: str, is_wanted: Callable[[str], bool]) -> Iterator[Export]:
    """The exports in the files that end as states do, in the order of their paths. Only what one folder holds is listed at a time."""
    waiting = [root.rstrip(os.sep) + os.sep]
    while waiting:
        path = waiting.pop()
        if not path.endswith(os.sep):
            yield from from_file(path) if _is_file(path) else [_error(path, "cannot be read: is not a file")]
            continue
        try:
            with os.scandir(path.rstrip(os.sep) or os.sep) as entries:
                names = sorted(f"{each.name}{os.sep if _is_folder(each) else ''}" for each in entries)
        except OSError as error:
            yield _error(path[:-1], f"cannot be looked into: {error.strerror or error}")
            continue
        states = layout.newest(_File(each, _modified(path + each)) for each in names if not each.endswith(os.sep))
        kept = {each.key for each in states if is_wanted(path + each.key)}
        left_out = () if path.endswith(_STACKS) else layout.NOT_STATES  # a project may have any name
        below = {each for each in names if each.endswith(os.sep) and each[:-1] not in left_out}
        waiting += [path + each for each in reversed(names) if each in kept or each in below]


def _error(path: str, error: str) -> Export:
    return Export(files.called(path), error=error)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """False for links to folders, which are not followed."""
    return entry.is_dir(follow_symlinks=False)


def _is_file(name: str) -> bool:
    """False for pipes, devices and sockets, which nobody means in a folder. True where this cannot be told: reading it then fails."""
    try:
        return stat.S_ISREG(os.stat(name).st_mode)
    except OSError:
        return True


def _modified(name: str) -> str:
    """When the file was last changed, as text that sorts by time; "" where this cannot be told."""
    try:
        return f"{os.stat(name).st_mtime_ns:020d}"
    except OSError:
        return ""


# -- the Pulumi CLI ---------------------------------------------------------------------------------------------------


def from_pulumi(
    stacks: Sequence[str],
    *,
    every: bool = False,
    organizations: Sequence[str] = (),
    folder: str,
    with_secrets: bool,
    option: str = "--all",
    on_export: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[Export]:
    """The exports of the named stacks, of `every` stack of the backend that the CLI is logged in to, and of all of these organizations.

    `option` is the one that asked for `every`. A few are exported ahead. `on_export` is called with the number of exports that were taken,
    and of all.

    Raises: ConfigurationError, at once, where there is no CLI, or it cannot list the stacks.
    """
    pulumi = Pulumi.find(folder, WITHOUT_CLI)
    if not os.path.isdir(folder):
        raise ConfigurationError(f"the Pulumi CLI cannot be run in {files.called(folder)}: there is no such folder")
    names = [*stacks]
    if every:
        names = _stacks(pulumi, option)
    for each in organizations:
        names += _stacks_of(pulumi, each)
    names = list(dict.fromkeys(names))
    options = ["--show-secrets"] if with_secrets else []
    on_export(0, len(names))
    exports = ahead(lambda name: _exported(pulumi, name, options), names, threads=EXPORTS_AT_ONCE)
    return _counted(exports, len(names), on_export)


def _counted(exports: Iterator[Export], of: int, on_export: Callable[[int, int], None]) -> Iterator[Export]:
    for done, export in zip(count(1), exports, strict=False):
        on_export(done, of)
        yield export


def _stacks(pulumi: Pulumi, option: str, *more: str) -> list[str]:
    listed = pulumi.run("stack", "ls", "--all", "--json", *more)
    if listed.code:
        raise ConfigurationError(f"{option}: the Pulumi CLI cannot list the stacks: {listed.first_error}")
    try:
        return [str(stack["name"]) for stack in json_of(listed.output)]
    except (Unreadable, TypeError, KeyError):
        raise ConfigurationError(f"{option}: the Pulumi CLI's list of stacks cannot be read") from None


def _stacks_of(pulumi: Pulumi, organization: str) -> list[str]:
    """The full names of the organization's stacks: `acme/shop/dev`. Raises: as `_stacks`, and for a backend that has no organizations.

    Source: pkg/cmd/pulumi/stack/stack_list.go in pulumi/pulumi. The CLI gets all pages before it prints; it leaves out the organization and
    the project of the folder where it runs, unless it is told not to; and with a backend in a folder or bucket it ignores the option.
    """
    option = f"--org {organization}"
    found = _stacks(pulumi, option, "--organization", organization, "--fully-qualify-stack-names")
    if any(not name.casefold().startswith(f"{organization}/".casefold()) for name in found):
        raise ConfigurationError(
            f"{option}: the Pulumi CLI lists stacks of others, so its backend is none of Pulumi Cloud\n"
            "`pulumi login` to the cloud, or --all for every stack of its backend"
        )
    if not found:
        raise ConfigurationError(
            f"{option}: the Pulumi CLI lists no stacks there\ncheck the name, and who is logged in"
        )
    return found


def _exported(pulumi: Pulumi, stack: str, options: Sequence[str]) -> Export:
    origin = f"stack {stack}"
    exported = pulumi.run("stack", "export", "--stack", stack, *options)
    if exported.code:
        return Export(origin, error=f"the Pulumi CLI cannot export it: {exported.first_error}")
    try:
        return Export(origin, text_of(exported.output))
    except Unreadable as error:
        return Export(origin, error=str(error))
