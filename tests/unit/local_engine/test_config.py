"""Configuration values: keys, secrets inside, and the project's declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pulumi_local_engine.store.settings import Project, entry_json, full_key, merged, text_of
from pulumi_local_engine.store.yaml_text import SettingsError


def test_a_key_without_a_namespace_is_the_projects() -> None:
    assert [full_key(key, "demo") for key in ("k", "aws:region", "aws:config:region")] == [
        "demo:k", "aws:region", "aws:region",
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["a:b:c", ":b", "a:", ""])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(SettingsError, match="could not parse"):
        full_key(key, "demo")


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
        pytest.param({"type": "string", "secret": True}, {"k": "x"}, "--secret", id="a secret in clear"),
    ],
)
def test_what_a_project_declares_is_demanded(declaration: Any, config: Any, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        merged(project(k=declaration), "dev", config, validate=True)
    assert merged(project(k=declaration), "dev", config, validate=False) == {f"demo:{k}": v for k, v in config.items()}
