"""The verdict on one domain: what was expected, what was read, and so what it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import comparison, documents
from ..model.schema import Schema
from ..model.values import Json
from . import findings, requirements, unmanaged
from .model import DomainReport, Finding, Status
from .reading import Reading
from .requirements import Requirement
from .state import Expectation


def judge(
    expected: Expectation, reading: Reading, required: Sequence[Requirement] = (), *, strict: bool = False
) -> DomainReport:
    """The domain's part of the report. With `strict`, settings that nobody declares are drift."""
    if reading.reason:
        return _report(expected, "unreadable", reason=reading.reason, error_code=reading.error_code)
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
    settings = unmanaged.settings(schema, declared, live, expected.configuration.tags)
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
        "account": expected.account, "region": expected.shown_region, "notes": expected.notes,
    }  # fmt: skip
    return DomainReport(status=status, **about, **members)  # type: ignore[arg-type]  # the members are its own


def _gone(schema: Schema, live: Json) -> str:
    """`domain_status SUSPENDED`, where the schema says that such a domain is as good as gone; else ""."""
    for name, of in schema.members.items():
        if of.gone_when and live.get(name) in of.gone_when:
            return f"{name} {live[name]}"
    return ""
