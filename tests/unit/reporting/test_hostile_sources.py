"""The commands themselves, whose files, names, tags and arguments are hostile, and to whom AWS answers with hostile words.

`test_hostile_formats` holds what each format makes of a text in each place; here the texts come from where they come from. A report must
have the structure that it has when the same places hold plain texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.local.aws import LocalAws

from ..drift.reports import export, resource
from . import hostile, media
from .test_hostile_formats import CASES, check_log

KINDS = [text for text in hostile.KINDS.values() if "\ud800" not in text]
TEXTS = [
    pytest.param("".join(KINDS), id="all kinds"),
    *(pytest.param(text, id=kind, marks=pytest.mark.long) for kind, text in hostile.KINDS.items() if text in KINDS),
]
"""All kinds in one text, since each run of a command takes a while. A file with half a character is refused as a whole."""
PLAIN = "q1x1q"

Run = Callable[..., int]


@pytest.fixture
def run(
    local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs a command in a folder of its own, and gives back its exit code. What it prints is checked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # between attempts

    def run(*arguments: str) -> int:
        aws.forget_clients()
        code = cli.run(list(arguments))
        said = capsys.readouterr()
        hostile.check_log(said.err)
        hostile.check_log(said.out)
        assert "Traceback" not in said.err
        return code

    yield run
    local_aws.reset()
    aws.forget_clients()


def refuse(local_aws: LocalAws, operation: str, text: str) -> None:
    """AWS, or who stands in for it, refuses the operation from now on, with the text as its code and its message."""
    body = json.dumps({"code": text, "message": text, "Message": text})
    local_aws.fault(operation, status=400, body=body, content_type="application/json", times=None)


def file(text: str) -> str:
    """A file's name that holds what can be of the text."""
    name = "".join("_" if letter in "/\0" else letter for letter in text).encode("utf-8", "surrogatepass")
    return name[:80].decode("utf-8", "surrogateescape") + ".json"


def read(command: str, folder: Path) -> dict[str, media.Reading]:
    """What the readers of all formats make of the files that the command wrote, each named by its format."""
    found = {}
    for format_ in CASES[command]:
        shown = (folder / format_).read_text(encoding="utf-8")
        assert hostile.invisible(shown) == set()
        check_log(command, format_, shown)
        found[format_] = CASES[command][format_].read(shown)
    return found


def outs(command: str) -> list[str]:
    return [f"--out={format_}={format_}" for format_ in CASES[command]]


def drift(text: str, run: Run, local_aws: LocalAws, folder: Path) -> dict[str, media.Reading]:
    inputs = {
        "domain_name": "crm",
        "default_expiration_days": 30,
        "region": "us-east-1",
        "tags": {text: text, "a": text},
    }
    entries = [resource("crm", inputs=inputs), resource("lost", inputs={**inputs, "domain_name": "lost"})]
    entries[0]["urn"] = f"{entries[0]['urn']}{text}"
    entries[0]["initErrors"] = [text]
    (folder / file(text)).write_text(export(*entries), encoding="utf-8", errors="surrogatepass")
    (folder / f"x{file(text)}").write_text(text, encoding="utf-8", errors="backslashreplace")
    (folder / "policy.yaml").write_text(
        json.dumps({"require": [{"path": "default_expiration_days", "at_most": 7, "because": text}]})
    )
    local_aws.reset()
    local_aws.seed(
        "customer-profiles", "crm", DefaultExpirationDays=9, Tags={text: "x", "b": text}, DeadLetterQueueUrl=text
    )
    local_aws.seed("customer-profiles", f"byhand{text}", Tags={text: text})
    where = [
        "--state",
        file(text),
        "--state",
        f"x{file(text)}",
        "--policy",
        "policy.yaml",
        "--unmanaged",
        "--rate",
        "0",
    ]
    assert run("drift", *where, *outs("drift")) == 1
    seen = read("drift", folder)
    refuse(local_aws, "*", text)
    assert run("drift", *where, *outs("drift")) == 1
    refused = read("drift", folder)
    assert run("drift", *where, "--assume-role", text, *outs("drift")) == 1
    return {**seen, **{f"{name}, refused": each for name, each in refused.items()}, **{
        f"{name}, with a role": each for name, each in read("drift", folder).items()
    }}  # fmt: skip


def validate(text: str, run: Run, local_aws: LocalAws, folder: Path) -> dict[str, media.Reading]:
    document = {
        "domain_name": text,
        "tags": {text: text},
        text: text,
        "matching": {text: {text: [text]}},
        "region": text,
    }
    (folder / file(text)).write_text(json.dumps(document))
    arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    asked = {"domain_name": "crm", "default_expiration_days": 30, "default_encryption_key": arn, "region": "us-east-1"}
    (folder / f"x{file(text)}").write_text(json.dumps(asked))
    local_aws.reset()
    refuse(local_aws, "DescribeKey", text)
    names = [file(text), f"x{file(text)}"]
    assert run("validate", *names, "--resource", "customerprofiles", "--live", *outs("validate")) == 1
    return read("validate", folder)


def import_(text: str, run: Run, local_aws: LocalAws, folder: Path) -> dict[str, media.Reading]:
    local_aws.reset()
    tags = {text: text}
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30, Tags=tags, DeadLetterQueueUrl=text)
    local_aws.seed("customer-profiles", text, DefaultExpirationDays=30)
    assert run("import", "--all", "--out", "out", "--overwrite") in (0, 1)
    assert run("import", "--tag", f"{text}={text}", "--out", "out", "--overwrite") in (0, 1)
    refuse(local_aws, "*", text)
    assert run("import", "--all", "--out", "out") == 1
    assert run("import", "--name", text.replace("\0", ""), "--assume-role", text, "--out", "out") == 1
    found = {}
    for name in ("import.json", "__main__.py"):
        if (folder / "out" / name).exists():
            found[name] = CASES["import"][name].read((folder / "out" / name).read_text(encoding="utf-8"))
    return found


def doctor(text: str, run: Run, local_aws: LocalAws, folder: Path) -> dict[str, media.Reading]:
    refuse(local_aws, "*", text)
    given = ["--profile", text, "--region", text, "--stack", text, "--assume-role", text]
    found = {}
    for options in ([], given[:2], given[2:4], given[4:6], given[6:]):
        assert run("doctor", *options, *outs("doctor")) in (0, 1)
        found |= {f"{name} {' '.join(options[:1])}": each for name, each in read("doctor", folder).items()}
    return found


@pytest.fixture
def _no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor does not try Pulumi's provider host, which takes seconds, and prints nothing of others."""
    monkeypatch.setattr("pulumi_connect_domains.doctor.host.checks", lambda seconds: [])


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("command", [drift, validate, import_, doctor])
@pytest.mark.usefixtures("_no_host")
def test_what_others_wrote_changes_no_report_but_its_texts(
    command: Callable[..., dict[str, media.Reading]], text: str, run: Run, local_aws: LocalAws, tmp_path: Path
) -> None:
    as_planned, found = (command(each, run, local_aws, tmp_path) for each in (PLAIN, text))
    if command is validate:  # which finds more mistakes in texts that no name may be
        return
    assert {name: each.structure for name, each in found.items()} == {
        name: each.structure for name, each in as_planned.items()
    }
