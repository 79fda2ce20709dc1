"""Where a Pulumi project and its files are in their repository."""

from __future__ import annotations

from pathlib import Path

NAMES = ("Pulumi.yaml", "Pulumi.yml")


def project_file(folder: str) -> str:
    """The project's file as seen from the root of its repository, with slashes: `infra/Pulumi.yaml`.

    As the Pulumi CLI does, it looks in the folder and then in those around it, up to the root. Where there is no such file, it is the one
    that would be in the folder; outside of the root, `Pulumi.yaml`.
    """
    try:
        here = Path(folder).resolve()
        root = _root(here)
        within = [each for each in (here, *here.parents) if each.is_relative_to(root)]
        files = (each / name for each in within for name in NAMES)
        found = next((each for each in files if each.is_file()), here / NAMES[0])
    except OSError:
        return NAMES[0]
    return found.relative_to(root).as_posix() if found.is_relative_to(root) else NAMES[0]


def seen_from_root(file: str) -> str:
    """The file as seen from the root of its repository, with slashes; as it was given where it lies outside."""
    try:
        place = Path(file).resolve()
        root = _root(place.parent)
    except (OSError, ValueError):
        return file
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else file


def _root(folder: Path) -> Path:
    """The repository around the folder; outside of one, the current folder."""
    around = (folder, *folder.parents)
    return next((each for each in around if (each / ".git").exists()), Path.cwd().resolve())
