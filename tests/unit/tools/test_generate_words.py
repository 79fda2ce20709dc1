"""What is said about a property follows from its keywords, in whole sentences."""

from __future__ import annotations

from typing import Any

import pytest
from generate import words
from pulumi_connect_domains.model.loading import schema_from
from pulumi_connect_domains.model.schema import Schema


def schema(**members: dict[str, Any]) -> Schema:
    """The contract of a box with these properties; `must` is required."""
    required = [name for name in members if name == "must"]
    return schema_from({"title": "Amazon box", "type": "object", "required": required, "properties": members})


TEXT = {"description": "The name.", "type": "string"}
LIMITS: list[tuple[str, dict[str, Any], str]] = [
    ("a number has its unit", {"type": "integer", "minimum": 1, "maximum": 7, "units": "days"}, "1 to 7 days"),
    ("a number without a unit", {"type": "number", "minimum": 0.0, "maximum": 1.0}, "0 to 1"),
    ("a text between two lengths", {"type": "string", "minLength": 1, "maxLength": 9}, "1 to 9 characters"),
    ("a text of one length", {"type": "string", "minLength": 22, "maxLength": 22}, "exactly 22 characters"),
    ("an empty text is no limit below", {"type": "string", "minLength": 0, "maxLength": 9}, "at most 9 characters"),
    ("a limit below alone", {"type": "string", "minLength": 1}, "at least 1 character"),
    (
        "the pattern in words follows the length",
        {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^[a-z]+$", "patternSays": "letters"},
        "1 to 9 characters: letters",
    ),
    (
        "a time of day says all by itself",
        {"type": "string", "format": "time-of-day", "maxLength": 5, "patternSays": "a time of day, HH:MM"},
        "a time of day, HH:MM",
    ),
    ("a list", {"type": "array", "minItems": 1, "maxItems": 15, "items": {"type": "string"}}, "1 to 15 items"),
    (
        "a map has limits of its keys and values",
        {
            "type": "object",
            "maxProperties": 50,
            "reservedPrefix": "aws:",
            "propertyNames": {"type": "string", "maxLength": 128},
            "additionalProperties": {"type": "string", "maxLength": 256},
        },
        "at most 50 keys. A key has at most 128 characters. No key begins with `aws:`. A value has at most 256 characters",
    ),
    ("a switch has none", {"type": "boolean"}, ""),
]


@pytest.mark.parametrize(("node", "said"), [case[1:] for case in LIMITS], ids=[case[0] for case in LIMITS])
def test_limits_are_put_into_words(node: dict[str, Any], said: str) -> None:
    assert words.limits(schema(it=node).members["it"]) == said


TYPES: list[tuple[dict[str, Any], str]] = [
    ({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, "list of lists of texts"),
    ({"type": "object", "additionalProperties": {"type": "string"}}, "map of texts"),
    ({"type": "array", "items": {"type": "object", "properties": {"a": TEXT}}}, "list of structures"),
    ({"type": "string", "format": "date-time"}, "text, a time in ISO 8601"),
    ({"type": "integer"}, "whole number"),
]


@pytest.mark.parametrize(("node", "said"), TYPES, ids=[said for _, said in TYPES])
def test_types_are_put_into_words(node: dict[str, Any], said: str) -> None:
    assert words.type_of(schema(it=node).members["it"]) == said


def test_every_fact_of_an_argument_is_said_once_and_in_order() -> None:
    of = {
        **TEXT,
        "maxLength": 9,
        "enum": ["A"],
        "enumSays": {"A": "The first."},
        "defaultSays": "There is none.",
        "takenOut": "It goes.",
        "createOnly": True,
        "example": "A",
    }
    assert words.of_argument(schema(it=of), ("it",)) == [
        "The name.",
        "- `A`: The first.",
        "At most 9 characters.",
        "By default: There is none.",
        "Taken out of the program: It goes.",
        "A change replaces the box.",
        'For example: `"A"`.',
    ]
    assert words.of_argument(schema(must=TEXT), ("must",)) == ["The name.", "Required."]


def test_of_a_resource_that_is_only_read_no_change_is_spoken_of() -> None:
    of = {**TEXT, "takenOut": "It goes.", "createOnly": True}
    assert words.of_argument(schema(it=of), ("it",), is_read=True) == ["The name."]


def test_what_is_taken_out_is_said_by_the_words_for_it_or_by_what_the_change_means() -> None:
    inner = {"must": TEXT, "may": {**TEXT, "means": {"removed": "no more of it"}}, "other": TEXT}
    whole = schema(
        it={
            "type": "object",
            "required": ["must"],
            "properties": inner,
            "means": {"off": "it ends", "removed": "it stays off"},
        },
        said={**TEXT, "takenOut": "It goes.", "means": {"removed": "not this"}},
        plain={**TEXT, "means": {"removed": "it is gone"}},
    )
    assert {place: words.removal(whole, place) for place in [("it",), ("said",), ("plain",)]} == {
        ("it",): "It ends.",
        ("said",): "It goes.",
        ("plain",): "It is gone.",
    }
    assert words.removal(whole, ("it", "must")) == ""
    assert (
        words.removal(whole, ("it", "may"))
        == "The whole setting is sent to AWS again, without this member: no more of it."
    )
    assert words.removal(whole, ("it", "other")) == "The whole setting is sent to AWS again, without this member."


def test_a_member_has_the_page_of_the_structure_around_it() -> None:
    inner = {"own": {**TEXT, "page": "https://a/own"}, "none": TEXT}
    whole = schema(
        it={"type": "object", "page": "https://a/it", "properties": inner}, ours={**TEXT, "providerOnly": True}
    )
    assert [words.page(whole, place) for place in [("it", "own"), ("it", "none"), ("ours",)]] == [
        "https://a/own",
        "https://a/it",
        "",
    ]


def test_values_are_written_as_python_has_them() -> None:
    value = {"on": True, "off": None, "rules": [{"rule": ["Ärger", 'say "x"']}], "score": 0.5}
    assert (
        words.literal(value) == '{"on": True, "off": None, "rules": [{"rule": ["Ärger", "say \\"x\\""]}], "score": 0.5}'
    )
    assert eval(words.literal(value)) == value
