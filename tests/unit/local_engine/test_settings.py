"""Pulumi.yaml and Pulumi.STACK.yaml: read as the CLI reads them, edited without a change of anything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pulumi_local_engine.store.settings import Project, SettingsError, StackFile
from pulumi_local_engine.store.yaml_edits import edit
from pulumi_local_engine.store.yaml_values import read_yaml

from .conftest import Run

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


SCALARS = {
    "9:05": "9:05", "yes": "yes", "no": "no", "on": "on", "y": "y", "012": "10", "089": "89", "0o12": "10", "0x1F": "31",
    "0b11": "3", "1_000": "1000", "-012": "-10", "+5": "5", "-0": "0", "08.5": "8.5", "0o9": "0o9", "0xZZ": "0xZZ",
    "2024-01-01": "2024-01-01 00:00:00 +0000 UTC", "2024-01-01T00:00:00Z": "2024-01-01 00:00:00 +0000 UTC",
    "2024-01-01 10:00:00": "2024-01-01 10:00:00 +0000 UTC", "2024-13-01": "2024-13-01", "1e3": "1000", "1.50": "1.5",
    "1.0": "1", "5.": "5", ".5": "0.5", "1e21": "1e+21", "1e20": "100000000000000000000", "1e400": "1e400",
    "0.1e-10": "1e-11", "12345678901234567890123": "1.2345678901234568e+22", "9223372036854775808": "9223372036854775808",
    "True": "true", "tRUE": "tRUE", "~": "", "null": "", "": "", '"012"': "012", "'yes'": "yes", "!!str 5": "5",
    '!!int "5"': "5", "=": "=", "<<": "<<", "123456789.123": "123456789.123",
}  # fmt: skip
"""What `pulumi config --json` of CLI 3.260.0 prints for each spelling."""


@pytest.mark.parametrize("spelling", SCALARS)
@pytest.mark.parametrize("form", ["config:\n  demo:k: {}\n", "{{config: {{demo:k: {}}}}}\n"], ids=["block", "flow"])
def test_scalars_are_what_they_are_for_the_cli(run: Run, project: Path, spelling: str, form: str) -> None:
    run("stack", "init", "dev")
    (project / "Pulumi.dev.yaml").write_text(form.format(spelling))
    assert json.loads(run("config", "--json").stdout)["demo:k"]["value"] == SCALARS[spelling]


@pytest.mark.parametrize("spelling", [".inf", "-.inf", ".nan"])
def test_what_no_configuration_can_hold_is_refused(run: Run, project: Path, spelling: str) -> None:
    run("stack", "init", "dev")
    (project / "Pulumi.dev.yaml").write_text(f"config:\n  demo:k: {spelling}\n")
    refused = run("config", "--json")
    assert (refused.code, "Pulumi.dev.yaml" in refused.stderr, spelling in refused.stderr) == (1, True, True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("config:\n  demo:plain: 012\n  demo:d: 2024-01-01\nencryptionsalt: SALT\n", id="block"),
        pytest.param('{encryptionsalt: "SALT", config: {demo:plain: 012, "demo:d": 2024-01-01}}\n', id="flow"),
        pytest.param(
            "{config: {demo:plain: 012, demo:d: 2024-01-01}, encryptionsalt: SALT} # one line\n", id="the salt last"
        ),
        pytest.param(
            "encryptionsalt: SALT\nconfig: {demo:plain: 012, demo:d: 2024-01-01}\n", id="a flow inside a block"
        ),
        pytest.param('encryptionsalt: "SALT"\n"config":\n    demo:plain: 012\n\n    demo:d: 2024-01-01\n', id="quotes"),
    ],
)
def test_secrets_can_be_read_after_any_edit_of_a_file_in_any_style(run: Run, project: Path, text: str) -> None:
    run("stack", "init", "dev")
    path = project / "Pulumi.dev.yaml"
    salt = path.read_text().strip().removeprefix("encryptionsalt: ")
    path.write_text(text.replace("SALT", salt))
    # As after `stack init` by the CLI: the salt stands in the file alone.
    state = project.parent / "state/.pulumi/stacks/demo/dev.json"
    checkpoint = json.loads(state.read_text())
    del checkpoint["checkpoint"]["latest"]["secrets_providers"]
    state.write_text(json.dumps(checkpoint))
    assert run("config", "set", "--secret", "first", "one").code == 0
    assert run("config", "set", "new", "012").code == 0
    assert run("config", "set", "--secret", "second", "two").code == 0
    assert run("config", "rm", "new").code == 0
    assert salt in path.read_text()
    shown = json.loads(run("config", "--json", "--show-secrets").stdout)
    assert {key: entry["value"] for key, entry in shown.items()} == {
        "demo:plain": "10", "demo:d": "2024-01-01 00:00:00 +0000 UTC", "demo:first": "one", "demo:second": "two",
    }  # fmt: skip
    assert "012" in path.read_text(), "what was not edited is spelt as it was"


@pytest.mark.parametrize(
    "value", ["yes", "012", "2024-01-01", "true", "5", "", "~", " x", "a: b", "#", "a\nb", "[x", "*a", "!x", "é"]
)
def test_a_text_that_was_set_is_the_text_that_is_read(run: Run, value: str) -> None:
    run("stack", "init", "dev")
    run("config", "set", "k", "--", value)
    assert run("config", "get", "k").stdout == f"{value}\n"


@pytest.mark.parametrize(
    ("keys", "value", "removed", "added"),
    [
        pytest.param(("config", "aws:region"), "us-east-1", ["  aws:region: eu-west-1  # Dublin\n"],
                     ["  aws:region: us-east-1  # Dublin\n"], id="a value changes"),
        pytest.param(("config", "demo:list"), None, ["  demo:list:\n", "    - a\n", "    - b: 5\n"], [],
                     id="a list goes"),
        pytest.param(("config", "demo:days"), {"secure": "v1:x"}, ['  demo:days: "365"\n'],
                     ["  demo:days:\n", "    secure: v1:x\n"], id="a value becomes a secret"),
        pytest.param(("config", "demo:new"), [1], [], ["  demo:new:\n", "    - 1\n"], id="a value is new"),
        pytest.param(("encryptionsalt",), "v1:ABC:v1:DEF", ["encryptionsalt: v1:abc:v1:def  # do not touch\n"],
                     ["encryptionsalt: v1:ABC:v1:DEF  # do not touch\n"], id="the salt changes"),
        pytest.param(("config", "aws:region"), None, ["  aws:region: eu-west-1  # Dublin\n"], [], id="the first goes"),
        pytest.param(("config", "demo:days"), None, ['  demo:days: "365"\n'], [], id="one in the middle goes"),
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


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(keys, st.one_of(st.none(), values)), max_size=6))
@example([("p:a", "5"), ("p:a", 5), ("p:a", "true"), ("p:a", True), ("p:a", "x"), ("p:a", "012")])
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
