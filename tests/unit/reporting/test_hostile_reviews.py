"""Reviews of previews whose every name, id, key, value and message is hostile: in each format it shows, and does nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pulumi_connect_domains.reporting.escaping import lines
from pulumi_connect_domains.review.command import review

from ..report_schemas import flaws
from . import hostile, sarif_files

TOKEN = "pulumi-python:dynamic/customerprofiles:Domain"
LIMIT = 65_536
READABLE = hostile.text.filter(lambda text: text != "" and not any("\ud800" <= letter <= "\udfff" for letter in text))
"""What a preview can hold: half a character, and a path of no letter, make it unreadable."""


def preview(text: str) -> dict[str, Any]:
    """A preview with the text wherever one can be."""

    def urn(type: str, name: str) -> str:
        return f"urn:pulumi:dev::shop::{type}::{name}"

    def state(**inputs: Any) -> dict[str, Any]:
        inputs = {"domain_name": text, "default_expiration_days": 30, "region": text, **inputs}
        return {"id": text, "inputs": inputs, "outputs": inputs, "initErrors": [text]}

    one, other = state(tags={text: text, "a": text}), state(tags={"a": "b"}, dead_letter_queue_url=text)
    steps = [
        {"op": "update", "urn": urn(TOKEN, text), "oldState": one, "newState": other},
        {"op": "delete", "urn": urn(TOKEN, f"gone {text}"), "oldState": one},
        {"op": "create", "urn": urn(TOKEN, f"new {text}"), "newState": one},
        {"op": "create", "urn": urn(f"a:b:T{text.replace(':', '')}", text), "newState": one, "detailedDiff": {text: {}}},
    ]  # fmt: skip
    said = [
        {"urn": urn(TOKEN, text), "severity": "warning", "message": text},
        {"urn": urn("a:b:C", text), "severity": "warning", "message": text},
        {"severity": "error", "message": f"error: {text}"},
    ]
    return {"steps": steps, "diagnostics": said, "changeSummary": {"update": 1}}


def written(format_: str, text: str) -> str:
    given = json.dumps(preview(text))
    result = CliRunner(env={"GITHUB_STEP_SUMMARY": ""}).invoke(review, ["--format", format_], given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.stderr == "error: standard input: the preview itself failed; the review says why\n"
    return result.stdout


@settings(max_examples=60, deadline=None)
@given(READABLE)
@example("::error::x")
@example("# x\n[a](b)")
@example("`a` | `b`")
@example("    x")
@example("<b>")
@example("![a](b)")
@example("$x$ ###1 :a:b: www.x.y")
@example("##[error]x")
@example("a\n::error::b")
@example(":")
def test_markdown(text: str) -> None:
    shown = written("markdown", text)
    hostile.check_markdown(shown, [" connect-domains review "])
    hostile.check_log(shown)


@settings(max_examples=60, deadline=None)
@given(READABLE.filter(lambda text: " ".join(lines(text)).strip() not in ("", "a", "b")))
@example("# x")
@example("    x")
@example("1. x")
@example("> x")
@example("---")
@example("===")
def test_markdown_has_the_blocks_that_it_has_for_any_names(text: str) -> None:
    assert hostile.skeleton(written("markdown", text)) == hostile.skeleton(written("markdown", "x"))


@settings(max_examples=40, deadline=None)
@given(READABLE)
@example("::error::x")
@example("a\n::error::b\n  ##[error]c")
def test_text(text: str) -> None:
    hostile.check_log(written("text", text))


@settings(max_examples=40, deadline=None)
@given(READABLE)
def test_json(text: str) -> None:
    shown = written("json", text)
    assert hostile.invisible(shown) == set()
    document = json.loads(shown)
    assert flaws("review", document) == []
    (stack,) = document["stacks"]
    assert text in [domain["name"] for domain in stack["domains"]]
    assert [other["name"] for other in stack["others"]] == [text]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_json_has_not(number: str) -> None:
    text = json.dumps(preview("x")).replace('"default_expiration_days": 30', f'"default_expiration_days": {number}')
    result = CliRunner(env={"GITHUB_STEP_SUMMARY": ""}).invoke(review, ["--format", "json"], text)

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    document = json.loads(result.stdout, parse_constant=refuse)
    assert flaws("review", document) == []
    for format_ in ("markdown", "text"):
        assert CliRunner().invoke(review, ["--format", format_], text).stdout


# -- the length of a comment ------------------------------------------------------------------------------------------


def comment(files: list[str], given: str | None = None, *options: str) -> str:
    result = CliRunner(env={"GITHUB_STEP_SUMMARY": ""}).invoke(review, [*files, *options], given)
    return result.stdout


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_700_files_that_cannot_be_read() -> None:
    shown = comment([f"previews/{'a-folder-with-a-long-name/' * 4}{number}.json" for number in range(700)])
    assert utf16(shown) <= LIMIT
    assert "### Preview of 700 stacks" in shown
    assert " more that could not be read" in shown


@pytest.mark.parametrize("letter", ["x", "`", "$", "\U000e0041", "😀", "\n"])
def test_names_and_messages_of_any_length(letter: str, tmp_path: Path) -> None:
    text = letter * 5_000
    assert utf16(comment(["-"], json.dumps(preview(text)))) <= LIMIT
    files = []
    for number in range(12):
        files.append(str(tmp_path / f"{number}.json"))
        document = json.dumps(preview(text)).replace(":dev::shop", f":{'s' * 1_000}{number}::shop")
        Path(files[-1]).write_text(document)
    shown = comment(files)
    assert utf16(shown) <= LIMIT
    assert "Left out here, to stay within 65,536 characters: " in shown


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(hostile.text, st.integers(1, 1_000)), min_size=1, max_size=4))
def test_any_comment(texts: list[tuple[str, int]]) -> None:
    text = "".join(text * times for text, times in texts)
    assert utf16(comment(["-"], json.dumps(preview(text)))) <= LIMIT


def test_a_marker_of_any_length_is_refused() -> None:
    result = CliRunner().invoke(review, ["--marker", "m" * 201], "{}")
    assert "--marker: a line of at most 200 characters" in result.stderr


@settings(max_examples=60, deadline=None)
@given(READABLE)
@example("[x](https://evil.example)")
def test_sarif(text: str) -> None:
    shown = written("sarif", text)
    assert hostile.invisible(shown) == set()
    sarif_files.check(json.loads(shown))
