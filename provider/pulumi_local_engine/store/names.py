"""How stacks are called, and so where their files are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ORGANIZATION = "organization"
_NAME = re.compile(r"(?!\.+\Z)[A-Za-z0-9_.-]{1,100}\Z")
"""A stack's or project's name. A name of dots alone, which the CLI lets pass, would be a folder above."""


class BackendError(Exception):
    """Something about stacks or their folder that the user can mend; the text says what."""


class StackNotFoundError(BackendError):
    """No stack has the name."""

    exit_code = 6


@dataclass(frozen=True, order=True)
class StackName:
    """A stack's place: its project and its name within it. Raises BackendError for names that cannot be."""

    project: str
    name: str

    def __post_init__(self) -> None:
        for part in (self.project, self.name):
            if not _NAME.match(part):
                raise BackendError(
                    f"'{part}' is not a valid name: letters, digits, '_', '.' and '-', at most 100, and not dots alone"
                )

    @property
    def full(self) -> str:
        return f"{ORGANIZATION}/{self.project}/{self.name}"

    @classmethod
    def parse(cls, text: str, project: str | None) -> StackName:
        """The stack called `name`, `organization/name` or `organization/project/name`; `project` is the current one."""
        organization, _, rest = text.rpartition("/")[0].partition("/") if "/" in text else (ORGANIZATION, "", "")
        project, name = rest or project, text.rpartition("/")[2]
        if organization != ORGANIZATION:
            raise BackendError("organization name must be 'organization' in a file backend")
        if not project:
            raise BackendError(
                "no Pulumi.yaml project file found: name the stack organization/PROJECT/STACK, or change folder"
            )
        return cls(project, name)

    @classmethod
    def at(cls, path: Path) -> StackName | None:
        """The stack whose state is the file; None when no stack can be called so."""
        return cls(path.parent.name, path.stem) if _NAME.match(path.parent.name) and _NAME.match(path.stem) else None
