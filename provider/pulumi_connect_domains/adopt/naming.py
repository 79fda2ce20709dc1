"""Names in the stack and in the program: resource names, unique for each type, and Python identifiers, unique altogether. Pure."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, count

from ..registry import SERVICES
from .model import Found

LONGEST_NAME = 64
LONGEST_IDENTIFIER = 60
RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "pulumi", *SERVICES})


def resource_names(domains: Sequence[Found], taken: Mapping[str, Collection[str]]) -> list[str]:
    """A name for each domain, in their order: that of the entry it moves from, else the domain's own.

    Where two have the same, or the stack has it already (`taken`, by type), the region follows, then a number.
    """
    used = {(type_, name) for type_, names in taken.items() for name in names}
    shared = Counter((each.type.type_token, _base(each)) for each in domains)
    chosen = []
    for each in domains:
        token, base = each.type.type_token, _base(each)
        first = base if shared[token, base] == 1 else f"{base}-{each.region}"
        candidates = chain((first, f"{base}-{each.region}"), _numbered(f"{first}-"))
        name = next(name for name in candidates if (token, name) not in used)
        used.add((token, name))
        chosen.append(name)
    return chosen


def identifiers(names: Sequence[str]) -> list[str]:
    """A variable for each resource name, in their order. Shape: `crm-prod` gives `crm_prod`, a second one `crm_prod_2`."""
    used: set[str] = set()
    chosen = []
    for name in names:
        first = identifier(name)
        chosen.append(_unused(first, used.__contains__))
        used.add(chosen[-1])
    return chosen


def identifier(name: str) -> str:
    """A Python identifier that reads like the name: `CRM Prod!` gives `crm_prod`, `class` gives `class_domain`."""
    words = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")[:LONGEST_IDENTIFIER].rstrip("_")
    words = re.sub(r"_{2,}", "_", words)
    if not words or words[0].isdigit():
        words = f"domain_{words}".rstrip("_")
    return f"{words}_domain" if words in RESERVED else words


def _base(found: Found) -> str:
    return found.former.urn.name if found.former else found.name[:LONGEST_NAME]


def _unused(first: str, is_used: Callable[[str], bool]) -> str:
    return next(name for name in chain((first,), _numbered(f"{first}_")) if not is_used(name))


def _numbered(stem: str) -> Iterator[str]:
    return (f"{stem}{number}" for number in count(2))
