"""What is in AWS and in no program: settings of declared domains, and whole domains.

A setting counts when it is on or has a value: what AWS fills in by itself (`"default"` in the schema) and what is switched off does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import comparison, documents
from ..model.path import Path
from ..model.schema import Property, Schema
from ..model.tags import TagPolicy
from ..model.values import ABSENT, Json
from .model import Setting


def settings(schema: Schema, declared: Json, live: Json, policy: TagPolicy) -> tuple[Setting, ...]:
    """The live settings that the program does not declare, at any depth, each whole at its own path; tags one by one."""
    there = documents.settable(schema, live)
    tags = there.pop(schema.tags_input, None)
    found = [Setting(str(path), value) for path, value in _extra(Path(), schema, declared, there)]
    owns_tags = schema.tags_output in declared or schema.tags_input in declared
    if isinstance(tags, dict) and not owns_tags:
        found += [Setting(str(Path((schema.tags_input, key))), value) for key, value in policy.owned(tags).items()]
    return tuple(found)


def _extra(
    path: Path, around: Property, declared: Mapping[str, object], live: Mapping[str, object]
) -> Iterator[tuple[Path, object]]:
    for name, of in around.inputs.items():
        value, wanted = live.get(name), declared.get(name, ABSENT)
        if of.provider_only or not _is_on(of, value):
            continue
        if wanted is ABSENT or wanted is None:
            yield path / name, value
        elif isinstance(value, dict) and isinstance(wanted, dict):
            yield from _extra(path / name, of, wanted, value)


def _is_on(of: Property, value: object) -> bool:
    if value is None or value is False or value in ("", [], {}):
        return False
    if isinstance(value, dict) and "enabled" in value:
        return value["enabled"] is True
    if isinstance(value, dict) and of.members and not any(_is_on(of.step(key), item) for key, item in value.items()):
        return False
    return not comparison.is_default(of, value)
