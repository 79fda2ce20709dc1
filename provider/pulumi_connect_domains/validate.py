"""`connect-domains validate`: the preview's checks on documents, without a program, an engine or an account.

A document is a resource's inputs, in JSON or YAML: `{"default_expiration_days": 366, …}`, or `{"type": …, "inputs": {…}}`. A file
may hold several YAML documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TextIO

import click
import yaml

from .core.schema import schema_of
from .core.validation import Advice, Failure, advice, failures
from .core.validation.suggestions import folded
from .registry import PACKAGES
from .reporting import streams
from .reporting.escaping import json_text, line


@dataclass(frozen=True)
class Verdict:
    """What was found in one document. `resource` is empty when the document cannot be read as one."""

    file: str
    resource: str
    failures: tuple[Failure, ...]
    advice: tuple[Advice, ...] = ()


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.File(encoding="utf-8"))
@click.option(
    "--resource", type=click.Choice(PACKAGES), help="What the documents describe; guessed from their keys if left out."
)
@click.option("--silence", metavar="RULE", multiple=True, help="A rule whose warnings are not wanted; may be repeated.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def validate(files: tuple[TextIO, ...], resource: str | None, silence: tuple[str, ...], format_: str) -> None:
    """Check documents of inputs as a preview would, and print every mistake.

    FILES are JSON or YAML, - is standard input. The exit code is 1 when there is a mistake; warnings change nothing.
    """
    verdicts = [
        verdict_on(file.name, document, resource, frozenset(silence)) for file in files for document in documents(file)
    ]
    streams.write("\n".join(FORMATS[format_](verdicts)) + "\n", "json" if format_ == "json" else "text")
    if any(verdict.failures for verdict in verdicts):
        raise click.exceptions.Exit(1)


def verdict_on(file: str, document: object, resource: str | None, silenced: frozenset[str]) -> Verdict:
    """All failures of the document, and the advice that is not silenced."""
    if isinstance(document, Unreadable):
        return Verdict(file, "", (Failure("", str(document)),))
    kind, inputs = taken_apart(document)
    resource = resource or kind or guessed(inputs)
    if resource is None:
        return Verdict(
            file, "", (Failure("", f"cannot tell which resource this is; say --resource {' or '.join(PACKAGES)}"),)
        )
    schema = schema_of(resource)
    return Verdict(file, resource, tuple(failures(schema, inputs)), tuple(advice(schema, inputs, silenced)))


def taken_apart(document: object) -> tuple[str | None, object]:
    """The resource that the document's `type` names, if it has one, and its inputs."""
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        return None, document
    kind = next((name for name in PACKAGES if re.search(rf"\b{name}\b", document["type"])), None)
    inputs = document.get("inputs", document.get("properties"))
    return kind, {key: value for key, value in document.items() if key != "type"} if inputs is None else inputs


def guessed(inputs: object) -> str | None:
    """The resource that has most of the keys, in whatever spelling; None when two have as many."""
    keys = {folded(str(key)) for key in inputs} if isinstance(inputs, dict) else set()
    scores = {name: len(keys & {folded(key) for key in schema_of(name)["properties"]}) for name in PACKAGES}
    best = [name for name in PACKAGES if scores[name] == max(scores.values())]
    return best[0] if len(best) == 1 else None


class Unreadable(str):
    """Stands for a document that is neither JSON nor YAML, and says where; never what stands there."""


def documents(file: TextIO) -> Iterator[object]:
    """Every document in the file; an Unreadable where one is not, and none after it."""
    text = file.read()
    try:
        yield json.loads(text)
        return
    except ValueError:
        pass  # not JSON, then: YAML, which most JSON is as well
    try:
        found = list(yaml.load_all(text, Loader=Loader))
        yield from found or [Unreadable("holds no document")]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        yield Unreadable(f"{place}is neither JSON nor YAML")
    except yaml.YAMLError:
        yield Unreadable("is neither JSON nor YAML")


class Loader(yaml.SafeLoader):
    """YAML 1.2's scalars: `9:05`, `yes` and `2026-01-01` are text, which PyYAML takes for 545, True and a date."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML's own name and form


def _whole_number(loader: Loader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


for tag, pattern, first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
Loader.add_constructor("tag:yaml.org,2002:int", _whole_number)


def as_text(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A line for each failure and each warning, and one that sums up."""
    for verdict in verdicts:
        yield from (line(f"{verdict.file}: {failure}") for failure in verdict.failures)
        yield from (line(f"{verdict.file}: warning: {item} [{item.rule}]") for item in verdict.advice)
    mistakes = sum(len(verdict.failures) for verdict in verdicts)
    warnings = sum(len(verdict.advice) for verdict in verdicts)
    yield f"documents: {len(verdicts)}, mistakes: {mistakes}, warnings: {warnings}"


def as_json(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """One JSON document.

    Shape: `{"version": 1, "documents": [{"file": …, "resource": …, "failures": [{"path", "text"}], "advice": [{"rule", …}]}]}`
    """
    yield json_text({"version": 1, "documents": [asdict(verdict) for verdict in verdicts]})


FORMATS = {"text": as_text, "json": as_json}
