"""The table of readers is whole: every option by which a command reads, and every module that makes something out of bytes, is in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pulumi_connect_domains
import pulumi_local_engine
from pulumi_connect_domains.cli import cli
from pulumi_connect_domains.reporting.command_line import FILE, FOLDER

from .readers import NOT_READ, READERS

PACKAGES = [Path(package.__file__).parent for package in (pulumi_connect_domains, pulumi_local_engine)]
READING = frozenset(
    {"fromstring", "load", "load_all", "loads", "open", "read_bytes", "read_text", "compose_all", "safe_load"}
)
"""Names of functions that read files, or make values out of texts."""

FILES, ANSWERS, ENGINE = "test_mutated_files.py, test_extremes.py", "test_mutated_answers.py", "test_engine_files.py"
MODULES: Mapping[str, str] = {
    "pulumi_connect_domains/aws/answers.py": ANSWERS,
    "pulumi_connect_domains/aws/surroundings.py": ANSWERS,
    "pulumi_connect_domains/aws/roles.py": "test_other_readers.py",
    "pulumi_connect_domains/local/aws/background.py": "test_other_readers.py",
    "pulumi_connect_domains/local/aws/control.py": "test_other_readers.py",
    "pulumi_connect_domains/local/aws/wire.py": "test_other_readers.py",
    "pulumi_connect_domains/drift/progress_file.py": "test_other_readers.py",
    "pulumi_connect_domains/model/warning.py": "test_other_readers.py",
    "pulumi_connect_domains/operations/forms.py": "test_other_readers.py",
    "pulumi_connect_domains/stacks/documents.py": FILES,
    "pulumi_connect_domains/stacks/files.py": FILES,
    "pulumi_local_engine/model/reading.py": ENGINE,
    "pulumi_local_engine/model/resource.py": ENGINE,
    "pulumi_local_engine/model/secrets.py": ENGINE,
    "pulumi_local_engine/store/backend.py": ENGINE,
    "pulumi_local_engine/store/locks.py": ENGINE,
    "pulumi_local_engine/store/settings.py": ENGINE,
    "pulumi_local_engine/store/yaml_text.py": ENGINE,
}
"""Every module that reads what others wrote, and the tests that change it."""

OWN: Mapping[str, str] = {
    "pulumi_connect_domains/aws/sessions.py": "botocore's own loader",
    "pulumi_connect_domains/drift/policy.py": "this package's schema of policies",
    "pulumi_connect_domains/drift/packed.py": "this process's own file, which no other can open",
    "pulumi_connect_domains/drift/stored.py": "lines of the above",
    "pulumi_connect_domains/model/loading.py": "this package's schema.json",
    "pulumi_connect_domains/local/aws/application.py": "the local AWS's own error",
    "pulumi_connect_domains/local/aws/client.py": "the local AWS's answer to its control",
    "pulumi_connect_domains/local/aws/garbling.py": "the local AWS's own answer",
    "pulumi_connect_domains/local/aws/token.py": "this user's own token, in a folder that is closed to others",
    "pulumi_connect_domains/reporting/escaping.py": "its own text",
    "pulumi_connect_domains/reporting/output.py": "written",
    "pulumi_connect_domains/review/command.py": "written",
    "pulumi_connect_domains/testing/engine.py": "files that the test kit wrote",
    "pulumi_connect_domains/testing/forking.py": "the test kit's own request",
    "pulumi_connect_domains/testing/mocks.py": "no reading: a function called load",
    "pulumi_connect_domains/testing/native.py": "the file of a test's own project; it may fail with a traceback",
    "pulumi_connect_domains/testing/stack.py": "a test's own preview; it may fail with a traceback",
    "pulumi_connect_domains/native/servicer.py": "this package's package-schema.json",
    "pulumi_connect_domains/plugin/launcher.py": "compared with what is to be written, and with nothing else done to it",
    "pulumi_local_engine/cli/json_views.py": "written",
    "pulumi_connect_domains/host/command_line.py": "the system's own list of processes",
    "pulumi_local_engine/cli/running.py": "the backend, which is in the table",
    "pulumi_local_engine/cli/stack.py": "the backend, which is in the table",
    "pulumi_local_engine/store/workspace.py": "the backend, which is in the table",
    "pulumi_local_engine/deploy/applying.py": "no reading: providers are loaded",
    "pulumi_local_engine/deploy/naming.py": "a value of the stack's config, whose file is in the table; what is no way to name is refused",
    "pulumi_local_engine/deploy/replacing.py": "no reading: providers are loaded",
    "pulumi_local_engine/provider/hosts.py": "locks",
    "pulumi_local_engine/provider/protocol.py": "no reading: providers are loaded",
    "pulumi_local_engine/provider/runner.py": "the engine's own request",
}
"""Every other module that calls such a function, and why nothing of others is read there."""


def _commands(group: click.Group = cli, words: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command with its words, also those below others, but for `local`, whose files are the user's own."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        yield f"{words}{name}", command
        if isinstance(command, click.Group) and name != "local":
            yield from _commands(command, f"{words}{name} ")


def _options() -> Iterator[str]:
    """Every option and argument by which a command is told where to read, as `command option`."""
    for name, command in _commands():
        for each in command.params:
            says_cli = "Pulumi CLI" in (getattr(each, "help", "") or "")
            if each.type in (FILE, FOLDER) or says_cli or each.name in ("stack", "stacks", "outs"):
                yield f"{name} {max(each.opts, key=len)}"


def test_every_option_that_reads_has_a_row() -> None:
    covered = {option for reader in READERS.values() for option in reader.covers}
    found = set(_options())
    assert len(found) > 15, "the options are not found any more"
    assert found - covered - NOT_READ.keys() == set(), "no fuzz test reads by these options: see readers.py"


def test_no_row_is_about_an_option_that_is_gone() -> None:
    covered = {option for reader in READERS.values() for option in reader.covers}
    every = {f"{name} {max(each.opts, key=len)}" for name, command in _commands() for each in command.params}
    assert (covered | NOT_READ.keys()) - every == set()


def _reads(module: Path) -> bool:
    calls = (node.func for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Call))
    names = (each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in calls)
    return any(name in READING for name in names)


def test_every_module_that_reads_is_known() -> None:
    found = {
        str(module.relative_to(package.parent))
        for package in PACKAGES
        for module in package.rglob("*.py")
        if _reads(module)
    }
    assert found == {*MODULES, *OWN}
    here = {each.name for each in Path(__file__).parent.glob("test_*.py")}
    assert {test for tests in MODULES.values() for test in tests.split(", ")} <= here
