"""Pulumi.yaml and Pulumi.STACK.yaml: read as the CLI reads them or refused, edited without a change of any other value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pulumi_local_engine.store.settings import Project, StackFile
from pulumi_local_engine.store.yaml_text import SettingsError, edit, read_yaml

from .conftest import Run

HERE = Path("Pulumi.dev.yaml")
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
    "9:05": "9:05", "yes": "yes", "no": "no", "on": "on", "y": "y", "5": "5", "-5": "-5", "-0": "0", "123456789012": "123456789012",
    "1.50": "1.5", "1.0": "1", "123456789.123": "123456789.123", "True": "true", "tRUE": "tRUE", "~": "", "null": "", "": "",
    '"012"': "012", "'yes'": "yes", '"2024-01-01"': "2024-01-01", "!!str 5": "5", "10.0.0.1": "10.0.0.1", "1.2.3": "1.2.3",
}  # fmt: skip
"""What `pulumi config --json` of CLI 3.260.0 prints for each spelling."""
READ_OTHERWISE = {
    "012": "10", "089": "89", "0o12": "10", "0x1F": "31", "0X1F": "31", "0b11": "3", "1_000": "1000", "-012": "-10", "+5": "5",
    "08.5": "8.5", "1e3": "1000", "5.": "5", ".5": "0.5", "1e21": "1e+21", "1e400": "1e400", "0.00001": "1e-05",
    "12345678901234567890123": "1.2345678901234568e+22", "2024-01-01": "2024-01-01 00:00:00 +0000 UTC",
    "2024-1-1": "2024-01-01 00:00:00 +0000 UTC", "2024-01-01T00:00:00Z": "2024-01-01 00:00:00 +0000 UTC", "=": "=", "<<": "<<",
    ".inf": "an error", "-.inf": "an error", ".nan": "an error",
}  # fmt: skip
"""What the CLI prints for spellings that YAML 1.2 reads otherwise, or that look as if it did."""


@pytest.mark.parametrize("spelling", SCALARS)
@pytest.mark.parametrize("form", ["config:\n  demo:k: {}\n", "{{config: {{demo:k: {}}}}}\n"], ids=["block", "flow"])
def test_scalars_are_what_they_are_for_the_cli(run: Run, project: Path, spelling: str, form: str) -> None:
    run("stack", "init", "dev")
    (project / "Pulumi.dev.yaml").write_text(form.format(spelling))
    assert json.loads(run("config", "--json").stdout)["demo:k"]["value"] == SCALARS[spelling]


@pytest.mark.parametrize("spelling", READ_OTHERWISE)
@pytest.mark.parametrize("form", ["config:\n  demo:k: {}\n", "{{config: {{demo:k: [{}]}}}}\n"], ids=["block", "flow"])
def test_what_the_cli_reads_otherwise_is_refused_and_never_another_value(
    run: Run, project: Path, spelling: str, form: str
) -> None:
    run("stack", "init", "dev")
    path = project / "Pulumi.dev.yaml"
    path.write_text(form.format(spelling))
    refused = run("config", "--json")
    assert (refused.code, refused.stdout) == (1, "")
    line = form.count("\n")
    assert refused.stderr == (
        f"error: {path}, line {line}: {spelling} does not mean the same to all readers of YAML: put it in quotes\n"
    )
    assert run("config", "set", "other", "v").code == 1
    assert path.read_text() == form.format(spelling)
    path.write_text(form.format(f"'{spelling}'"))
    assert run("config", "--json").code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("config:\n  a:b: 1\n  a:b: 2\n", ', line 3: found duplicate key "a:b"', id="a key twice"),
        pytest.param("config: [\n", ", line 2: ", id="no end"),
        pytest.param("config:\n\ta:b: 1\n", ", line 2: ", id="a tab"),
        pytest.param("config:\n  a:b: !vault x\n", ", line 2: could not determine", id="a tag"),
        pytest.param("a: &x {b: c}\nconfig: {<<: *x, <<: *x}\n", ", line 2: ", id="merge keys twice"),
        pytest.param("- a\n", "a mapping was expected, not list", id="a list"),
        pytest.param("config: text\n", "config must be a mapping", id="configuration that is a text"),
        pytest.param("config: {1: x}\n", ", line 1: the keys of a mapping must be texts", id="a key that is a number"),
        pytest.param("environment:\n  - base\n", "'environment'", id="environments of the Pulumi Cloud"),
    ],
)
def test_a_file_that_is_wrong_is_an_error_in_one_line(run: Run, project: Path, text: str, said: str) -> None:
    run("stack", "init", "dev")
    path = project / "Pulumi.dev.yaml"
    path.write_text(text)
    refused = run("config", "--json")
    assert (refused.code, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert refused.stderr.startswith(f"error: {path}")
    assert said in refused.stderr


def test_merge_keys_are_merged_as_by_the_cli() -> None:
    assert read_yaml("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n", HERE)["d"] == {"b": 1, "c": 3}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("config:\n  demo:plain: 1.50\n  demo:d: ~\nencryptionsalt: SALT\n", id="block"),
        pytest.param('{encryptionsalt: "SALT", config: {demo:plain: 1.50, "demo:d": ~}}\n', id="flow"),
        pytest.param("{config: {demo:plain: 1.50, demo:d: ~}, encryptionsalt: SALT} # one line\n", id="the salt last"),
        pytest.param("encryptionsalt: SALT\nconfig: {demo:plain: 1.50, demo:d: ~}\n", id="a flow inside a block"),
        pytest.param('encryptionsalt: "SALT"\n"config":\n    demo:plain: 1.50\n\n    demo:d: ~\n', id="quotes"),
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
        "demo:plain": "1.5", "demo:d": "", "demo:first": "one", "demo:second": "two",
    }  # fmt: skip
    assert "1.50" in path.read_text(), "what was not edited is spelt as it was"


@pytest.mark.parametrize(
    "value", ["yes", "012", "2024-01-01", "true", "5", "", "~", " x", "a: b", "#", "a\nb", "[x", "*a", "!x", "é"]
)
def test_a_text_that_was_set_is_the_text_that_is_read(run: Run, value: str) -> None:
    run("stack", "init", "dev")
    run("config", "set", "k", "--", value)
    assert run("config", "get", "k").stdout == f"{value}\n"


CONFIG = "config"


@pytest.mark.parametrize(
    ("keys", "value", "removed", "added"),
    [
        pytest.param((CONFIG, "aws:region"), "us-east-1", ["  aws:region: eu-west-1  # Dublin\n"],
                     ["  aws:region: us-east-1  # Dublin\n"], id="a value changes"),
        pytest.param((CONFIG, "demo:days"), {"secure": "v1:x"}, ['  demo:days: "365"\n'],
                     ["  demo:days:\n", "    secure: v1:x\n"], id="a value becomes a secret"),
        pytest.param((CONFIG, "demo:new"), "012", [], ['  demo:new: "012"\n'], id="a value is new"),
        pytest.param(("encryptionsalt",), "v1:ABC:v1:DEF", ["encryptionsalt: v1:abc:v1:def  # do not touch\n"],
                     ["encryptionsalt: v1:ABC:v1:DEF  # do not touch\n"], id="the salt changes"),
        pytest.param((CONFIG, "demo:days"), None, ['  demo:days: "365"\n'], [], id="one in the middle goes"),
        pytest.param((CONFIG, "demo:list"), None, ["  demo:list:\n", "    - a\n", "    - b: 5\n", "# the end\n"], [],
                     id="one goes, and the comment below it"),
        pytest.param((CONFIG, "demo:none"), None, [], [], id="what is not there cannot go"),
    ],
)  # fmt: skip
def test_only_the_lines_of_the_entry_change(
    keys: tuple[str, ...], value: Any, removed: list[str], added: list[str]
) -> None:
    before = COMMENTED.splitlines(keepends=True)
    after = edit(COMMENTED, {keys: value}, HERE).splitlines(keepends=True)
    assert [line for line in before if line not in after] == removed
    assert [line for line in after if line not in before] == added
    assert [line for line in after if line in before] == [line for line in before if line in after], "order is kept"


def test_the_last_entry_takes_its_section_along_and_the_first_brings_it() -> None:
    text = edit("", {(CONFIG, "a:b"): "x", (CONFIG, "a:c"): "y"}, HERE)
    assert text == "config:\n  a:b: x\n  a:c: y\n"
    assert edit(text, {(CONFIG, "a:b"): None, (CONFIG, "a:c"): None}, HERE) == ""
    assert (
        edit("config: {}\nencryptionsalt: s", {(CONFIG, "a:b"): "x"}, HERE) == "config:\n  a:b: x\nencryptionsalt: s\n"
    )


def test_an_edit_that_would_change_another_value_is_refused() -> None:
    text = "shared: &shared\n  a:b: y\n  a:c: w\nconfig:\n  <<: *shared\n  a:b: z\n"
    assert read_yaml(edit(text, {(CONFIG, "a:b"): "x"}, HERE), HERE)["config"] == {"a:b": "x", "a:c": "w"}
    with pytest.raises(SettingsError, match="edit the file by hand"):
        edit(text, {(CONFIG, "a:b"): None}, HERE)  # what is merged in would come out


values = st.one_of(
    st.text(max_size=12), st.sampled_from(["9:05", "yes", "012", "~", "#", "a: b", "- x", "1e3", "2024-1-1"])
)
entries = st.one_of(st.none(), values, st.fixed_dictionaries({"secure": values}))
keys = st.sampled_from(["p:a", "p:b", "q:c", "q:d.e"])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(keys, entries), max_size=6))
@example([("p:a", "5"), ("p:a", "true"), ("p:a", "x"), ("p:a", "012")])
@example(
    [
        ("p:a", {"secure": "x\U0010ee5b\x85"}),
        ("p:a", "\u2028"),
        ("p:a", "a\nb"),
        ("p:a", "\x00"),
        ("p:b", "x"),
        ("p:a", None),
    ]
)
def test_edits_add_up_to_the_same_mapping_as_in_a_dictionary(edits: list[tuple[str, Any]]) -> None:
    text, config = "encryptionsalt: s\n", {}
    for key, value in edits:
        text = edit(text, {(CONFIG, key): value}, HERE)
        config[key] = value
        config = {k: v for k, v in config.items() if v is not None}
        found = read_yaml(text, HERE)
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


def test_no_empty_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "below" / "Pulumi.dev.yaml"
    StackFile(path).write({(CONFIG, "demo:k"): None})
    assert not path.exists()
    StackFile(path).write({(CONFIG, "demo:k"): "x"})
    assert StackFile(path).config == {"demo:k": "x"}
