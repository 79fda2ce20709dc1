"""The pytest plugin: a local AWS, and stacks of a test's own program on a Pulumi engine; docs/testing.md shows how.

pytest loads it in every run if this package is installed, so it imports nothing before a fixture is used. A test's program, its providers
and the AWS SDKs in the test's process reach the local AWS, or no AWS at all, unless pytest runs with `--real-aws`.

Fixtures: `local_aws` (a running local AWS, empty) · `pulumi_stack` (makes a stack of a function or folder) ·
`pulumi_engine` (the engine that runs it: `--pulumi-engine=local|cli|both`, or the variable PULUMI_ENGINE).
"""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

try:
    import pytest
except ModuleNotFoundError:
    raise ModuleNotFoundError("the test kit needs pytest: pip install pytest", name="pytest") from None

if TYPE_CHECKING:
    from pulumi import automation
    from pulumi.runtime import Mocks
    from pulumi.runtime.mocks import MockResourceArgs

    from .local.aws import LocalAws
    from .local.engine.commands.in_process import InProcessCommand

PASSPHRASE = "test"
CLI_MINIMUM = (3, 254, 0)
"""The first CLI whose import files hold inputs and outputs."""
PRELOADED = (
    "boto3",
    "pulumi.dynamic",
    "pulumi.runtime.proto.engine_pb2_grpc",
    "pulumi.runtime.proto.provider_pb2_grpc",
)
"""What the processes of providers import beside the packages of the services. Imported here once for all of them."""
_NOT_COPIED = (".venv", "venv", ".git", "__pycache__", "node_modules", ".pytest_cache")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("pulumi").addoption(
        "--pulumi-engine",
        choices=("local", "cli", "both"),
        help="what runs the stacks of pulumi_stack: the local engine (default), the Pulumi CLI, or each in turn",
    )
    parser.getgroup("pulumi").addoption(
        "--real-aws",
        action="store_true",
        help="stacks of tests without the fixture local_aws reach the real AWS, with this shell's credentials",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "pulumi_engine" in metafunc.fixturenames and _wanted(metafunc.config) == "both":
        metafunc.parametrize("pulumi_engine", ["local", "cli"], indirect=True)


def _wanted(config: pytest.Config) -> str:
    wanted = str(config.getoption("--pulumi-engine") or os.environ.get("PULUMI_ENGINE") or "local")
    if wanted not in ("local", "cli", "both"):
        raise pytest.UsageError(f"PULUMI_ENGINE={wanted}: local, cli or both was expected")
    return wanted


def _require_the_extra() -> None:
    """Fails the test in one line where the extra [local] is not installed."""
    from .local.extra import missing

    if sentence := missing():
        pytest.fail(sentence, pytrace=False)


# -- the cloud -------------------------------------------------------------------------------------------------------


@contextmanager
def environment_of_this_process(variables: Mapping[str, str]) -> Iterator[None]:
    """Inside, this process has these environment variables and no others. At the end, the variables that were changed are restored.

    boto3's default session, which keeps credentials, is forgotten at the beginning and at the end.
    """
    before = dict(os.environ)
    changed = {name for name in before.keys() | variables.keys() if before.get(name) != variables.get(name)}

    def become(wanted: Mapping[str, str]) -> None:
        for name in changed:
            if name in wanted:
                os.environ[name] = wanted[name]
            else:
                os.environ.pop(name, None)
        if boto3 := sys.modules.get("boto3"):
            vars(boto3)["DEFAULT_SESSION"] = None

    become(variables)
    try:
        yield
    finally:
        become(before)


@pytest.fixture(scope="session")
def local_aws_server() -> Iterator[LocalAws]:
    """One server for the whole run (for each worker of pytest-xdist)."""
    from .local.aws import LocalAws

    _require_the_extra()
    with LocalAws.start() as aws:
        yield aws


@pytest.fixture
def local_aws(local_aws_server: LocalAws) -> Iterator[LocalAws]:
    """A running local AWS, empty. Stacks of the same test, and AWS SDKs in the test's process, use it."""
    from .local.aws.isolation import isolated

    local_aws_server.reset()
    with environment_of_this_process(
        {**isolated(os.environ, local_aws_server.endpoint), **local_aws_server.environment()}
    ):
        yield local_aws_server


# -- the engine ------------------------------------------------------------------------------------------------------


class _Resources(dict[str, dict[str, Any]]):
    """Resources by name, or by URN where several have the same name. Each is found by its URN too.

    If a provider and a resource have the same name, the name means the resource.
    """

    def __init__(self, resources: Iterable[dict[str, Any]]) -> None:
        from .stacks.urn import Urn  # here, since the plugin imports nothing before a fixture is used

        self._by_urn: dict[str, dict[str, Any]] = {}
        for found in sorted(
            resources, key=lambda each: not each.get("delete")
        ):  # the last one of a URN counts: not the one that waits for its deletion
            self._by_urn[found["urn"]] = found
        parsed = [Urn.parse(urn) for urn in self._by_urn]
        providers = {str(urn) for urn in parsed if urn.is_provider}
        self._urns: dict[str, list[str]] = {}
        for urn in parsed:
            self._urns.setdefault(urn.name, []).append(str(urn))
        meant = {name: [urn for urn in urns if urn not in providers] or urns for name, urns in self._urns.items()}
        entries = {name: urns[0] for name, urns in meant.items() if len(urns) == 1}
        named = set(entries.values())
        shared = {urn: urn for urns in self._urns.values() for urn in urns if urn not in named}
        self._urns = meant
        super().__init__({key: self._by_urn[urn] for key, urn in {**entries, **shared}.items()})

    def __missing__(self, key: str) -> dict[str, Any]:
        if key in self._by_urn:
            return self._by_urn[key]
        if urns := self._urns.get(key):
            raise KeyError(f"{len(urns)} resources are named {key!r}; ask by URN: {', '.join(urns)}")
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return key in self._by_urn or key in self._urns

    def get(self, key: str, default: Any = None) -> Any:
        if key not in self:
            return default
        return self[key]


@dataclass(frozen=True)
class PulumiEngine:
    """An engine: `name` is local or cli, `path` its executable."""

    name: str
    path: Path
    version: str
    in_process: InProcessCommand | None = None
    """The local engine in this process, which needs no new process; None for the CLI."""

    def command(self) -> automation.PulumiCommand:
        """The executable for Pulumi's Automation API."""
        from pulumi.automation import PulumiCommand
        from semver import VersionInfo

        command = PulumiCommand.__new__(PulumiCommand)  # its constructor would ask PATH, and start a process each time
        command.command = str(self.path)
        command.version = VersionInfo.parse(self.version)
        return command


def local_engine(folder: Path) -> PulumiEngine:
    """The local engine, its executable written into the folder."""
    from .local.engine.commands.launcher import write_launcher
    from .local.engine.version import VERSION

    return PulumiEngine("local", next(write_launcher(folder).glob("pulumi*")), VERSION.removeprefix("v"))


def choose_engine(folder: Path) -> PulumiEngine:
    """The Pulumi CLI if a suitable one is on PATH, else the local engine, its executable written into the folder."""
    found = find_cli()
    return local_engine(folder) if isinstance(found, str) else found


@pytest.fixture(scope="session")
def _local_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulumiEngine]:
    from .local.engine.commands.in_process import InProcessCommand
    from .local.engine.forking import ForkServer
    from .registry import SERVICES

    _require_the_extra()
    engine = local_engine(tmp_path_factory.mktemp("local-engine"))
    if not ForkServer.is_possible():
        yield dataclasses.replace(engine, in_process=InProcessCommand())
        return
    server = ForkServer((*PRELOADED, *(f"{__package__}.{each}" for each in SERVICES)))
    try:
        yield dataclasses.replace(engine, in_process=InProcessCommand(server.spawn))
    finally:
        server.close()


@pytest.fixture(scope="session")
def _cli_engine() -> PulumiEngine | str:
    return find_cli()


@pytest.fixture
def pulumi_engine(request: pytest.FixtureRequest) -> PulumiEngine:
    """The engine of this test. A test that needs the CLI is skipped where there is no suitable one, with the reason."""
    wanted = getattr(request, "param", None) or _wanted(request.config)
    found: PulumiEngine | str = request.getfixturevalue("_cli_engine" if wanted == "cli" else "_local_engine")
    if isinstance(found, str):
        pytest.skip(found)
    return found


def find_cli(path: str | None = None) -> PulumiEngine | str:
    """The first `pulumi` on PATH that is the Pulumi CLI and can run Python programs, or a sentence why there is none."""
    from .local.engine.commands.launcher import is_launcher

    path = os.environ.get("PATH", "") if path is None else path
    found = (shutil.which("pulumi", path=folder) for folder in path.split(os.pathsep) if folder)
    cli = next((Path(program) for program in found if program and not is_launcher(program)), None)
    if cli is None:
        return "the Pulumi CLI is not on PATH"
    version = subprocess.run(
        [cli, "version"], capture_output=True, text=True, env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    ).stdout.strip()
    if version.endswith("+local"):
        return f"{cli} is the local engine"
    numbers = version.removeprefix("v").split("-")[0].split("+")[0].split(".")
    if not all(number.isdigit() for number in numbers) or tuple(map(int, numbers)) < CLI_MINIMUM:
        return f"{cli} is version {version or 'unknown'}, {'.'.join(map(str, CLI_MINIMUM))} is needed"
    if not shutil.which("pulumi-language-python", path=f"{cli.parent}{os.pathsep}{path}"):
        return f"{cli} has no Python language host: pulumi-language-python is neither beside it nor on PATH"
    return PulumiEngine("cli", cli, version.removeprefix("v"))


# -- the stack -------------------------------------------------------------------------------------------------------


class PulumiStack:
    """A stack of the test's own program, over Pulumi's Automation API; `automation` is that API's own object.

    A command that fails raises `pulumi.automation.CommandError`, whose text holds all that the command printed.
    """

    def __init__(self, stack: automation.Stack, engine: PulumiEngine) -> None:
        self.automation, self.engine = stack, engine
        self.environment: dict[str, str] = dict(stack.workspace.env_vars)
        """Environment variables that program and provider get, beside this process's own. Changes count from the next command on."""
        stack.workspace.env_vars = self.environment
        self.events: list[automation.EngineEvent] = []
        """The engine's events of the last command, in order."""

    @property
    def folder(self) -> Path:
        """The project's folder: the working directory of program and provider."""
        return Path(self.automation.workspace.work_dir)

    def run(self, program: Callable[[], Any]) -> PulumiStack:
        """The same stack with another inline program."""
        self.automation.workspace.program = program
        return self

    def up(self, **options: Any) -> automation.UpResult:
        """Deploys the program. Options are those of `automation.Stack.up`."""
        return self.automation.up(on_event=self._listen(), **options)

    def preview(self, **options: Any) -> automation.PreviewResult:
        """What `up` would do: `.change_summary` counts the resources by operation."""
        return self.automation.preview(on_event=self._listen(), **options)

    def refresh(self, **options: Any) -> automation.RefreshResult:
        """Brings state up to date with AWS. `preview_only=True, expect_no_changes=True` fails on drift."""
        return self.automation.refresh(on_event=self._listen(), **options)

    def destroy(self, **options: Any) -> automation.DestroyResult:
        """Deletes all resources."""
        return self.automation.destroy(on_event=self._listen(), **options)

    def preview_json(self, *, fails: bool = False, **options: Any) -> dict[str, Any]:
        """The document that `pulumi preview --json` prints. `fails`: the test expects the preview to fail, and gets its document."""
        from pulumi.automation import CommandError

        lines: list[str] = []
        try:
            self.preview(json=True, on_output=lines.append, **options)
        except CommandError:
            if not fails:
                raise
        else:
            assert not fails, "the preview was expected to fail, and did not"
        document: dict[str, Any] = json.loads("\n".join(lines))
        return document

    def command(self, *arguments: str) -> str:
        """What any other `pulumi` command prints: `stack.command("stack", "ls")`. Inline programs cannot run in it."""
        workspace = self.automation.workspace
        words = [*arguments, "--stack", self.automation.name]
        result = workspace.pulumi_command.run(words, workspace.work_dir, self.environment)
        return result.stdout

    def set_config(self, key: str, value: str, *, secret: bool = False) -> None:
        """Sets a value of the stack's configuration: `stack.set_config("aws:region", "eu-west-1")`."""
        from pulumi.automation import ConfigValue

        self.automation.set_config(key, ConfigValue(value, secret))

    def outputs(self) -> dict[str, Any]:
        """The values that the program exported, secret ones in clear."""
        return {key: output.value for key, output in self.automation.outputs().items()}

    def state(self) -> dict[str, dict[str, Any]]:
        """The resources in the stack's state, `id`, `inputs`, `outputs` and all; secrets in clear.

        A resource is found by name and by URN. If several have the same name, that name raises KeyError, and only their URNs work.
        """
        deployment = self.automation.export_stack().deployment or {}
        return _Resources(deployment.get("resources") or ())

    def messages(self, severity: str = "warning") -> list[str]:
        """The messages of the last command with this severity: info, warning or error."""
        heard = (event.diagnostic_event for event in self.events)
        return [said.message.rstrip("\n") for said in heard if said and said.severity == severity]

    def _listen(self) -> Callable[[automation.EngineEvent], None]:
        self.events = []
        return self.events.append


MakeStack = Callable[..., PulumiStack]
Answers: TypeAlias = "Mocks | Callable[[MockResourceArgs], tuple[str | None, dict[str, Any]]]"
"""Answers for resources of other packages: Pulumi's mocks, or their `new_resource` alone."""


@lru_cache(maxsize=1)
def _salt() -> str:
    """One salt for all stacks, since deriving a key takes half a second."""
    from .local.engine.secrets import Passphrase

    return Passphrase.create(PASSPHRASE).salt


@contextmanager
def pickler_as_it_was() -> Iterator[None]:
    """At the end, Python's pickler is again as it was at the start.

    Pulumi's SDK wraps it again for each dynamic resource and never undoes that. In a process that declares about a thousand of them, such
    as a test session, a provider with any state of its own then fails with a RecursionError.
    Source: pulumi 3.272.0, `pulumi.dynamic.dynamic.serialize_provider`.
    """
    pickler: Any = vars(pickle)["_Pickler"]
    names = ("_batch_setitems", "save_dict")
    before = {name: vars(pickler)[name] for name in names}
    try:
        yield
    finally:
        for name in names:
            setattr(pickler, name, before[name])


def _in_process(engine: PulumiEngine, mocks: Answers | None) -> automation.PulumiCommand | None:
    """The engine in this process, with answers for other packages if there are any; None for the Pulumi CLI."""
    if engine.in_process is None or mocks is None:
        return engine.in_process
    new_resource: Any = getattr(mocks, "new_resource", mocks)
    call = getattr(mocks, "call", None)
    return type(engine.in_process)(engine.in_process.spawn, new_resource, call)


@pytest.fixture
def pulumi_stack(request: pytest.FixtureRequest, pulumi_engine: PulumiEngine, tmp_path: Path) -> Iterator[MakeStack]:
    """Makes stacks: `stack = pulumi_stack(program)`. The program is a function that declares resources, or a project's folder.

    A folder is copied first, so nothing is left in it. State and settings are the test's own, below `tmp_path`. The local engine runs in
    the test's process, unless the stack is made with `own_process=True`. Programs in folders, and providers, always have their own
    processes.

    `mocks` answers for resources of other packages: Pulumi's mocks, whose `call` also answers for functions, or a function like their
    `new_resource`. The Pulumi CLI has no mocks, so with it the test is skipped.
    """
    from .local.aws.isolation import isolated

    environment = {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_PYTHON_CMD": sys.executable,
    }
    if "local_aws" in request.fixturenames:
        environment.update(request.getfixturevalue("local_aws").environment())
        surrounding = dict(os.environ)
    elif request.config.getoption("--real-aws"):
        surrounding = dict(os.environ)
    else:
        surrounding = isolated(os.environ, None)
    (tmp_path / "state").mkdir()

    def make(
        program: Callable[[], Any] | str | os.PathLike[str],
        *,
        name: str = "test",
        project: str = "test",
        config: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
        own_process: bool = False,
        mocks: Answers | None = None,
    ) -> PulumiStack:
        from pulumi import automation

        if mocks and pulumi_engine.name != "local":
            pytest.skip("mocks= answers for other packages on the local engine only")
        if mocks and own_process:
            raise pytest.UsageError("mocks= needs the engine in the test's own process: leave own_process=True out")

        folder = tmp_path / "programs" / f"{project}-{name}"
        if callable(program):
            folder.mkdir(parents=True, exist_ok=True)
        else:
            shutil.copytree(program, folder, ignore=shutil.ignore_patterns(*_NOT_COPIED), dirs_exist_ok=True)
        options = automation.LocalWorkspaceOptions(
            work_dir=str(folder),
            env_vars={**environment, **(env or {})},
            pulumi_command=None if own_process else _in_process(pulumi_engine, mocks),
            stack_settings={name: automation.StackSettings(encryption_salt=_salt())} if callable(program) else None,
        )
        options.pulumi_command = options.pulumi_command or pulumi_engine.command()
        if callable(program):
            made = automation.create_or_select_stack(name, project_name=project, program=program, opts=options)
        else:
            made = automation.create_or_select_stack(name, work_dir=str(folder), opts=options)
        stack = PulumiStack(made, pulumi_engine)
        for key, value in (config or {}).items():
            stack.set_config(key, value)
        return stack

    with pickler_as_it_was(), environment_of_this_process(surrounding):
        yield make
    # A failed inline program leaves coroutines of the SDK behind. Collected in the middle of Python's own parser (pytest rewrites
    # modules) their clean-up breaks it: SystemError, AST constructor recursion depth mismatch (seen on 3.11).
    gc.collect()
