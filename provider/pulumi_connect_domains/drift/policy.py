"""Reads requirements from `--require` and from policy files, and checks each of them against the resource types' schemas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

import jsonschema
import yaml

from ..model.errors import ConfigurationError, Unreadable
from ..model.path import ANY, Path, PathPattern
from ..model.schema import places_of
from ..model.spelling import Spelling
from ..registry import resource_types
from ..stacks import files
from ..stacks.documents import text_of, yaml_of
from .requirements import Filters, Requirement, unanswered, wanted_value

_TEXT = re.compile(r"(?P<path>(?:\[[^\]]*\]|[^\[=<>!])+)(?:(?P<operator>!=|<=|>=|=)(?P<wanted>.*))?", re.DOTALL)


def from_text(text: str) -> Requirement:
    """The requirement of one `--require`: `PATH=VALUE`, `!=`, `<=`, `>=`, `PATH` alone (is set) or `PATH=` (is not set).

    Raises: ConfigurationError for what cannot be understood, or fits no resource.
    """
    return _from_text(text, f"--require {text}")


def from_policy(file: str) -> tuple[Requirement, ...]:
    """The requirements of a policy file, YAML or JSON, as policy.schema.json describes it.

    Raises: ConfigurationError that names the file and every mistake in it.
    """
    file = files.called(file)
    try:
        document, *others = yaml_of(text_of(files.content(file)), as_texts=True) or [None]
    except Unreadable as error:
        raise ConfigurationError(f"--policy {file}: {error}") from None
    if others:
        raise ConfigurationError(f"--policy {file}: holds {1 + len(others)} documents; a policy is one")
    mistakes = sorted(_validator().iter_errors(document), key=lambda mistake: list(map(str, mistake.absolute_path)))
    if mistakes:
        lines = [f"{mistake.json_path.removeprefix('$.')}: {_cut(mistake.message)}" for mistake in mistakes]
        raise ConfigurationError(f"--policy {file}: " + "\n".join(lines))
    return tuple(_from_entry(entry, f"--policy {file}") for entry in document["require"])


# -- reading them -----------------------------------------------------------------------------------------------------

_RELATIONS = {"equals": "=", "not": "!=", "at_most": "<=", "at_least": ">="}


def _from_text(text: str, origin: str) -> Requirement:
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise ConfigurationError(
            f"{origin}: PATH=VALUE was expected (or !=, <=, >=; PATH alone: it is set; PATH=: it is not)"
        )
    operator, wanted = match["operator"] or "set", (match["wanted"] or "").strip()
    if operator in ("=", "!=") and not wanted:
        operator = "unset" if operator == "=" else "set"
    return _checked(match["path"].strip(), Requirement(Path(), operator, wanted), origin)


def _from_entry(entry: str | Mapping[str, Any], origin: str) -> Requirement:
    if isinstance(entry, str):
        return _from_text(entry, f"{origin}: {entry}")
    relation = next((key for key in _RELATIONS if key in entry), None)
    if relation:
        made = Requirement(Path(), _RELATIONS[relation], _as_text(entry[relation]))
    else:
        made = Requirement(Path(), "set" if entry.get("set", "true") == "true" else "unset")
    made = replace(
        made,
        because=entry.get("because", ""),
        filters=Filters(
            types=_several(entry.get("type", ())),
            names=_several(entry.get("name", ())),
            regions=_several(entry.get("region", ())),
        ),
    )
    return _checked(entry["path"], made, origin)


def _checked(text: str, requirement: Requirement, origin: str) -> Requirement:
    """The requirement, about the path in the text, in either spelling. At least one resource type can meet it.

    Raises: ConfigurationError.
    """
    types = resource_types().values()
    try:
        pattern = PathPattern.parse(text)
        if ANY in pattern:
            raise ConfigurationError(f"{origin}: a requirement is about one property, so * cannot stand in {text}")
        path = Path.parse(text)
    except ValueError as error:
        raise ConfigurationError(f"{origin}: {error}") from None
    path = next(
        (spelled for type in types if type.schema.at(spelled := Spelling.SNAKE.path(type.schema, path)).is_declared),
        path,
    )
    path = next((settled for type in types if (settled := type.schema.settle(path)) != path), path)
    requirement = replace(requirement, path=path)
    known = [(type.schema, of) for type in types if (of := type.schema.at(path)).is_declared]
    if not known:
        raise ConfigurationError(f"{origin}: no resource has the property {path}{_did_you_mean(str(path))}")
    reasons = [unanswered(schema, path) for schema, _ in known]
    if all(reasons):
        raise ConfigurationError(f"{origin}: AWS never says what {path} is: it {reasons[0]}")
    for _, of in known:
        if requirement.operator in ("<=", ">=") and of.kind not in ("integer", "number"):
            raise ConfigurationError(f"{origin}: {requirement.operator} compares numbers, and {path} is none")
        try:
            wanted_value(of, requirement)
        except ValueError:
            kind = _KINDS.get(of.kind) or f"one of {', '.join(of.enum)}"
            raise ConfigurationError(f"{origin}: {path} is {kind}, not {requirement.wanted!r}") from None
    return requirement


_KINDS = {
    "boolean": "true or false", "integer": "a whole number", "number": "a number", "array": "a list", "object": "an object",
    "map": "an object",
}  # fmt: skip


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else yaml.safe_dump(value, default_flow_style=True).strip()


def _several(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _cut(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}…"


def _did_you_mean(path: str) -> str:
    known = {
        str(place) for type in resource_types().values() for place, _ in places_of(type.schema) if ANY not in place
    }
    close = get_close_matches(path, sorted(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


@cache
def _validator() -> Any:
    text = resources.files(__package__).joinpath("policy.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(yaml.safe_load(text))
