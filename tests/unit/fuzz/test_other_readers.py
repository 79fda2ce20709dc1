"""What is read besides the commands' files and AWS's answers: values of the config, a token, the local AWS's record, requests to it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pulumi_connect_domains.aws.access import Role
from pulumi_connect_domains.aws.roles import _token
from pulumi_connect_domains.drift import stored
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.progress_file import ProgressFile
from pulumi_connect_domains.drift.stored import key_of
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.background import Record, path_of
from pulumi_connect_domains.local.aws.control import CONTROL_PATH
from pulumi_connect_domains.model.errors import BadCredentials, ConfigurationError
from pulumi_connect_domains.operations.settings import from_config

from .. import mutations
from ..drift.reports import EVERYTHING

SEEDS = 400
LONGEST_LINE = 20_000  # a key may be repeated, but not without end
SCOPE = "20260101/us-east-1/profile/aws4_request"
ROLE = "arn:aws:iam::123456789012:role/x"
CONFIG: dict[str, Any] = {
    "aws:region": "us-east-1",
    "aws:defaultTags": {"tags": {"a": "b"}},
    "aws:ignoreTags": {"keys": ["owner"], "keyPrefixes": ["x:"]},
    "aws:assumeRoles": [{"roleArn": ROLE, "externalId": "e", "durationSeconds": 900, "tags": {"a": "b"}}],
    "aws:assumeRoleWithWebIdentity": {"roleArn": ROLE, "webIdentityTokenFile": "/var/run/token"},
    "aws:endpoints": [{"customerprofiles": "http://127.0.0.1:4599"}],
    "aws:allowedAccountIds": ["123456789012"],
    "aws:maxRetries": 3,
    "connect-domains:silenceWarnings": ["a", "b"],
}
"""Settings as people write them; in the config each is a text."""

DEEP = "[" * 10_000 + "]" * 10_000
LAZY = (
    "[",
    "{",
    '{"a":',
    DEEP,
    "[" * 10_000,
    "9" * 10_000,
    '["\\ud800"]',
    "NaN",
    "\0",
    "\ud800",
    '"',
    "null",
    "[null]",
    '{"tags":null}',
)


def test_settings_are_read_or_each_mistake_is_named() -> None:
    for seed in range(SEEDS):
        random = Random(f"config {seed}")
        config = mutations.documents(CONFIG, random)
        if not isinstance(config, dict):
            continue
        texts = {key: each if isinstance(each, str) else json.dumps(each) for key, each in config.items()}
        _configured(random.choice((config, texts)), f"seed {seed}")


@pytest.mark.parametrize("key", CONFIG)
def test_extreme_settings_are_read_or_named(key: str) -> None:
    for text in LAZY:
        _configured({key: text}, f"{key}: {text[:20]}")


def _configured(config: dict[str, Any], what: str) -> None:
    said = ""
    try:
        from_config(config, environment={})
    except ConfigurationError as error:
        said = str(error)
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}: {error}") from error
    assert max(map(len, said.splitlines()), default=0) < LONGEST_LINE, what


PLACES: dict[str, Callable[[Path], object]] = {
    "a text": lambda path: path.write_text("token\n"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "a folder": lambda path: path.mkdir(),
    "a pipe": lambda path: os.mkfifo(path),
    "a device without an end": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "nothing": lambda path: None,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_token_is_read_or_the_role_is_named(place: str, tmp_path: Path) -> None:
    PLACES[place](tmp_path / "token")
    role = Role(ROLE, web_identity_token_file=str(tmp_path / "token"))
    if place == "a text":
        assert _token(role) == "token"
        return
    with pytest.raises(BadCredentials, match=f"cannot assume role {ROLE}: its web identity token cannot be read"):
        _token(role)


def test_a_damaged_record_of_the_local_aws_is_none(tmp_path: Path) -> None:
    record = {"port": 4599, "pid": 1, "started": "2026-01-01"}
    path_of(tmp_path).write_text(json.dumps(record))
    assert Record.read(tmp_path) == Record(4599, 1, "2026-01-01")
    for seed in range(SEEDS):
        random = Random(f"record {seed}")
        path_of(tmp_path).write_bytes(
            mutations.contents(mutations.as_json(mutations.documents(record, random)), random)
        )
        assert isinstance(Record.read(tmp_path), Record | None), f"seed {seed}"
    for text in LAZY:
        path_of(tmp_path).write_bytes(text.encode("utf-8", "surrogatepass"))
        assert Record.read(tmp_path) is None, text[:20]


def test_requests_to_the_local_aws_are_answered_whatever_they_hold(local_aws: LocalAws) -> None:
    import urllib.error
    import urllib.request

    def status(path: str, body: bytes) -> int:
        request = urllib.request.Request(
            f"{local_aws.endpoint}{path}", body, method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"AWS4-HMAC-SHA256 Credential=a/{SCOPE}"},
        )  # fmt: skip
        try:
            return int(urllib.request.urlopen(request, timeout=30).status)
        except urllib.error.HTTPError as error:
            return error.code

    bodies = [text.encode("utf-8", "surrogatepass") for text in LAZY]
    for seed in range(40):
        random = Random(f"request {seed}")
        document = mutations.documents(
            {"DefaultExpirationDays": 30, "Tags": {"a": "b"}, "Matching": {"Enabled": True}}, random
        )
        bodies.append(mutations.contents(mutations.as_json(document), random))
    for number, body in enumerate(bodies):
        assert status("/domains/crm", body) < 500, f"body {number}: {body[:80]!r}"
        assert status(f"{CONTROL_PATH}calls", body) < 500, f"control, body {number}: {body[:80]!r}"
    assert local_aws.domains("customer-profiles") is not None, "it still answers"


def test_a_report_in_the_file_of_progress_is_one_or_is_not_believed(tmp_path: Path) -> None:
    """Whatever became of it, the check goes on; what is believed can be written in every format."""
    file = str(tmp_path / "progress")
    now = datetime(2026, 11, 27, tzinfo=timezone.utc)
    domains = [json.loads(stored.line_of(each)) for each in EVERYTHING.domains]
    texts = [*LAZY, *(json.dumps(mutations.documents(each, Random(seed))) for seed, each in enumerate(domains * 40))]
    ProgressFile(file, resumes=False, now=now).close()
    with sqlite3.connect(file) as db:
        rows: list[tuple[bytes, Any]] = [
            (key_of(str(number)), text.encode("utf-8", "replace").decode()) for number, text in enumerate(texts)
        ]
        rows += [(key_of("a number"), 7), (key_of("bytes"), b"x"), (key_of("null"), None)]
        db.executemany("INSERT INTO reports VALUES (?, ?)", rows)
    db.close()
    progress = ProgressFile(file, resumes=True, now=now)
    found = [progress.known(key_of(str(number))) for number in (*range(len(texts)), "a number", "bytes", "null")]
    progress.close()
    believed = [each for each in found if each]
    assert len(found) > len(believed) > 0
    for name in FORMATS.names:
        assert FORMATS.named(name).render(replace(EVERYTHING, domains=tuple(believed)))
