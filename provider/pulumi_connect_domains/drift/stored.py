"""One domain's part of a report as a line of JSON, and back. So a long report can lie on disk, and the JSON report is these lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from ..reporting.escaping import json_line
from .model import DomainReport, Finding, OtherDeclaration, Setting
from .requirements import Broken

_LISTS: Mapping[str, Callable[..., object]] = {
    "findings": Finding, "ignored": Finding, "broken_requirements": Broken, "also_declared": OtherDeclaration,
    "unmanaged_settings": Setting, "cannot_tell": str, "notes": str,
}  # fmt: skip
"""The members that are lists, and what each item is."""


def key_of(*parts: str) -> bytes:
    """What something is found by, in a file or in memory: the same only for the same parts, and short whatever their length."""
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()[:16]


def line_of(domain: DomainReport) -> str:
    """The domain's part of the JSON report, in one line."""
    return json_line(domain)


def of_line(line: str) -> DomainReport:
    """The domain that `line_of` wrote."""
    return of_document(json.loads(line))


def of_document(document: dict[str, Any]) -> DomainReport:
    """The domain from its members, whose types have been checked, or which we have written."""
    for name, of in _LISTS.items():
        if found := document.get(name):
            document[name] = tuple(found if of is str else (of(**each) for each in found))
        else:
            document[name] = ()
    return DomainReport(**document)


def is_right(line: str) -> bool:
    """Whether nothing is wrong with the domain of the line, seen without reading it: in a text within it, the marks would be escaped."""
    return line.startswith('{"status": "in_sync"') and '"broken_requirements": [], "also_declared": []' in line


def lines_of(domains: object) -> Iterator[str]:
    """The lines of the domains of a report, as they lie on disk where they do."""
    own = getattr(domains, "lines", None)
    if own is not None:
        yield from own()
    else:
        yield from map(line_of, domains)  # type: ignore[call-overload]
