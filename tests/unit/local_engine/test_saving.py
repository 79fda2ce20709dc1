"""A state that cannot be saved: it is tried again, and what is on no record does not count as done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pulumi_local_engine.deploy import journal
from pulumi_local_engine.model.resource import Deployment, Resource

from .conftest import Run

PROGRAM = """\
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Blocking(ResourceProvider):
    def create(self, props):
        import os, threading, time

        path = props["path"]
        if path:
            # Nothing can take the place of a folder that is not empty.
            os.remove(path)
            os.makedirs(path + "/full")
            if props["seconds"]:
                def free():
                    time.sleep(props["seconds"])
                    os.rmdir(path + "/full")
                    os.rmdir(path)
                threading.Thread(target=free).start()
        with open("created", "a") as log:
            log.write(props["name"] + "\\n")
        return CreateResult("id-of-" + props["name"], props)

class Thing(Resource):
    pass

def thing(name, path="", after=()):
    inputs = {"name": name, "path": path, "seconds": SECONDS}
    return Thing(Blocking(), name, inputs, pulumi.ResourceOptions(depends_on=[*after]))

first = thing("first")
blocking = thing("blocking", PATH, [first])
last = thing("last", "", [blocking])
"""


@pytest.fixture
def state(project: Path) -> Path:
    return project.parent / "state/.pulumi/stacks/demo/dev.json"


def write_program(project: Path, state: Path, seconds: float) -> None:
    (project / "__main__.py").write_text(PROGRAM.replace("PATH", repr(str(state))).replace("SECONDS", str(seconds)))


def names(state: Path) -> list[str]:
    resources = json.loads(state.read_text())["checkpoint"]["latest"]["resources"]
    return [resource["urn"].rpartition("::")[2] for resource in resources]


def test_a_save_that_fails_is_tried_again(run: Run, project: Path, state: Path) -> None:
    write_program(project, state, seconds=0.5)
    run("stack", "init", "dev")
    done = run("up", "--yes", "--skip-preview")
    assert (done.code, "+ 4 created" in done.stdout) == (0, True), done.stdout
    assert sorted(names(state)) == ["blocking", "default", "demo-dev", "first", "last"]


def test_what_could_not_be_saved_is_not_done_and_nothing_more_is_begun(
    run: Run, project: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SAVE_AGAIN_SECONDS", (0.05, 0.05), raising=False)
    write_program(project, state, seconds=0)
    run("stack", "init", "dev")
    events = project / "events"
    failed = run("up", "--yes", "--skip-preview", "--event-log", str(events))
    assert failed.code == 1
    assert "pulumi-python:dynamic:Resource blocking **create failed**" in failed.stdout
    assert "error: the state of the stack could not be saved: " in failed.stdout
    assert "::blocking (id 'id-of-blocking') may not be in it" in failed.stdout
    assert "blocking created" not in failed.stdout
    assert (project / "created").read_text() == "first\nblocking\n", "nothing follows what is on no record"
    summary = [json.loads(line)["summaryEvent"] for line in events.read_text().splitlines() if "summaryEvent" in line]
    assert (summary[0]["result"], summary[0]["maybeCorrupt"]) == ("failed", True)
    assert summary[0]["resourceChanges"] == {"create": 2}, "the stack and the first resource"


def test_a_state_that_can_be_saved_in_the_end_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "SAVE_AGAIN_SECONDS", ())
    saved: list[Deployment] = []
    full_disk = [True]

    def save(deployment: Deployment) -> None:
        if full_disk:
            raise OSError("no space left on device")
        saved.append(deployment)

    kept = journal.Journal(Deployment(), save)
    thing = Resource("urn:pulumi:dev::demo::t:i:T::thing", custom=True, type="t:i:T", id="1")
    for write in (lambda: kept.begin("creating", thing), lambda: kept.end(None, journal.Effect(thing))):
        with pytest.raises(journal.NotSavedError, match="no space left on device"):
            write()
    full_disk.clear()
    kept.close()
    (last,) = saved
    assert ([resource.urn for resource in last.resources], last.pending_operations) == ([thing.urn], ())


def test_any_other_file_that_cannot_be_written_is_one_line(run: Run, project: Path) -> None:
    (project.parent / "state").write_text("a file where a folder is to be")
    refused = run("stack", "init", "dev")
    assert (refused.code, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("error: ")
