"""Whole runs in memory: functions as programs, the real provider host kept warm, and rules that hold for any program."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.mocks import MockResourceArgs
from pulumi_connect_domains.testing.forking import ForkServer
from pulumi_local_engine.deploy.ledger import Ledger
from pulumi_local_engine.deploy.options import Options
from pulumi_local_engine.model.values import Secret
from pulumi_local_engine.program.programs import PythonProgram

from .stacks import MemoryStack, Outcome

THINGS = Path(__file__).parents[2] / "traces" / "things"


class Bench:
    """Hosts that are forked, whose providers' cloud is a file."""

    def __init__(self, folder: Path, server: ForkServer) -> None:
        self.folder, self._server = folder, server
        self.cloud = folder / "cloud.json"
        self.environment = {
            **os.environ,
            "THINGS_CLOUD": str(self.cloud),
            "PYTHONPATH": str(THINGS),
            "THINGS_BEHAVE": "{}",
        }

    def stack(self, **options: Any) -> MemoryStack:
        """A new stack, and a cloud with nothing in it."""
        self.cloud.write_text("{}")
        return MemoryStack(self.folder, self.environment, self._server.spawn, **options)

    @property
    def things(self) -> dict[str, Any]:
        return dict(json.loads(self.cloud.read_text()))


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    found = ForkServer(["pulumi.dynamic", "pulumi.runtime.proto.engine_pb2_grpc"])
    yield found
    found.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, server: ForkServer) -> Iterator[Bench]:
    sys.path.insert(0, str(THINGS))
    yield Bench(tmp_path_factory.mktemp("bench"), server)
    sys.path.remove(str(THINGS))


def thing(name: str, opts: pulumi.ResourceOptions | None = None, /, **args: Any) -> Any:
    from things import Thing

    return Thing(name, {"name": name, "size": 1, **args}, opts)


def declare(document: dict[str, tuple[int, set[str]]]) -> Callable[[], None]:
    """A program of things: name -> (size, the earlier names it takes an output of)."""

    def program() -> None:
        made: dict[str, Any] = {}
        for name, (size, needs) in document.items():
            labels = {need: made[need].arn for need in sorted(needs) if need in made}
            made[name] = thing(name, size=size, labels=labels)
        pulumi.export("names", sorted(made))

    return program


DOCUMENTS = st.dictionaries(
    st.sampled_from("abcde"), st.tuples(st.integers(0, 2), st.sets(st.sampled_from("abcde"), max_size=2)), max_size=5
)


def as_planned(planned: Mapping[str, int], done: Mapping[str, int]) -> bool:
    """Whether what was done is what was planned. What takes an output of a thing that is updated is planned as an update, since the output
    is unknown in a preview, and may turn out to be the same."""
    phantoms = planned.get("update", 0) - done.get("update", 0)
    expected = {**planned, "update": planned.get("update", 0) - phantoms, "same": planned.get("same", 0) + phantoms}
    return phantoms >= 0 and {op: count for op, count in expected.items() if count} == dict(done)


@pytest.mark.parametrize(
    "tries", [pytest.param(4, id="4 tries"), pytest.param(40, id="40 tries", marks=pytest.mark.long)]
)
def test_any_programs_one_after_the_other(bench: Bench, tries: int) -> None:
    # As in test_any_program: the short run is the same each time.
    @settings(max_examples=tries, deadline=None, suppress_health_check=list(HealthCheck), derandomize=tries < 40)
    @given(documents=st.lists(DOCUMENTS, min_size=1, max_size=3))
    def holds(documents: list[dict[str, tuple[int, set[str]]]]) -> None:
        live_through(bench, documents)

    holds()


def live_through(bench: Bench, documents: list[dict[str, tuple[int, set[str]]]]) -> None:
    stack = bench.stack()
    for document in documents:
        planned = stack.preview(declare(document))
        done = stack.up(declare(document))
        assert not done.failed, done.messages
        assert as_planned(planned.result.changes, done.result.changes)
        assert {name: found["size"] for name, found in bench.things.items()} == {n: d[0] for n, d in document.items()}
        assert {r.name for r in stack.state.resources if r.type.endswith(":Thing")} == document.keys()
        assert stack.state.pending_operations == ()
        before = stack.state
        again = stack.up(declare(document))
        assert set(again.result.changes) <= {"same"}
        assert not again.result.has_changes
        assert {r.urn: r.outputs for r in stack.state.resources} == {r.urn: r.outputs for r in before.resources}
        assert not stack.refresh(preview=True).result.has_changes
    assert not stack.destroy().failed
    assert stack.state.resources == ()
    assert bench.things == {}


def test_secrets_stay_secret_from_configuration_to_state(bench: Bench) -> None:
    def program() -> None:
        thing("a", note=pulumi.Config().require_secret("word"), labels={"x": pulumi.Output.secret("y"), "z": "open"})
        pulumi.export("word", pulumi.Config().require_secret("word"))

    stack = bench.stack(config={"project:word": "s3cr3t"}, secret_keys={"project:word"})
    done = stack.up(program)
    found = stack.resource("a")
    assert bench.things["a"]["note"] == "s3cr3t"
    assert found.outputs["note"] == found.inputs["note"] == Secret("s3cr3t")
    assert found.outputs["labels"] == {"x": Secret("y"), "z": "open"}
    assert done.result.outputs == {"word": Secret("s3cr3t")}
    assert "s3cr3t" not in repr(done.events) + repr(stack.state)


def test_other_packages_are_refused_by_name_or_mocked(bench: Bench) -> None:
    seen: list[tuple[str, str, dict[str, Any]]] = []

    def mock(asked: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        seen.append((asked.typ, asked.name, asked.inputs))
        return f"{asked.name}-id", {**asked.inputs, "arn": f"arn:{asked.name}"}

    class Bucket(pulumi.CustomResource):
        arn: pulumi.Output[str]

        def __init__(self, name: str, tag: str) -> None:
            super().__init__("aws:s3/bucket:Bucket", name, {"tag": tag, "arn": None})

    def program() -> None:
        bucket = Bucket("b", "t")
        thing("a", labels={"of": bucket.arn})
        found = pulumi.runtime.invoke_output("aws:index:whoami", {"q": "?"})
        pulumi.export("who", found.apply(lambda answer: answer["account"]))

    refused = bench.stack().up(program)
    assert refused.failed
    assert any("package 'aws'" in message for message in refused.messages), refused.messages
    stack = bench.stack(
        mocks=SimpleNamespace(new_resource=mock, call=lambda asked: {"account": f"{asked.token}{asked.args['q']}"})
    )
    done = stack.up(program)
    assert not done.failed, done.messages
    assert seen == [("aws:s3/bucket:Bucket", "b", {"tag": "t"})]
    assert bench.things["a"]["labels"] == {"of": "arn:b"}
    assert done.result.outputs == {"who": "aws:index:whoami?"}
    assert not stack.up(program).result.has_changes
    assert not stack.destroy().failed


class Existing(pulumi.CustomResource):
    def __init__(self, name: str, id: str) -> None:
        super().__init__("aws:s3/bucket:Bucket", name, {}, pulumi.ResourceOptions(id=id))


def call_aws() -> None:
    pulumi.runtime.invoke_output("aws:index:whoami", {"q": "?"})


def raise_(error: Exception) -> Any:
    raise error


def test_mocks_are_told_the_id_of_what_exists(bench: Bench) -> None:
    seen: list[MockResourceArgs] = []

    def mock(asked: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        seen.append(asked)
        return None, asked.inputs

    stack = bench.stack(mocks=SimpleNamespace(new_resource=mock))
    done = stack.up(lambda: Existing("b", "there"))
    assert not done.failed, done.messages
    assert [(each.name, each.resource_id, each.custom) for each in seen] == [("b", "there", True)]
    assert stack.resource("b").id == "there"


@pytest.mark.parametrize(
    ("program", "answers", "sentence"),
    [
        pytest.param(
            lambda: pulumi.CustomResource("aws:s3/bucket:Bucket", "b", {}),
            {"new_resource": lambda asked: raise_(KeyError("arn"))},
            "'arn'",
            id="a resource",
        ),
        pytest.param(call_aws, {"call": lambda asked: raise_(ValueError("no"))}, "no", id="a function"),
        pytest.param(call_aws, {"call": lambda asked: ({}, [("q", "is odd")])}, "q: is odd", id="its arguments"),
    ],
)
def test_what_a_mock_refuses_is_the_programs_failure(
    bench: Bench, program: Callable[[], object], answers: dict[str, Any], sentence: str
) -> None:
    failed = bench.stack(mocks=SimpleNamespace(**{"new_resource": lambda asked: ("id", {}), **answers})).up(program)
    assert failed.failed
    assert any(sentence in message for message in failed.messages), failed.messages


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        pytest.param(
            lambda: thing("a", pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[hook()]))),
            "resource hooks are not supported by the local engine",
            id="hooks",
        ),
        pytest.param(
            lambda: pulumi.runtime.register_resource_transform(lambda args: None),
            "transforms are not supported by the local engine",
            id="transforms",
        ),
        pytest.param(
            lambda: thing("a", pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="soon"))),
            "'soon' is not a duration",
            id="a time-out that is none",
        ),
        pytest.param(
            lambda: thing("a", note=pulumi.FileAsset("x")),
            "assets and archives are not supported by the local engine",
            id="assets",
        ),
        pytest.param(lambda: [thing("a"), thing("a")], "Duplicate resource URN", id="two of one name"),
        pytest.param(lambda: 1 / 0, "ZeroDivisionError", id="a program that fails"),
    ],
)
def test_what_cannot_be_is_said(bench: Bench, program: Callable[[], Any], sentence: str) -> None:
    done = bench.stack().up(lambda: program() and None)
    assert done.failed
    assert any(sentence in message for message in done.messages), done.messages


def hook() -> Any:
    return pulumi.ResourceHook("h", lambda args: None)


def test_a_failure_names_its_resource_and_leaves_the_rest(bench: Bench) -> None:
    stack = bench.stack()
    bench.cloud.write_text(json.dumps({"b": {}}))  # so that its create fails

    def program() -> None:
        b = thing("b")
        thing("c", pulumi.ResourceOptions(depends_on=[b]))
        thing("a")

    done = stack.up(program, continue_on_error=True)
    assert done.failed
    assert {r.name for r in stack.state.resources} == {"project-dev", "default", "a"}
    assert any("b already exists" in message for message in done.messages)
    bench.cloud.write_text(json.dumps({k: v for k, v in bench.things.items() if k != "b"}))
    assert stack.up(program).result.changes == {"same": 2, "create": 2}


def test_a_provider_that_dies_in_a_call_is_a_failure_of_that_resource(bench: Bench) -> None:
    stack = bench.stack()
    stack.environment = {**bench.environment, "THINGS_BEHAVE": json.dumps({"a": {"create": "die"}})}
    done = stack.up(lambda: thing("a"))
    assert done.failed
    assert any("process ended in the middle of Create" in message for message in done.messages), done.messages
    stack.environment = bench.environment
    assert not stack.up(lambda: thing("a")).failed, "the next run has a host of its own"


def changes(outcome: Outcome) -> dict[str, int]:
    return {op: count for op, count in outcome.result.changes.items() if op != "same"}


def test_targets_protect_and_replacement_together(bench: Bench) -> None:
    stack = bench.stack()

    def program(name: str, protect: bool) -> Callable[[], None]:
        def declare_both() -> None:
            a = thing("a", pulumi.ResourceOptions(protect=protect), name=name)
            thing("b", labels={"of": a.arn}, size=len(name))

        return declare_both

    assert changes(stack.up(program("a", True))) == {"create": 3}
    refused = stack.up(program("a2", True))
    assert refused.failed
    assert any("unable to replace resource" in message for message in refused.messages)
    assert sorted(bench.things) == ["a", "b"]
    only_a = stack.up(program("a2", False), targets=("**::a",))
    assert changes(only_a) == {"replace": 1}
    assert bench.things["b"]["labels"] == {"of": "arn:thing/a"}, "b was no target"
    assert changes(stack.up(program("a2", False))) == {"update": 1}
    assert bench.things["b"]["labels"] == {"of": "arn:thing/a2"}


def test_reads_beside_each_other_do_not_undo_each_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replacement that deletes first asks what state says of who depends on it: state as it was refreshed."""
    set_state = Ledger.set_state

    def slowly(ledger: Ledger, resources: list[Any]) -> None:
        time.sleep(0.1)  # long enough for every read that is under way to end meanwhile
        set_state(ledger, resources)

    def program(name: str) -> Callable[[], None]:
        def declare_all() -> None:
            a = thing("a", pulumi.ResourceOptions(delete_before_replace=True), name=name)
            thing("b", pulumi.ResourceOptions(replace_on_changes=["labels"]), labels={"of": a.arn})
            for number in range(12):
                thing(f"other{number}")

        return declare_all

    stack = bench.stack()
    assert not stack.up(program("a")).failed
    monkeypatch.setattr(Ledger, "set_state", slowly)
    done = stack.up(program("a2"), refresh=True, run_program=True)
    assert not done.failed, done.messages
    deletes = [step.urn.rpartition("::")[2] for step in done.steps if step.op == "delete-replaced"]
    assert deletes == ["b", "a"], "what depends on a goes before it"


@pytest.mark.parametrize(
    ("text", "failed", "messages"),
    [
        pytest.param(
            "import sys, pulumi\nprint('out')\nprint('err', file=sys.stderr)\npulumi.export('x', 1)",
            False,
            {"info: out\n", "info#err: err\n"},
            id="what a program prints is told",
        ),
        pytest.param(
            "import sys\nsys.exit(3)",
            True,
            {"error: an unhandled error occurred: program exited with non-zero exit code: 3"},
            id="an exit code",
        ),
        pytest.param(
            None, True, {"error: unable to find main python program `__main__.py` in `FOLDER`"}, id="no program"
        ),
    ],
)
def test_a_program_of_its_own_process(
    bench: Bench, tmp_path: Path, text: str | None, failed: bool, messages: set[str]
) -> None:
    if text is not None:
        (tmp_path / "__main__.py").write_text(text)
    done = bench.stack().run_program(Options("up"), PythonProgram(tmp_path, sys.executable))
    assert done.failed is failed
    assert done.result.outputs == ({} if failed else {"x": 1})
    assert messages <= {message.replace(str(tmp_path), "FOLDER") for message in done.messages}
