"""`connect-domains validate`: the preview's checks on documents, without a program, an engine or an account.

A document is a resource's inputs, in JSON or YAML: `{"default_expiration_days": 366, …}`, or `{"type": …, "inputs": {…}}`. A file
may hold several YAML documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import click

from .model.errors import Unreadable
from .model.validation import Failure, advice, failures
from .model.validation.suggestions import folded
from .model.warning import Notice, unsilenced
from .registry import resource_types
from .reporting.command_line import FILE, Choice, Command, Example
from .reporting.escaping import json_text, line
from .reporting.formats import Format, Formats, Screen, write_report
from .stacks import files
from .stacks.documents import NotJson, NotYaml, json_of, text_of, yaml_of

STANDARD_INPUT = "<stdin>"
FORMATS = Formats(
    (
        Format("text", f"{__name__}:text"),
        Format("json", f"{__name__}:json_", medium="json", is_for_people=False),
    )
)


@dataclass(frozen=True)
class Verdict:
    """What was found in one document. `resource` is empty when the document cannot be read as one."""

    file: str
    resource: str
    failures: tuple[Failure, ...]
    advice: tuple[Notice, ...] = ()


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
    verdicts = [
        verdict_on(_called(name), document, resource, frozenset(silence))
        for name in names
        for document in documents(name)
    ]
    write_report(verdicts, places)
    if any(verdict.failures for verdict in verdicts):
        raise click.exceptions.Exit(1)


def _called(name: str) -> str:
    return STANDARD_INPUT if name == files.STANDARD_INPUT else files.called(name)


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


def documents(file: str) -> list[object]:
    """Every document in the file; one Unreadable where it cannot be read. `-` is standard input."""
    try:
        text = text_of(files.content(file))
        return _documents(text)
    except NotYaml as error:
        return [Unreadable(": ".join(part for part in (error.place, "is neither JSON nor YAML") if part))]
    except Unreadable as error:
        return [error]


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

    Shape: `{"version": 1, "documents": [{"file": …, "resource": …, "failures": [{"path", "text"}], "advice": [{"rule", …}]}]}`
    """
    return json_text({"version": 1, "documents": [asdict(verdict) for verdict in verdicts]})
