"""What the engine's command line says and its calls do not: whether a creation is a replacement that somebody asked for, and whether
somebody may see the log.

Source: for `--replace` and `--target-replace` the engine makes the same calls as for a new resource (seen on CLI 3.260.0: a Check without
old inputs, then Create). Where the command line cannot be read, nothing is known, without an error: no domain may be lost without it,
and no line of the log.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

REPLACES = ("--replace", "--target-replace")
LOGS = ("--debug", "--verbose", "--logtostderr", "--logflow", "--event-log")
_SHORT_LOGS = re.compile(r"-\w*[dv].*")  # `-d` and `-v9`, also among others: `-yd`
LOG_ENDPOINT = "PULUMI_LOG_OTLP_ENDPOINT"
ANCESTORS = 4  # the engine starts the host through a shell script, and Python may be started by a script too


def asks_to_replace(urn: str) -> bool:
    """Whether the command that started this host asks to replace what has the URN; False where that cannot be seen."""
    return any(_means(pattern, urn) for words in _commands_above() for pattern in _to_replace(words))


def may_show_log() -> bool:
    """Whether somebody may see debug lines of this host: the command that started it has an option for that, or cannot be read."""
    commands = _commands_above()
    return (
        not commands
        or LOG_ENDPOINT in os.environ
        or any(map(_means_log, (word for words in commands for word in words)))
    )


def _means_log(word: str) -> bool:
    return word.startswith(LOGS) or _SHORT_LOGS.fullmatch(word) is not None


def _to_replace(words: Sequence[str]) -> list[str]:
    """The URNs and patterns that the options of a command line name: `--replace URN`, `--replace=URN,URN`."""
    beginnings = tuple(f"{option}=" for option in REPLACES)
    joined = [word.partition("=")[2] for word in words if word.startswith(beginnings)]
    following = [words[place + 1] for place, word in enumerate(words[:-1]) if word in REPLACES]
    return [pattern for value in (*joined, *following) for pattern in value.split(",")]


def _means(pattern: str, urn: str) -> bool:
    """Whether the pattern means the URN. Source: for the CLI, `**` stands for any text, and `*` for any text without `:`."""
    forms = {"**": ".*", "*": "[^:]*"}
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.fullmatch("".join(forms.get(part) or re.escape(part) for part in parts), urn) is not None


def _commands_above() -> Sequence[list[str]]:
    """The command lines of the processes that started this one, the closest first; none where there is no /proc."""
    return _commands_from(os.getppid())


@lru_cache(maxsize=1)  # they stay the same while a host lives, and each of its creations asks
def _commands_from(process: int) -> tuple[list[str], ...]:
    return tuple(_read_upwards(process))


def _read_upwards(process: int) -> Iterator[list[str]]:
    with suppress(OSError, IndexError):
        for _ in range(ANCESTORS):
            folder = Path(f"/proc/{process}")
            yield (folder / "cmdline").read_text(errors="replace").split("\0")
            process = int(re.findall(r"^PPid:\s*(\d+)", (folder / "status").read_text(), re.MULTILINE)[0])
