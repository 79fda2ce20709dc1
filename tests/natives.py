"""States and previews of the dynamic host, as the native host would have written them; and the fixtures that give tests both hosts.

What differs: the type tokens, names in camelCase, no `__provider`, and a provider of another type, whose inputs are the settings. The
outcome is to be the same, but for the spelling of names and the tokens in URNs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path as File
from types import ModuleType
from typing import Any, Literal

import pytest
from pulumi_connect_domains import native
from pulumi_connect_domains.model.path import Path, PathPattern
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property, places_of
from pulumi_connect_domains.model.spelling import Spelling
from pulumi_connect_domains.model.values import HOST_KEY
from pulumi_connect_domains.model.wording import camel_case
from pulumi_connect_domains.operations import PROVIDER_MARK
from pulumi_connect_domains.registry import by_token, resource_types
from pulumi_connect_domains.stacks import deployment, documents, preview
from pulumi_connect_domains.stacks.urn import NATIVE_PROVIDER_TYPE, PYTHON_PROVIDER_TYPE
from pulumi_connect_domains.testing import MakeStack

GOLDEN = File(__file__).parent / "golden"
HostName = Literal["dynamic", "native"]
HOSTS: tuple[HostName, ...] = ("dynamic", "native")
CAMEL = Spelling.CAMEL
SECRET_CONTENT = "plaintext"


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The host that has written all states and previews that are read in the test."""
    if request.param == "native":
        monkeypatch.setattr(deployment, "json_of", lambda text: native_state(documents.json_of(text)))
        monkeypatch.setattr(preview, "json_of", lambda text: native_preview(documents.json_of(text)))
    return str(request.param)


@pytest.fixture(params=HOSTS)
def program_host(request: pytest.FixtureRequest) -> str:
    """The host that the test's programs use."""
    return str(request.param)


ON_THE_DYNAMIC_HOST = pytest.mark.parametrize("program_host", ["dynamic"])
ON_THE_NATIVE_HOST = pytest.mark.parametrize("program_host", ["native"])
"""For a test that would be about nothing on the other host. It says why."""


SELDOM_ON_THE_NATIVE_HOST = pytest.mark.parametrize(
    "program_host", ["dynamic", pytest.param("native", marks=pytest.mark.long)]
)
"""For a test of what happens before a host has anything to do with it: the repeat is for the long run."""


def stacks_of(host: str, make: MakeStack, monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> MakeStack:
    """Makes stacks whose programs, which are functions of those modules, declare their domains for the host."""
    if host == "dynamic":
        return make
    for module in modules:
        for name in {"customerprofiles", "voiceid"} & set(vars(module)):
            monkeypatch.setattr(module, name, getattr(native, name))
    return partial(make, native=True)


def dynamic_tokens(text: str) -> str:
    """The text, with the dynamic host's tokens in place of the native host's."""
    for each in resource_types().values():
        text = text.replace(each.native_token, each.type_token)
    return text.replace(NATIVE_PROVIDER_TYPE, PYTHON_PROVIDER_TYPE)


def native_tokens(text: str) -> str:
    """The text, with the native host's tokens in place of the dynamic host's."""
    for each in resource_types().values():
        text = text.replace(each.type_token, each.native_token)
    return text.replace(PYTHON_PROVIDER_TYPE, NATIVE_PROVIDER_TYPE)


def native_state(document: Any) -> Any:
    """The export or checkpoint. What is no state stays as it is."""
    found = json.loads(native_tokens(json.dumps(document)))
    if isinstance(found, dict):
        for place in (found.get("deployment"), (found.get("checkpoint") or {}).get("latest")):
            for each in (place or {}).get("resources") or ():
                _entry(each)
    return found


def native_preview(document: Any) -> Any:
    """What `pulumi preview --json` prints. What is no preview stays as it is."""
    found = json.loads(native_tokens(json.dumps(document)))
    for step in found.get("steps") or () if isinstance(found, dict) else ():
        type = by_token().get(str(step.get("urn")).split("::")[2].rpartition("$")[2]) if "urn" in step else None
        for side in ("oldState", "newState"):
            _entry(step.get(side), type)
        if type is None:
            continue
        for member in ("diffReasons", "replaceReasons"):
            if step.get(member):
                step[member] = [camel_path(type, text) for text in step[member]]
        if step.get("detailedDiff"):
            step["detailedDiff"] = {camel_path(type, text): each for text, each in step["detailedDiff"].items()}
    return found


def _entry(entry: Any, of: ResourceType | None = None) -> None:
    """Spells the entry's names anew."""
    if not isinstance(entry, dict):
        return
    kind = entry.get("type")
    type = by_token().get(kind, of) if isinstance(kind, str) else of
    for member in ("inputs", "outputs"):
        document = entry.get(member)
        if isinstance(document, dict) and type:
            own = {key: value for key, value in document.items() if key != HOST_KEY}
            entry[member] = _opened(type, CAMEL.document(type.schema, own))
        elif isinstance(document, dict) and kind == NATIVE_PROVIDER_TYPE:
            entry[member] = settings(document)
    if type and isinstance(entry.get("ignoreChanges"), list):
        entry["ignoreChanges"] = [_camel_pattern(type, text) for text in entry["ignoreChanges"]]


def _opened(type: ResourceType, document: Any, steps: tuple[Any, ...] = ()) -> Any:
    """The document, in which the names within secrets in clear are spelled anew too."""
    if isinstance(document, dict) and SECRET_CONTENT in document and len(document) == 2:
        try:
            content = json.loads(document[SECRET_CONTENT])
        except ValueError:
            return document
        of = type.schema.at(Spelling.SNAKE.path(type.schema, Path(steps)))
        return {**document, SECRET_CONTENT: json.dumps(CAMEL.document(of, content))}
    if isinstance(document, dict):
        return {key: _opened(type, value, (*steps, key)) for key, value in document.items()}
    if isinstance(document, list):
        return [_opened(type, value, (*steps, place)) for place, value in enumerate(document)]
    return document


def settings(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """A dynamic provider's inputs, or the stack config in them, as those of a native provider: nested values are JSON texts."""
    found = {}
    for key, value in inputs.items():
        name = key.removeprefix("aws:")
        if key != PROVIDER_MARK and (PROVIDER_MARK in inputs or name != key):
            is_nested = isinstance(value, (dict, list)) and "ciphertext" not in value and SECRET_CONTENT not in value
            found[camel_case(name)] = json.dumps(value) if is_nested else value
    return found


def camel_path(type: ResourceType, text: str) -> str:
    """A path as the native host prints it."""
    try:
        return str(CAMEL.path(type.schema, Path.parse(text)))
    except ValueError:
        return text


def _camel_pattern(type: ResourceType, text: Any) -> Any:
    try:
        return str(CAMEL.pattern(type.schema, PathPattern.parse(text)))
    except (TypeError, ValueError):
        return text


# -- what is written of them --------------------------------------------------------------------------------------------


def snake_names(text: str) -> str:
    """The text with the dynamic host's tokens and names, as a report on its stack would have them."""
    return snake_words(dynamic_tokens(text), [type.schema for type in resource_types().values()])


def snake_words(text: str, schemas: Iterable[Property]) -> str:
    """The text with the names of the schemas' properties in snake_case."""
    known = {camel_case(name): name for schema in schemas for name in names_in(schema)}
    return re.sub(r"\b[a-z0-9]+[A-Z]\w*", lambda word: known.get(word[0], word[0]), text)


@lru_cache
def names_in(schema: Property) -> frozenset[str]:
    """The names of all properties, at any depth."""
    return frozenset(str(place[-1]) for place, _ in places_of(schema))


def without_layout(text: str) -> str:
    """The text without what depends on the length of its words: columns, breaks of long words, and the tags around them."""
    text = re.sub(r"<code>(.*?)</code>", r"`\1`", text.replace("<wbr>", ""))
    text = re.sub(r"[^`]*… \(\d+ characters\)", "…", text)  # a value that was cut
    return re.sub(r"\s+", " ", re.sub(r"[─━-]{3,}", "-", text))


def check_same(host: str, golden: Callable[[str, str], None], name: str, text: str) -> None:
    """The golden file holds the text. What is said of a native stack differs by the spelling of names alone."""
    if host == "dynamic":
        golden(name, text)
        return
    known = (GOLDEN / name).read_text(encoding="utf-8")
    assert without_layout(snake_names(text)) == without_layout(known)
