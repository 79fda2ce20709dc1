"""SARIF 2.1.0, which code scanning and many viewers read: the document around the rules and results that a command brings. Pure.

Source: the OASIS standard SARIF 2.1.0, and what GitHub's code scanning takes of it (docs.github.com, "SARIF support for code scanning"; the
action `github/codeql-action/upload-sarif`). GitHub refuses a whole file in which one result has no `physicalLocation` with a URI, reads no
`originalUriBaseIds`, and tells results of one rule and file apart by `partialFingerprints.primaryLocationLineHash` alone.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from .escaping import cut, json_text, visible

Level = Literal["error", "warning", "note"]
Baseline = Literal["new", "unchanged", "absent"]
"""Source: SARIF 3.27.24, `baselineState`."""

LEVELS: tuple[Level, ...] = ("error", "warning", "note")
"""The most serious first."""

MOST_RESULTS = 25_000
"""Of a run. Source: GitHub refuses a file with more, and shows the 5,000 most serious."""

MOST_CHARACTERS = 1_024
"""Of a message. Source: GitHub's limit for the descriptions of a rule; a longer message is no help either."""

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@dataclass(frozen=True)
class Rule:
    """One kind of finding. `id` never changes: alerts are known by it. `full` says when it is found, `help` what to do about it."""

    id: str
    level: Level
    short: str
    full: str
    help: str


@dataclass(frozen=True)
class Place:
    """Where a finding is: a file below the repository's root, its line, and what in it is meant.

    `line` (from 1) is None where the finding is about the whole file. `name` is a resource, whose `urn` is its full name, or a property.
    `declared` is the file and line that declare the resource, where they are known: the message links there.
    """

    file: str
    line: int | None = None
    name: str = ""
    urn: str = ""
    kind: Literal["resource", "property"] = "resource"
    declared: tuple[str, int] | None = None


@dataclass(frozen=True)
class Result:
    """One finding. `identity` is what stays the same while it is the same finding, whatever the values are: a URN, a path."""

    rule: Rule
    message: str
    place: Place
    identity: tuple[str, ...]
    level: Level | None = None
    """Another level than the rule's."""
    baseline: Baseline | None = None
    """What an earlier run says of it. An absent one is not found any more."""

    @property
    def shown_level(self) -> Level:
        """Its own level, or its rule's."""
        return self.level or self.rule.level


@dataclass(frozen=True)
class Run:
    """How the command ended: its exit code, and when it ran (`2026-11-22T06:30:00Z`), where that is known."""

    exit_code: int
    started_at: str = ""
    properties: Mapping[str, object] = field(default_factory=dict)
    notes: Sequence[str] = ()
    """Remarks on the run itself."""


def document(command: str, rules: Sequence[Rule], results: Iterable[Result], run: Run) -> str:
    """One run of `connect-domains COMMAND` as text, the most serious results first, and those that are absent last.

    Without results it is a valid, empty run.

    Where there are more than `MOST_RESULTS`, the least serious are left out, and a notification says how many.
    """
    ordered = sorted(results, key=lambda each: (each.baseline == "absent", LEVELS.index(each.shown_level)))
    kept, more = ordered[:MOST_RESULTS], len(ordered) - MOST_RESULTS
    seen: Counter[str] = Counter()
    invocation: dict[str, Any] = {"executionSuccessful": run.exit_code != 1, "exitCode": run.exit_code}
    if run.started_at:
        invocation["startTimeUtc"] = run.started_at
    notifications = [{"level": "note", "message": {"text": text(note)}} for note in run.notes]
    if more > 0:
        notifications.append({"level": "warning", "message": {"text": f"{more:,} results did not fit"}})
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    from .. import __version__  # with the first report: importing the package reads no metadata

    driver = {
        "name": "connect-domains",
        "version": __version__,
        "semanticVersion": _semantic(__version__),
        "rules": [_rule(rule) for rule in rules],
    }
    places = {rule.id: place for place, rule in enumerate(rules)}
    return json_text(
        {
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": driver},
                    "automationDetails": {"id": f"connect-domains/{command}/"},
                    "columnKind": "utf16CodeUnits",
                    "invocations": [invocation],
                    "results": [_result(each, places[each.rule.id], seen) for each in kept],
                    **({"properties": dict(run.properties)} if run.properties else {}),
                }
            ],
        }
    )


def beside(project_file: str, declared_at: str) -> tuple[str, int] | None:
    """The file, as seen from the root of the repository, and the line; None where nothing says. Shape of `declared_at`: "parts.py:4"."""
    file, _, line = declared_at.rpartition(":")
    return (posixpath.join(posixpath.dirname(project_file), file), int(line)) if file else None


def text(words: str) -> str:
    """The words in a message of SARIF: nothing in them is a placeholder or a link, nothing is invisible, and they are not too long.

    Source: SARIF 3.11.5: braces are doubled, since single ones hold a placeholder; 3.11.6: `[text](target)` is a link.
    """
    shown = cut(visible(words), MOST_CHARACTERS)
    return re.sub(r"\](?=\()", "] ", shown.replace("{", "{{").replace("}", "}}"))


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.split("-")),
        "shortDescription": {"text": text(rule.short)},
        "fullDescription": {"text": text(rule.full)},
        "help": {"text": text(rule.help)},
        "defaultConfiguration": {"level": rule.level},
        "properties": {
            "precision": "very-high",
            "problem.severity": "recommendation" if rule.level == "note" else rule.level,
        },
    }


def _result(result: Result, rule_index: int, seen: Counter[str]) -> dict[str, Any]:
    message, related = text(result.message), {}
    if result.place.declared:
        file, line = result.place.declared
        there = {"artifactLocation": {"uri": _uri(file)}, "region": {"startLine": line}}
        related = {"relatedLocations": [{"id": 1, "physicalLocation": there}]}
        message = f"{message} [Declared here](1)."
    return {
        "ruleId": result.rule.id,
        "ruleIndex": rule_index,
        "level": result.shown_level,
        "message": {"text": message},
        "locations": [_location(result.place)],
        **related,
        **({"baselineState": result.baseline} if result.baseline else {}),
        "partialFingerprints": _fingerprints(result, seen),
    }


def _fingerprints(result: Result, seen: Counter[str]) -> dict[str, str]:
    """What tells the finding from others, now and in later runs; two of one identity are numbered.

    With a line, `upload-sarif` makes the hash for code scanning from the file, and warns of any other. Without one it makes none, and all
    findings of a rule would be one alert.
    """
    parts = "\0".join((result.rule.id, *result.identity)).encode("utf-8", "backslashreplace")
    mark = hashlib.sha256(parts).hexdigest()[:32]
    seen[mark] += 1
    ours = f"{mark}:{seen[mark]}"
    for_code_scanning = {} if result.place.line else {"primaryLocationLineHash": ours}
    return {**for_code_scanning, "connectDomainsFinding/v1": ours}


def _location(place: Place) -> dict[str, Any]:
    """Source: SARIF 3.29.4: a finding about the whole file has no `region`."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.name:
        full = visible(place.urn or place.name)
        location["logicalLocations"] = [{"name": visible(place.name), "fullyQualifiedName": full, "kind": place.kind}]
    return location


def _uri(file: str) -> str:
    """The file's path as a relative URI. Source: RFC 3986, 4.2: a colon in the first segment would make it a scheme."""
    path = file.replace("\\", "/").removeprefix("./") or "."
    return quote(path.encode("utf-8", "backslashreplace"), safe="/-._~!$&'()*+,;=@")


def _semantic(version: str) -> str:
    """The version as SemVer has it. Shape: "0.1.0", "1.2.0-rc.1" from "1.2.0rc1"."""
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?(?:(a|b|rc|\.dev)(\d+))?", version)
    if found is None:
        return "0.0.0"
    major, minor, patch, stage, number = found.groups()
    return f"{major}.{minor}.{patch or 0}" + (f"-{stage.strip('.')}.{number}" if stage else "")
