"""Standard output in any encoding: no traceback, and a document stays the document that it is."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from pulumi_connect_domains.drift import formats as drift
from pulumi_connect_domains.review import formats as review
from pulumi_connect_domains.validate.formats import FORMATS as VALIDATE_FORMATS

NAME = "Zoë → 日本 😀"
TOKEN = "pulumi-python:dynamic/customerprofiles:Domain"


def preview() -> dict[str, Any]:
    inputs = {"domain_name": "crm", "default_expiration_days": 30, "region": "us-east-1", "tags": {"team": NAME}}
    urn = f"urn:pulumi:dev::shop::{TOKEN}::{NAME}"
    said = [{"urn": urn, "severity": "warning", "message": f"{NAME} [some-rule]"}]
    steps = [{"op": "create", "urn": urn, "newState": {"inputs": inputs}}]
    return {"steps": steps, "diagnostics": said, "changeSummary": {"create": 1}}


def export() -> dict[str, Any]:
    resource = {
        "urn": f"urn:pulumi:dev::shop::{TOKEN}::{NAME}",
        "type": TOKEN,
        "id": "crm",
        "inputs": {"domain_name": "crm", "default_expiration_days": 30},  # no region, so nothing is asked
        "outputs": {},
    }
    return {"version": 3, "deployment": {"resources": [resource]}}


def run(encoding: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "GITHUB_STEP_SUMMARY": ""}
    command = [sys.executable, "-m", "pulumi_connect_domains", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "preview.json").write_text(json.dumps(preview()))
    (tmp_path / "state.json").write_text(json.dumps(export()))
    (tmp_path / f"{NAME}.yaml").write_text("default_expiration_days: 1099\ntags: {}\nmatching: {}\n")
    return tmp_path


FORMATS = [
    (*arguments, "--format", name)
    for arguments, table in (
        (("review", "preview.json"), review.FORMATS),
        (("drift", "--state", "state.json"), drift.FORMATS),
        (("validate", f"{NAME}.yaml"), VALIDATE_FORMATS),
    )
    for name in table.names
]


@pytest.mark.parametrize("encoding", ["ascii", pytest.param("cp1252", marks=pytest.mark.long)])
@pytest.mark.parametrize("arguments", FORMATS, ids=" ".join)
def test_every_format_in_every_encoding(arguments: tuple[str, ...], encoding: str, folder: Path) -> None:
    done = run(encoding, *arguments, cwd=folder)
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr
    text = done.stdout.decode(encoding)
    if arguments[-1] in ("json", "slack", "sarif"):
        text = unquote(json.dumps(json.loads(text), ensure_ascii=False))  # a file's name is a URI in SARIF
    elif arguments[-1] == "junit":
        text = "".join(each.get("name", "") for each in ElementTree.fromstring(text).iter("testcase"))
    elif arguments[-1] == "html":
        text = html.unescape(text)
    else:
        assert "Zoë" in text or encoding == "ascii"
        return
    assert NAME in text


def test_an_error_in_every_encoding(folder: Path) -> None:
    for encoding in ("cp1252", "ascii"):
        done = run(encoding, "drift", "--state", "state.json", "--require", NAME, cwd=folder)
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert b"no resource has the property" in done.stderr
