"""Plugins of the local engine: where they are looked for, and how one that does not start, or does not speak the protocol, is told."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from pulumi_local_engine.deploy.naming import KEY, Naming
from pulumi_local_engine.deploy.options import Stack
from pulumi_local_engine.model.events import Diagnostic
from pulumi_local_engine.model.reading import DamagedError
from pulumi_local_engine.model.resource import Deployment, Resource
from pulumi_local_engine.model.urn import PROVIDERS
from pulumi_local_engine.provider import hosts as hosts_module
from pulumi_local_engine.provider.hosts import HostError, Hosts, find_plugin
from pulumi_local_engine.provider.protocol import Name, ProviderError
from pulumi_local_engine.provider.rpc import HostedProvider
from pulumi_local_engine.provider.sources import HostedProviders

TRACES = Path(__file__).parents[2] / "traces"
PLUGIN = TRACES / "things" / "things_plugin.py"
RUN = f'exec {sys.executable} -u {PLUGIN} "$@"'
PROVIDER = "urn:pulumi:dev::project::pulumi:providers:things::default"
THING = "urn:pulumi:dev::project::things:index:Thing::a"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the plugins of these tests are shell scripts")


def write_plugin(folder: Path, script: str = "") -> Path:
    """An executable of the package `things`; by default the one of the traces."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pulumi-resource-things"
    path.write_text(f"#!/bin/sh\n{script or RUN}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def is_there(number: int) -> bool:
    """True while the process of that number is there."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


class Bench:
    """One run's providers, with a plugin in a folder that Pulumi.yaml names."""

    def __init__(self, folder: Path, script: str = "", **variables: str) -> None:
        path = os.pathsep.join([str(TRACES / "things"), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "THINGS_CLOUD": str(folder / "cloud.json"), **variables}
        write_plugin(folder / "plugin", script)
        self.heard: list[Diagnostic] = []
        self.hosts = Hosts(sys.executable, folder, environment, plugins={"things": folder / "plugin"})
        self.providers = HostedProviders(self.hosts)
        self.providers.listen(self.heard.append)

    def close(self) -> None:
        self.hosts.close()

    def load(self) -> HostedProvider:
        provider = self.providers.load(Resource(PROVIDER, True, f"{PROVIDERS}things", id="0"), False)
        assert isinstance(provider, HostedProvider)
        return provider


# -- where it is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "version", "expected"),
    [
        (["declared", "path", "home/plugins/resource-things-v1.0.0"], "", "declared"),
        (["path", "home/plugins/resource-things-v1.0.0"], "", "path"),
        (["home/plugins/resource-things-v1.9.0", "home/plugins/resource-things-v1.10.0"], "", "1.10.0"),
        (["home/plugins/resource-things-v1.9.0", "home/plugins/resource-things-v1.10.0"], "1.9.0", "1.9.0"),
        (["home/plugins/resource-things-v1.9.0", "home/plugins/resource-other-v2.0.0"], "", "1.9.0"),
    ],
    ids=["where Pulumi.yaml says", "on PATH", "the newest one installed", "the version asked for", "of this package"],
)
def test_a_plugin_is_found(places: list[str], version: str, expected: str, tmp_path: Path) -> None:
    for place in places:
        write_plugin(tmp_path / place, "exit")
    declared = {"things": tmp_path / "declared"} if "declared" in places else {}
    environment = {"PULUMI_HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "path")}
    assert Path(find_plugin("things", version, declared, environment)).parent.name.endswith(expected)


@pytest.mark.parametrize(
    ("declared", "version", "sentence"),
    [
        (
            {},
            "",
            "package 'things': there is no plugin pulumi-resource-things, neither in `plugins.providers` of Pulumi.yaml, nor on "
            "PATH, nor in HOME/plugins/resource-things-v*; in tests it can be mocked",
        ),
        (
            {},
            "2.0.0",
            "package 'things': there is no plugin pulumi-resource-things, neither in `plugins.providers` of Pulumi.yaml, nor on "
            "PATH, nor in HOME/plugins/resource-things-v2.0.0; in tests it can be mocked",
        ),
        (
            {"things": Path("/nowhere")},
            "",
            "package 'things': Pulumi.yaml says that its plugin is in /nowhere, where there is no pulumi-resource-things",
        ),
    ],
    ids=["nowhere", "in another version", "not where Pulumi.yaml says"],
)
def test_a_plugin_that_is_not_there_is_told(
    declared: Mapping[str, Path], version: str, sentence: str, tmp_path: Path
) -> None:
    write_plugin(tmp_path / "plugins" / "resource-things-v1.0.0" if version else tmp_path / "elsewhere", "exit")
    with pytest.raises(HostError) as caught:
        find_plugin("things", version, declared, {"PULUMI_HOME": str(tmp_path), "PATH": ""})
    assert str(caught.value) == sentence.replace("HOME", str(tmp_path))


# -- how it starts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo no licence >&2; exit 3", "did not start:\nno licence"),
        ("exit 3", "did not start:\nit said nothing"),
        ("echo hello; exec sleep 60", "did not start:\nhello"),
        ("echo 70000; exec sleep 60", "did not start:\n70000"),
    ],
    ids=["dies at its start", "dies without a word", "prints no port", "prints no port that can be"],
)
def test_a_plugin_that_does_not_start_is_told_with_what_it_printed(script: str, told: str, tmp_path: Path) -> None:
    with closing(Bench(tmp_path, script)) as bench, pytest.raises(ProviderError) as caught:
        bench.load()
    assert told in str(caught.value)
    assert str(tmp_path / "plugin" / "pulumi-resource-things") in str(caught.value)


def test_a_plugin_that_cannot_be_run_is_told(tmp_path: Path) -> None:
    with closing(Bench(tmp_path)) as bench:
        (tmp_path / "plugin" / "pulumi-resource-things").write_text("#!/no/such/interpreter\n")
        with pytest.raises(ProviderError, match=r"did not start: .*No such file"):
            bench.load()


def test_a_plugin_that_speaks_something_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts_module, "GREETING_SECONDS", 1.0)
    (tmp_path / "mute.py").write_text(
        "import socket, time\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "print(server.getsockname()[1], flush=True)\n"
        "time.sleep(60)\n"
    )
    script = f"exec {sys.executable} {tmp_path / 'mute.py'}"
    with closing(Bench(tmp_path, script)) as bench, pytest.raises(ProviderError, match="the handshake with the plugin"):
        bench.load()


def test_a_plugin_that_refuses_this_engine_is_told_in_its_own_words(tmp_path: Path) -> None:
    behave = '{"plugin": {"handshake": "refuse"}}'
    with closing(Bench(tmp_path, THINGS_BEHAVE=behave)) as bench, pytest.raises(ProviderError) as caught:
        bench.load()
    path = tmp_path / "plugin" / "pulumi-resource-things"
    assert str(caught.value) == f"the handshake with the plugin {path} failed: this engine is too old"


def test_an_older_plugin_says_in_its_configuration_what_it_takes(tmp_path: Path) -> None:
    behave = '{"plugin": {"handshake": "none"}, "default": {"configure": "no_secrets"}}'
    with closing(Bench(tmp_path, THINGS_BEHAVE=behave)) as bench:
        accepts = bench.load().host.accepts
    assert (accepts.secrets, accepts.references, accepts.previews, accepts.names) == (False, True, True, True)


def test_what_a_plugin_prints_is_for_debugging_and_what_it_logs_is_told(tmp_path: Path) -> None:
    behave = '{"a": {"check": "warn"}}'
    with closing(Bench(tmp_path, f"echo noise >&2; {RUN}", THINGS_BEHAVE=behave)) as bench:
        bench.load().check(THING, {}, {"name": "a", "size": 1}, None)
        assert bench.heard[0] == Diagnostic("debug", "noise\n")
        assert bench.heard[1:] == [Diagnostic("warning", "mind the size", THING)]


def test_functions_are_refused_by_name(tmp_path: Path) -> None:
    told = "package 'things': functions are not supported by the local engine"
    with closing(Bench(tmp_path)) as bench, pytest.raises(ProviderError, match=told):
        bench.providers.invoke("things:index:find", {}, "")


def test_a_call_under_way_hears_that_it_is_cancelled(tmp_path: Path) -> None:
    with closing(Bench(tmp_path, THINGS_BEHAVE='{"a": {"create": "wait"}}')) as bench:
        provider = bench.load()
        timer = threading.Timer(0.3, bench.providers.cancel)
        timer.start()
        began = time.monotonic()
        with pytest.raises(ProviderError, match="create was cancelled"):
            provider.create(Resource(THING, True, "things:index:Thing", inputs={"name": "a", "size": 1}), False)
        assert time.monotonic() - began < 5


def test_no_plugin_lives_on(tmp_path: Path) -> None:
    with closing(Bench(tmp_path)) as bench:
        process: subprocess.Popen[str] = bench.load().host._process
        os.kill(process.pid, signal.SIGSTOP)  # it does not even hear that it is to end
    assert process.poll() is not None


def test_a_script_around_a_plugin_ends_with_it(tmp_path: Path) -> None:
    script = f'{sys.executable} -u {PLUGIN} "$@" &\necho $! > {tmp_path / "pid"}\nwait'
    with closing(Bench(tmp_path, script)) as bench:
        bench.load()
        number = int((tmp_path / "pid").read_text())
        assert is_there(number)
    deadline = time.monotonic() + 5
    while is_there(number) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_there(number)


# -- names -----------------------------------------------------------------------------------------------------------


def naming(settings: str, **config: str) -> Naming:
    stack = Stack("project", "dev", Deployment(), lambda deployment: None, config={KEY: settings, **config})
    return Naming(stack)


@pytest.mark.parametrize(
    ("settings", "name", "repeats"),
    [
        ("{}", None, False),
        ('{"mode": "default"}', None, False),
        ('{"mode": "verbatim"}', Name("a", 1), True),
        ('{"mode": "disabled"}', Name("", 2), True),
        ('{"pattern": "${organization}-${project}-${stack}-${config.team}-${name}"}', Name("organization-project-dev-red-a", 0), True),
        ('{"pattern": "x-${name}", "enforce": true}', Name("x-a", 1), True),
        ('{"mode": "verbatim", "providers": {"things": {"mode": "default"}}}', None, False),
        ('{"mode": "verbatim", "providers": {"things": {"resources": {"things:index:Other": {"mode": "disabled"}}}}}', Name("a", 1), True),
        ('{"providers": {"things": {"mode": "verbatim", "resources": {"things:index:Thing": {"mode": "disabled"}}}}}', Name("", 2), True),
    ],
)  # fmt: skip
def test_a_name_is_as_the_configuration_wants_it(settings: str, name: Name | None, repeats: bool) -> None:
    found = naming(settings, **{"project:team": "red"})
    assert (found.name_of(THING), found.repeats(THING)) == (name, repeats)


def test_a_pattern_with_something_random_gives_other_names() -> None:
    found = naming('{"pattern": "${name}-${hex(4)}${alphanum(4)}${string(4)}${num(4)}-${uuid}"}')
    names = {name.text for name in (found.name_of(THING), found.name_of(THING)) if name}
    assert len(names) == 2
    assert {len(name) for name in names} == {2 + 16 + 1 + 36}
    assert not found.repeats(THING)


@pytest.mark.parametrize("settings", ["[]", "{", '{"mode": 1}', '{"providers": {"things": "verbatim"}}'])
def test_a_configuration_of_names_that_is_none_is_told(settings: str) -> None:
    with pytest.raises(DamagedError, match="pulumi:autonaming is damaged"):
        naming(settings)
