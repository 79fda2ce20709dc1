"""Configuration values: keys, paths, secrets inside, and the project's declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pulumi_local_engine.store.config import (
    coerced,
    entry_json,
    full_key,
    key_path,
    merged,
    remove_at,
    set_at,
    text_of,
)
from pulumi_local_engine.store.settings import Project, SettingsError


def test_a_key_without_a_namespace_is_the_projects() -> None:
    assert [full_key(key, "demo") for key in ("k", "aws:region", "aws:config:region")] == [
        "demo:k", "aws:region", "aws:region",
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["a:b:c", ":b", "a:", ""])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(SettingsError, match="could not parse"):
        full_key(key, "demo")


@pytest.mark.parametrize(
    ("key", "found"),
    [
        pytest.param("list[1].b", ("demo:list", [1, "b"]), id="an index and a key"),
        pytest.param("aws:map.k.l", ("aws:map", ["k", "l"]), id="keys in a namespace"),
        pytest.param('m["a.b"][0]', ("demo:m", ["a.b", 0]), id="a key in quotes"),
        pytest.param("plain", ("demo:plain", []), id="no path"),
    ],
)
def test_paths_are_parsed(key: str, found: Any) -> None:
    assert key_path(key, "demo") == found


@pytest.mark.parametrize(
    ("value", "path", "inner", "result"),
    [
        pytest.param(None, [0], "a", ["a"], id="a list is made"),
        pytest.param(["a"], [1, "b"], 5, ["a", {"b": 5}], id="a list grows"),
        pytest.param({"k": 1}, ["l", "m"], 2, {"k": 1, "l": {"m": 2}}, id="maps are made"),
        pytest.param("text", ["k"], 1, {"k": 1}, id="a text makes way"),
        pytest.param({"secure": "v1:x"}, ["k"], 1, {"k": 1}, id="so does a secret"),
    ],
)
def test_values_are_set_at_paths(value: Any, path: Any, inner: Any, result: Any) -> None:
    assert set_at(value, path, inner) == result


@pytest.mark.parametrize(("value", "path"), [([1], [2]), ([1], ["k"])])
def test_paths_that_do_not_fit(value: Any, path: Any) -> None:
    with pytest.raises(SettingsError):
        set_at(value, path, "x")


@pytest.mark.parametrize(
    ("value", "path", "result"),
    [
        pytest.param(["a", "b"], [0], ["b"], id="of a list"),
        pytest.param({"k": {"l": 1, "m": 2}}, ["k", "l"], {"k": {"m": 2}}, id="of a map"),
        pytest.param({"k": 1}, ["x", "y"], {"k": 1}, id="what is not there"),
    ],
)
def test_values_are_removed_at_paths(value: Any, path: Any, result: Any) -> None:
    assert remove_at(value, path) == result


def test_values_below_a_path_become_booleans_and_numbers() -> None:
    assert [coerced(text) for text in ("true", "5", "-5", "05", "1.5", "text")] == [True, 5, -5, "05", "1.5", "text"]


def test_programs_get_texts() -> None:
    assert [text_of(value) for value in ("t", True, 5, {"b": [1], "a": "ü"})] == ["t", "true", "5", '{"a":"ü","b":[1]}']


def test_a_secret_is_shown_only_to_whoever_can_decrypt() -> None:
    value = {"open": 1, "hidden": {"secure": "v1:x"}}
    assert entry_json(value, None) == {"secret": True}
    assert entry_json(value, lambda ciphertext: f"<{ciphertext}>") == {
        "value": '{"hidden":"<v1:x>","open":1}',
        "objectValue": {"open": 1, "hidden": "<v1:x>"},
        "secret": True,
    }


def project(**config: Any) -> Project:
    return Project(Path("Pulumi.yaml"), "demo", config=config)


def test_the_projects_values_fill_the_gaps_of_the_stacks() -> None:
    declared = project(
        **{"aws:region": "eu-west-1", "size": {"type": "integer", "default": 3}, "tags": {"value": {"a": 1}}}
    )
    assert merged(declared, "dev", {"size": "5"}, validate=True) == {
        "demo:size": "5", "aws:region": "eu-west-1", "demo:tags": {"a": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("declaration", "config", "said"),
    [
        pytest.param({"type": "string"}, {}, "missing configuration of 'k'", id="missing"),
        pytest.param({"type": "integer"}, {"k": "x"}, "must be of type 'integer'", id="no number"),
        pytest.param({"type": "boolean"}, {"k": "1"}, "must be of type 'boolean'", id="no boolean"),
        pytest.param({"type": "array"}, {"k": "x"}, "must be of type 'array'", id="no list"),
        pytest.param({"type": "string", "secret": True}, {"k": "x"}, "--secret", id="a secret in clear"),
    ],
)
def test_what_a_project_declares_is_demanded(declaration: Any, config: Any, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        merged(project(k=declaration), "dev", config, validate=True)
    assert merged(project(k=declaration), "dev", config, validate=False) == {f"demo:{k}": v for k, v in config.items()}
