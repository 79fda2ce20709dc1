"""The doctor's check of the native plugin: found or not, and which version it starts."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from pulumi_connect_domains.doctor import plugin
from pulumi_connect_domains.doctor.model import Check
from pulumi_connect_domains.native.version import plugin_version
from pulumi_connect_domains.stacks import plugins
from pulumi_connect_domains.stacks.plugins import EXECUTABLE

SERVER = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
import grpc
from google.protobuf.wrappers_pb2 import StringValue
answer = grpc.unary_unary_rpc_method_handler(
    lambda request, context: StringValue(value=sys.argv[1]), response_serializer=StringValue.SerializeToString)
server = grpc.server(ThreadPoolExecutor(1))
server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("pulumirpc.ResourceProvider", {"GetPluginInfo": answer})])
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
threading.Event().wait()
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path / "home"


def put(folder: Path, version: str) -> Path:
    """A plugin that says it is of that version is in the folder."""
    folder.mkdir(parents=True)
    executable = folder / EXECUTABLE
    executable.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(SERVER)} {version}\n")
    executable.chmod(0o755)
    return folder


def checked(folder: Path) -> Check:
    return plugin.check(str(folder), 20)


def test_without_one_the_check_is_skipped(tmp_path: Path) -> None:
    found = checked(tmp_path)
    assert (found.status, found.advice) == ("skipped", "for other languages: connect-domains plugin install")


def test_the_one_at_home_is_this_package_s(tmp_path: Path) -> None:
    put(plugins.folder_of(plugin_version()), plugin_version())
    put(plugins.folder_of("99.0.0"), "99.0.0")
    found = checked(tmp_path)
    assert found.status == "ok"
    assert found.found.endswith(f"resource-connect-domains-v{plugin_version()}, version {plugin_version()}")


def test_another_version_is_a_warning(tmp_path: Path) -> None:
    put(plugins.folder_of("0.0.1"), "0.0.1")
    found = checked(tmp_path)
    assert (found.status, found.advice) == ("warning", plugin.INSTALL)
    assert found.found.endswith(f", version 0.0.1; this package is {plugin_version()}")


def test_a_folder_whose_name_is_not_the_version_that_it_starts_is_a_warning(tmp_path: Path) -> None:
    put(plugins.folder_of("0.0.1"), plugin_version())
    found = checked(tmp_path)
    assert found.status == "warning"
    assert found.found.endswith("though it is called 0.0.1 there")


def test_on_path_it_counts_before_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(plugins.folder_of(plugin_version()), plugin_version())
    folder = put(tmp_path / "bin", "0.0.1")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    found = checked(tmp_path)
    assert found.status == "warning"
    assert found.found == f"on PATH is {folder}, version 0.0.1; this package is {plugin_version()}"


def test_a_project_that_names_a_folder_without_it_fails(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("plugins: {providers: [{name: connect-domains, path: bin}]}")
    assert checked(tmp_path).status == "failed"
    put(tmp_path / "bin", plugin_version())
    assert checked(tmp_path).status == "ok"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo sorry >&2; echo 'No module' >&2; exit 1", "which does not start: No module"),
        ("exit 1", "which does not start: it says no port"),
        ("echo 1; exec sleep 60", "which does not start: it does not answer (UNAVAILABLE)"),
    ],
)
def test_one_that_does_not_start_is_a_warning(script: str, said: str, tmp_path: Path) -> None:
    folder = plugins.folder_of("1.0.0")
    folder.mkdir(parents=True)
    (folder / EXECUTABLE).write_text(f"#!/bin/sh\n{script}\n")
    (folder / EXECUTABLE).chmod(0o755)
    found = checked(tmp_path)
    assert (found.status, found.found.endswith(said)) == ("warning", True), found
    (folder / EXECUTABLE).chmod(0o644)
    assert checked(tmp_path).status == "warning"
    (folder / EXECUTABLE).unlink()
    assert checked(tmp_path) == Check(
        plugin.NAME, "warning", f"Pulumi's home holds {folder}, without {EXECUTABLE}", plugin.INSTALL
    )


def test_one_that_says_nothing_ends_with_the_time_limit(tmp_path: Path) -> None:
    folder = plugins.folder_of("1.0.0")
    folder.mkdir(parents=True)
    (folder / EXECUTABLE).write_text("#!/bin/sh\nexec sleep 60\n")
    (folder / EXECUTABLE).chmod(0o755)
    assert plugin.check(str(tmp_path), 0.5).status == "warning"
