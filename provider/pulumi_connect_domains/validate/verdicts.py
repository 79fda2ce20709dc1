"""What is found in a document: mistakes, advice, and what AWS shows of the things that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from ..aws.surroundings import Sight
from ..model.errors import Unreadable
from ..model.path import Path, top_of
from ..model.resource_type import ResourceType
from ..model.spelling import Spelling, snake_case
from ..model.validation import Failure, advice, failures
from ..model.validation.suggestions import folded
from ..model.values import Arn, plain
from ..model.warning import Notice, unsilenced
from ..registry import by_token, resource_types
from ..stacks import deployment, files, hosts, secret
from ..stacks.documents import NotJson, NotYaml, json_of, lines_of, text_of, yaml_of
from ..stacks.hosts import path_in
from ..stacks.sources import Export

STANDARD_INPUT = "<stdin>"

Spelled = TypeVar("Spelled", Failure, Notice, Sight)

Look = Callable[[ResourceType, object, Sequence[Failure]], tuple[Sight, ...]]
"""What is seen at AWS of what the inputs name, where they are not mistaken."""


@dataclass(frozen=True)
class Verdict:
    """What was found in one document. `resource` is empty when the document cannot be read as one.

    `lines` are the lines of paths in the file, where they are known. `live` is what was seen at AWS, where it was asked (`is_live`). Paths
    are in snake_case, whatever the `spelling` of the document.
    """

    file: str
    resource: str
    failures: tuple[Failure, ...]
    advice: tuple[Notice, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    live: tuple[Sight, ...] = ()
    is_live: bool = False
    spelling: Spelling = Spelling.SNAKE

    @property
    def as_written(self) -> Verdict:
        """The same for people: with paths and words as the document spells them."""
        if self.spelling is Spelling.SNAKE:
            return self
        schema, spelled = resource_types()[self.resource].schema, self.spelling

        def written(each: Spelled) -> Spelled:
            return replace(each, path=path_in(spelled, schema, each.path), text=spelled.text(schema, each.text))

        return replace(
            self,
            failures=tuple(map(written, self.failures)),
            advice=tuple(map(written, self.advice)),
            live=tuple(map(written, self.live)),
            lines={path_in(spelled, schema, path): line for path, line in self.lines.items()},
        )

    @property
    def has_failed(self) -> bool:
        """Whether there is a mistake, or AWS lacks something that the document names."""
        return bool(self.failures) or any(each.status == "failed" for each in self.live)


@dataclass(frozen=True)
class Judge:
    """How documents are judged: as which resource, "" for a guess; without which warnings; and whether AWS is looked at.

    `look` makes a Look for an account, "" for whichever the credentials are of. Without it AWS is not asked. `python_project` is the name
    of the project in the current folder, where its programs are in Python.
    """

    resource: str = ""
    silenced: frozenset[str] = frozenset()
    look: Callable[[str], Look] | None = None
    python_project: str = ""

    def verdict(self, file: str, document: object, account: str = "", spelling: Spelling | None = None) -> Verdict:
        """All failures of the document, the advice that is not silenced, and what is seen at AWS.

        The document may spell names in snake_case or in camelCase. `spelling` is that of the program that declares it, if there is one.
        """
        if isinstance(document, Unreadable):
            return Verdict(file, "", (Failure("", str(document)),))
        kind, inputs = taken_apart(document)
        resource = self.resource or kind or guessed(inputs)
        if resource is None:
            said = f"cannot tell which resource this is; say --resource {' or '.join(resource_types())}"
            return Verdict(file, "", (Failure("", said),))
        type = resource_types()[resource]
        spelling = spelling or spelling_in(type, document, inputs)
        if spelling is Spelling.CAMEL:
            inputs = snake_case(type.schema, inputs)
        mistakes = tuple(failures(type.schema, inputs))
        notices = tuple(unsilenced(advice(type.schema, inputs), self.silenced))
        live = self.look(account)(type, inputs, mistakes) if self.look else ()
        return Verdict(file, resource, mistakes, notices, live=live, is_live=self.look is not None, spelling=spelling)

    def on_file(self, name: str) -> list[Verdict]:
        """The verdict on each document of a file; `-` is standard input. A file that cannot be read has one, which says why."""
        called = STANDARD_INPUT if name == files.STANDARD_INPUT else files.called(name)
        try:
            text = text_of(files.content(name))
            found = _documents(text)
        except NotYaml as error:
            text = ""
            found = [Unreadable(": ".join(part for part in (error.place, "is neither JSON nor YAML") if part))]
        except Unreadable as error:
            text, found = "", [error]
        verdicts = [self.verdict(called, document) for document in found]
        if not any(verdict.failures or verdict.advice or verdict.live for verdict in verdicts):
            return verdicts
        line_of = lines_of(text)
        return [
            replace(verdict, lines=_lines_in(verdict, partial(line_of, place), _around(document)))
            for place, (document, verdict) in enumerate(zip(found, verdicts, strict=True))
        ]

    def on_export(self, export: Export) -> Iterator[Verdict]:
        """The verdict on each resource of ours in a stack's state. A state that cannot be read has one, which says why."""
        known = by_token()
        try:
            for each in deployment.parse(export.content()).of_types(known):
                if not each.is_managed:
                    continue
                type = known[each.type]
                arn = Arn.parse(secret.opened(each.outputs.get("arn")))
                own = hosts.in_our_words(each, type).inputs
                inputs = {name: item for name, item in own.items() if name in type.schema.members}
                document = {"type": type.key, "inputs": plain(secret.opened(inputs))}
                spelling = hosts.spelling_of_urn(str(each.urn), each.declared_at, self.python_project)
                yield self.verdict(f"{export.origin}: {each.urn.name}", document, arn.account if arn else "", spelling)
        except Unreadable as error:
            yield self.verdict(export.origin, error)


def _documents(text: str) -> list[object]:
    """JSON, or YAML, which most JSON is as well. Raises: Unreadable."""
    try:
        return [json_of(text)]
    except NotJson:
        return yaml_of(text) or [Unreadable("holds no document")]


# -- which resource it is ---------------------------------------------------------------------------------------------


def taken_apart(document: object) -> tuple[str | None, object]:
    """The resource type that the document's `type` names, or None, and the document's inputs."""
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        return None, document
    kind = next((name for name in resource_types() if re.search(rf"\b{name}\b", document["type"])), None)
    inputs = document.get("inputs", document.get("properties"))
    return kind, {key: value for key, value in document.items() if key != "type"} if inputs is None else inputs


def spelling_in(type: ResourceType, document: object, inputs: object) -> Spelling:
    """How the document spells names: in camelCase where its `type` is the native host's, or where only camelCase names stand in it."""
    if isinstance(document, dict) and document.get("type") == type.native_token:
        return Spelling.CAMEL
    names = type.schema.camel_names
    keys = {*inputs} if isinstance(inputs, dict) else set()
    own, camel = ({name for name in each if name in keys} for each in (names, type.schema.snake_names))
    return Spelling.CAMEL if camel - own and own <= camel else Spelling.SNAKE


def guessed(inputs: object) -> str | None:
    """The resource type that has most of the keys, however they are spelled; None where two have equally many."""
    keys = {folded(str(key)) for key in inputs} if isinstance(inputs, dict) else set()
    members = {name: {folded(key) for key in type.schema.members} for name, type in resource_types().items()}
    scores = {name: len(keys & known) for name, known in members.items()}
    best = [name for name in scores if scores[name] == max(scores.values())]
    return best[0] if len(best) == 1 else None


# -- lines ------------------------------------------------------------------------------------------------------------


def _lines_in(
    verdict: Verdict, line_of: Callable[[Sequence[object]], int | None], around: tuple[str, ...]
) -> dict[str, int]:
    """The line of each path in the verdict, where it is known; `around` are the keys under which the inputs stand."""
    paths = [each.path for each in verdict.failures]
    paths += [each.path for each in verdict.advice]
    paths += [each.path for each in verdict.live]
    schema = resource_types()[verdict.resource].schema if verdict.resource else None
    written = {path: path_in(verdict.spelling, schema, path) if schema else path for path in paths}
    lines = {path: line_of((*around, *_steps(written[path]))) for path in paths}
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
