"""JSON and YAML that somebody else wrote: what is read, and how each thing that cannot be is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi_connect_domains.model.errors import Unreadable
from pulumi_connect_domains.stacks import documents
from pulumi_connect_domains.stacks.documents import json_of, text_of, yaml_of

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
"""A few lines that stand for a thousand million values."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_of_an_export_or_a_shell_is_read(encoding: str) -> None:
    assert json_of('{"name": "Zoë 東"}'.encode(encoding)) == {"name": "Zoë 東"}
    assert text_of("name: Zoë 東".encode(encoding)) == "name: Zoë 東"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[" * 1_000 + "]" * 1_000, "is nested more than 100 levels deep", id="a thousand levels"),
        pytest.param("[" * 100_000, "is nested more than 100 levels deep", id="so many that Python itself gives up"),
        pytest.param('{"a":' * 101 + "1" + "}" * 101, "is nested more than 100 levels deep", id="one level too many"),
        pytest.param('["\\ud800"]', "holds half a character (a lone surrogate)", id="half a character"),
        pytest.param('{"\\udc00": 1}', "holds half a character (a lone surrogate)", id="half a character as a key"),
        pytest.param("9" * 5_000, "holds a number of 5000 digits; at most 309", id="five thousand digits"),
        pytest.param("1e999", "holds a number that is too big", id="a float that is none"),
        pytest.param("[NaN]", "is not JSON: it holds NaN, which is no number there", id="NaN"),
        pytest.param("[-Infinity]", "is not JSON: it holds -Infinity, which is no number there", id="infinity"),
        pytest.param("{", "is not JSON: ", id="cut off"),
        pytest.param("", "is not JSON: ", id="nothing"),
        pytest.param(b"\xff\xfe\x00\xd8", "is not JSON: it is not text", id="half a character of UTF-16"),
        pytest.param(b"\xed\xa0\x80", "is not JSON: it is not text", id="half a character of UTF-8"),
    ],
)
def test_json_that_cannot_be_used_is_said_in_one_line(text: str | bytes, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        json_of(text)
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ['["\\ud83d\\ude00"]', '["\\\\ud800"]', "[1e308, 0.5, -12]", "[" * 100 + "]" * 100])
def test_json_within_the_limits_is_read_as_it_is(text: str) -> None:
    assert json_of(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(BOMB, "holds more than 200,000 values, with what anchors repeat", id="nested anchors"),
        pytest.param("a: &a [*a]", "line 1, column 4: an anchor refers to itself", id="an anchor within itself"),
        pytest.param("a: &a {b: *a}", "an anchor refers to itself", id="a map within itself"),
        pytest.param("a: !!int foo", "line 1, column 4: is not YAML", id="a number that is none"),
        pytest.param("a: !!timestamp foo", "is not YAML", id="a date that is none"),
        pytest.param("a: !!python/object:os.system x", "is not YAML", id="an object of Python's"),
        pytest.param("a: !!binary aGk=", "is not YAML", id="bytes, which JSON does not have"),
        pytest.param("? [a]\n: b", "is not YAML", id="a list as a key"),
        pytest.param("a: 1\na: 2", "line 2, column 1: the key stands in its map twice", id="a key that comes twice"),
        pytest.param("a: " + "9" * 5_000, "holds a number of 5000 digits", id="five thousand digits"),
        pytest.param("a: 1e999", "holds a number that is too big", id="a float that is none"),
        pytest.param('a: "\\ud800"', "holds half a character", id="half a character"),
        pytest.param('a: "\\UFFFFFFFF"', "is not YAML", id="no character at all"),
        pytest.param("[" * 1_000 + "]" * 1_000, "is nested more than 100 levels deep", id="a thousand levels"),
        pytest.param("- " * 150 + "a", "is nested more than 100 levels deep", id="a list in a list in a list"),
        pytest.param("a: [s3cr3t", "is not YAML", id="cut off"),
        pytest.param("a: \x07", "is not YAML", id="a control character"),
        pytest.param("x" * 1_000_001, "is bigger than 1,000,000 characters", id="too much"),
    ],
)
def test_yaml_that_cannot_be_used_is_said_in_one_line_that_shows_nothing_of_it(text: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        yaml_of(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a: 9:05\nb: yes\nc: 2026-01-01\nd: 012\ne: .5\nf: ~\ng: TRUE",
         [{"a": "9:05", "b": "yes", "c": "2026-01-01", "d": 12, "e": 0.5, "f": None, "g": True}]),
        ("a: &x [1, 2]\nb: *x", [{"a": [1, 2], "b": [1, 2]}]),
        ("a: !!str 5\nb: !!int '5'", [{"a": "5", "b": 5}]),
        ("1: a\ntrue: b", [{"1": "a", "true": "b"}]),
        ("a\n---\nb", ["a", "b"]),
        ("", []),
    ],
)  # fmt: skip
def test_yaml_is_read_as_json_with_the_scalars_of_yaml_1_2(text: str, read: list[Any]) -> None:
    assert yaml_of(text) == read


@pytest.mark.parametrize("as_texts", [True, False])
def test_a_character_that_json_escapes_in_two_halves_is_one_in_yaml_too(as_texts: bool) -> None:
    """So writes every JSON library that keeps to ASCII; a policy may be such a file."""
    assert yaml_of(json.dumps({"a\U0001f600": ["\U0001f600\U000e0041"]}), as_texts=as_texts) == [
        {"a\U0001f600": ["\U0001f600\U000e0041"]}
    ]


def test_yaml_as_texts_is_as_it_was_written() -> None:
    assert yaml_of("a: 5\nb: [yes, ~]\nc: !!int x", as_texts=True) == [{"a": "5", "b": ["yes", "~"], "c": "x"}]


@pytest.mark.parametrize("text", ["[" + "[]," * 99 + "[]]", "[" + '{"a":0},' * 50 + "0]", "[" + "0," * 100 + "0]"])
def test_how_many_values_json_may_hold_is_bounded_before_they_are_made(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_JSON_VALUES", 100)
    monkeypatch.setattr(json, "loads", None)
    with pytest.raises(Unreadable, match="holds more than 100 values"):
        json_of(text)
