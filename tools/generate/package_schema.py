"""package-schema.json: the resources, their types and the settings as a Pulumi package schema, the ground for other languages.

Its names are in camelCase, as the programs of those languages spell them; texts name properties the same way. It has no `version`: that is
the one of the package it is shipped in. Values that the provider finds by itself (a Region from the environment, a name) are no defaults
here: an SDK would fill them in where the program runs, and the provider could no longer tell them from what the program says.

Source: Pulumi's metaschema, pkg/codegen/schema/pulumi.json in pulumi/pulumi.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pulumi_connect_domains.model.path import ANY, PathPattern
from pulumi_connect_domains.model.resource_type import PACKAGE, ResourceType
from pulumi_connect_domains.model.schema import Property, Schema, places_of
from pulumi_connect_domains.model.spelling import Spelling
from pulumi_connect_domains.model.wording import camel_case
from pulumi_connect_domains.operations.vocabulary import SECRET, SETTINGS
from pulumi_connect_domains.registry import resource_types

from . import words
from .settings_types import ABOUT, OBJECTS, REQUIRED, Kind, kind, member_kind
from .shapes import Structure, input_structures, output_structures, type_name

Node = dict[str, Any]

FILE = "provider/pulumi_connect_domains/package-schema.json"
PROJECT = Path(__file__).parents[2] / "pyproject.toml"
NAME = PACKAGE
INDEX = "index"
OLDER = {"assume_role"}
"""Settings that stand for another one, for the config of older stacks."""
_REPOSITORY = "github.com/pulumi-connect-domains/pulumi-connect-domains"
LANGUAGES: dict[str, Node] = {
    "python": {
        "packageName": "pulumi_connect_domains_sdk",  # pulumi_connect_domains is this very package
        "pyproject": {"enabled": True},
        "respectSchemaVersion": True,
    },
    "nodejs": {"packageName": "@pulumi-connect-domains/sdk", "respectSchemaVersion": True},
    "go": {
        "importBasePath": f"{_REPOSITORY}/sdk/go/connectdomains",
        "rootPackageName": "connectdomains",
        "generateResourceContainerTypes": True,
        "respectSchemaVersion": True,
    },
    "java": {"basePackage": "io.github.pulumi_connect_domains"},
    "csharp": {
        "rootNamespace": "PulumiConnectDomains",
        "namespaces": {NAME: "Sdk", "customerprofiles": "CustomerProfiles", "voiceid": "VoiceId"},
        "respectSchemaVersion": True,
    },
}
"""What the SDKs are called. None of these names is Pulumi's own, and none is this package's.

`respectSchemaVersion` writes the package's version into an SDK, so that it asks for that version of the plugin.
"""
SILENCED = "The rules whose warnings are not wanted, with commas between them."


def files() -> dict[str, str]:
    """The file with its text."""
    return {FILE: json.dumps(package(list(resource_types().values())), indent=2, ensure_ascii=False) + "\n"}


def package(types: list[ResourceType]) -> Node:
    """The package schema of these resource types."""
    settings = {
        **{camel_case(name): _setting(name) for name in SETTINGS if name not in OLDER},
        "silence": {"type": "string", "description": SILENCED},
    }
    return {
        "name": NAME,
        "displayName": "Amazon Connect domains",
        "description": _project("description"),
        "license": _project("license"),
        "config": {"variables": settings},
        "types": {**_types_of_settings(), **{token: each for type in types for token, each in _types(type)}},
        "provider": {
            "description": "The Region, credentials, accounts, endpoints and tags of the resources that use it.",
            "inputProperties": settings,
        },
        "resources": {_token(type.module, type.name): _resource(type) for type in types},
        "language": LANGUAGES,
    }


def _token(module: str, name: str) -> str:
    return f"{NAME}:{module}:{name}"


def _project(name: str) -> str:
    found = re.search(rf'^{name} = "(.*)"$', PROJECT.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


# -- resources --------------------------------------------------------------------------------------------------------


def _resource(type: ResourceType) -> Node:
    schema = type.schema
    given = {camel_case(name): _property(type, words.place(name)) for name in words.arguments(schema)}
    made = {camel_case(name): _property(type, words.place(name), is_output=True) for name in schema.members}
    about = [f"{words.capital(words.article(schema.title))}: {_lower(schema.description)}", *schema.about]
    return {
        "description": "\n\n".join(_spelled(schema, text) for text in about),
        "properties": made,
        "required": [camel_case(name) for name in schema.members if words.is_always_there(schema, name)],
        "inputProperties": given,
        "requiredInputs": [camel_case(name) for name in schema.required],
        "aliases": [{"type": type.type_token}],
    }


def _types(type: ResourceType) -> Iterator[tuple[str, Node]]:
    """The structures and enums of the resource type, by their tokens. A structure is the same in inputs and outputs."""
    schema = type.schema
    given = {each.name for each in input_structures(schema)}
    moved = {tuple(each.source) for each in schema.outputs.values() if each.source}
    for place, of in places_of(schema):
        if of.enum and tuple(place) not in moved:
            yield _token(type.module, type_name(place)), _enum(schema, of)
    for each in output_structures(schema):
        yield _token(type.module, each.name), _structure(type, each, is_output=each.name not in given)


def _enum(schema: Schema, of: Property) -> Node:
    return {
        "description": _spelled(schema, of.description),
        "type": "string",
        "enum": [{"value": word, "description": _spelled(schema, of.enum_says.get(word, ""))} for word in of.enum],
    }


def _structure(type: ResourceType, structure: Structure, is_output: bool) -> Node:
    required = [name for name in structure.members if (structure.has if is_output else structure.must_have)(name)]
    return {
        "description": _spelled(type.schema, structure.of.description),
        "type": "object",
        "properties": {
            camel_case(name): _property(type, structure.at(name), is_output=is_output) for name in structure.members
        },
        "required": [camel_case(name) for name in required],
    }


def _property(type: ResourceType, place: PathPattern, *, is_output: bool = False) -> Node:
    schema = type.schema
    of = words.at(schema, place)
    said = words.of_output(of) if is_output else words.of_argument(schema, place, with_example=False)
    replaces = {"replaceOnChanges": True} if of.create_only else {}
    return {**_type(type, of, place), "description": _spelled(schema, _markdown(said)), **replaces}


def _markdown(said: list[str]) -> str:
    """The facts as Markdown: a paragraph, and a list where there are words of an enum."""
    return re.sub(r"\n(?!- )", " ", "\n".join(said))


def _type(type: ResourceType, of: Property, place: PathPattern) -> Node:
    """The reference to the type of a value. An enum is open: AWS may add a word, and values from config are plain text."""
    reference = {"$ref": f"#/types/{_token(type.module, type_name(place))}"} if of.enum or of.kind == "object" else {}
    if of.enum:
        return {"type": "string", "oneOf": [{"type": "string"}, reference]}
    if of.items:
        return {"type": "array", "items": _type(type, of.items, PathPattern((*place, ANY)))}
    if of.kind == "map":
        return {
            "type": "object",
            "additionalProperties": _type(type, of.values, place) if of.values else {"$ref": "pulumi.json#/Any"},
        }
    return reference or {"type": of.kind}


def _spelled(schema: Schema, text: str) -> str:
    """The text, as programs of other languages write properties. Config keys are the native host's."""
    return re.sub(r"`aws:(?=\w)", f"`{NAME}:", Spelling.CAMEL.text(schema, text))


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


# -- settings ---------------------------------------------------------------------------------------------------------

PRIMITIVES = {"text": "string", "flag": "boolean", "number": "integer"}


def _setting(name: str) -> Node:
    setting = SETTINGS[name]
    secret = {"secret": True} if name in SECRET else {}
    return {**_kind_type(kind(name, setting), name), "description": setting.description, **secret}


def _kind_type(of: Kind, name: str) -> Node:
    inner: Node = (
        {"$ref": f"#/types/{_token(INDEX, OBJECTS[name])}"} if of.of == "object" else {"type": PRIMITIVES[of.of]}
    )
    if of.around == "list":
        return {"type": "array", "items": inner}
    return {"type": "object", "additionalProperties": inner} if of.around == "map" else inner


def _types_of_settings() -> Mapping[str, Node]:
    return {
        _token(INDEX, each): {
            "description": ABOUT[name],
            "type": "object",
            "properties": {
                camel_case(member): _member(member, text) for member, text in SETTINGS[name].members.items()
            },
            "required": [camel_case(member) for member in SETTINGS[name].members if member in REQUIRED],
        }
        for name, each in OBJECTS.items()
    }


def _member(name: str, text: str) -> Node:
    return {**_kind_type(member_kind(name), name), "description": text, **({"secret": True} if name in SECRET else {})}
