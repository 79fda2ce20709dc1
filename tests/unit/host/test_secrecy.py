"""Credentials in plain config are seen where they can be: in the program."""

from __future__ import annotations

import pytest
from pulumi_connect_domains.host import secrecy


@pytest.mark.parametrize(
    ("config", "secret", "environment", "found"),
    [
        ('{"aws:secretKey": "k", "aws:token": "t"}', "[]", "", ["aws:secretKey", "aws:token"]),
        ('{"aws:secretKey": "k", "aws:token": "t"}', '["aws:secretKey"]', "", ["aws:token"]),
        ('{"aws:secretKey": "k"}', "[]", "plain-secret", []),
        ('{"aws:secretKey": "k", "connect-domains:silence": "plain-secret"}', "[]", "", []),
        ('{"aws:secretKey": "k", "connect-domains:silence": "[plain-secret"}', "[]", "", ["aws:secretKey"]),
        ('{"aws:secretKey": "k"}', "[]", '["plain-secret", 1]', ["aws:secretKey"]),
        ('{"aws:accessKey": "k", "other:token": "t"}', "[]", "", []),
    ],
    ids=[
        "both in clear",
        "one is secret",
        "silenced by the environment",
        "silenced by config",
        "config that cannot be read",
        "an environment that cannot be read",
        "nothing secret",
    ],
)
def test_plain_secrets(
    monkeypatch: pytest.MonkeyPatch, config: str, secret: str, environment: str, found: list[str]
) -> None:
    from pulumi.runtime import config as runtime

    monkeypatch.setenv("PULUMI_CONFIG", config)
    monkeypatch.setenv("CONNECT_DOMAINS_SILENCE", environment)
    monkeypatch.setattr(secrecy, "is_config_secret", lambda key: key in secret)
    assert runtime.CONFIG.get() == {}
    assert secrecy.plain_secrets() == found
