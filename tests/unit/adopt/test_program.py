"""The layout of generated Python is ruff's own, for any values."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pulumi_connect_domains.adopt import program
from rich.cells import cell_len

TEXTS = st.text("ab '\"\\\n\x07éжあ東한", max_size=300) | st.text("ab'\"\\", max_size=150)
KEYS = st.text("abc:/=-", min_size=1, max_size=128)
SCALARS = TEXTS | st.booleans() | st.integers(0, 1098) | st.floats(0, 1)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)
ARGUMENTS = st.dictionaries(st.from_regex("[a-z]{1,25}_", fullmatch=True), VALUES, max_size=6)


def ruff_changes(source: str) -> str:
    """What `ruff format` would change in the source."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "--diff", "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=False).stdout


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.tuples(TEXTS, ARGUMENTS), min_size=5, max_size=20))
def test_any_call_is_laid_out_as_ruff_does_and_says_the_same(calls: list[tuple[str, dict[str, object]]]) -> None:
    source = "".join(f"{program.call('f', first, arguments)}\n" for first, arguments in calls)
    assert ruff_changes(source) == ""
    assert max(map(cell_len, source.split("\n"))) <= program.WIDTH
    for statement, (first, arguments) in zip(ast.parse(source).body, calls, strict=True):
        assert isinstance(statement, ast.Expr)
        assert isinstance(statement.value, ast.Call)
        assert ast.literal_eval(statement.value.args[0]) == first
        assert {each.arg: ast.literal_eval(each.value) for each in statement.value.keywords} == arguments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("crm", '"crm"'),
        ("it's", '"it\'s"'),
        ('say "x"', "'say \"x\"'"),
        ("'\"", '"\'\\""'),
        ("a\\b\n\x07é", '"a\\\\b\\n\\x07é"'),
    ],
    ids=["plain", "an apostrophe", "double quotes", "both: double ones win", "what cannot be printed is escaped"],
)
def test_a_literal_has_the_fewest_backslashes(text: str, expected: str) -> None:
    assert program.literal(text) == expected
    assert ast.literal_eval(expected) == text


def test_code_stands_as_it_is() -> None:
    source = program.call("f", "crm", {"opts": program.Code("pulumi.ResourceOptions(protect=True)")})
    assert source == 'f(\n    "crm",\n    opts=pulumi.ResourceOptions(protect=True),\n)'
