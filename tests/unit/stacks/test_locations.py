"""The URLs of backends: what the Pulumi CLI takes is taken, and what is not known is refused by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.model.errors import ConfigurationError
from pulumi_connect_domains.stacks.locations import BucketLocation, FolderLocation, location

ROLE = "arn:aws:iam::123456789012:role/states"


@pytest.mark.parametrize("text", ["state.json", "-", "a/b.json", "C:\\states\\dev.json", "s3:bucket"])
def test_what_is_no_url_is_none(text: str) -> None:
    assert location(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("s3://states", BucketLocation("states"), id="a bucket"),
        pytest.param("S3://states/", BucketLocation("states"), id="with a slash"),
        pytest.param("s3://states/acme/eu", BucketLocation("states", "acme/eu/"), id="a folder of it"),
        pytest.param("s3://states//acme%20eu/", BucketLocation("states", "acme eu/"), id="a folder that is written as URLs write it"),
        pytest.param(
            "s3://states?region=eu-west-2&awssdk=v2&profile=ci",
            BucketLocation("states", region="eu-west-2", profile="ci"),
            id="Region and profile",
        ),
        pytest.param(
            "s3://states?endpoint=minio:9000&disableSSL=true&s3ForcePathStyle=true&region=us-east-1",
            BucketLocation("states", region="us-east-1", endpoint="http://minio:9000", addressing_style="path"),
            id="an endpoint as older versions of the CLI took it",
        ),
        pytest.param(
            "s3://states?endpoint=https://s3.example:9000&use_path_style=1",
            BucketLocation("states", endpoint="https://s3.example:9000", addressing_style="path"),
            id="an endpoint as newer ones do",
        ),
        pytest.param(
            "s3://states?endpoint=s3.example&hostname_immutable=false",
            BucketLocation("states", endpoint="https://s3.example", addressing_style="virtual"),
            id="an endpoint with a host for each bucket",
        ),
        pytest.param(
            "s3://states?endpoint=s3.example&hostname_immutable=true",
            BucketLocation("states", endpoint="https://s3.example", addressing_style="path"),
            id="an endpoint whose host stays as it is",
        ),
        pytest.param(f"s3://states?role={ROLE}", BucketLocation("states", role=ROLE), id="a role"),
        pytest.param(
            "s3://states?dualstack=true&fips=true&response_checksum_validation=when_required",
            BucketLocation(
                "states",
                variables=(
                    ("use_dualstack_endpoint", True),
                    ("use_fips_endpoint", True),
                    ("response_checksum_validation", "when_required"),
                ),
            ),
            id="settings of AWS's SDK",
        ),
        pytest.param(
            "s3://states?ssetype=aws:kms&kmskeyid=alias/x&accelerate=true&rate_limiter_capacity=5&request_checksum_calculation=when_required",
            BucketLocation("states"),
            id="how the CLI writes",
        ),
        pytest.param("s3://states?anonymous=false&region=", BucketLocation("states"), id="what says nothing"),
    ],
)  # fmt: skip
def test_a_bucket(text: str, expected: BucketLocation) -> None:
    assert location(text) == expected
    assert expected.root == "s3://states/"


@pytest.mark.parametrize(
    ("rest", "folder"),
    [
        ("~", "/home/ada"),
        ("~/pulumi%20states", "/home/ada/pulumi states"),
        ("/var/states?no_tmp_dir=true", "/var/states"),
        ("states", f"{os.getcwd()}/states"),
        (".", os.getcwd()),
    ],
)
def test_a_folder(rest: str, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert location(f"file://{rest}") == FolderLocation(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("gs://states", "gs://…: only s3:// and file:// are read directly", id="Google's"),
        pytest.param("https://app.pulumi.com/acme?token=hush", "https://…: only s3:// and file://", id="Pulumi Cloud"),
        pytest.param("s3://", "s3://BUCKET/FOLDER", id="no bucket"),
        pytest.param("s3://AKIA:hush@states", "they have no place in the URL", id="credentials"),
        pytest.param("s3://states:9000", "s3://BUCKET/FOLDER", id="a port"),
        pytest.param("s3://states/a#hush", "s3://BUCKET/FOLDER", id="a fragment"),
        pytest.param("s3://[hush", "is not a URL", id="no URL"),
        pytest.param("s3://states?regoin=hush", "s3://states: 'regoin' is no parameter of this URL; known are", id="unknown"),
        pytest.param("s3://states?region=a&region=hush", "the parameter region is given twice", id="twice"),
        pytest.param("s3://states?region=eu%20hush", "the parameter region is no name of a Region", id="no Region"),
        pytest.param("s3://states?fips=hush", "the parameter fips is neither true nor false", id="no flag"),
        pytest.param("s3://states?role=hush", "the parameter role is no ARN of a role", id="no role"),
        pytest.param("s3://states?endpoint=http://u:hush@x", "the parameter endpoint is no address", id="an endpoint with a password"),
        pytest.param("s3://states?endpoint=ftp://hush", "the parameter endpoint is no address", id="no address"),
        pytest.param("s3://states?disableSSL=true", "with HTTPS only", id="AWS without TLS"),
        pytest.param("s3://states?anonymous=true", "not read anonymously", id="anonymous"),
        pytest.param("s3://states?response_checksum_validation=hush", "neither when_supported nor", id="no mode"),
        pytest.param("file://~bob/hush", "only one's own home folder", id="another's home"),
        pytest.param("file:///x?region=hush", "'region' is no parameter of this URL", id="unknown, of a folder"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_and_shows_no_value(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        location(text)
    assert said in str(raised.value)
    assert str(raised.value).startswith("--state ")
    assert "hush" not in str(raised.value)


def test_every_parameter_that_the_cli_documents_is_known() -> None:
    """Source: blob/s3blob and aws/aws.go in google/go-cloud v0.46; backend.go in pulumi/pulumi for `disableSSL`."""
    documented = {
        "ssetype": "AES256", "kmskeyid": "x", "accelerate": "true", "use_path_style": "true", "s3ForcePathStyle": "true",
        "disable_https": "false", "region": "eu-west-2", "anonymous": "false", "profile": "x", "role": ROLE, "endpoint": "x",
        "hostname_immutable": "true", "dualstack": "true", "fips": "true", "rate_limiter_capacity": "1",
        "request_checksum_calculation": "when_required", "response_checksum_validation": "when_required", "awssdk": "v1",
        "disableSSL": "false",
    }  # fmt: skip
    found = location("s3://states?" + "&".join(f"{name}={value}" for name, value in documented.items()))
    assert isinstance(found, BucketLocation)


def test_an_empty_folder_is_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert location("file://") == FolderLocation(str(tmp_path))


@given(
    st.sampled_from(["", "s3://", "s3://states?", "s3://states?endpoint=", "file://", "file://~", "gs://"]), st.text()
)
def test_any_text_is_a_place_or_a_mistake(begin: str, rest: str) -> None:
    try:
        found = location(f"{begin}{rest}")
    except ConfigurationError:
        return
    if isinstance(found, BucketLocation):
        assert not found.prefix or (found.prefix.endswith("/") and not found.prefix.startswith("/"))
    elif found is not None:
        assert os.path.isabs(found.folder)
