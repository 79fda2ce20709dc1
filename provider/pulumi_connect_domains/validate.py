"""`connect-domains validate`: the preview's checks on documents, without a program, an engine or an account.

A document is a resource's inputs, in JSON or YAML: `{"default_expiration_days": 366, …}`, or `{"type": …, "inputs": {…}}`. A file
may hold several YAML documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial

import click

from .model.errors import Unreadable
from .model.path import Path, top_of
from .model.validation import Failure, advice, failures
from .model.validation.suggestions import folded
from .model.warning import Notice, unsilenced
from .registry import resource_types
from .reporting import sarif
from .reporting.command_line import FILE, Choice, Command, Example
from .reporting.escaping import json_text, line
from .reporting.formats import Format, Formats, Screen, write_report
from .stacks import files, project
from .stacks.documents import NotJson, NotYaml, json_of, lines_of, text_of, yaml_of

STANDARD_INPUT = "<stdin>"
FORMATS = Formats(
    (
        Format("text", f"{__name__}:text"),
        Format("json", f"{__name__}:json_", medium="json", is_for_people=False),
        Format("sarif", f"{__name__}:sarif_", medium="json", is_for_people=False),
    )
)


@dataclass(frozen=True)
class Verdict:
    """What was found in one document. `resource` is empty when the document cannot be read as one.

    `lines` has the line in the file for the path of each failure and warning.
    """

    file: str
    resource: str
    failures: tuple[Failure, ...]
    advice: tuple[Notice, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


@click.command(
    cls=Command,
    exit_codes={
        0: "No document has a mistake. There may be warnings.",
        1: "A document has a mistake, or a file could not be read.",
    },
    examples=[
        Example("One file", "connect-domains validate crm.yaml"),
        Example("Several files, for a program", "connect-domains validate crm.yaml calls.json --format json"),
        Example("Standard input", "cat crm.yaml | connect-domains validate -"),
    ],
)
@click.argument("names", metavar="FILE...", type=FILE, nargs=-1, required=True)
@click.option(
    "--resource",
    type=Choice(list(resource_types())),
    help="The type of the domains.  [default: as the keys of each document suggest]",
)
@click.option("--silence", metavar="RULE", multiple=True, help="Leave out the warnings of this rule; may be repeated.")
@FORMATS.options
def validate(
    names: tuple[str, ...], resource: str | None, silence: tuple[str, ...], format_: str, outs: tuple[str, ...]
) -> None:
    """Check the inputs of domains as a preview would, and print every mistake at once.

    A FILE is JSON or YAML, and may hold several YAML documents; - is standard input. Nothing is asked of AWS.
    """
    places = FORMATS.outs(format_, outs)
    verdicts = [each for name in names for each in verdicts_on(name, resource, frozenset(silence))]
    write_report(verdicts, places)
    if any(verdict.failures for verdict in verdicts):
        raise click.exceptions.Exit(1)


def verdicts_on(name: str, resource: str | None, silenced: frozenset[str]) -> list[Verdict]:
    """The verdict on each document of a file; `-` is standard input. A file that cannot be read has one, which says why."""
    called = STANDARD_INPUT if name == files.STANDARD_INPUT else files.called(name)
    try:
        text = text_of(files.content(name))
        found = _documents(text)
    except NotYaml as error:
        text, found = "", [Unreadable(": ".join(part for part in (error.place, "is neither JSON nor YAML") if part))]
    except Unreadable as error:
        text, found = "", [error]
    verdicts = [verdict_on(called, document, resource, silenced) for document in found]
    if not any(verdict.failures or verdict.advice for verdict in verdicts):
        return verdicts
    line_of = lines_of(text)
    return [
        replace(verdict, lines=_lines_in(verdict, partial(line_of, place), _around(document)))
        for place, (document, verdict) in enumerate(zip(found, verdicts, strict=True))
    ]


def _lines_in(
    verdict: Verdict, line_of: Callable[[Sequence[object]], int | None], around: tuple[str, ...]
) -> dict[str, int]:
    """The line of each path in the verdict, where it is known; `around` are the keys under which the inputs stand."""
    paths = [*(each.path for each in verdict.failures), *(each.path for each in verdict.advice)]
    lines = {path: line_of((*around, *_steps(path))) for path in paths}
    return {path: number for path, number in lines.items() if number is not None}


def _steps(path: str) -> tuple[object, ...]:
    """The steps of the path; only the first where a hidden key stands in it, which nobody can look up."""
    try:
        return Path.parse(path) if path else ()
    except ValueError:
        return (top_of(path),)


def _around(document: object) -> tuple[str, ...]:
    """The key of a document with a `type` under which its inputs stand."""
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        return ()
    return tuple(key for key in ("inputs", "properties") if key in document)[:1]


def verdict_on(file: str, document: object, resource: str | None, silenced: frozenset[str]) -> Verdict:
    """All failures of the document, and the advice that is not silenced."""
    if isinstance(document, Unreadable):
        return Verdict(file, "", (Failure("", str(document)),))
    kind, inputs = taken_apart(document)
    resource = resource or kind or guessed(inputs)
    if resource is None:
        return Verdict(
            file,
            "",
            (Failure("", f"cannot tell which resource this is; say --resource {' or '.join(resource_types())}"),),
        )
    schema = resource_types()[resource].schema
    return Verdict(file, resource, tuple(failures(schema, inputs)), tuple(unsilenced(advice(schema, inputs), silenced)))


def taken_apart(document: object) -> tuple[str | None, object]:
    """The resource type that the document's `type` names, or None, and the document's inputs."""
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        return None, document
    kind = next((name for name in resource_types() if re.search(rf"\b{name}\b", document["type"])), None)
    inputs = document.get("inputs", document.get("properties"))
    return kind, {key: value for key, value in document.items() if key != "type"} if inputs is None else inputs


def guessed(inputs: object) -> str | None:
    """The resource type that has most of the keys, however they are spelled; None where two have equally many."""
    keys = {folded(str(key)) for key in inputs} if isinstance(inputs, dict) else set()
    members = {name: {folded(key) for key in type.schema.members} for name, type in resource_types().items()}
    scores = {name: len(keys & known) for name, known in members.items()}
    best = [name for name in scores if scores[name] == max(scores.values())]
    return best[0] if len(best) == 1 else None


def _documents(text: str) -> list[object]:
    """JSON, or YAML, which most JSON is as well. Raises: Unreadable."""
    try:
        return [json_of(text)]
    except NotJson:
        return yaml_of(text) or [Unreadable("holds no document")]


def text(verdicts: Sequence[Verdict], _screen: Screen) -> str:
    """A line for each failure and each warning, and one with the totals."""
    return "\n".join(_lines(verdicts))


def _lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        yield from (line(f"{verdict.file}: {failure}") for failure in verdict.failures)
        yield from (line(f"{verdict.file}: warning: {item} [{item.rule}]") for item in verdict.advice)
    mistakes = sum(len(verdict.failures) for verdict in verdicts)
    warnings = sum(len(verdict.advice) for verdict in verdicts)
    yield f"documents: {len(verdicts)}, mistakes: {mistakes}, warnings: {warnings}"


def json_(verdicts: Sequence[Verdict], _screen: Screen) -> str:
    """One JSON document.

    Shape: `{"version": 1, "documents": [{"file": …, "resource": …, "failures": [{"path", "text"}], "advice": [{"rule", …}],
    "lines": {path: line}}]}`
    """
    return json_text({"version": 1, "documents": [asdict(verdict) for verdict in verdicts]})


# -- SARIF ------------------------------------------------------------------------------------------------------------

INVALID = sarif.Rule(
    "inputs-invalid",
    "error",
    "AWS would refuse these inputs",
    "A value in the document breaks a limit of AWS, is missing, or is not known at all. A preview would fail with the same message.",
    "The message names the limit.",
)
UNREAD = sarif.Rule(
    "document-unreadable",
    "error",
    "A document could not be read",
    "The file is missing, is neither JSON nor YAML, or does not say which resource it describes.",
    "The message has the reason.",
)


def sarif_(verdicts: Sequence[Verdict], _screen: Screen) -> str:
    """The mistakes and warnings as SARIF, each at its line of its file. Each warning has the rule by which it can be silenced."""
    ids = sorted({rule.id for kind in resource_types().values() for rule in kind.schema.rules})
    warned = {each: _warning_rule(each) for each in ids}
    failed = any(verdict.failures for verdict in verdicts)
    return sarif.document(
        "validate", (INVALID, UNREAD, *warned.values()), _results(verdicts, warned), sarif.Run(int(failed))
    )


def _warning_rule(rule: str) -> sarif.Rule:
    return sarif.Rule(
        rule,
        "warning",
        f"Inputs that are probably not meant: {rule}",
        "AWS accepts the inputs, or documents no answer to them, but they are probably not what is meant.",
        f"Change the inputs. Where they are meant, silence the rule: --silence {rule}, or connect-domains:silence in the stack's config.",
    )


def _results(verdicts: Sequence[Verdict], warned: Mapping[str, sarif.Rule]) -> Iterator[sarif.Result]:
    for verdict in verdicts:
        for failure in verdict.failures:
            rule = INVALID if verdict.resource else UNREAD
            yield sarif.Result(rule, str(failure), _in_file(verdict, failure.path), (verdict.file, failure.path))
        for notice in verdict.advice:
            place = _in_file(verdict, notice.path)
            yield sarif.Result(warned[notice.rule], str(notice), place, (verdict.file, notice.path))


def _in_file(verdict: Verdict, path: str) -> sarif.Place:
    return sarif.Place(project.seen_from_root(verdict.file), verdict.lines.get(path), name=path, kind="property")
