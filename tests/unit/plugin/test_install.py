"""`connect-domains plugin install`: the launcher is where Pulumi looks, starts this Python, and nothing of others is touched."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from pulumi_connect_domains import cli
from pulumi_connect_domains.native.version import plugin_version
from pulumi_connect_domains.plugin import launcher
from pulumi_connect_domains.stacks import plugins
from pulumi_connect_domains.stacks.plugins import EXECUTABLE, RECORD

OTHER_PLUGIN = "resource-random-v4.16.0"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pulumi's home, with another provider's plugin in it, and a blank in its name."""
    folder = tmp_path / "pulumi home"
    (folder / "plugins" / OTHER_PLUGIN).mkdir(parents=True)
    monkeypatch.setenv("PULUMI_HOME", str(folder))
    return folder


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A program in the place of Python, which prints its arguments; there are a blank and quotes in its path."""
    folder = tmp_path / 'Ada\'s own "env"'
    folder.mkdir()
    program = folder / "python"
    program.write_text('#!/bin/sh\nfor each in "$@"; do echo "<$each>"; done\n')
    program.chmod(0o755)
    return program


def names(home: Path) -> list[str]:
    return sorted(each.name for each in (home / "plugins").iterdir() if each.name != OTHER_PLUGIN)


def times(folder: Path) -> dict[str, int]:
    return {each.name: each.stat().st_mtime_ns for each in folder.iterdir()}


def not_ours(home: Path, version: str = "1.0.0") -> Path:
    folder = home / "plugins" / f"resource-connect-domains-v{version}"
    folder.mkdir()
    (folder / EXECUTABLE).write_text("of somebody else")
    return folder


# -- install ----------------------------------------------------------------------------------------------------------


def test_the_launcher_starts_the_python_with_the_engine_s_arguments(home: Path, python: Path) -> None:
    [said] = launcher.install(str(python), "1.0.0")
    folder = home / "plugins" / "resource-connect-domains-v1.0.0"
    assert said == f"installed {EXECUTABLE} 1.0.0 in {folder}"
    done = subprocess.run([folder / EXECUTABLE, "127.0.0.1:4711", "a b"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["<-c>", f"<{launcher.START}>", "<127.0.0.1:4711>", "<a b>"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_can_change_the_launcher_and_it_holds_no_setting(
    home: Path, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.setenv(name, "hush")
    before = os.umask(0)  # whatever people have set
    try:
        launcher.install(str(python), "1.2.3")
    finally:
        os.umask(before)
    [folder] = (home / "plugins" / each for each in names(home))
    files = [*folder.iterdir()]
    assert len(files) == 2
    for each in (folder, *files):
        assert each.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH) == 0, each
    assert not [each for each in files if "hush" in each.read_text()]


def test_the_launcher_is_no_process_beside_the_python_s(home: Path, tmp_path: Path) -> None:
    """The engine ends the process that it has started; were that a shell, Python would stay."""
    asks = tmp_path / "python"
    asks.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "import os; print(os.getpid())"\n')
    asks.chmod(0o755)
    launcher.install(str(asks), "1.0.0")
    process = subprocess.Popen([plugins.folder_of("1.0.0") / EXECUTABLE], stdout=subprocess.PIPE, text=True)
    assert int(process.communicate()[0]) == process.pid


def test_the_project_s_modules_are_not_taken_for_python_s(tmp_path: Path) -> None:
    """The engine starts the plugin in the project's folder."""
    for name in ("types", "logging", "pulumi_connect_domains"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('of the project')")
    start = launcher.START.replace("from pulumi_connect_domains.native.__main__ import main; sys.exit(main())", "")
    program = f"{start}import types, logging, pulumi_connect_domains; print('fine')"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("fine\n", "")


def test_a_second_time_nothing_is_written(python: Path) -> None:
    launcher.install(str(python), "1.0.0")
    before = times(plugins.folder_of("1.0.0"))
    [said] = launcher.install(str(python), "1.0.0")
    assert said.startswith("installed already: ")
    assert times(plugins.folder_of("1.0.0")) == before


@pytest.mark.parametrize("damage", ["no script", "another text", "not executable"])
def test_a_damaged_launcher_is_mended(damage: str, python: Path) -> None:
    launcher.install(str(python), "1.0.0")
    script = plugins.folder_of("1.0.0") / EXECUTABLE
    if damage == "no script":
        script.unlink()
    elif damage == "another text":
        script.write_text("")
    else:
        script.chmod(0o644)
    [said] = launcher.install(str(python), "1.0.0")
    assert said.startswith("installed pulumi-resource")
    assert subprocess.run([script], capture_output=True, check=True).stdout


def test_older_ones_of_this_python_and_of_one_that_is_gone_are_replaced(
    home: Path, python: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.touch()
    launcher.install(str(other), "0.7.0")
    launcher.install(str(python), "0.9.0")
    gone = tmp_path / "gone"
    gone.touch()
    launcher.install(str(gone), "0.8.0")
    gone.unlink()
    said = launcher.install(str(python), "1.0.0")
    assert [line.rpartition("-")[2] for line in said[1:]] == ["v0.8.0", "v0.9.0"]
    assert names(home) == ["resource-connect-domains-v0.7.0", "resource-connect-domains-v1.0.0"]


def test_the_same_version_of_another_python_is_replaced(python: Path, tmp_path: Path) -> None:
    launcher.install(str(tmp_path / "other"), "1.0.0")
    [said] = launcher.install(str(python), "1.0.0")
    assert said.startswith("installed pulumi-resource")
    assert str(python) in plugins.Launcher.of(plugins.folder_of("1.0.0")).python  # type: ignore[union-attr]


def test_a_folder_of_others_is_refused_and_nothing_is_written(home: Path, python: Path) -> None:
    launcher.install(str(python), "0.9.0")
    there = not_ours(home)
    with pytest.raises(launcher.Refused, match="not of our making"):
        launcher.install(str(python), "1.0.0")
    assert times(there).keys() == {EXECUTABLE}
    assert (there / EXECUTABLE).read_text() == "of somebody else"
    assert "resource-connect-domains-v0.9.0" in names(home)


@pytest.mark.parametrize("record", ["", "[]", '{"written_by": "me"}'], ids=["no JSON", "a list", "of another tool"])
def test_a_record_of_others_makes_no_folder_ours(record: str, home: Path, python: Path) -> None:
    (not_ours(home) / RECORD).write_text(record)
    with pytest.raises(launcher.Refused):
        launcher.install(str(python), "1.0.0")


def test_a_file_or_a_link_in_the_place_is_refused(home: Path, python: Path, tmp_path: Path) -> None:
    place = plugins.folder_of("1.0.0")
    place.symlink_to(tmp_path)
    with pytest.raises(launcher.Refused):
        launcher.install(str(python), "1.0.0")
    place.unlink()
    place.touch()
    with pytest.raises(launcher.Refused):
        launcher.install(str(python), "1.0.0")


def test_an_empty_folder_is_taken(home: Path, python: Path) -> None:
    plugins.folder_of("1.0.0").mkdir()
    assert launcher.install(str(python), "1.0.0")[0].startswith("installed pulumi-resource")


def test_an_installation_that_was_interrupted_is_ours(python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher.Path, "chmod", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        launcher.install(str(python), "1.0.0")
    monkeypatch.undo()
    assert launcher.install(str(python), "1.0.0")


def test_a_home_that_cannot_be_written_is_said(python: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "file"))
    with pytest.raises(launcher.ConfigurationError, match="cannot be changed"):
        launcher.install(str(python), "1.0.0")


def test_on_windows_the_launcher_is_a_file_that_pulumi_looks_for_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held against Pulumi's rules alone: no test runs on Windows. Source: getCandidateExtensions in plugins.go: .exe, then .cmd."""
    monkeypatch.setattr(sys, "platform", "win32")
    files = launcher._files(plugins.Launcher(r"C:\100% mine\python.exe", "1.0.0"))
    script = files[f"{EXECUTABLE}.cmd"]
    assert files.keys() == {RECORD, f"{EXECUTABLE}.cmd"}
    assert script == f'@"C:\\100%% mine\\python.exe" -c "{launcher.START}" %*\r\n'
    assert '"' not in launcher.START


# -- remove -----------------------------------------------------------------------------------------------------------


def test_only_ours_are_removed(home: Path, python: Path) -> None:
    launcher.install(str(python), "0.9.0")
    there = not_ours(home, "0.8.0")
    used = plugins.folder_of("0.9.0").with_name("resource-connect-domains-v0.9.0.lastused")
    used.touch()
    said = launcher.remove()
    assert said == [f"removed {plugins.folder_of('0.9.0')}", f"{there} is not of our making, and stays"]
    assert names(home) == [there.name]
    assert (home / "plugins" / OTHER_PLUGIN).is_dir()


def test_with_nothing_to_remove_it_says_so(home: Path) -> None:
    assert launcher.remove() == ["there is no plugin of ours"]
    (home / "plugins" / OTHER_PLUGIN).rmdir()
    (home / "plugins").rmdir()
    assert launcher.remove() == ["there is no plugin of ours"]


# -- the command ------------------------------------------------------------------------------------------------------


def test_the_command_installs_this_python_and_this_version(home: Path) -> None:
    result = CliRunner().invoke(cli.cli, ["plugin", "install"])
    assert (result.exit_code, names(home)) == (0, [f"resource-connect-domains-v{plugin_version()}"])
    record = plugins.Launcher.of(plugins.folder_of(plugin_version()))
    assert record == plugins.Launcher(os.path.abspath(sys.executable), plugin_version())
    assert CliRunner().invoke(cli.cli, ["plugin", "install", "--remove"]).exit_code == 0
    assert names(home) == []


def test_what_is_printed_for_a_project(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = tmp_path / "project" / ".venv" / "bin"
    scripts.mkdir(parents=True)
    (scripts / EXECUTABLE).touch()
    real = sysconfig.get_path
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(scripts) if name == "scripts" else real(name))

    def printed(folder: Path) -> object:
        monkeypatch.chdir(folder)
        result = CliRunner().invoke(cli.cli, ["plugin", "install", "--print"])
        assert result.exit_code == 0, result.output
        return yaml.safe_load(result.output)["plugins"]["providers"]

    assert printed(tmp_path / "project") == [{"name": "connect-domains", "path": ".venv/bin"}]
    assert printed(home) == [{"name": "connect-domains", "path": str(scripts)}]
    assert names(home) == []
    (scripts / EXECUTABLE).unlink()
    assert cli.run(["plugin", "install", "--print"]) == 1


def test_two_options_together_are_a_mistake(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["plugin", "install", "--print", "--remove"]) == 1
    assert "not both" in capfd.readouterr().err
