"""A report for people, whose properties are spelled as the program spells them. Programs read the names of the JSON report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..model.path import Path
from ..model.schema import Schema
from ..model.spelling import Spelling
from ..registry import resource_types
from ..stacks.hosts import path_in, spelling_of_urn
from .model import DomainReport, Earlier, Finding, Setting
from .requirements import Broken


def domain(of: DomainReport, python_project: str) -> DomainReport:
    """The domain's paths, values and sentences in the spelling of its program."""
    spelled = spelling_of_urn(of.urn, of.declared_at, python_project)
    type = resource_types().get(of.type)
    if spelled is Spelling.SNAKE or type is None:
        return of
    schema = type.schema

    def found(each: Finding) -> Finding:
        declared, live = (_value(spelled, schema, each.path, value) for value in (each.declared, each.live))
        path, summary = path_in(spelled, schema, each.path), spelled.text(schema, each.summary)
        return replace(each, path=path, declared=declared, live=live, summary=summary)

    def required(each: Broken) -> Broken:
        path = path_in(spelled, schema, each.path)
        said = f"{path}{each.requirement.removeprefix(each.path)}"
        return replace(each, requirement=said, path=path, live=_value(spelled, schema, each.path, each.live))

    def setting(each: Setting) -> Setting:
        live = _value(spelled, schema, each.path, each.live)
        return replace(each, path=path_in(spelled, schema, each.path), live=live)

    return replace(
        of,
        reason=spelled.text(schema, of.reason),
        findings=tuple(map(found, of.findings)),
        broken_requirements=tuple(map(required, of.broken_requirements)),
        unmanaged_settings=tuple(map(setting, of.unmanaged_settings)),
        ignored=tuple(map(found, of.ignored)),
        cannot_tell=tuple(path_in(spelled, schema, path) for path in of.cannot_tell),
        notes=tuple(spelled.text(schema, note) for note in of.notes),
    )


def earlier(thing: Earlier, declared_at: Mapping[str, str], python_project: str) -> Earlier:
    """The same of something that was wrong. `declared_at` is where resources are declared, by URN, as far as the report says."""
    spelled = spelling_of_urn(thing.urn, declared_at.get(thing.urn, ""), python_project)
    type = resource_types().get(thing.type)
    if spelled is Spelling.SNAKE or type is None or not thing.path:
        return thing
    path = path_in(spelled, type.schema, thing.path)
    words = f"{path}{thing.words.removeprefix(thing.path)}" if thing.kind == "requirement" else thing.words
    return replace(thing, path=path, words=words)


def _value(spelled: Spelling, schema: Schema, path: str, value: object) -> object:
    try:
        return spelled.document(schema.at(Path.parse(path)), value)
    except ValueError:  # it names a hidden key
        return value
