"""A JSON report that is read back is the report that was written; and what is no report is refused, with the place of the mistake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.formats.json_format import document
from pulumi_connect_domains.drift.model import (
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
from pulumi_connect_domains.drift.report_file import from_file
from pulumi_connect_domains.drift.report_reading import read
from pulumi_connect_domains.drift.requirements import Broken
from pulumi_connect_domains.drift.shards import Shard
from pulumi_connect_domains.model.errors import ConfigurationError, Unreadable
from pulumi_connect_domains.stacks.documents import json_of

from .reports import CLEAN, COMPARED, EMPTY_SHARD, EVERYTHING, NOTHING, SHARD

OLDER = sorted((Path(__file__).parent / "older").glob("*.json"))

text = some.text(some.characters(exclude_categories=["Cs"]), max_size=8)
texts = some.lists(text, max_size=2).map(tuple)
values = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**60), 2**60)
    | some.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: some.lists(inner, max_size=2) | some.dictionaries(text, inner, max_size=2),
    max_leaves=4,
)
urns = text.map(lambda name: f"urn:pulumi:dev::shop::pulumi-python:dynamic/voiceid:Domain::{name}")
since = some.sampled_from([None, "new", "lasting"])
kinds = {"type": some.sampled_from(["customerprofiles", "voiceid"]), "noun": some.just("Voice ID domain")}
findings = some.lists(some.builds(Finding, text, values, values, text, some.booleans(), since), max_size=2).map(tuple)


def _domain(status: str, found: tuple[Finding, ...], reason: str, **members: Any) -> DomainReport:
    return DomainReport(
        status=status,  # type: ignore[arg-type]  # one of STATUSES
        findings=(found or (Finding("a", 1, 2, "x"),)) if status == "drifted" else (),
        reason=reason or "x" if status in ("missing", "suspended", "unreadable") else reason,
        **members,
    )


domains = some.builds(
    _domain,
    some.sampled_from(["in_sync", "drifted", "missing", "suspended", "unreadable"]),
    findings,
    text,
    **dict.fromkeys(("stack", "project", "name", "id", "arn", "account", "region", "error_code"), text),
    **kinds,
    urn=urns,
    declared_at=some.sampled_from(["", "parts.py:4", "a:b:5"]),
    broken_requirements=some.lists(some.builds(Broken, text, text, values, text, since), max_size=1).map(tuple),
    also_declared=some.lists(some.builds(OtherDeclaration, text, text, urns, since), max_size=1).map(tuple),
    unmanaged_settings=some.lists(some.builds(Setting, text, values), max_size=1).map(tuple),
    ignored=findings,
    cannot_tell=texts,
    notes=texts,
    since=since,
)
unmanaged = some.builds(
    UnmanagedDomain, **kinds, **dict.fromkeys(("id", "name", "account", "region", "created_at"), text), since=since
)
earlier = some.builds(
    Earlier,
    some.sampled_from(["drifted", "missing", "suspended", "requirement", "declared_twice", "unmanaged"]),
    **kinds,
    **{each.name: text for each in fields(Earlier) if each.name not in ("kind", "type", "noun")},
)
times = some.datetimes().map(lambda moment: f"{moment.replace(microsecond=0).isoformat()}+00:00")
counts = some.integers(0, 10**6)
shards = some.integers(1, 9).flatmap(lambda of: some.builds(Shard, some.integers(1, of), some.just(of)))


def _report(shard: Shard | None, elsewhere: int, **members: Any) -> Report:
    return Report(**members, shard=shard, in_other_shards=elsewhere if shard else 0)


reports = some.builds(
    _report,
    some.none() | shards,
    counts,
    started_at=times,
    seconds=some.integers(0, 10**9).map(lambda number: number / 1000),
    tool_version=text,
    stacks=texts,
    domains=some.lists(domains, max_size=2).map(tuple),
    unmanaged_domains=some.none() | some.lists(unmanaged, max_size=1).map(tuple),
    problems=some.lists(some.builds(Problem, text, text), max_size=1).map(tuple),
    strict=some.booleans(),
    options=some.none() | some.builds(Options, texts, texts, texts, texts),
    notes=texts,
    resumed=some.none() | some.builds(Resumed, some.integers(1, 10**6), times),
    compared=some.none()
    | some.builds(
        Compared,
        times,
        counts,
        counts,
        some.lists(earlier, max_size=1).map(tuple),
        some.lists(earlier, max_size=1).map(tuple),
        counts,
    ),
)


def again(report: Report) -> Report:
    """The report, written as JSON and read."""
    return read(json_of(FORMATS.named("json").render(report)))


@settings(max_examples=150, deadline=None)
@given(reports)
def test_what_is_read_is_what_was_written(report: Report) -> None:
    assert again(report) == report
    assert read(document(report)) == report


@pytest.mark.parametrize("report", [EVERYTHING, COMPARED, SHARD, EMPTY_SHARD, CLEAN, NOTHING])
def test_a_report_of_each_kind_is_read(report: Report) -> None:
    found = again(report)
    assert (found.exit_code, found.counts) == (report.exit_code, report.counts)
    assert replace(found, domains=tuple(found.domains)) == replace(report, domains=tuple(report.domains))


@pytest.mark.parametrize("file", OLDER, ids=[each.stem for each in OLDER])
def test_reports_of_every_earlier_version_are_read(file: Path) -> None:
    found = from_file(str(file))
    assert found.counts == json.loads(file.read_text("utf-8"))["counts"]
    assert (found.shard, found.options, found.notes, found.compared) == (None, None, (), None)
    assert replace(found, tool_version="") == replace(EVERYTHING, tool_version="")


def test_there_is_an_earlier_version() -> None:
    assert OLDER


def test_members_of_a_newer_version_are_passed_over() -> None:
    found = json.loads(json.dumps(document(EVERYTHING)))

    def extended(members: Any) -> Any:
        return {"of_tomorrow": [{"x": 1}], **members}

    for name in ("domains", "unmanaged_domains", "problems"):
        found[name] = [extended(each) for each in found[name]]
    for each in found["domains"]:
        each["findings"] = [extended(finding) for finding in each["findings"]]
    found["tool"] = extended(found["tool"])
    found["counts"]["of_tomorrow"] = 3
    assert read({**found, "of_tomorrow": {}}) == EVERYTHING


def at(path: str, value: object) -> dict[str, Any]:
    """The document of a report in which the value stands at the path; `...` takes the member away."""
    found = json.loads(json.dumps(document(COMPARED)))
    inner: Any = found
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in steps:
        inner = inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return found  # type: ignore[no-any-return]  # a dict


@pytest.mark.parametrize(
    ("document_", "said"),
    [
        pytest.param(3, "is no report of `connect-domains drift --format json`", id="a number"),
        pytest.param({"version": 3, "deployment": {}}, "is no report of", id="a state"),
        pytest.param(
            at("version", 2),
            "is a report of version 2, and this program reads up to 1: use a newer one",
            id="a newer version",
        ),
        pytest.param(at("version", True), "version: a whole number from 1 was expected", id="no version"),
        pytest.param(
            at("tool.name", "tflint"), "tool.name: 'tflint' is none of connect-domains", id="of another program"
        ),
        pytest.param(at("stacks", ...), "stacks: is missing", id="a report of another command"),
        pytest.param(at("stacks", {}), "stacks: a list was expected, and it is an object", id="no list"),
        pytest.param(at("stacks.0", None), "stacks[0]: a text was expected, and it is null", id="no text"),
        pytest.param(at("started_at", "today"), "started_at: a time in UTC", id="no time"),
        pytest.param(at("started_at", "2026-02-30T00:00:00+00:00"), "started_at: a time was expected", id="no day"),
        pytest.param(
            at("started_at", "2026-02-03\u202e00:00:00+00:00"),
            "started_at: a time in UTC",
            id="a hidden mark in a time",
        ),
        pytest.param(
            at("seconds", -1), "seconds: a number of seconds was expected, and it is -1", id="less than no time"
        ),
        pytest.param(
            at("seconds", True), "seconds: a number of seconds was expected, and it is true", id="true is no number"
        ),
        pytest.param(at("strict", 1), "strict: true or false was expected, and it is 1", id="1 is not true"),
        pytest.param(at("counts.domains", 8), "counts.domains: says 8, but the report holds 7", id="cut"),
        pytest.param(
            at("counts.domains", "x"),
            "counts.domains: a whole number from 0 was expected, and it is a text",
            id="no count",
        ),
        pytest.param(at("domains.3", []), "domains[3]: an object was expected, and it is a list", id="no object"),
        pytest.param(
            at("domains.1.status", "fine"),
            "domains[1].status: 'fine' is none of drifted, missing",
            id="an unknown status",
        ),
        pytest.param(
            at("domains.1.status", ["in_sync"]), "domains[1].status: a list is none of", id="a status that is no text"
        ),
        pytest.param(
            at("domains.1.status", "in_sync"),
            "domains[1]: findings: 4, with the status in_sync",
            id="drift that is hidden",
        ),
        pytest.param(
            at("domains.1.findings", []),
            "domains[1]: findings: 0, with the status drifted",
            id="drift without a finding",
        ),
        pytest.param(
            at("domains.2.reason", ""),
            "domains[2]: reason: is empty, with the status missing",
            id="missing without a reason",
        ),
        pytest.param(
            at("domains.1.findings.0.path", 7),
            "domains[1].findings[0].path: a text was expected, and it is 7",
            id="no path",
        ),
        pytest.param(
            at("domains.1.findings.0.secret", None),
            "domains[1].findings[0].secret: true or false",
            id="not known whether secret",
        ),
        pytest.param(
            at("domains.1.since", "old"), "domains[1].since: 'old' is none of new, lasting, null", id="another word"
        ),
        pytest.param(at("domains.1.urn", "crm"), "domains[1].urn: a URN was expected", id="no URN"),
        pytest.param(
            at("domains.6.also_declared.0.urn", "urn:pulumi:x"),
            "also_declared[0].urn: a URN was expected",
            id="half a URN",
        ),
        pytest.param(
            at("domains.0.declared_at", "parts.py:x"),
            "domains[0].declared_at: FILE:LINE, or nothing, was expected",
            id="no line",
        ),
        pytest.param(
            at("domains.0.declared_at", "a:" + "9" * 5_000), "domains[0].declared_at: FILE:LINE", id="an endless line"
        ),
        pytest.param(at("domains.0.noun", "<b>"), "domains[0].noun: words was expected", id="a noun that is markup"),
        pytest.param(
            at("domains.0.type", "a|b"), "domains[0].type: a resource type was expected", id="a type that is markup"
        ),
        pytest.param(
            at("mended.0.noun", "[x](y)"),
            "mended[0].noun: words was expected",
            id="a mended thing whose noun is a link",
        ),
        pytest.param(at("mended.0.kind", "cured"), "mended[0].kind: 'cured' is none of", id="another kind"),
        pytest.param(at("shard", {"index": 4, "of": 3}), "shard: there is no shard 4 of 3", id="no such shard"),
        pytest.param(
            at("shard", {"index": 1.5, "of": 3}),
            "shard.index: a whole number from 0 was expected, and it is 1.5",
            id="half a shard",
        ),
        pytest.param(
            at("options", {"types": "x"}), "options.types: a list was expected", id="options that are no lists"
        ),
        pytest.param(
            at("unmanaged_domains.0.id", ...), "unmanaged_domains[0].id: is missing", id="a domain without an id"
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_path(document_: Any, said: str) -> None:
    with pytest.raises(Unreadable) as mistake:
        read(document_)
    assert said in str(mistake.value)


def test_a_mistake_names_option_and_file_and_shows_no_text_of_it(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(at("seconds", "pass-word")))
    with pytest.raises(ConfigurationError) as mistake:
        from_file(str(file), "--since")
    assert (
        str(mistake.value)
        == f"--since {file}: seconds: a number of seconds was expected, and it is a text of 9 characters"
    )


STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**400,
    1e308,
    "",
    "x",
    "\x00",
    "\u202e",
    "x" * 10_000,
    [],
    {},
    [[]],
    {"a": {}},
    [None],
    {"": 1},
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in the document, with each of its keys or positions."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(pairs):
        yield value, key
        yield from places(item)


def test_any_value_anywhere_is_read_or_refused_and_what_is_read_can_be_written() -> None:
    """Each place of a report in turn, with each strange value, or without the member; one report in five is then written in each format."""
    random = Random(19)
    whole = json.loads(json.dumps(document(COMPARED)))
    number = len(list(places(whole)))
    read_ = 0
    for place in range(number):
        value: Any = random.choice((*STRANGE, ...))
        found = json.loads(json.dumps(whole))
        container, key = list(places(found))[place]
        if value is ...:
            del container[key]
        else:
            container[key] = value
        try:
            report = read(found)
        except Unreadable:
            continue
        read_ += 1
        if read_ % 5 == 0:
            for name in FORMATS.names:
                assert FORMATS.named(name).render(report)
    assert read_ > number // 5
