"""The launcher: a folder in Pulumi's home with a script that starts this Python's provider, and a record of who wrote it.

Only folders with that record are replaced or removed.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..model.errors import ConfigurationError, Refused
from ..reporting import output
from ..stacks import files, plugins
from ..stacks.plugins import EXECUTABLE, RECORD, Launcher

START = (
    "import sys; sys.path = [each for each in sys.path if each]; "
    "from pulumi_connect_domains.native.__main__ import main; sys.exit(main())"
)
"""What the launcher's Python runs. `python -m` would look for modules in the project's folder first, and find a `types.py` there."""


def install(python: str, version: str) -> list[str]:
    """The plugin of that version starts that Python; what was done, a line each.

    Other versions of our making go, if they start this Python too, or one that is gone: what they start is not what they say.
    Raises: Refused, before anything is written, where the folder is there and not of our making; ConfigurationError.
    """
    folder, launcher = plugins.folder_of(version), Launcher(python, version)
    before = Launcher.of(folder)
    if before is None and _is_there(folder):
        raise Refused(
            f"{files.called(str(folder))} is not of our making, and stays as it is; move it away to install the plugin"
        )
    stale = [
        (each, of) for each, of in _ours() if each != folder and (of.python == python or not os.path.exists(of.python))
    ]
    texts = _files(launcher)
    is_new = before != launcher or any(not _holds(folder / name, text) for name, text in texts.items())
    try:
        if is_new:
            folder.mkdir(0o755, parents=True, exist_ok=True)
            for name, text in texts.items():
                output.to_file(str(folder / name), text)
                # Nobody else may write it, whatever the umask is.
                (folder / name).chmod(0o644 if name == RECORD else 0o755)
        for each, _ in stale:
            _remove(each)
    except OSError as error:
        raise _failed(error) from None
    done = "installed" if is_new else "installed already:"
    return [f"{done} {EXECUTABLE} {version} in {folder}", *(f"removed {each}" for each, _ in stale)]


def remove() -> list[str]:
    """No plugin of our making is in Pulumi's home; what was done, a line each. Raises: ConfigurationError."""
    ours = [each for each, _ in _ours()]
    try:
        for each in ours:
            _remove(each)
    except OSError as error:
        raise _failed(error) from None
    others = [each.folder for each in plugins.installed()]
    left = [f"{each} is not of our making, and stays" for each in others]
    return [*(f"removed {each}" for each in ours), *left] or ["there is no plugin of ours"]


def _ours() -> Iterator[tuple[Path, Launcher]]:
    for each in plugins.installed():
        found = Launcher.of(each.folder)
        if found:
            yield each.folder, found


def _files(launcher: Launcher) -> Mapping[str, str]:
    """The files of the folder with their texts; the record is the first one, so what was written in part is ours."""
    script = f'#!/bin/sh\nexec {shlex.quote(launcher.python)} -c {shlex.quote(START)} "$@"\n'
    windows = f'@"{launcher.python.replace("%", "%%")}" -c "{START}" %*\r\n'
    start = {f"{EXECUTABLE}.cmd": windows} if sys.platform == "win32" else {EXECUTABLE: script}
    return {RECORD: launcher.text, **start}


def _is_there(folder: Path) -> bool:
    """Whether something is in the place that is not an empty folder."""
    if folder.is_symlink() or not folder.is_dir():
        return os.path.lexists(folder)
    return any(folder.iterdir())


def _holds(file: Path, text: str) -> bool:
    try:
        return file.read_bytes() == text.encode() and (file.name == RECORD or os.access(file, os.X_OK))
    except OSError:
        return False


def _remove(folder: Path) -> None:
    """The folder is gone, and what the CLI keeps beside it. Source: plugins.go: LockFilePath, PartialFilePath, pluginLastUsedSuffix."""
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != RECORD:
            each.unlink()
    (folder / RECORD).unlink()  # the last one, so what is left when this is interrupted is still ours
    folder.rmdir()
    for ending in (".lock", ".partial", ".lastused"):
        folder.with_name(f"{folder.name}{ending}").unlink(missing_ok=True)


def _failed(error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{files.called(str(error.filename or plugins.home()))}: cannot be changed: {error.strerror or error}"
    )
