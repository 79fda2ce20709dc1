"""What is in AWS and in no program: settings of declared domains, and whole domains.

A setting counts when it is on or has a value: what AWS fills in by itself (`"default"` in the schema) and what is switched off does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import comparison, documents
from ..model.comparison import ABSENT, Schema
from ..model.values import Json
from ..operations.configuration import Configuration
from . import paths
from .model import Setting
from .paths import Keys


def settings(schema: Schema, declared: Json, live: Json, configuration: Configuration) -> tuple[Setting, ...]:
    """The live settings that the program does not declare, at any depth, each whole at its own path; tags one by one."""
    there = documents.settable(schema, live)
    tags = there.pop("tags", None)
    found = [Setting(paths.text(keys), value) for keys, value in _extra((), schema, declared, there)]
    if "tags_all" not in declared and "tags" not in declared and isinstance(tags, dict):
        found += [
            Setting(paths.text(("tags", key)), value)
            for key, value in tags.items()
            if not configuration.is_ignored(key)
        ]
    return tuple(found)


def _extra(
    keys: Keys, schema: Schema, declared: Mapping[str, object], live: Mapping[str, object]
) -> Iterator[tuple[Keys, object]]:
    properties = schema.get("properties")
    for name, node in properties.items() if isinstance(properties, Mapping) else ():
        value = live.get(name)
        wanted = declared.get(name, ABSENT)
        if node.get("readOnly") or node.get("providerOnly") or not _is_on(node, value):
            continue
        if wanted is ABSENT or wanted is None:
            yield (*keys, name), value
        elif isinstance(value, dict) and isinstance(wanted, dict):
            yield from _extra((*keys, name), node, wanted, value)


def _is_on(node: Schema, value: object) -> bool:
    if value in (None, False, "", [], {}) and not _is_zero(value):
        return False
    if isinstance(value, dict) and "enabled" in value:
        return value["enabled"] is True
    if isinstance(value, dict) and "properties" in node:
        inner = node["properties"]
        is_set = isinstance(inner, Mapping) and any(_is_on(inner.get(key, {}), item) for key, item in value.items())
        return is_set and not _is_default(node, value)
    return not _is_default(node, value)


def _is_zero(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_default(node: Schema, value: object) -> bool:
    if "default" not in node:
        return False
    schema = {"properties": {"value": node}}
    return not comparison.changes(schema, {"value": node["default"]}, {"value": value})
