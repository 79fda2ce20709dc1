"""Every constraint of both service models, broken alone: exactly one failure, at that place; its boundary passes.

The cases come from botocore's model and not from schema.json, so that they hold the schema to account as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from pulumi_connect_domains.model.validation import failures

from .validation_documents import FULL_PROFILES, FULL_VOICE, PROFILES, VOICE, changed

GONE = object()  # in place of a value: the key is taken away

# Constraints that no case can show, and why.
EXCEPTIONS = {
    ("customerprofiles", "domain_name", "required"): "left out, the provider makes a name",
    ("voiceid", "name", "required"): "left out, the provider makes a name",
    ("customerprofiles", "matching.job_schedule.time", "min"): "no time of day is shorter than the pattern allows",
}
# An empty list or map says "none" in these optional places, so that the minimum of one cannot be broken there.
EMPTY_IS_NONE = {
    "tags",
    "rule_based_matching.matching_rules",
    *(f"rule_based_matching.attribute_types_selector.{name}" for name in ("address", "phone_number", "email_address")),
}


@dataclass(frozen=True)
class Case:
    """One constraint: a value that breaks it, where the failure is told, and values at its boundary that pass."""

    resource: str
    path: str
    constraint: str
    bad: object
    told_at: str
    good: tuple[object, ...] = ()

    def __str__(self) -> str:
        return f"{self.resource}-{self.path}-{self.constraint}"


DOCUMENTS = {"customerprofiles": (PROFILES, FULL_PROFILES), "voiceid": (VOICE, FULL_VOICE)}


def cases(resource: str, service: str) -> Iterator[Case]:
    shape = botocore.session.Session().get_service_model(service).operation_model("CreateDomain").input_shape
    for name, member in shape.members.items():
        if not member.metadata.get("idempotencyToken"):
            yield from _of_shape(resource, xform_name(name), member, name in shape.required_members)


def _of_shape(resource: str, path: str, shape: Any, required: bool) -> Iterator[Case]:
    """The cases of one shape and everything within it."""
    if required:
        yield Case(resource, path, "required", GONE, _told(path))
    if shape.type_name == "list" and set(getattr(shape.member, "members", ())) == {"Key", "Value"}:
        of_type, key, value = _map, shape.member.members["Key"], shape.member.members["Value"]
    elif shape.type_name == "map":
        of_type, key, value = _map, shape.key, shape.value
    else:
        yield Case(resource, path, "type", {"string": 7, "boolean": 1}.get(shape.type_name, "x"), _told(path))
        yield from KINDS[shape.type_name](resource, path, shape)
        return
    yield Case(resource, path, "type", ["x"], _told(path))
    yield from of_type(resource, path, shape, key, value)


def _told(path: str) -> str:
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in path.split(".")).lstrip(".")


def _structure(resource: str, path: str, shape: Any) -> Iterator[Case]:
    yield Case(resource, f"{path}.zzz", "unknown member", "x", _told(f"{path}.zzz"))
    for name, member in shape.members.items():
        yield from _of_shape(resource, f"{path}.{xform_name(name)}", member, name in shape.required_members)


def _list(resource: str, path: str, shape: Any) -> Iterator[Case]:
    limits, item = shape.metadata, _sample(shape.member)
    least, most = limits["min"], limits["max"]
    if path not in EMPTY_IS_NONE:
        yield Case(resource, path, "min", [item] * (least - 1), _told(path), ([item] * least,))
    yield Case(resource, path, "max", [item] * (most + 1), _told(path), ([item] * most,))
    yield from _of_shape(resource, f"{path}.0", shape.member, False)


def _map(resource: str, path: str, shape: Any, key: Any, value: Any) -> Iterator[Case]:
    most = shape.metadata["max"]
    many = {f"k{number}": "" for number in range(most + 1)}
    if shape.metadata["min"] and path not in EMPTY_IS_NONE:
        yield Case(resource, path, "min", {}, _told(path))
    yield Case(resource, path, "max", many, path, (dict(list(many.items())[:-1]),))
    for part, limits in (("key", key), ("value", value)):
        for case in _string(resource, path, limits):

            def within(text: object, part: str = part) -> object:
                return {text: "x"} if part == "key" else {"k": text}

            yield Case(
                resource,
                path,
                f"{part} {case.constraint}",
                within(case.bad),
                f"{path}.<the only key>",
                tuple(map(within, case.good)),
            )
    yield Case(resource, path, "value type", {"k": 7}, f"{path}.<the only key>")


def _string(resource: str, path: str, shape: Any) -> Iterator[Case]:
    limits, sample = shape.metadata, str(_sample(shape))
    if limits.get("enum"):
        yield Case(resource, path, "enum", "ZZZ", _told(path), tuple(limits["enum"]))
        return
    if limits.get("min"):
        good = sample[:1] * limits["min"]
        yield Case(resource, path, "min", good[:-1], _told(path), (good,))
    if "max" in limits:
        longest = (sample if ":" in sample else "a") * limits["max"]
        yield Case(resource, path, "max", longest[: limits["max"]] + "a", _told(path), (longest[: limits["max"]],))
    if limits.get("pattern", ".*") != ".*":  # which everything matches
        yield Case(resource, path, "pattern", f"{sample}!"[-limits["max"] :], _told(path), (sample,))
        yield Case(resource, path, "pattern at a line break", sample[:1] + sample[2:] + "\n", _told(path))


def _number(resource: str, path: str, shape: Any) -> Iterator[Case]:
    step = 0.125 if shape.type_name == "double" else 1
    least, most = shape.metadata["min"], shape.metadata["max"]
    yield Case(resource, path, "min", least - step, _told(path), (least, float(least)))
    yield Case(resource, path, "max", most + step, _told(path), (most, float(most)))


def _sample(shape: Any) -> object:
    """A value that the shape allows."""
    if shape.type_name == "list":
        return [_sample(shape.member)]
    if shape.type_name == "structure":
        return {xform_name(name): _sample(shape.members[name]) for name in shape.required_members}
    return "09:05" if ":" in shape.metadata.get("pattern", "") and "[0-5]" in shape.metadata["pattern"] else "aaaaa"


KINDS: dict[str, Any] = {
    "structure": _structure,
    "list": _list,
    "string": _string,
    "integer": _number,
    "double": _number,
    "boolean": lambda *_: iter([]),
}
ALL = [*cases("customerprofiles", "customer-profiles"), *cases("voiceid", "voice-id")]
SHOWN = [case for case in ALL if (case.resource, case.path, case.constraint) not in EXCEPTIONS]


def _document(case: Case, value: object) -> tuple[dict[str, Any], dict[str, Any]]:
    schema, document = DOCUMENTS[case.resource]
    return schema, changed(document, case.path, None if value is GONE else value)


@pytest.mark.parametrize("case", SHOWN, ids=str)
def test_one_constraint_broken_is_one_failure_at_its_place(case: Case) -> None:
    assert [failure.path for failure in failures(*_document(case, case.bad))] == [case.told_at]


@pytest.mark.parametrize("case", [case for case in SHOWN if case.good], ids=str)
def test_the_boundary_passes(case: Case) -> None:
    for good in case.good:
        assert failures(*_document(case, good)) == []


def test_every_exception_is_a_constraint_of_the_model() -> None:
    assert EXCEPTIONS.keys() <= {(case.resource, case.path, case.constraint) for case in ALL}


def test_the_cases_are_as_many_as_the_models_have_constraints() -> None:
    """A model that grows is held by the contract tests; this holds the generator above to account."""
    assert len(ALL) > 150
    assert {case.constraint for case in ALL} >= {"required", "type", "min", "max", "pattern", "enum", "unknown member"}
