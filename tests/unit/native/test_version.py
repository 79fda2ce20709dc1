"""Python's versions as semantic ones, by the rules with which Pulumi's generated SDKs name the provider that they want."""

from __future__ import annotations

import re

import pytest
from pulumi_connect_domains import __version__
from pulumi_connect_domains.native.version import plugin_version, semantic

PART = r"(0|[1-9]\d*|\d*[a-z-][\da-z-]*)"
SEMANTIC = re.compile(rf"\d+\.\d+\.\d+(-{PART}(\.{PART})*)?(\+[\da-z-]+(\.[\da-z-]+)*)?")


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.3", "1.2.3"),
        ("1.2", "1.2.0"),
        ("0.0", "0.0.0"),
        ("1.2.3.4", "1.2.3"),
        ("1.2.3a1", "1.2.3-alpha.1"),
        ("1.2.3b2", "1.2.3-beta.2"),
        ("1.2.3rc4", "1.2.3-rc.4"),
        ("1.2.4.dev5+g0123abc", "1.2.4-dev.5+g0123abc"),
        ("0.1.dev592+g7c20d9cb2.d20261128", "0.1.0-dev.592+g7c20d9cb2.d20261128"),
        ("1.2.3rc1.dev7", "1.2.3-rc.1.dev.7"),
        ("1.2.3.post1", "1.2.3+post.1"),
        ("1.2.3+local.1", "1.2.3+local.1"),
        ("1.2.3+a_b", "1.2.3+a-b"),
        ("no version", "0.0.0"),
    ],
)
def test_a_version_is_written_as_a_semantic_one(version: str, expected: str) -> None:
    assert semantic(version) == expected
    assert SEMANTIC.fullmatch(expected)


def test_the_plugin_s_version_is_this_package_s() -> None:
    assert plugin_version() == semantic(__version__)
    assert SEMANTIC.fullmatch(plugin_version())
