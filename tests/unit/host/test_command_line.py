"""What a command asks for, as the provider's host reads it from the command lines above it: to replace a resource, to show the log."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pulumi_connect_domains.host import command_line
from pulumi_connect_domains.host.command_line import asks_to_replace, may_show_log

URN = "urn:pulumi:dev::app::pulumi-python:dynamic/voiceid:Domain::calls"
ASKING = {
    "--replace": ["up", "--replace", URN],
    "--target-replace": ["up", "--yes", "--target-replace", URN, "--skip-preview"],
    "with an equals sign": ["up", f"--replace={URN}"],
    "one of several": ["up", f"--replace={URN}x,{URN}"],
    "the second option": ["up", "--replace", f"{URN}x", "--replace", URN],
    "a pattern": ["up", "--replace", "urn:pulumi:*::app::**::calls"],
}
NOT_ASKING = {
    "another resource": ["up", "--replace", f"{URN}x"],
    "a pattern that stops at a colon": ["up", "--replace", "urn:*::calls"],
    "a target": ["up", "--target", URN],
    "without a value": ["up", URN, "--replace"],
    "in another word": ["sh", "-c", f"pulumi up --replace {URN}"],
    "nothing": [],
}


def above(monkeypatch: pytest.MonkeyPatch, *lines: list[str]) -> None:
    monkeypatch.setattr(command_line, "_commands_above", lambda: lines)


@pytest.mark.parametrize("words", ASKING.values(), ids=ASKING)
def test_a_command_that_asks(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    above(monkeypatch, ["sh", "pulumi-resource-pulumi-python"], ["pulumi", *words])
    assert asks_to_replace(URN)
    assert not asks_to_replace("")


@pytest.mark.parametrize("words", NOT_ASKING.values(), ids=NOT_ASKING)
def test_a_command_that_does_not_ask(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    above(monkeypatch, ["pulumi", *words])
    assert not asks_to_replace(URN)


SHOWING = {
    "--debug": ["up", "--debug"],
    "-d": ["up", "-d"],
    "among other letters": ["up", "-yd"],
    "verbose": ["-v9", "destroy"],
    "verbose, in words": ["destroy", "--verbose=9"],
    "to a file of events": ["up", "--event-log", "events.json"],
    "to standard error": ["up", "--logtostderr"],
}
NOT_SHOWING = {
    "plain": ["up", "--yes", "--stack", "dev"],
    "short": ["up", "-y", "-s", "dev-v9"],
    "a plan": ["up", "--diff"],
}


@pytest.mark.parametrize("words", SHOWING.values(), ids=SHOWING)
def test_a_command_that_may_show_the_log(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    above(monkeypatch, ["sh", "pulumi-resource-pulumi-python"], ["pulumi", *words])
    assert may_show_log()


@pytest.mark.parametrize("words", NOT_SHOWING.values(), ids=NOT_SHOWING)
def test_a_command_that_shows_no_log(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.delenv(command_line.LOG_ENDPOINT, raising=False)
    above(monkeypatch, ["sh", "pulumi-resource-pulumi-python"], ["pulumi", *words])
    assert not may_show_log()
    monkeypatch.setenv(command_line.LOG_ENDPOINT, "http://127.0.0.1:4317")
    assert may_show_log()


def test_where_no_command_can_be_read_the_log_may_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    above(monkeypatch)
    assert may_show_log()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="there is no /proc, so nothing is known")
def test_it_is_read_from_the_processes_above() -> None:
    asking = f"from pulumi_connect_domains.host.command_line import asks_to_replace; print(asks_to_replace({URN!r}))"
    starting = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {asking!r}], check=True)"
    for words, expected in ((["--replace", URN], "True"), ([], "False")):
        command = [sys.executable, "-c", starting, *words]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == expected


def test_it_is_read_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(command_line, "_read_upwards", lambda process: read.append(process) or iter([["up"]]))
    command_line._commands_from.cache_clear()
    try:
        assert [asks_to_replace(f"{URN}{each}") for each in range(5)] == [False] * 5
        assert len(read) == 1
    finally:
        command_line._commands_from.cache_clear()
