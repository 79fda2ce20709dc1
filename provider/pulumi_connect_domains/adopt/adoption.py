"""From what was found to what is written: declarations, names, and the two files. Pure but for the check of each declaration."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from ..model.wording import counted
from ..operations.configuration import Configuration
from . import declaring, files, import_file, naming, program
from .model import Adopted, Found, Remarks


def adopt(
    domains: Sequence[Found], configuration: Configuration, taken: Mapping[str, Collection[str]]
) -> tuple[list[Adopted], Remarks]:
    """The domains as the program of a stack with that configuration declares them, by account, and the remarks on them.

    A domain that check would refuse is a problem. `taken` are the resource names that the stack has already, by type.
    """
    declarations = {each.place: declaring.declare(each, configuration) for each in domains}
    refused = [each for each in domains if declarations[each.place].failures]
    kept = sorted((each for each in domains if each not in refused), key=lambda each: (each.account, each.place))
    adopted: list[Adopted] = []
    for _, group in groupby(kept, lambda each: each.account):
        of_account = list(group)
        names = naming.resource_names(of_account, taken)
        for found, name, variable in zip(of_account, names, naming.identifiers(names), strict=True):
            made = declarations[found.place]
            outputs = declaring.outputs(found, made.inputs)
            adopted.append(Adopted(found, name, variable, made.declared, made.inputs, outputs))
    return adopted, Remarks(
        tuple(_refusal(each, declarations[each.place].failures) for each in refused),
        tuple(_notes(kept, configuration)),
    )


def texts(adopted: Sequence[Adopted], folder: Path, *, protect: bool) -> dict[Path, str]:
    """The files and what they hold. Domains of several accounts belong into several stacks, so each account gets a folder."""
    by_account = {account: list(group) for account, group in groupby(adopted, lambda each: each.found.account)}
    written: dict[Path, str] = {}
    for account, group in by_account.items():
        place = folder / account if len(by_account) > 1 else folder
        written[place / files.IMPORT_FILE] = import_file.text(group)
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
