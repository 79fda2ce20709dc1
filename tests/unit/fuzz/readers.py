"""Every way in which a command reads what somebody else wrote: the table that the fuzz tests run through.

`test_readers.py` compares it with the commands' own options and with the source: a new reader without a row fails there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from unittest import mock

from pulumi_connect_domains.drift.formats import FORMATS as OF_DRIFT
from pulumi_connect_domains.drift.formats import json_format
from pulumi_connect_domains.drift.report_reading import read
from pulumi_connect_domains.drift.state import read_state
from pulumi_connect_domains.stacks import deployment, preview
from pulumi_connect_domains.stacks.cli import Answer, Pulumi
from pulumi_connect_domains.stacks.documents import json_of, text_of
from pulumi_connect_domains.validate.verdicts import _documents

from ..drift.reports import CLEAN, export, resource
from ..review import previews

GOOD = "kept-good"
"""The name of the domain in the file that is beside the changed one. A report that lacks it has lost a good file."""

FORMATS = ("text", "json", "markdown", "junit", "github", "slack", "html")


def good_state() -> str:
    """An export whose only domain is not in AWS, so that every report of drift names it."""
    return export(resource(GOOD, stack="good")).replace("urn:pulumi:dev::", "urn:pulumi:good::")


def declares_crm() -> str:
    """An export of another stack that declares the domain crm: a warning names the stack."""
    return export(resource("crm", stack=GOOD)).replace("urn:pulumi:dev::", f"urn:pulumi:{GOOD}::")


def good_preview() -> str:
    step = previews.step("create", None, previews.state(), name=GOOD)
    warning = {"urn": step["urn"], "message": f"warning: {GOOD}", "severity": "warning"}
    return json.dumps(previews.document(step, diagnostics=[warning]))


GOOD_DOCUMENT = json.dumps({"domain_name": GOOD, "default_expiration_days": "many"})

Command = Callable[[Path, Random], list[str]]


@dataclass(frozen=True)
class Reader:
    """One way in: `command` makes the arguments for a file of that `kind`. `covers` are the options that it proves, as `command option`.

    `beside` is a word that must stand in what is printed, whatever the file holds: it comes from a good file that is read as well.
    `is_readable` raises Unreadable for a content that cannot be read at all; then a line must name the file. `few` and `many` are how
    often it is tried in the fast tests and in the long ones.
    """

    kind: str
    command: Command
    covers: frozenset[str]
    codes: frozenset[int] = frozenset({0, 1})
    beside: str = ""
    is_readable: Callable[[bytes], object] | None = None
    few: int = 15
    many: int = 2_000
    by_cli: bool = False
    """The content is what the Pulumi CLI prints, not a file."""
    names: str = ""
    """What stands in a line in place of the file's name, where nothing can be done: a regular expression."""


def covers(*options: str) -> frozenset[str]:
    return frozenset(options)


def _beside(file: Path, text: str, name: str = "good.json") -> str:
    place = file.with_name(name)
    if not place.exists():
        place.write_text(text)
    return str(place)


def drift(file: Path, random: Random) -> list[str]:
    strict = random.choice(([], ["--strict"]))
    files = ["--state", str(file), "--state", _beside(file, good_state())]
    return ["drift", *files, "--rate", "0", "--format", random.choice(FORMATS), *strict]


def drift_folder(file: Path, random: Random) -> list[str]:
    _beside(file, good_state())
    return ["drift", "--state-dir", str(file.parent), "--rate", "0", "--unmanaged", "--format", random.choice(FORMATS)]


def drift_policy(file: Path, random: Random) -> list[str]:
    return ["drift", "--state", _beside(file, good_state()), "--rate", "0", "--policy", str(file)]


def drift_since(file: Path, random: Random) -> list[str]:
    good = ["--state", _beside(file, good_state())]
    return ["drift", *good, "--rate", "0", "--since", str(file), "--format", random.choice(OF_DRIFT.names)]


def drift_merge(file: Path, random: Random) -> list[str]:
    return ["drift", "merge", str(file), "--format", random.choice(OF_DRIFT.names)]


def drift_merge_since(file: Path, random: Random) -> list[str]:
    good = _beside(file, json.dumps(json_format.document(CLEAN)))
    return ["drift", "merge", good, "--since", str(file), "--format", random.choice(OF_DRIFT.names)]


def import_(file: Path, random: Random) -> list[str]:
    chosen = random.choice((["--from-stack", "--region", "us-east-1"], ["--all"]))
    return ["import", *chosen, "--state", str(file), *_out(file)]


def _out(file: Path) -> list[str]:
    return ["--out", str(file.parent.with_name("out")), "--overwrite"]


def import_beside(file: Path, random: Random) -> list[str]:
    others = ["--check-state", str(file), "--check-state", _beside(file, declares_crm())]
    return ["import", "--name", "crm", *others, *_out(file)]


def import_beside_folder(file: Path, random: Random) -> list[str]:
    _beside(file, declares_crm())
    return ["import", "--name", "crm", "--check-state-dir", str(file.parent), *_out(file)]


def import_again(file: Path, random: Random) -> list[str]:
    """An import file is there already, from an earlier run that somebody changed."""
    out = file.parent.with_name("again")
    out.mkdir(exist_ok=True)
    if file.exists():
        (out / "import.json").write_bytes(file.read_bytes())
    return ["import", "--name", "crm", "--region", "us-east-1", "--out", str(out)]


def review(file: Path, random: Random) -> list[str]:
    files = [str(file), _beside(file, good_preview())]
    shape = random.choice(("markdown", "json", "text"))
    return ["review", *files, "--format", shape, "--always", "--fail-on", "data-loss"]


def validate(file: Path, random: Random) -> list[str]:
    files = [str(file), _beside(file, GOOD_DOCUMENT)]
    return ["validate", *files, "--format", random.choice(("text", "json", "sarif"))]


def validate_state(file: Path, random: Random) -> list[str]:
    good = ["--state", _beside(file, good_state())]
    return ["validate", "--state", str(file), *good, "--format", random.choice(("text", "json"))]


def a_report(content: bytes) -> object:
    """The report in the content. Raises: Unreadable."""
    return read(json_of(content))


def of_cli(*words: str) -> Command:
    """A command that asks the Pulumi CLI; the file is not named, since the CLI prints its content."""
    return lambda file, random: [*words, *(_out(file) if words[0] == "import" else ())]


@contextmanager
def cli_answers(content: bytes, kind: str) -> Iterator[None]:
    """The Pulumi CLI prints the content where it is asked for that kind, and good documents elsewhere."""
    good = json.dumps([{"name": "dev"}]).encode(), json.dumps({"aws:region": {"value": "us-east-1"}}).encode()
    answers: Mapping[str, bytes] = {
        "stack ls": content if kind == "stacks" else good[0],
        "stack export": content if kind == "state" else good_state().encode(),
        "config --json": content if kind == "config" else good[1],
        "preview --json": content if kind == "preview" else good_preview().encode(),
    }

    def run(self: Pulumi, *arguments: str, **_: object) -> Answer:
        return Answer(0, answers.get(" ".join(arguments[:2]), b""), b"")

    with (
        mock.patch.object(Pulumi, "find", return_value=Pulumi("pulumi")),
        mock.patch.object(Pulumi, "run", run),
    ):
        yield


ENTRY = "(?i:urn:pulumi:|unreadable|could_not_tell|nothing to check|is damaged|cannot be declared)"
"""What names, in place of a file that was read, the entry in it that could not be judged."""

READERS: Mapping[str, Reader] = {
    "drift --state": Reader(
        "state", drift, covers("drift --state"), frozenset({1, 2}), beside=GOOD, is_readable=read_state, names=ENTRY, many=6_000
    ),
    "drift --state-dir": Reader(
        "state", drift_folder, covers("drift --state-dir"), frozenset({1, 2}), beside=GOOD, is_readable=read_state, names=ENTRY
    ),
    "drift --policy": Reader("policy", drift_policy, covers("drift --policy"), frozenset({1, 2}), names=ENTRY, many=3_000),
    "drift --stack": Reader(
        "state", of_cli("drift", "--stack", "dev", "--rate", "0"), covers("drift --stack"), frozenset({0, 1, 2}), by_cli=True,
        names=f"stack dev|{ENTRY}"
    ),
    "drift --all": Reader(
        "stacks", of_cli("drift", "--all", "--rate", "0"), covers("drift --all"), frozenset({1, 2}), by_cli=True,
        names="--all: the Pulumi CLI's list",
    ),
    "drift --since": Reader(
        "report", drift_since, covers("drift --since"), frozenset({1, 2}), is_readable=a_report, names=ENTRY, few=30, many=6_000
    ),
    "drift merge": Reader(
        "report", drift_merge, covers("drift merge files"), frozenset({0, 1, 2}), is_readable=a_report, names=".", few=40, many=6_000
    ),
    "drift merge --since": Reader(
        "report", drift_merge_since, covers("drift merge --since"), frozenset({0, 1}), is_readable=a_report, names=ENTRY
    ),
    "import --state": Reader("state", import_, covers("import --state", "import --from-stack"), names=ENTRY, few=15, many=4_000),
    "import --check-state": Reader(
        "state", import_beside, covers("import --check-state"), beside=GOOD, is_readable=deployment.parse, few=15
    ),
    "import --check-state-dir": Reader(
        "state", import_beside_folder, covers("import --check-state-dir"), beside=GOOD, is_readable=deployment.parse, few=15
    ),
    "import --stack": Reader(
        "config", of_cli("import", "--all", "--stack", "dev"), covers("import --stack"), by_cli=True, names=r"stack dev\b", few=15
    ),
    "import --stack, its export": Reader(
        "state", of_cli("import", "--all", "--stack", "dev"), covers("import --stack"), by_cli=True, names=r"stack dev\b", few=15
    ),
    "import --check-all": Reader(
        "stacks", of_cli("import", "--all", "--region", "us-east-1", "--check-all"), covers("import --check-all"), by_cli=True,
        names="--check-all: the Pulumi CLI's list", few=15
    ),
    "import --out": Reader("import", import_again, covers("import --out"), names="/import.json"),
    "review": Reader(
        "preview", review, covers("review files"), frozenset({0, 1, 2}), beside=GOOD,
        is_readable=lambda content: preview.parse(content, ""), few=100, many=8_000,
    ),
    "review of an event log": Reader(
        "events", review, covers("review files"), frozenset({1}), beside=GOOD,
        is_readable=lambda content: preview.parse(content, ""),
    ),
    "validate": Reader("document", validate, covers("validate names"), frozenset({1}), beside="good.json",
        is_readable=lambda content: _documents(text_of(content)), few=100, many=8_000),
    "validate --state": Reader(
        "state", validate_state, covers("validate --state"), is_readable=deployment.parse, beside="",
    ),
    "validate --stack": Reader(
        "state", of_cli("validate", "--stack", "dev"), covers("validate --stack"), by_cli=True, names=r"stack dev\b",
    ),
    "doctor --stack": Reader(
        "config", of_cli("doctor", "--stack", "dev"), covers("doctor --stack"), by_cli=True, names="failed +configuration",
    ),
}  # fmt: skip

NOT_READ: Mapping[str, str] = {
    "drift --org": "the same answers of the CLI as --all, read by the same functions",
    "drift --cwd": "the folder that the CLI runs in; of Pulumi.yaml there only the place counts",
    "validate --cwd": "as above",
    "import --cwd": "as above",
    "doctor --cwd": "as above",
    "drift merge --cwd": "of Pulumi.yaml there only the place counts",
    "drift merge --out": "written",
    "drift --show-secrets": "says what the CLI is to print; --stack and --all read it",
    "drift --out": "written",
    "drift --progress": "a database; test_other_readers.py",
    "review --out": "written",
    "validate --out": "written",
    "doctor --out": "written",
    "review --step-summary": "written, at its end",
}
"""Options that name a file or a folder, and why no document is read from there."""
