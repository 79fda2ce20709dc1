"""What the processes that a test has started show of themselves: their command lines and variables, as the user's programs see them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pulumi_connect_domains.local.aws.control import CONTROL_PATH

from .canaries import Search

ALLOWED = (
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    # The engine hands the config to a program in these; whoever reads them may as well read the program's memory.
    "PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS",
)  # fmt: skip
"""The variables in which a secret may stand: the user, or Pulumi itself, puts it there."""


def descendants() -> Iterator[Path]:
    """The folders in /proc of all processes that this one has started, and that these have."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue  # it has ended
        parents.setdefault(parent, []).append(int(folder.name))
    left = [os.getpid()]
    while left:
        children = parents.get(left.pop(), [])
        left += children
        yield from (Path(f"/proc/{child}") for child in children)


class Watcher:
    """A web application behind which another stands: at each request of AWS's it looks at the processes that live just then."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self.search = Search()
        self.found: list[str] = []
        self.seen = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(CONTROL_PATH):
            self.look()
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer

    def look(self) -> None:
        """What shows is noted."""
        for folder in descendants():
            try:
                words, variables = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
            except OSError:
                continue
            self.seen += 1
            shown = [each for each in variables.split(b"\0") if each.partition(b"=")[0].decode() not in ALLOWED]
            self.found += self.search.found(words + b"\n" + b"\n".join(shown))
