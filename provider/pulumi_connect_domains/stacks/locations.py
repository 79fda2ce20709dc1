"""The URL of a backend, as `pulumi login` takes it: `s3://bucket/folder?region=eu-west-2`, `file://~`. Pure, but for the home folder.

Source: pkg/backend/diy/backend.go in pulumi/pulumi (`massageBlobPath`, `translateLegacyS3Params`); blob/s3blob and aws/aws.go in
google/go-cloud v0.46, and blob/fileblob. What people wrote for their older versions is taken too, as the CLI does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from ..model.errors import ConfigurationError

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_BUCKET = re.compile(r"[A-Za-z0-9._-]{1,255}")
_REGION = re.compile(r"[A-Za-z0-9-]{1,63}")
_ENDPOINT = re.compile(r"https?://[\w.:\[\]-]+(/[^\s?#]*)?", re.ASCII)
_ROLE = re.compile(r"arn:[\w:/+=,.@-]{16,2000}", re.ASCII)
_TRUE, _FALSE = ("1", "t", "T", "TRUE", "true", "True"), ("0", "f", "F", "FALSE", "false", "False")

WRITING_ONLY = (
    "ssetype", "kmskeyid", "accelerate", "rate_limiter_capacity", "request_checksum_calculation", "awssdk",
)  # fmt: skip
"""Parameters of S3 URLs without a meaning here: how the CLI writes, how fast, and with which SDK of AWS."""
FILE_PARAMETERS = ("no_tmp_dir", "create_dir", "dir_file_mode", "metadata", "base_url", "secret_key_path")
"""All parameters of file URLs. None says where the state is."""


@dataclass(frozen=True)
class FolderLocation:
    """A backend in a folder."""

    folder: str


@dataclass(frozen=True)
class BucketLocation:
    """A backend in a bucket of S3. `prefix` is "" or ends with a slash. "" stands for whatever is usual on this machine.

    `addressing_style` is `path`, `virtual`, or "". `variables` are pairs of a setting of AWS's SDK and its value.
    """

    bucket: str
    prefix: str = ""
    region: str = ""
    endpoint: str = ""
    profile: str = ""
    role: str = ""
    addressing_style: str = ""
    variables: tuple[tuple[str, str | bool], ...] = ()

    @property
    def root(self) -> str:
        """The URL of the bucket: `s3://bucket/`."""
        return f"s3://{self.bucket}/"


def location(text: str, option: str = "--state") -> FolderLocation | BucketLocation | None:
    """Where the backend is; None for a text that is no URL, such as the name of a file. Raises: ConfigurationError.

    The error shows no more of the URL than its scheme, its bucket and the names of its parameters, since the rest may be secret.
    """
    found = _URL.match(text)
    if not found:
        return None
    scheme = found[1].lower()
    if scheme == "file":
        return _folder(text[found.end() :], option)
    if scheme == "s3":
        return _bucket(text, option)
    raise ConfigurationError(
        f"{option} {scheme}://…: only s3:// and file:// are read directly\n"
        "for another backend log the Pulumi CLI in to it, and use --all"
    )


def _folder(rest: str, option: str) -> FolderLocation:
    path, _, query = rest.partition("?")
    for name, _ in parse_qsl(query, keep_blank_values=True):
        _refuse_unless_known(name, FILE_PARAMETERS, f"{option} file://…")
    if path.startswith("~") and path[1:2] not in ("", "/"):
        raise ConfigurationError(f"{option} file://~…: only one's own home folder is read so: file://~ or file://~/…")
    if path.startswith("~"):
        path = os.path.expanduser("~") + path[1:]
    return FolderLocation(os.path.abspath(unquote(path)))


def _bucket(text: str, option: str) -> BucketLocation:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ConfigurationError(f"{option} s3://…: is not a URL") from None
    if not _BUCKET.fullmatch(parts.netloc) or parts.fragment:
        raise ConfigurationError(
            f"{option} s3://…: s3://BUCKET/FOLDER?region=REGION was expected\n"
            "credentials are those of this machine, or of a profile (&profile=NAME); they have no place in the URL"
        )
    shown = f"{option} s3://{parts.netloc}"
    given = parse_qsl(parts.query, keep_blank_values=True)
    for name, _ in given:
        _refuse_unless_known(name, (*_PARAMETERS, *WRITING_ONLY), shown)
    if twice := next((name for name, _ in given if [each for each, _ in given].count(name) > 1), ""):
        raise ConfigurationError(f"{shown}: the parameter {twice} is given twice")
    said: dict[str, str] = {}
    for name, value in given:
        if value and name in _PARAMETERS:
            try:
                said[name] = _PARAMETERS[name](value)
            except ValueError as error:
                raise ConfigurationError(f"{shown}: the parameter {name} {error}") from None
    return _with(BucketLocation(parts.netloc), unquote(parts.path), said, shown)


def _with(bare: BucketLocation, path: str, said: Mapping[str, str], shown: str) -> BucketLocation:
    folder = path.lstrip("/")
    is_plain = any(said.get(name) for name in ("disableSSL", "disable_https"))
    endpoint = said.get("endpoint", "")
    if is_plain and not endpoint:
        raise ConfigurationError(f"{shown}: states are read from AWS with HTTPS only; disableSSL is for an endpoint")
    if said.get("anonymous"):
        raise ConfigurationError(f"{shown}: states are not read anonymously; leave the parameter anonymous out")
    if endpoint and "://" not in endpoint:
        endpoint = f"http{'' if is_plain else 's'}://{endpoint}"
    if endpoint and not _ENDPOINT.fullmatch(endpoint):
        raise ConfigurationError(f"{shown}: the parameter endpoint is no address, such as https://minio.example:9000")
    in_path = any(said.get(name) for name in ("s3ForcePathStyle", "use_path_style", "hostname_immutable"))
    variables: list[tuple[str, str | bool]] = []
    variables += [("use_dualstack_endpoint", True)] if said.get("dualstack") else []
    variables += [("use_fips_endpoint", True)] if said.get("fips") else []
    if checked := said.get("response_checksum_validation"):
        variables.append(("response_checksum_validation", checked))
    return BucketLocation(
        bare.bucket,
        prefix=folder if not folder or folder.endswith("/") else f"{folder}/",
        region=said.get("region", ""),
        endpoint=endpoint,
        profile=said.get("profile", ""),
        role=said.get("role", ""),
        addressing_style="path" if in_path else "virtual" if endpoint else "",
        variables=tuple(variables),
    )


def _refuse_unless_known(name: str, known: tuple[str, ...], shown: str) -> None:
    if name not in known:
        raise ConfigurationError(f"{shown}: {name!r} is no parameter of this URL; known are {', '.join(sorted(known))}")


def _flag(text: str) -> str:
    """`true`, or "" for false. Source: Go's strconv.ParseBool."""
    if text not in _TRUE + _FALSE:
        raise ValueError("is neither true nor false")
    return "true" if text in _TRUE else ""


def _fitting(pattern: re.Pattern[str], words: str) -> Callable[[str], str]:
    def fitting(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(words)
        return text

    return fitting


_PARAMETERS: Mapping[str, Callable[[str], str]] = {
    "region": _fitting(_REGION, "is no name of a Region"),
    "endpoint": str,
    "profile": str,
    "role": _fitting(_ROLE, "is no ARN of a role"),
    "response_checksum_validation": _fitting(
        re.compile("when_supported|when_required"), "is neither when_supported nor when_required"
    ),
    **dict.fromkeys(
        ("s3ForcePathStyle", "use_path_style", "hostname_immutable", "disableSSL", "disable_https", "anonymous",
         "dualstack", "fips"), _flag
    ),
}  # fmt: skip
"""How each parameter of an S3 URL that matters here is read."""
