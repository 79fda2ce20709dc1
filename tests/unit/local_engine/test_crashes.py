"""Whatever kills the engine, at whatever moment: the next command opens the state, loses nothing, and brings all to its end."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi_local_engine.deploy import journal
from pulumi_local_engine.store.backend import FileBackend, StackName

from .declared import Command, Drift, Kill, Program, Thing, tidied
from .test_any_program import finish
from .worlds import World

ONE = tidied([Thing("g", "group"), Thing("a", parent="g"), Thing("b", takes=("a",)), Thing("c", base="a", word=1)])


def changed(**of_a: Any) -> Program:
    return tidied([Thing("g", "group"), Thing("a", parent="g", **of_a), Thing("b", takes=("a",)), Thing("c", base="a")])


WAYS: dict[str, tuple[Program | None, Program, Command]] = {
    "a create": (None, ONE, Command()),
    "creates side by side": (None, ONE, Command(parallel=4)),
    "an update": (ONE, changed(size=2), Command()),
    "a replacement that creates first": (ONE, changed(shape=1), Command()),
    "a replacement that deletes first": (ONE, changed(shape=1, deletes_first=True), Command()),
    "a rename": (ONE, tidied([Thing("n", "group", former=(ONE.urn("g"),)), *ONE.things[1:]]), Command()),
    "deletes": (ONE, tidied([Thing("d")]), Command()),
    "a refresh": (ONE, ONE, Command("refresh", drift=(Drift("a", 7), Drift("b", None)))),
    "an update after a refresh": (ONE, changed(size=1), Command(refresh=True, drift=(Drift("c", None),))),
    "a destroy": (ONE, ONE, Command("destroy")),
}
"""What stands before, the program, and the command that is killed."""


def world_of(before: Program | None) -> World:
    world = World()
    if before:
        world.run(before, Command())
    return world


@pytest.mark.parametrize("way", WAYS)
def test_a_kill_at_every_save_and_every_call_is_survived(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "SAVE_AGAIN_SECONDS", ())
    before, program, command = WAYS[way]
    whole = world_of(before).run(program, command).moment
    assert whole.saves > 1
    kills = [Kill("save", number) for number in range(1, whole.saves + 1)]
    kills += [Kill("call", number) for number in range(1, whole.calls + 1)]
    for kill, first in itertools.product(kills, (True, False)):
        world = world_of(before)
        world.run(program, Command(**{**vars(command), "kill": Kill(kill.at, kill.number, first)}))
        finish(world, program)


# -- the file ---------------------------------------------------------------------------------------------------------

NAME = StackName("demo", "dev")


def state(number: int) -> dict[str, Any]:
    """A deployment of some size that says its number in all of its parts."""
    resources = [
        {"urn": f"urn:pulumi:dev::demo::a:b:C::r{each}", "custom": False, "type": "a:b:C", "outputs": {"n": number}}
        for each in range(50)
    ]
    return {"resources": resources, "metadata": {}}


def number_in(backend: FileBackend) -> int:
    """The number that the state says. Fails when it says more than one."""
    (found,) = {each["outputs"]["n"] for each in backend.load(NAME)["deployment"]["resources"]}
    return int(found)


class Killed(BaseException):
    """The process is gone at this moment."""


def cut_short(path: Path, text: str, encoding: str = "utf-8") -> int:
    with path.open("w", encoding=encoding) as file:
        file.write(text[: len(text) // 2])
    raise Killed


def gone(*_: Any, **__: Any) -> Any:
    raise Killed


@pytest.mark.parametrize(
    ("holder", "step", "happens"),
    [
        pytest.param(Path, "write_text", cut_short, id="half of the new file is written"),
        pytest.param(os, "replace", gone, id="the new file is written, and not yet in its place"),
        pytest.param(shutil, "copyfile", gone, id="the copy of the old state is not made"),
    ],
)
def test_a_save_that_is_broken_off_leaves_the_state_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holder: Any, step: str, happens: Callable[..., Any]
) -> None:
    backend = FileBackend(f"file://{tmp_path}")
    backend.create(NAME, state(1))
    with monkeypatch.context() as patch:
        patch.setattr(holder, step, happens)
        with pytest.raises(Killed):
            backend.save(NAME, state(2))
    assert number_in(FileBackend(f"file://{tmp_path}")) == 1
    backend.save(NAME, state(3))
    assert number_in(backend) == 3
    assert backend.stacks() == [NAME], "what was left of the save is no stack"


SAVING = """
import itertools, json, sys
from pulumi_local_engine.store.backend import FileBackend, StackName
backend, state = FileBackend(sys.argv[1]), json.loads(sys.argv[2])
for number in itertools.count(2):
    for resource in state["resources"]:
        resource["outputs"]["n"] = number
    backend.save(StackName("demo", "dev"), state)
    print(number, flush=True)
"""


def test_a_process_that_is_killed_in_the_middle_of_saves_leaves_a_whole_state(tmp_path: Path) -> None:
    url = f"file://{tmp_path}"
    backend = FileBackend(url)
    backend.create(NAME, state(1))
    for kill in range(12):
        command = [sys.executable, "-c", SAVING, url, json.dumps(state(1))]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.003 * kill)  # somewhere in one of the next saves
        process.send_signal(signal.SIGKILL)
        told = [int(line) for line in process.stdout.read().split()]
        process.stdout.close()
        process.wait()
        assert number_in(backend) >= max(told, default=2), "what was saved stays"
