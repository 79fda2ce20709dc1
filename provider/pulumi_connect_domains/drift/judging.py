"""The verdict on one domain: what state expects, compared with what was read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..model import comparison, documents
from ..model.path import Path
from ..model.schema import Property, Schema
from ..model.tags import TagPolicy
from ..model.values import ABSENT, Json, is_empty
from ..operations.reading import Reading
from . import findings, requirements
from .model import DomainReport, Finding, Setting, Status
from .requirements import Requirement
from .state import Expectation


def judge(
    expected: Expectation, reading: Reading, required: Sequence[Requirement] = (), *, strict: bool = False
) -> DomainReport:
    """The domain's part of the report. With `strict`, settings that nobody declares are drift."""
    if reading.reason:
        return _report(expected, "unreadable", reason=reading.told, error_code=reading.error_code)
    if reading.live is None:
        region = expected.shown_region
        where = f"{region}, account {expected.account}" if expected.account else region
        return _report(expected, "missing", reason=f"AWS has no such domain in {where}")
    if gone := _gone(expected.type.schema, reading.live):
        return _report(expected, "suspended", reason=f"AWS says {gone}: it was deleted, and will be erased")
    return _compared(expected, reading.live, required, strict)


def _compared(expected: Expectation, live: Json, required: Sequence[Requirement], strict: bool) -> DomainReport:
    schema, declared = expected.type.schema, expected.inputs
    there = documents.read_inputs(schema, declared, live, expected.configuration.tags)
    changes = comparison.changes(schema, declared, documents.outputs(schema, there, live))
    found = findings.sort(schema, declared, there, changes, expected.secrets, expected.ignored)
    settings = unmanaged_settings(schema, declared, live, expected.configuration.tags)
    drifted = found.findings
    if strict:
        drifted += tuple(Finding(each.path, None, each.live, "is on, and no program declares it") for each in settings)
    names = expected.names if required else ()
    broken = requirements.broken(required, expected.type, names, expected.region, live, expected.secrets)
    return _report(
        expected,
        "drifted" if drifted else "in_sync",
        findings=drifted,
        ignored=found.ignored,
        cannot_tell=found.cannot_tell,
        unmanaged_settings=() if strict else settings,
        broken_requirements=tuple(broken),
    )


def _report(expected: Expectation, status: Status, **members: object) -> DomainReport:
    about = {
        "stack": expected.urn.stack, "project": expected.urn.project, "name": expected.urn.name, "type": expected.type.key,
        "noun": expected.type.noun, "urn": str(expected.urn), "id": expected.id, "arn": expected.arn,
        "account": expected.account, "region": expected.shown_region, "declared_at": expected.declared_at, "notes": expected.notes,
    }  # fmt: skip
    return DomainReport(status=status, **about, **members)  # type: ignore[arg-type]  # the members are its own


def _gone(schema: Schema, live: Json) -> str:
    """`domain_status SUSPENDED`, where the schema says that such a domain is as good as gone; else ""."""
    for name, of in schema.members.items():
        if of.gone_when and live.get(name) in of.gone_when:
            return f"{name} {live[name]}"
    return ""


def unmanaged_settings(schema: Schema, declared: Json, live: Json, policy: TagPolicy) -> tuple[Setting, ...]:
    """The settings that are on in AWS and not declared, at any depth: each with all that is in it, but tags one by one."""
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
    """Whether the setting does something: it is neither empty, nor switched off, nor the default that AWS fills in."""
    if value is False or is_empty(value):
        return False
    if (switch := of.switch_of(value)) is not ABSENT:
        return switch is True
    if isinstance(value, dict) and of.members and not any(_is_on(of.step(key), item) for key, item in value.items()):
        return False
    return not comparison.is_default(of, value)
