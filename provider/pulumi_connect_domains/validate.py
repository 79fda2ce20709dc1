"""`connect-domains validate`: the preview's checks on documents, without a program, an engine or an account.

A document is a resource's inputs, in JSON or YAML: `{"default_expiration_days": 366, …}`, or `{"type": …, "inputs": {…}}`. A file
may hold several YAML documents. The export of a stack gives one for each of its resources.

With `--live` AWS is asked as well, whether the keys, queues and buckets that the documents name are there. Nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import click

from .aws import surroundings
from .aws.surroundings import Sight
from .model.errors import ConfigurationError, Refused, Unreadable
from .model.path import top_of
from .model.resource_type import ResourceType
from .model.validation import Failure, advice, failures
from .model.validation.suggestions import folded
from .model.values import Arn, plain
from .model.warning import Notice, unsilenced
from .operations.command_calls import CommandCalls
from .operations.configuration import Configuration
from .operations.destination import resolve_region
from .operations.forms import REGION
from .registry import by_token, resource_types
from .reporting.escaping import json_text, line
from .reporting.formats import Format, Formats, Screen, write_report
from .stacks import deployment, files, secret
from .stacks.documents import NotJson, NotYaml, json_of, text_of, yaml_of
from .stacks.sources import Export, from_file, from_pulumi

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
    live: tuple[Sight, ...] = ()


Look = Callable[[ResourceType, object, Sequence[Failure]], tuple[Sight, ...]]
"""What is seen at AWS of what the inputs name, where they are not mistaken."""


@click.command()
@click.argument("names", metavar="[FILES]...", nargs=-1)
@click.option(
    "--stack", "stacks", metavar="NAME", multiple=True, help="Ask the Pulumi CLI for this stack; may be repeated."
)
@click.option(
    "--state", "states", metavar="FILE", multiple=True, help="Check what an export (pulumi stack export) declares."
)
@click.option("--cwd", metavar="DIR", default=".", help="Where the Pulumi CLI runs: the project's folder.")
@click.option(
    "--resource",
    type=click.Choice(list(resource_types())),
    help="What the documents describe; guessed from their keys if left out.",
)
@click.option("--silence", metavar="RULE", multiple=True, help="A rule whose warnings are not wanted; may be repeated.")
@click.option(
    "--live", is_flag=True, help="Ask AWS too: do the keys, queues and buckets exist, and let the service in?"
)
@click.option(
    "--region", metavar="REGION", default="", help="With --live: for documents that name none. [default: AWS_REGION]"
)
@click.option("--assume-role", metavar="ARN", default="", help="With --live: look as this role.")
@FORMATS.options
def validate(**given: Any) -> None:
    """Check documents of inputs as a preview would, and print every mistake.

    FILES are JSON or YAML, - is standard input. The exit code is 1 when there is a mistake, a file cannot be read, or --live finds that
    something does not exist or does not let the service in; warnings, and what cannot be told, change nothing.
    """
    places = FORMATS.outs(given["format_"], given["outs"])
    if not (given["names"] or given["stacks"] or given["states"]):
        raise click.UsageError("what is to be checked? FILES, --stack NAME or --state FILE")
    write_report(verdicts := list(_verdicts(given)), places)
    if any(verdict.failures or any(each.status == "failed" for each in verdict.live) for verdict in verdicts):
        raise click.exceptions.Exit(1)


def _verdicts(given: dict[str, Any]) -> Iterator[Verdict]:
    configuration = Configuration(region=given["region"])
    look = partial(_seen, CommandCalls(given["assume_role"]), configuration) if given["live"] else None
    judge = partial(verdict_on, resource=given["resource"], silenced=frozenset(given["silence"]))
    for name in given["names"]:
        for document in documents(name):
            yield judge(_called(name), document, look=partial(look, "") if look else None)
    exports = [from_file(name) for name in given["states"]]
    if given["stacks"]:
        exports += from_pulumi(given["stacks"], every=False, folder=given["cwd"], with_secrets=False)
    for export in exports:
        for origin, account, document in _declared(export):
            yield judge(origin, document, look=partial(look, account) if look else None)


def _declared(export: Export) -> Iterator[tuple[str, str, object]]:
    """Of each resource of ours in an export: where it comes from, its account, and its document. One Unreadable where it cannot be read."""
    known = by_token()
    try:
        for each in deployment.parse(export.content()).of_types(known):
            if each.is_managed:
                arn = Arn.parse(secret.opened(each.outputs.get("arn")))
                inputs = {name: item for name, item in each.inputs.items() if name in known[each.type].schema.members}
                document = {"type": known[each.type].key, "inputs": plain(secret.opened(inputs))}
                yield f"{export.origin}: {each.urn.name}", arn.account if arn else "", document
    except Unreadable as error:
        yield export.origin, "", error


def _seen(
    calls: CommandCalls,
    configuration: Configuration,
    account: str,
    type: ResourceType,
    inputs: object,
    mistakes: Sequence[Failure],
) -> tuple[Sight, ...]:
    """What is seen at AWS, in the account, of the settings that have no mistake; nothing where the whole or the Region has one.

    Raises: AwsError, and ConfigurationError without a Region.
    """
    wrong = {each.path for each in mistakes}
    if not isinstance(inputs, dict) or wrong & {"", "region"}:
        return ()
    inputs = {name: item for name, item in inputs.items() if not any(top_of(each) == name for each in wrong)}
    if not any(surroundings.named(type.schema, inputs)):
        return ()
    own = inputs.get("region")
    region = resolve_region(own if isinstance(own, str) else "", configuration)
    if region is None:
        raise ConfigurationError("--live: in which Region? --region REGION, or AWS_REGION")
    if not REGION.fullmatch(region.name):
        raise ConfigurationError(f"{region.name!r} is not the name of a region")
    try:
        near = calls.to(type, account, region.name, configuration).service
    except Refused as error:
        return tuple(surroundings.unseen(type.schema, inputs, str(error)))
    return tuple(surroundings.look(near, type.schema, inputs))


def _called(name: str) -> str:
    return STANDARD_INPUT if name == files.STANDARD_INPUT else files.called(name)


def verdict_on(
    file: str, document: object, resource: str | None, silenced: frozenset[str], look: Look | None = None
) -> Verdict:
    """All failures of the document, the advice that is not silenced, and what `look` sees."""
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
    type = resource_types()[resource]
    mistakes = tuple(failures(type.schema, inputs))
    said = tuple(unsilenced(advice(type.schema, inputs), silenced))
    return Verdict(file, resource, mistakes, said, look(type, inputs, mistakes) if look else ())


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
    """A line for each failure, each warning and each thing that was looked at, and one with the totals."""
    return "\n".join(_lines(verdicts))


def _lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        yield from (line(f"{verdict.file}: {failure}") for failure in verdict.failures)
        yield from (line(f"{verdict.file}: warning: {item} [{item.rule}]") for item in verdict.advice)
        yield from (line(f"{verdict.file}: {each.path}: {each.status}: {each.text}") for each in verdict.live)
    mistakes = sum(len(verdict.failures) for verdict in verdicts)
    warnings = sum(len(verdict.advice) for verdict in verdicts)
    seen = [each.status for verdict in verdicts for each in verdict.live]
    counts = f", looked at: {len(seen)}, failed: {seen.count('failed')}, cannot tell: {seen.count('cannot tell')}"
    yield f"documents: {len(verdicts)}, mistakes: {mistakes}, warnings: {warnings}{counts if seen else ''}"


def json_(verdicts: Sequence[Verdict], _screen: Screen) -> str:
    """One JSON document.

    Shape: `{"version": 1, "documents": [{"file": …, "resource": …, "failures": [{"path", "text"}], "advice": [{"rule", …}],
    "live": [{"path", "kind", "status", "text", "permission"}]}]}`
    """
    return json_text({"version": 1, "documents": [asdict(verdict) for verdict in verdicts]})
