"""Every code block of README, the documentation and the examples' READMEs is true; blocks.py says what is done with which."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path
from typing import Any

import hcl2
import pulumi
import pytest
import yaml
from pulumi_connect_domains import Provider, customerprofiles, voiceid
from pulumi_connect_domains.local.aws import LocalAws, background
from pulumi_connect_domains.testing import MakeStack

from .blocks import ROOT, Block, Step, blocks, blocks_of, commands_in_text, pages, steps
from .commands import command_lines, mistake
from .shell import Shell

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

READERS = {
    "yaml": lambda text: list(yaml.safe_load_all(text)),
    "json": json.loads,
    "toml": tomllib.loads,
    "hcl": hcl2.loads,
}
COMPILED = {"typescript", "go"}
"""What no test here compiles: each line stands in an example, which lives its whole life in tests/examples."""
LANGUAGES = {"console", "sh", "python", "text", "markdown", *COMPILED, *READERS}
TARGETS = set(re.findall(r"(?m)^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))

ALL = [each for page in pages() for each in blocks(page)]
RUN = sorted({each.page for each in ALL if "run" in each.marks})
SLOW = {"docs/how-to/fleets.md", "docs/how-to/import.md", "docs/how-to/runbook.md"}
"""Pages whose commands take most of the time that all pages take."""
PYTHON = [each for each in ALL if each.language == "python"]


def of(*languages: str) -> list[object]:
    return [pytest.param(each, id=each.place) for each in ALL if each.language in languages]


@pytest.mark.parametrize("block", [pytest.param(each, id=each.place) for each in ALL])
def test_something_is_done_with_every_block(block: Block) -> None:
    assert block.language in LANGUAGES, "an unknown language; tests/docs/blocks.py tells what there is"
    if block.language in ("text", "markdown", *COMPILED):
        assert block.marks.keys() & {"in", "shown", "generated"}, (
            "say where the text stands, `<!-- in: FILE -->`, or why that cannot be"
        )
    assert block.marks.get("shown") != "", "give the reason"


@pytest.mark.parametrize("block", of("console"))
def test_the_commands_of_a_block_are_right(block: Block) -> None:
    for step in steps(block.text):
        for words in command_lines(step.command):
            assert not mistake(words, TARGETS), f"{' '.join(words)}: {mistake(words, TARGETS)}"
        if step.output:
            assert block.marks.keys() & {"run", "in", "shown"}, "output is shown, and nothing compares it"


@pytest.mark.parametrize("block", of("sh"))
def test_the_commands_of_a_script_are_right(block: Block) -> None:
    found = [*command_lines(block.text)]
    assert found
    assert [mistake(words, TARGETS) for words in found if mistake(words, TARGETS)] == []


@pytest.mark.parametrize("page", pages())
def test_the_commands_in_the_sentences_of_a_page_are_right(page: str) -> None:
    said = {
        f"{page}:{line}: {' '.join(words)}": mistake(words, TARGETS)
        for line, command in commands_in_text(page)
        for words in command_lines(command)
        if PLACEHOLDER.isdisjoint(words)
    }
    assert {place: text for place, text in said.items() if text and not is_part(text)} == {}


PLACEHOLDER = {"ARN", "TYPE", "…"}


def is_part(said: str) -> bool:
    """Whether nothing is wrong but that a sentence names a command without all of its arguments."""
    return said.startswith(("Missing argument", "Missing option")) or said.endswith("requires an argument.")


@pytest.mark.parametrize("block", of(*READERS))
def test_a_document_can_be_read(block: Block) -> None:
    READERS[block.language](block.text)


@pytest.mark.parametrize("block", [pytest.param(each, id=each.place) for each in ALL if "in" in each.marks])
def test_text_that_stands_elsewhere_is_as_there(block: Block) -> None:
    there = (ROOT / block.marks["in"]).read_text(encoding="utf-8")
    lines = [line for line in block.text.splitlines() if line.strip() and not line.startswith("$ ") and line != "..."]
    assert [line for line in lines if not all(part.strip() in there for part in line.split("…"))] == []


@pytest.mark.parametrize("page", [pytest.param(each, marks=[pytest.mark.long] * (each in SLOW)) for each in RUN])
def test_the_commands_of_a_page_print_what_it_shows(page: str, tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    try:
        for block in blocks(page):
            if name := block.marks.get("file"):
                (shell.folder / name).write_text(block.text, encoding="utf-8")
            if "run" not in block.marks:
                continue
            for step in steps(block.text):
                code, printed = shell.run(step.command)
                place = f"{block.place}: $ {step.command}\n{printed}"
                as_shown = OutputChecker().check_output(step.output.rstrip(), printed.rstrip(), ELLIPSIS)
                assert as_shown or not step.output, place
                assert step.output or not code, f"exit code {code}: {place}"
    finally:
        shell.close()


PRELUDE = """\
import pulumi
from pulumi_connect_domains import Provider, customerprofiles, voiceid
from pulumi_connect_domains.local.aws import LocalAws
config: pulumi.Config
aws: LocalAws
"""
"""What a block without imports may use: it goes on where the block above ended, or shows a line of a program."""


def is_whole(block: Block) -> bool:
    """Whether the block is a module, and no lines of one."""
    return bool(re.search(r"(?m)^(from|import) ", block.text))


def test_type_checkers_find_nothing_wrong_in_python_blocks(tmp_path: Path) -> None:
    places = {}
    for number, block in enumerate(PYTHON):
        prelude = "" if is_whole(block) else PRELUDE
        (tmp_path / f"block_{number}.py").write_text(prelude + block.text, encoding="utf-8")
        places[f"block_{number}.py"] = block, prelude.count("\n")
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\npython_version = 3.10\ncheck_untyped_defs = True\n"
        f"mypy_path = {ROOT / 'examples' / 'secure-domain'}\n[mypy-pulumi_aws.*]\nfollow_imports = skip\n"
    )
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", str(tmp_path / "cache"), "."]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    found, wrong = [], set()
    for name, line, text in re.findall(r"(?m)^(\w+\.py):(\d+): error: (.+)$", said.stdout):
        block, before = places[name]
        wrong.add(block.place)
        if "mistaken" not in block.marks:
            found.append(f"{block.page}:{block.line + int(line) - 1 - before}: {text}")
    assert found == [], said.stdout + said.stderr
    assert said.returncode in (0, 1), said.stdout + said.stderr
    assert wrong == {each.place for each in PYTHON if "mistaken" in each.marks}


PROGRAMS = [
    pytest.param(each, id=each.place) for each in PYTHON if not each.marks.keys() & {"file", "shown", "mistaken"}
]


@pytest.mark.parametrize("block", PROGRAMS)
def test_a_program_runs(block: Block, local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    names: dict[str, Any] = {}
    if not is_whole(block):
        local_aws.seed("customer-profiles", "crm-prod", region="eu-west-2", DefaultExpirationDays=366)
        local_aws.seed("voice-id", ANOTHER_TEAMS, region="eu-west-2", Name="shared", DomainStatus="ACTIVE")
        names = {"pulumi": pulumi, "Provider": Provider, "customerprofiles": customerprofiles, "voiceid": voiceid}
        names |= {"LocalAws": LocalAws, "aws": local_aws}

    def program() -> None:
        if not is_whole(block):
            names["config"] = pulumi.Config()
        exec(compile(block.text, block.place, "exec"), names)

    stack = pulumi_stack(program, config={"aws:region": "eu-west-2"})
    stack.up()
    stack.preview(expect_no_changes=True)


ANOTHER_TEAMS = "Zt5d0kGmPq2bWnR8sLx4Yc"
"""The Voice ID domain that pages read."""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("    indented\n", "an indented block has no language"),
        ("<!-- runs -->\n```console\n$ ls\n```\n", "no test knows the comment 'runs'"),
    ],
    ids=["an indented block", "an unknown comment"],
)
def test_a_block_that_nobody_would_look_at_is_a_mistake(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(blocks_of("page.md", text))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("connect-domains drift --stack dev", ""),
        ("connect-domains drift --stacks dev", "No such option"),
        ("connect-domains drifts", "No such command"),
        ("cat x | connect-domains review --nothing", "No such option"),
        ("connect-domains local pulumi stack export --nothing", "No such option"),
        ("pulumi up --yes", ""),
        ("pulumi up --nothing", "No such option"),
        ("pulumi import --file x --nothing", "No such option"),
        ("pulumi preview --policy-pack x --diff", ""),
        ("pulumi preview --policy-pack x --nothing", "No such option"),
        ("pulumi refresh --policy-pack x", "No such option"),
        ("aws voice-id list-domains --region eu-west-2", ""),
        ("aws voice-id list-domain", "has no operation"),
        ("aws iam create-role --name x", "has no option"),
        ("make nothing", "no target"),
        ("nothing at all", "no test knows the program"),
    ],
)
def test_a_wrong_command_is_found(command: str, said: str) -> None:
    found = [mistake(words, TARGETS) for words in command_lines(command)]
    assert (said in "".join(found)) if said else not any(found), found


def test_each_local_aws_of_a_page_ends_with_its_shell(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    folders = [shell.folder / "stacks", tmp_path / "backend"]
    try:
        assert all(background.ensure(folder).started for folder in folders)
    finally:
        shell.close()
    assert not any(background.running(folder) for folder in folders)


def test_a_page_that_shows_other_output_is_found(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    try:
        assert shell.run("export NAME=there && mkdir folder && cd folder") == (0, "")
        assert shell.run('echo "hello $NAME" && false') == (1, "hello there\n")
        assert shell.run("echo $?") == (0, "1\n")
        assert shell.folder == tmp_path / "terminal" / "folder"
    finally:
        shell.close()
    assert steps(
        textwrap.dedent("""\
        $ one \\
          two
        three
        $ four
        """)
    ) == [Step("one \\\n  two", "three\n"), Step("four", "")]
