"""The pytest plugin: a local AWS, and stacks of a test's own program on a Pulumi engine; docs/how-to/testing.md shows how.

pytest loads it in every run if this package is installed, so it imports nothing before a fixture is used. A test's program, its providers
and the AWS SDKs in the test's process reach the local AWS, or no AWS at all, unless pytest runs with `--real-aws`.

Fixtures: `local_aws` (a running local AWS, empty) · `pulumi_stack` (makes a stack of a function or folder) ·
`pulumi_engine` (the engine that runs it: `--pulumi-engine=local|cli|both`, or the variable PULUMI_ENGINE).
"""

from __future__ import annotations

import dataclasses
import gc
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    import pytest
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "the test kit needs pytest: pip install 'pulumi-connect-domains[testing]'", name="pytest"
    ) from None

if TYPE_CHECKING:
    from ..local.aws import LocalAws

from .engine import Answers, PulumiEngine, choose_engine, find_cli, in_process, local_engine
from .native import name_in_project, write_executable
from .stack import MakeStack, PulumiStack

__all__ = [
    "Answers",
    "MakeStack",
    "PulumiEngine",
    "PulumiStack",
    "choose_engine",
    "environment_of_this_process",
    "find_cli",
    "local_engine",
    "pickler_as_it_was",
]

PASSPHRASE = "test"
PRELOADED = (
    "boto3",
    "jsonschema",  # with the first check; where packages for its formats are installed, it takes seconds
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
    """Fails the test in one line where what the extra [testing] brings is not installed."""
    from ..local.extra import missing

    if sentence := missing("testing"):
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
    from ..local.aws import LocalAws

    _require_the_extra()
    with LocalAws.start() as aws:
        yield aws


@pytest.fixture
def local_aws(local_aws_server: LocalAws) -> Iterator[LocalAws]:
    """A running local AWS, empty. Stacks of the same test, and AWS SDKs in the test's process, use it."""
    from ..local.aws.isolation import isolated

    local_aws_server.reset()
    with environment_of_this_process(
        {**isolated(os.environ, local_aws_server.endpoint), **local_aws_server.environment()}
    ):
        yield local_aws_server


# -- the engine ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _local_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulumiEngine]:
    from .. import registry
    from . import forking
    from .command import InProcessCommand

    _require_the_extra()
    engine = local_engine(tmp_path_factory.mktemp("local-engine"))
    if not forking.is_possible():
        yield dataclasses.replace(engine, in_process=InProcessCommand())
        return
    server = forking.ForkServer((*PRELOADED, *(f"{registry.__package__}.{each}" for each in registry.SERVICES)))
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


# -- the stack -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _salt() -> str:
    """One salt for all stacks, since deriving a key takes half a second."""
    from pulumi_local_engine.model.secrets import Passphrase

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


@contextmanager
def connections_of_their_own() -> Iterator[None]:
    """Meanwhile each connection of Pulumi's SDK is made for itself.

    gRPC shares them between all that goes to one port. In a session of thousands of commands an engine gets the port of an earlier one,
    which is remembered as refusing connections, and its program fails with "Connection refused" or "Resource monitor has terminated".
    Source: pulumi 3.272.0, `pulumi.runtime._grpc_settings`; seen on the CLI 3.260.0.
    """
    from pulumi.runtime import _grpc_settings

    options: list[tuple[str, int]] = getattr(_grpc_settings, "_GRPC_CHANNEL_OPTIONS", [])
    options.append(own := ("grpc.use_local_subchannel_pool", 1))
    try:
        yield
    finally:
        options.remove(own)


@pytest.fixture
def pulumi_stack(request: pytest.FixtureRequest, pulumi_engine: PulumiEngine, tmp_path: Path) -> Iterator[MakeStack]:
    """Makes stacks: `stack = pulumi_stack(program)`. The program is a function that declares resources, or a project's folder.

    A folder is copied first, so nothing is left in it. State and settings are the test's own, below `tmp_path`. The local engine runs in
    the test's process, unless the stack is made with `own_process=True`. Programs in folders, and providers, always have their own
    processes.

    `mocks` answers for resources of other packages: Pulumi's mocks, whose `call` also answers for functions, or a function like their
    `new_resource`. The Pulumi CLI has no mocks, so with it the test is skipped.

    `native=True` lets the program use the native provider too: the project names this package's own executable under `plugins.providers`.
    """
    from ..local.aws.isolation import isolated

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
        native: bool = False,
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
            pulumi_command=None if own_process else in_process(pulumi_engine, mocks),
            stack_settings={name: automation.StackSettings(encryption_salt=_salt())} if callable(program) else None,
        )
        options.pulumi_command = options.pulumi_command or pulumi_engine.command()
        if callable(program):
            made = automation.create_or_select_stack(name, project_name=project, program=program, opts=options)
        else:
            made = automation.create_or_select_stack(name, work_dir=str(folder), opts=options)
        if native:
            name_in_project(folder, write_executable(tmp_path / "plugin"))
        stack = PulumiStack(made, pulumi_engine)
        for key, value in (config or {}).items():
            stack.set_config(key, value)
        return stack

    with pickler_as_it_was(), connections_of_their_own(), environment_of_this_process(surrounding):
        yield make
    # A failed inline program leaves coroutines of the SDK behind. Collected in the middle of Python's own parser (pytest rewrites
    # modules) their clean-up breaks it: SystemError, AST constructor recursion depth mismatch (seen on 3.11).
    gc.collect()
