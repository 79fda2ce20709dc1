"""Makes a report out of the document that `connect-domains drift --format json` wrote: the exact inverse of `formats.json_format`.

Members that this version does not know are passed over, and those that an older version did not write have their defaults. Everything else
is checked, since a file may be cut, damaged or made up: the types by the fields of the dataclasses, and what the formats rely on.
jsonschema would take minutes for a whole organisation.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any, TypeVar

from ..model.errors import Unreadable
from ..stacks.urn import Urn
from .formats.json_format import VERSION
from .model import (
    STATUSES,
    Compared,
    DomainReport,
    Earlier,
    Finding,
    Options,
    OtherDeclaration,
    Problem,
    Report,
    Resumed,
    Setting,
    UnmanagedDomain,
)
from .requirements import Broken
from .shards import MOST_SHARDS, Shard

Member = Callable[[Any], Any]
"""Gives back the value as the model has it. Raises: _Flaw."""

Made = TypeVar("Made")

_MOST_SECONDS = 10**9
_MOST_COUNT = 10**12


def domain(document: Any, index: int | None = None) -> DomainReport:
    """The domain in the document, the `index`-th of its report. Raises: Unreadable."""
    try:
        return _domain(document)
    except _Flaw as flaw:
        raise Unreadable(str(flaw if index is None else flaw.within(index).within("domains"))) from None


def require_version(document: Any) -> None:
    """Raises: Unreadable where the document is no report, or one of a later version."""
    if not isinstance(document, dict) or "version" not in document or "tool" not in document:
        raise Unreadable("is no report of `connect-domains drift --format json`")
    version = document["version"]
    if type(version) is not int or version < 1:
        raise Unreadable("version: a whole number from 1 was expected")
    if version > VERSION:
        raise Unreadable(f"is a report of version {version}, and this program reads up to {VERSION}: use a newer one")


def read(document: Any, elsewhere: int = 0) -> Report:
    """The report in the document, which holds all of its domains but for so many that were read already. Raises: Unreadable."""
    require_version(document)
    try:
        report = _report(document)
    except _Flaw as flaw:
        raise Unreadable(str(flaw)) from None
    said, holds = document["counts"].get("domains"), len(report.domains) + elsewhere
    if said != holds:
        raise Unreadable(f"counts.domains: says {_described(said)}, but the report holds {holds}")
    return report


class _Flaw(Exception):
    """What is wrong, and where: the steps are put in front of it on the way up."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.path = ""

    def within(self, step: str | int) -> _Flaw:
        """The same, one step further down."""
        inner = self.path
        joint = "" if not inner or inner.startswith("[") else "."
        self.path = f"{f'[{step}]' if isinstance(step, int) else step}{joint}{inner}"
        return self

    def __str__(self) -> str:
        return f"{self.path}: {super().__str__()}"


def _described(value: object) -> str:
    """What the value is. Texts are not shown: the file may be any, and hold secrets."""
    if value is None or isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, str):
        return f"a text of {len(value)} characters"
    return "a list" if isinstance(value, list) else "an object"


def _expected(words: str, value: object) -> _Flaw:
    return _Flaw(f"{words} was expected, and it is {_described(value)}")


# -- values -----------------------------------------------------------------------------------------------------------


def _text(value: Any) -> Any:
    if type(value) is not str:
        raise _expected("a text", value)
    return value


def _anything(value: Any) -> Any:
    return value


def _boolean(value: Any) -> Any:
    if type(value) is not bool:
        raise _expected("true or false", value)
    return value


def _count(value: Any) -> Any:
    if type(value) is not int or not 0 <= value <= _MOST_COUNT:
        raise _expected("a whole number from 0", value)
    return value


def _seconds(value: Any) -> Any:
    if type(value) not in (int, float) or not (math.isfinite(value) and 0 <= value <= _MOST_SECONDS):
        raise _expected("a number of seconds", value)
    return float(value)


def _pattern(pattern: str, words: str) -> Member:
    fits = re.compile(pattern, re.ASCII | re.DOTALL).fullmatch

    def member(value: Any) -> Any:
        if type(value) is not str:
            raise _expected(words, value)
        if fits(value) is None:
            raise _Flaw(f"{words} was expected")
        return value

    return member


def _one_of(*words: str | None) -> Member:
    def member(value: Any) -> Any:
        if not (value is None or type(value) is str) or value not in words:
            shown = ascii(value[:40]) if isinstance(value, str) else _described(value)
            raise _Flaw(f"{shown} is none of {', '.join(each or 'null' for each in words)}")
        return value

    return member


def _or_null(member: Member) -> Member:
    return lambda value: None if value is None else member(value)


def _list(member: Member) -> Member:
    def items(value: Any) -> Any:
        if type(value) not in (list, tuple):  # a tuple where the document was never written as JSON
            raise _expected("a list", value)
        if not value:
            return ()
        found = []
        try:
            for each in value:
                found.append(member(each))  # noqa: PERF401 - the number of the item is needed where it fails
        except _Flaw as flaw:
            raise flaw.within(len(found)) from None
        return tuple(found)

    return items


_TIME = _pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", "a time in UTC (2026-11-22T06:30:00+00:00)")


def _time(value: Any) -> Any:
    text = _TIME(value)
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise _Flaw("a time was expected, and there is none such") from None
    return text


def _urn(value: Any) -> Any:
    if type(value) is not str or not Urn.is_one(value):
        raise _Flaw("a URN was expected")
    return value


_WORD = _pattern(r"[a-z][a-z0-9_-]{0,99}", "a resource type")
_NOUN = _pattern(
    r"[A-Za-z][A-Za-z0-9 ]{0,99}", "words"
)  # the formats take both for words of ours, and do not escape them
_FILE_AND_LINE = _pattern(r"(.*:[0-9]{1,9})?", "FILE:LINE, or nothing,")
_SINCE = _one_of("new", "lasting", None)
_KIND = _one_of("drifted", "missing", "suspended", "requirement", "declared_twice", "unmanaged")

# -- objects ----------------------------------------------------------------------------------------------------------


def _object(
    of: Callable[..., Made], members: Mapping[str, Member], defaults: Mapping[str, object]
) -> Callable[[Any], Made]:
    """Makes the class out of an object's members; those that it does not know are passed over."""
    plan = tuple((name, member, defaults.get(name, MISSING)) for name, member in members.items())
    others = tuple(each for each in plan if each[1] is not _text)
    names = tuple(name for name, member in members.items() if member is _text)

    def made(value: Any) -> Made:
        if type(value) is not dict:
            raise _expected("an object", value)
        texts = [value.get(name) for name in names]
        are_texts = {*map(type, texts)} == {str}  # as nearly always: then they need no look at each
        found, name = dict(zip(names, texts, strict=True)) if are_texts else {}, ""
        try:
            for name, member, default in others if are_texts else plan:
                if name in value:
                    found[name] = member(value[name])
                elif default is not MISSING:
                    found[name] = default
                else:
                    raise _Flaw("is missing")
        except _Flaw as flaw:
            raise flaw.within(name) from None
        return of(**found)

    return made


def _class(of: Callable[..., Made], **members: Member) -> Callable[[Any], Made]:
    """Makes the dataclass. Its fields are texts, but for the given members; those with a default may be absent."""
    every: Any = fields(of)  # type: ignore[arg-type]  # a dataclass
    defaults = {each.name: each.default for each in every if each.default is not MISSING}
    assert members.keys() <= {each.name for each in every}
    return _object(of, {each.name: members.get(each.name, _text) for each in every}, defaults)


_FINDING = _class(Finding, declared=_anything, live=_anything, secret=_boolean, since=_SINCE)
_DOMAIN_AS_IT_IS = _class(
    DomainReport,
    status=_one_of(*STATUSES),
    type=_WORD,
    noun=_NOUN,
    urn=_urn,
    declared_at=_FILE_AND_LINE,
    findings=_list(_FINDING),
    broken_requirements=_list(_class(Broken, live=_anything, since=_SINCE)),
    also_declared=_list(_class(OtherDeclaration, urn=_urn, since=_SINCE)),
    unmanaged_settings=_list(_class(Setting, live=_anything)),
    ignored=_list(_FINDING),
    cannot_tell=_list(_text),
    notes=_list(_text),
    since=_SINCE,
)


def _domain(value: Any) -> DomainReport:
    domain = _DOMAIN_AS_IT_IS(value)
    if (domain.status == "drifted") != bool(domain.findings):
        raise _Flaw(f"findings: {len(domain.findings)}, with the status {domain.status}")
    if domain.status in ("missing", "suspended", "unreadable") and not domain.reason:
        raise _Flaw(f"reason: is empty, with the status {domain.status}")
    return domain


_EARLIER = _class(Earlier, kind=_KIND, type=_WORD, noun=_NOUN)


def _shard(index: int, of: int) -> Shard:
    if not 1 <= index <= of <= MOST_SHARDS:
        raise _Flaw(f"there is no shard {index} of {of}")
    return Shard(index, of)


def _whole(
    *, tool: str, counts: dict[str, int], since: str | None, mended: Any, could_not_tell: Any, **found: Any
) -> Report:
    compared = None
    if since is not None:
        numbers = {each: counts.get(each, 0) for each in ("new", "lasting", "left_out")}
        compared = Compared(since, mended=mended or (), could_not_tell=could_not_tell or (), **numbers)
    elsewhere = counts.get("in_other_shards", 0) if found["shard"] else 0
    return Report(tool_version=tool, in_other_shards=elsewhere, compared=compared, **found)


def _counts(value: Any) -> dict[str, int]:
    if type(value) is not dict:
        raise _expected("an object", value)
    known = {name: _count for name in value if name.isidentifier()}  # the name of a member stands in messages
    return _object(dict, known, {})(value)


_report = _object(
    _whole,
    {
        "tool": _object(lambda name, version: version, {"name": _one_of("connect-domains"), "version": _text}, {}),
        "started_at": _time,
        "seconds": _seconds,
        "strict": _boolean,
        "counts": _counts,
        "stacks": _list(_text),
        "domains": _list(_domain),
        "unmanaged_domains": _or_null(_list(_class(UnmanagedDomain, type=_WORD, noun=_NOUN, since=_SINCE))),
        "problems": _list(_class(Problem)),
        "resumed": _or_null(_class(Resumed, domains=_count, started_at=_time)),
        "shard": _or_null(_object(_shard, {"index": _count, "of": _count}, {})),
        "options": _or_null(_class(Options, **{each.name: _list(_text) for each in fields(Options)})),
        "notes": _list(_text),
        "since": _or_null(_object(lambda started_at: started_at, {"started_at": _time}, {})),
        "mended": _or_null(_list(_EARLIER)),
        "could_not_tell": _or_null(_list(_EARLIER)),
    },
    dict.fromkeys(("resumed", "shard", "options", "since", "mended", "could_not_tell"), None) | {"notes": ()},
)
