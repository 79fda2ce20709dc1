"""What is written for the domains that were found: their declarations, their names, and the two files. Pure, but for the check."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, count, groupby
from pathlib import Path

from ..model.wording import counted
from ..operations.configuration import Configuration
from ..registry import SERVICES
from . import declaring, files, program
from .model import Adopted, Found, Remarks


def adopt(
    domains: Sequence[Found],
    configuration: Configuration,
    taken: Mapping[str, Collection[str]],
    *,
    is_native: bool = False,
) -> tuple[list[Adopted], Remarks]:
    """The domains as the program of a stack with that configuration declares them, sorted by account, and the remarks on them.

    A domain whose declaration the check refuses is a problem. `taken` are the resource names that the stack has already, by type.
    `is_native`: the native host will manage them.
    """
    declarations = {each.place: declaring.declare(each, configuration) for each in domains}
    refused = [each for each in domains if declarations[each.place].failures]
    kept = sorted((each for each in domains if each not in refused), key=lambda each: (each.account, each.place))
    adopted: list[Adopted] = []
    for _, group in groupby(kept, lambda each: each.account):
        of_account = list(group)
        names = resource_names(of_account, taken)
        for found, name, variable in zip(of_account, names, identifiers(names), strict=True):
            made = declarations[found.place]
            outputs = declaring.outputs(found, made.inputs)
            adopted.append(Adopted(found, name, variable, made.declared, made.inputs, outputs, is_native))
    return adopted, Remarks(
        tuple(_refusal(each, declarations[each.place].failures) for each in refused),
        tuple(_notes(kept, configuration)),
    )


def texts(adopted: Sequence[Adopted], folder: Path, *, protect: bool, is_python: bool = True) -> dict[Path, str]:
    """The files and their texts. A stack is of one account, so domains of several accounts go into a folder for each.

    Only a program in Python (`is_python`) is written here: `pulumi import` writes those of other languages.
    """
    by_account = {account: list(group) for account, group in groupby(adopted, lambda each: each.found.account)}
    written: dict[Path, str] = {}
    for account, group in by_account.items():
        place = folder / account if len(by_account) > 1 else folder
        written[place / files.IMPORT_FILE] = files.import_file(group)
        if is_python:
            written[place / files.PROGRAM] = program.text(group, protect=protect)
    return written


def _refusal(found: Found, failures: Sequence[str]) -> str:
    return "\n".join([f"{found.text} cannot be declared as it is:", *(f"  {text}" for text in failures)])


def _notes(domains: Sequence[Found], configuration: Configuration) -> list[str]:
    notes = []
    for each in domains:
        missing = declaring.missing_default_tags(each, configuration)
        if missing:
            notes.append(
                f"{each.text} lacks {counted(len(missing), 'default tag')} of the stack: `pulumi up --refresh` sets what is missing, "
                "the import does not"
            )
    return notes


LONGEST_NAME = 64
LONGEST_IDENTIFIER = 60
RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "pulumi", *SERVICES})


def resource_names(domains: Sequence[Found], taken: Mapping[str, Collection[str]]) -> list[str]:
    """A resource name for each domain, in their order: that of the resource it moves from, else the domain's own name.

    Where two names are the same, or the stack has the name already (`taken`, by type), the Region is appended, and if need be a number.
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
