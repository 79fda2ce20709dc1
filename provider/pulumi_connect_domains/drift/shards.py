"""Shards: the part of the domains that one of several checks reads. Pure.

A shard is chosen by account and Region, of all resource types together. AWS counts calls for each account and Region, so no two shards
share a quota, and none has to talk to another. Which shard that is, a stable hash of the two says, and nothing else. A balanced assignment
would have to see all domains: each shard reads all states by itself, and states may change meanwhile, so two shards could count
differently, and a domain would be in both or in none. With a hash no domain is lost or doubled because another stack changed.

    --shard 3/16       the third of sixteen
    --shard auto/16    the index from the environment: AWS Batch arrays, indexed jobs of Kubernetes, `parallel` of GitLab
    --shard auto       the number from there, too
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from ..model.errors import ConfigurationError

MOST_SHARDS = 10_000
"""Source: AWS Batch, "Array jobs": an array has at most 10,000 children, which is more than the others allow or anybody needs."""

_AUTO = "auto"
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class Shard:
    """One of several parts; `index` counts from 1 to `of`."""

    index: int
    of: int

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"

    def has(self, account: str, region: str) -> bool:
        """Whether the domains of that account and Region are in this shard. Where one of them is not known it is "".

        The first 8 bytes of the SHA-256 of `account/region`, as a number, modulo the number of shards. It never changes: shards of two
        releases are merged.
        """
        place = f"{account}/{region}".encode("utf-8", "surrogatepass")
        return int.from_bytes(sha256(place).digest()[:8], "big") % self.of == self.index - 1


class Source(NamedTuple):
    """What sets an index: the variable, the first job's index, the variable of their number ("" where there is none), who sets it."""

    variable: str
    base: int
    number_variable: str
    runner: str


SOURCES = (
    Source("CI_NODE_INDEX", 1, "CI_NODE_TOTAL", "GitLab's `parallel`"),
    Source("AWS_BATCH_JOB_ARRAY_INDEX", 0, "AWS_BATCH_JOB_ARRAY_SIZE", "an AWS Batch array"),
    Source("JOB_COMPLETION_INDEX", 0, "", "an indexed job of Kubernetes"),
)
"""Source: GitLab, "Predefined CI/CD variables"; AWS Batch, "Job environment variables"; Kubernetes, "Indexed Job"."""


def from_option(text: str, environment: Mapping[str, str]) -> Shard:
    """The shard that `--shard` says. Raises: ConfigurationError, which names the variable, its value and the limit."""
    index, separator, number = text.partition("/")
    if index != _AUTO:
        if not (separator and _NUMBER.fullmatch(index) and _NUMBER.fullmatch(number)):
            raise ConfigurationError(f"--shard {text}: 3/16 (the third of sixteen), auto/16 or auto was expected")
        return _shard(int(index), _number(f"--shard {text}", number), f"--shard {text}", 1)
    if separator and not _NUMBER.fullmatch(number):
        raise ConfigurationError(f"--shard {text}: auto/16 was expected, with the number of all shards")
    return _automatic(f"--shard {text}", _number(f"--shard {text}", number) if separator else None, environment)


def _automatic(option: str, number: int | None, environment: Mapping[str, str]) -> Shard:
    """The shard by the variables that are set. Those of several runners must agree: a job may run in one that another started."""
    present = [each for each in SOURCES if environment.get(each.variable)]
    if not present:
        names = ", ".join(f"{each.variable} ({each.runner})" for each in SOURCES)
        raise ConfigurationError(f"{option}: none of the variables is set that tell a job's index: {names}")
    numbers = {
        each.number_variable: _number(each.number_variable, environment[each.number_variable])
        for each in present
        if environment.get(each.number_variable)
    }
    for variable, found in numbers.items():
        if number is not None and found != number:
            raise ConfigurationError(f"{option}: {variable} is {found}, which is another number of shards")
        number = found
    if number is None:
        raise ConfigurationError(
            f"{option}: {present[0].variable} is set, and no variable tells the number of shards; say auto/N"
        )
    shards = {each: _of_source(each, environment[each.variable], number) for each in present}
    if len(set(shards.values())) > 1:
        said = ", ".join(f"{each.variable} is {environment[each.variable]!r}" for each in shards)
        raise ConfigurationError(f"{option}: the variables name different shards: {said}; say INDEX/NUMBER")
    return shards[present[0]]


def _of_source(source: Source, text: str, number: int) -> Shard:
    if not _NUMBER.fullmatch(text):
        raise ConfigurationError(f"{source.variable} is {text!r}: a whole number was expected, from {source.base}")
    return _shard(int(text), number, f"{source.variable} is {text}", source.base)


def _shard(index: int, number: int, said: str, base: int) -> Shard:
    last = number - 1 + base
    if not base <= index <= last:
        raise ConfigurationError(f"{said}: the index of one of {number} shards is from {base} to {last}")
    return Shard(index - base + 1, number)


def _number(said: str, text: str) -> int:
    number = int(text) if _NUMBER.fullmatch(text) else 0
    if not 1 <= number <= MOST_SHARDS:
        value = "" if said.startswith("--") else f" is {text!r}"
        raise ConfigurationError(f"{said}{value}: the number of shards is from 1 to {MOST_SHARDS:,}")
    return number
