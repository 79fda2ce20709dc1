"""Pulumi.yaml and Pulumi.STACK.yaml: read as the CLI reads them, edited line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pulumi_connect_domains.local.engine.settings import Project, SettingsError, StackFile, edit, read_yaml

COMMENTED = """\
# the team's settings
encryptionsalt: v1:abc:v1:def  # do not touch
config:
  aws:region: eu-west-1  # Dublin
  # how long profiles live
  demo:days: "365"
  demo:list:
    - a
    - b: 5
# the end
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("9:05", "9:05", id="a time of day is no number in base sixty"),
        pytest.param("yes", "yes", id="yes is a text"),
        pytest.param("2024-01-01", "2024-01-01", id="a date is a text"),
        pytest.param("012", "012", id="a leading zero makes a text"),
        pytest.param("true", True, id="true"),
        pytest.param("-5", -5, id="a whole number"),
        pytest.param("1.5", 1.5, id="a fraction"),
        pytest.param("~", None, id="null"),
    ],
)
def test_scalars_follow_the_core_rules_of_yaml_1_2(text: str, value: Any) -> None:
    assert read_yaml(f"k: {text}", Path("f")) == {"k": value}


@pytest.mark.parametrize(
    ("keys", "value", "removed", "added"),
    [
        pytest.param(("config", "aws:region"), "us-east-1", ["  aws:region: eu-west-1  # Dublin\n"],
                     ["  aws:region: us-east-1\n"], id="a value changes"),
        pytest.param(("config", "demo:list"), None, ["  demo:list:\n", "    - a\n", "    - b: 5\n"], [],
                     id="a list goes"),
        pytest.param(("config", "demo:days"), {"secure": "v1:x"}, ['  demo:days: "365"\n'],
                     ["  demo:days:\n", "    secure: v1:x\n"], id="a value becomes a secret"),
        pytest.param(("config", "demo:new"), [1], [], ["  demo:new:\n", "    - 1\n"], id="a value is new"),
        pytest.param(("encryptionsalt",), "v1:new", ["encryptionsalt: v1:abc:v1:def  # do not touch\n"],
                     ["encryptionsalt: v1:new\n"], id="the salt changes"),
        pytest.param(("config", "demo:none"), None, [], [], id="what is not there cannot go"),
    ],
)  # fmt: skip
def test_only_the_lines_of_the_entry_change(
    keys: tuple[str, ...], value: Any, removed: list[str], added: list[str]
) -> None:
    before, after = COMMENTED.splitlines(keepends=True), edit(COMMENTED, keys, value).splitlines(keepends=True)
    assert [line for line in before if line not in after] == removed
    assert [line for line in after if line not in before] == added
    assert [line for line in after if line in before] == [line for line in before if line in after], "order is kept"


def test_the_last_entry_takes_its_section_along_and_the_first_brings_it() -> None:
    text = edit("", ("config", "a:b"), "x")
    assert text == "config:\n  a:b: x\n"
    assert edit(text, ("config", "a:b"), None) == ""
    assert edit("config: {}\nencryptionsalt: s", ("config", "a:b"), "x") == "config:\n  a:b: x\nencryptionsalt: s\n"


scalars = st.one_of(
    st.text(max_size=12),
    st.integers(-(2**60), 2**60),
    st.booleans(),
    st.sampled_from(["9:05", "yes", "012", "~", "#", "a: b", "- x"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3), st.dictionaries(st.text(max_size=6), inner, min_size=1, max_size=3)
    ),
    max_leaves=5,
)
keys = st.sampled_from(["p:a", "p:b", "q:c", "q:d.e"])


@given(st.lists(st.tuples(keys, st.one_of(st.none(), values)), max_size=6))
@example([("p:a", {"x\U0010ee5b\x85": ["\u2028", "a\nb", "\x00"]}), ("p:b", "x"), ("p:a", None)])
def test_edits_add_up_to_the_same_mapping_as_in_a_dictionary(edits: list[tuple[str, Any]]) -> None:
    text, config = "encryptionsalt: s\n", {}
    for key, value in edits:
        text = edit(text, ("config", key), value)
        config[key] = value
        config = {k: v for k, v in config.items() if v is not None}
        found = read_yaml(text, Path("f"))
        assert (found.get("config") or {}) == config
        assert found["encryptionsalt"] == "s"


def test_the_project_is_found_from_below_and_read(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: demo\nruntime:\n  name: python\n  options:\n    virtualenv: venv\nmain: src\nstackConfigDir: stacks\n"
        "backend:\n  url: file://~\nconfig:\n  aws:region: eu-west-1\n"
    )
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    project = Project.find(below)
    assert project == Project(
        tmp_path / "Pulumi.yaml", "demo", "python", {"virtualenv": "venv"}, "src", {"aws:region": "eu-west-1"}, "stacks", "file://~",
    )  # fmt: skip
    assert project.stack_path("dev") == tmp_path / "stacks" / "Pulumi.dev.yaml"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("runtime: python", "missing a 'name'", id="no name"),
        pytest.param("name: [", "Pulumi.yaml", id="no YAML"),
        pytest.param("- name", "a mapping was expected, not list", id="no mapping"),
    ],
)
def test_a_project_file_that_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(text)
    with pytest.raises(SettingsError, match=said):
        Project.find(tmp_path)


def test_environments_of_the_pulumi_cloud_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text("environment:\n  - base\n")
    with pytest.raises(SettingsError, match="'environment'"):
        StackFile(path)


def test_nothing_is_written_before_save_and_no_empty_file_is_made(tmp_path: Path) -> None:
    file = StackFile(tmp_path / "Pulumi.dev.yaml")
    file.save()
    assert not file.path.exists()
    file.set("x", "config", "demo:k")
    assert not file.path.exists()
    file.save()
    assert StackFile(file.path).config == {"demo:k": "x"}
