"""A program's RegisterResource requests, read as goals; what the local engine does not do is refused by name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from ..model.goal import Alias, Goal
from ..model.urn import PROVIDERS, package_of, provider_urn, type_of
from ..provider.protocol import Refused
from ..provider.wire import unpack

UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)")


def goal_of(request: Any, parent: Goal | None, *, preview: bool) -> Goal:
    """The goal in a RegisterResource request; what it does not say it inherits. Raises Refused, and ValueError for bad values."""
    _refuse(request, preview)
    before_update = tuple(request.hooks.before_update)
    inputs = unpack(request.object)
    given = {key: tuple(found.urns) for key, found in request.propertyDependencies.items()}
    all_of = {key: given.get(key, ()) if given else tuple(request.dependencies) for key in inputs}
    defined = request.deleteBeforeReplaceDefined or request.deleteBeforeReplace
    goal = Goal(
        request.type, request.name, request.custom, inputs, request.parent,
        provider=request.provider if request.custom else "", id=request.importId,
        protect=_optional(request, "protect"), retain_on_delete=_optional(request, "retainOnDelete"),
        delete_before_replace=request.deleteBeforeReplace if defined else None,
        dependencies=tuple(request.dependencies), property_dependencies={**given, **all_of},
        ignore_changes=tuple(request.ignoreChanges), replace_on_changes=tuple(request.replaceOnChanges),
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        aliases=tuple(_aliases(request)), custom_timeouts=_timeouts(request.customTimeouts),
        deleted_with=request.deletedWith, replace_with=tuple(request.replace_with), hide_diff=tuple(request.hideDiffs),
        hooks={"BeforeUpdate": before_update} if before_update else {},
    )  # fmt: skip
    return _inheriting(goal, parent) if parent else goal


def _inheriting(goal: Goal, parent: Goal) -> Goal:
    wanted = f"{PROVIDERS}{package_of(goal.type)}"
    same_package = bool(parent.provider) and type_of(provider_urn(parent.provider)) == wanted
    return replace(
        goal, deleted_with=goal.deleted_with or parent.deleted_with,
        protect=parent.protect if goal.protect is None else goal.protect,
        retain_on_delete=parent.retain_on_delete if goal.retain_on_delete is None else goal.retain_on_delete,
        provider=goal.provider or (parent.provider if goal.custom and same_package else ""),
    )  # fmt: skip


def _refuse(request: Any, preview: bool) -> None:
    """Raises Refused for options that the local engine does not know."""
    hooks = {kind.name for kind, names in request.hooks.ListFields() if names}
    refused = {
        "remote components": request.remote, "transforms": request.transforms,
        "resource hooks": hooks - ({"before_update"} if preview else set()),
        "replacement triggers": request.HasField("replacement_trigger"),
        "state migrations": getattr(request, "state_migrations", ()),
        "mappings of environment variables": getattr(request, "envVarMappings", ()),
    }  # fmt: skip
    for what, asked in refused.items():
        if asked:
            raise Refused(f"resource '{request.name}': {what} are not supported by the local engine")


def _optional(request: Any, field: str) -> bool | None:
    return bool(getattr(request, field)) if request.HasField(field) else None


def _aliases(request: Any) -> Iterator[Alias]:
    for urn in request.aliasURNs:
        yield Alias(urn)
    for alias in request.aliases:
        spec = alias.spec
        if alias.WhichOneof("alias") == "urn":
            yield Alias(alias.urn)
        else:
            yield Alias("", spec.name, spec.type, spec.stack, spec.project, spec.parentUrn, spec.noParent)


def _timeouts(message: Any) -> dict[str, float]:
    found = {name: getattr(message, name, "") for name in ("create", "update", "delete", "read")}
    return {name: seconds(text) for name, text in found.items() if text}


def seconds(duration: str) -> float:
    """The length of `1h30m`, `7m`, `500ms` in seconds. Raises ValueError."""
    parts = _DURATION.findall(duration)
    if not parts or "".join(number + unit for number, unit in parts) != duration:
        raise ValueError(f"'{duration}' is not a duration such as 10m or 1h30m")
    total = sum((float(number) * UNITS[unit] for number, unit in parts), 0.0)
    return int(total) if total.is_integer() else total
