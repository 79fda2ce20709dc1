"""What a run's events look like: as text, with `--diff`, as a preview's JSON, and in the event log."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import EngineEvent
from pulumi_local_engine.cli.grammar import Request
from pulumi_local_engine.cli.json_views import EventLog, PreviewJson
from pulumi_local_engine.cli.text import Text, counts, lines, short_diff
from pulumi_local_engine.deploy.options import Options
from pulumi_local_engine.model.diff import Diff, PropertyDiff
from pulumi_local_engine.model.events import (
    Diagnostic,
    Event,
    OutputsRegistered,
    Result,
    Step,
    StepFailed,
    StepFinished,
    StepStarted,
)
from pulumi_local_engine.model.resource import Resource
from pulumi_local_engine.model.secrets import Mask
from pulumi_local_engine.model.values import UNKNOWN, Secret
from pulumi_local_engine.store.backend import StackName

ROOT = Resource("urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev", False, "pulumi:pulumi:Stack")
THING = Resource(
    "urn:pulumi:dev::demo::t:i:Thing::a", True, "t:i:Thing", id="a1", parent=ROOT.urn, provider="p::1",
    inputs={"__provider": "gAS", "size": 1, "note": Secret("s3cr3t"), "gone": [1]},
    outputs={"__provider": "gAS", "size": 1, "note": Secret("s3cr3t"), "arn": "arn:a"},
)  # fmt: skip
WANTED = dataclasses.replace(
    THING, inputs={"__provider": "other", "size": 2, "note": Secret("new"), "tags": {"k": UNKNOWN}}, outputs={}
)


def step(op: Any, old: Resource | None, new: Resource | None, **more: Any) -> Step:
    shown = new or old
    assert shown
    return Step(
        op,
        shown.urn,
        shown.type,
        shown.provider,
        old,
        new,
        more.pop("result_op", op),
        more.pop("diff", Diff(None)),
        **more,
    )


SAME_ROOT = step("same", ROOT, ROOT)
UPDATE = step("update", THING, WANTED, diff=Diff(None, (), ("gone", "note", "size", "tags")))
REFRESHED = dataclasses.replace(THING, inputs={**THING.inputs, "size": 7}, outputs={**THING.outputs, "size": 7})
DETAIL = {"size": PropertyDiff("update", True)}
DRIFT = step("refresh", THING, REFRESHED, result_op="update", diff=Diff(None, detailed=DETAIL))
VANISHED = step("refresh", THING, None, result_op="delete")


def text(events: Sequence[Event], result: Result, *, kind: Any = "up", preview: bool = True, **asked: Any) -> str:
    """What is printed. The view gets what the filter of secrets lets through, as in a run."""
    out = io.StringIO()
    view = Text(out, Request(Options(kind), **asked), StackName("demo", "dev"))
    view.begin(preview)
    for event in events:
        view(Mask(["h1dden"]).event(event))
    view.finish(result)
    return out.getvalue()


def test_a_run_line_by_line_with_outputs_and_counts() -> None:
    outputs = {"arn": "arn:a", "hidden": Secret("s3cr3t"), "list": [{"k": Secret("s3cr3t")}, "x h1dden"]}
    done = dataclasses.replace(ROOT, outputs=outputs)
    events: list[Event] = [
        StepStarted(step("create", None, ROOT), False),
        StepStarted(step("create", None, THING), False),
        Diagnostic("info", "waiting for h1dden", THING.urn, ephemeral=True),
        StepFinished(step("create", None, THING), False),
        Diagnostic("warning", "mind this\nand that", THING.urn),
        StepFinished(step("create", None, ROOT), False),
        OutputsRegistered(step("create", None, done), False),
    ]
    assert text(events, Result(False, {"create": 2}, seconds=3.4), preview=False) == (
        "Updating (dev):\n"
        "\n"
        " +  pulumi:pulumi:Stack demo-dev create\n"
        " +  t:i:Thing a create\n"
        "    t:i:Thing a waiting for [secret]\n"
        "Diagnostics:\n"
        "  t:i:Thing (a):\n"
        "    warning: mind this\n"
        "    and that\n"
        "\n"
        "Outputs:\n"
        '    arn: "arn:a"\n'
        "    hidden: [secret]\n"
        '    list: [{"k": "[secret]"}, "x [secret]"]\n'
        "\n"
        "Resources:\n"
        "    + 2 created\n"
        "\n"
        "Duration: 3s\n"
        "\n"
    )
    assert "waiting" not in text(events, Result(False), suppress_progress=True)


@pytest.mark.parametrize(
    ("kind", "planned", "done"),
    [
        ("up", "Previewing update (dev):\n", "Updating (dev):\n"),
        ("refresh", "Previewing refresh (dev):\n", "Refreshing (dev):\n"),
        ("destroy", "Previewing destroy (dev):\n", "Destroying (dev):\n"),
        ("import", "Previewing import (dev):\n", "Importing (dev):\n"),
    ],
)
def test_a_run_says_what_it_is(kind: str, planned: str, done: str) -> None:
    assert text([], Result(False), kind=kind).startswith(planned)
    assert text([], Result(False), kind=kind, preview=False).startswith(done)


def test_a_failure_is_marked_where_it_happened_and_counted() -> None:
    failed = [
        StepStarted(SAME_ROOT, False),
        StepStarted(UPDATE, False),
        Diagnostic("error", "access denied\nat noon", THING.urn),
        StepFailed(UPDATE, False),
        Diagnostic("error", "update failed"),
    ]
    shown = text(failed, Result(True, {"same": 1}), preview=False)
    assert shown.startswith(
        "Updating (dev):\n"
        "\n"
        " ~  t:i:Thing a update [diff: +tags-gone~note,size]\n"
        "    t:i:Thing a error: access denied\n"
        " ~  t:i:Thing a **update failed**\n"
        "    pulumi:pulumi:Stack demo-dev error: update failed\n"
    )
    assert "  t:i:Thing (a):\n    error: access denied\n    at noon\n" in shown
    assert "  pulumi:pulumi:Stack (demo-dev):\n    error: update failed\n" in shown
    assert "Resources:\n    1 unchanged\n    2 errored\n" in shown


def test_check_failures_come_one_a_line_and_count_once() -> None:
    failures = [Diagnostic("error", f"resource 'a' has a problem: {n}", THING.urn) for n in ("one", "two")]
    shown = text([StepStarted(SAME_ROOT, True), *failures], Result(True, {"same": 1}))
    assert "    t:i:Thing a error: resource 'a' has a problem: one\n" in shown
    assert "    error: resource 'a' has a problem: one\n    error: resource 'a' has a problem: two\n" in shown
    assert "    1 unchanged\n    1 errored\n" in shown


def test_a_warning_is_shown_once_in_a_command() -> None:
    out = io.StringIO()
    view = Text(out, Request(Options("up")), StackName("demo", "dev"))
    for preview in (True, False):
        view.begin(preview)
        for message in ("mind this", "mind this", "and that"):
            view(Diagnostic("warning", message, THING.urn))
        view.finish(Result(False))
    assert (out.getvalue().count("mind this"), out.getvalue().count("and that")) == (1, 1)


def test_changed_outputs_are_marked_only_if_the_stack_was_there() -> None:
    before = dataclasses.replace(
        ROOT, outputs={"left": 1, "same": "s", "changed": {"a": 1}, "hidden": Secret("s3cr3t")}
    )
    after = dataclasses.replace(
        ROOT, outputs={"same": "s", "changed": {"a": 2}, "new": UNKNOWN, "hidden": Secret("other")}
    )
    events = [StepStarted(SAME_ROOT, True), OutputsRegistered(step("same", before, after), True)]
    assert text(events, Result(False, {"same": 1})).split("Outputs:\n")[1] == (
        '  ~ changed: {"a": 1} => {"a": 2}\n'
        "  ~ hidden: [secret] => [secret]\n"
        "  - left: 1\n"
        "  + new: [unknown]\n"
        '    same: "s"\n'
        "\n"
        "Resources:\n"
        "    1 unchanged\n"
        "\n"
    )
    assert "Outputs:" not in text(events, Result(False), suppress_outputs=True)


def test_a_refresh_shows_what_it_found() -> None:
    same = step("refresh", ROOT, ROOT, result_op="same")
    events = [
        each for found in (DRIFT, VANISHED, same) for each in (StepStarted(found, True), StepFinished(found, True))
    ]
    shown = text(events, Result(False, {"update": 1, "delete": 1, "same": 1}), kind="refresh")
    assert shown == (
        "Previewing refresh (dev):\n"
        "\n"
        " ~  t:i:Thing a update [diff: ~size]\n"
        " -  t:i:Thing a delete\n"
        "Resources:\n"
        "    ~ 1 to update\n"
        "    - 1 to delete\n"
        "    2 changes. 1 unchanged\n"
        "\n"
    )


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param(UPDATE, [
            " ~  t:i:Thing a update [diff: +tags-gone~note,size]", "        - gone: [1]",
            "        ~ note: [secret] => [secret]", "        ~ size: 1 => 2", '        + tags: {"k": "[unknown]"}',
        ], id="an update has what differs"),
        pytest.param(step("create", None, THING), [
            " +  t:i:Thing a create", "        + gone: [1]", "        + note: [secret]", "        + size: 1",
        ], id="a create has all inputs"),
        pytest.param(step("delete", THING, None), [
            " -  t:i:Thing a delete", "        - gone: [1]", "        - note: [secret]", "        - size: 1",
        ], id="so has a delete"),
        pytest.param(DRIFT, [" ~  t:i:Thing a update [diff: ~size]", "        ~ size: 1 => 7"],
                     id="a refresh is what it found"),
        pytest.param(
            step("refresh", THING, dataclasses.replace(THING, outputs={**THING.outputs, "arn": "b"}), result_op="update"),
            [" ~  t:i:Thing a update [diff: ~arn]", '        ~ arn: "arn:a" => "b"'], id="also in outputs alone"),
        pytest.param(step("replace", THING, dataclasses.replace(THING, inputs={**THING.inputs, "size": 2})),
                     [" +- t:i:Thing a replace [diff: ~size]", "        ~ size: 1 => 2"], id="a replacement"),
        pytest.param(step("same", THING, THING), [], id="nothing to do"),
    ],
)  # fmt: skip
def test_diff_shows_every_property_that_differs_and_no_secret(shown: Step, expected: list[str]) -> None:
    printed = text([StepStarted(shown, True), StepFinished(shown, True)], Result(False), diff=True)
    assert printed.split("Resources:")[0].splitlines()[2:] == expected


def test_halves_of_a_replacement_and_sames_are_listed_on_demand() -> None:
    half = step("delete-replaced", THING, None, logical=False)
    events = [StepStarted(half, True), StepStarted(step("same", THING, THING), True)]
    assert "Thing" not in text(events, Result(False))
    both = text(events, Result(False), show_sames=True, show_replacement_steps=True)
    assert " -- t:i:Thing a delete-replaced\n    t:i:Thing a same\n" in both


def document(events: Sequence[Event], result: Result, **asked: Any) -> dict[str, Any]:
    out = io.StringIO()
    view = PreviewJson(out, Request(Options("up"), **asked), {"demo:hidden": "[secret]"})
    view.begin(True)
    for event in events:
        view(Mask([]).event(event))
    view.finish(result)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_the_json_of_a_preview_has_the_clis_form() -> None:
    detailed = dataclasses.replace(
        UPDATE, diff=dataclasses.replace(UPDATE.diff, detailed=DETAIL, replace_keys=("size",))
    )
    events = [
        StepStarted(SAME_ROOT, True),
        StepStarted(detailed, True),
        StepStarted(step("same", THING, THING), True),
        Diagnostic("warning", "mind", THING.urn),
        Diagnostic("info", "waiting", THING.urn, ephemeral=True),
        Diagnostic("debug", "chatter"),
    ]
    found = document(events, Result(False, {"update": 1, "same": 1}, seconds=1.5))
    root, thing = found.pop("steps")
    assert root == {
        "op": "same", "urn": ROOT.urn, "detailedDiff": None,
        "oldState": {"urn": ROOT.urn, "custom": False, "type": ROOT.type},
        "newState": {"urn": ROOT.urn, "custom": False, "type": ROOT.type},
    }  # fmt: skip
    assert thing["detailedDiff"] == {"size": {"kind": "update", "inputDiff": True}}
    assert (thing["diffReasons"], thing["replaceReasons"]) == (["gone", "note", "size", "tags"], ["size"])
    assert thing["newState"]["inputs"]["note"] == "[secret]"
    assert thing["newState"]["inputs"]["tags"] == {"k": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}
    assert "s3cr3t" not in json.dumps(thing)
    assert found == {
        "config": {"demo:hidden": "[secret]"},
        "diagnostics": [{"urn": THING.urn, "message": "warning: mind\n", "severity": "warning"}],
        "duration": 1_500_000_000,
        "changeSummary": {"same": 1, "update": 1},
    }


def test_the_stacks_outputs_can_be_left_out_of_json() -> None:
    root = step("same", dataclasses.replace(ROOT, outputs={"a": 1}), dataclasses.replace(ROOT, outputs={"a": 2}))
    for asked, outputs in (({}, {"a": 2}), ({"suppress_outputs": True}, None)):
        (found,) = document([StepStarted(root, True)], Result(False), **asked)["steps"]
        assert found["newState"].get("outputs") == outputs


def test_json_lists_a_resource_whose_protection_alone_changes() -> None:
    protected = step("same", THING, dataclasses.replace(THING, protect=True))
    assert [found["op"] for found in document([StepStarted(protected, True)], Result(False))["steps"]] == ["same"]


def test_a_refresh_becomes_an_update_in_json_only_with_a_detailed_diff() -> None:
    bare = dataclasses.replace(DRIFT, diff=Diff(None))
    for refreshed, op in ((DRIFT, "update"), (bare, "refresh"), (VANISHED, "delete")):
        found = document([StepStarted(refreshed, True), StepFinished(refreshed, True)], Result(False))
        assert [shown["op"] for shown in found["steps"]] == [op]


def test_the_event_log_is_read_by_the_automation_api(tmp_path: Path) -> None:
    path = tmp_path / "events"
    log = EventLog(str(path), {"k": "v"})
    log.begin(False)
    for event in (
        StepStarted(UPDATE, False),
        StepFinished(DRIFT, False),
        StepFailed(UPDATE, False),
        Diagnostic("warning", "m", THING.urn),
    ):
        log(Mask([]).event(event))
    log.finish(Result(True, {"update": 1}, seconds=2.6, maybe_corrupt=True))
    log.close()
    written = path.read_text()
    assert "s3cr3t" not in written
    events: list[Any] = [EngineEvent.from_json(json.loads(line)) for line in written.splitlines()]
    assert [event.sequence for event in events] == list(range(7))
    prelude, before, after, failed, said, summary, cancelled = events
    assert prelude.prelude_event.config == {"k": "v"}
    assert (before.resource_pre_event.metadata.op, before.resource_pre_event.metadata.diffs) == (
        "update", ["gone", "note", "size", "tags"],
    )  # fmt: skip
    assert sorted(json.loads(written.splitlines()[1])["resourcePreEvent"]["metadata"]["old"]) == [
        "custom", "id", "inputs", "outputs", "parent", "provider", "type", "urn",
    ]  # fmt: skip
    assert after.res_outputs_event.metadata.op == "update", "a refresh's real operation"
    assert list(after.res_outputs_event.metadata.detailed_diff) == ["size"]
    assert failed.res_op_failed_event.metadata.urn == THING.urn
    assert (said.diagnostic_event.urn, said.diagnostic_event.message) == (THING.urn, "m\n")
    assert summary.summary_event.resource_changes == {"update": 1}
    assert (summary.summary_event.duration_seconds, summary.summary_event.maybe_corrupt) == (3, True)
    assert cancelled.cancel_event


def test_a_reader_of_events_that_is_not_there_does_not_matter() -> None:
    log = EventLog("tcp://127.0.0.1:1", {})
    log.begin(True)
    log.close()


def test_what_leaves_the_filter_holds_no_secret_but_tells_whether_it_changed() -> None:
    """Whatever a view does with an event, it cannot show what it does not have."""
    mask = Mask(["h1dden"])
    same = dataclasses.replace(THING, inputs={"note": Secret("s3cr3t"), "open": "a h1dden b", "n": [Secret({"k": 1})]})
    event = mask.event(StepStarted(step("update", THING, same), True))
    assert isinstance(event, StepStarted)
    assert event.step.old
    assert event.step.new
    for resource in (event.step.old, event.step.new):
        found = [
            value for value in (*resource.inputs.values(), *resource.outputs.values()) if isinstance(value, Secret)
        ]
        assert found
        assert not {"s3cr3t", "{'k': 1}"} & {str(each.value) for each in found}
    assert event.step.new.inputs["open"] == "a [secret] b"
    assert event.step.new.inputs["note"] == event.step.old.inputs["note"]
    assert event.step.new.inputs["n"][0] != event.step.new.inputs["note"]
    outputs = mask.result(Result(False, outputs={"note": Secret("s3cr3t"), "open": "h1dden"})).outputs
    assert outputs["open"] == "[secret]"
    assert "s3cr3t" not in str(vars(outputs["note"]))


def test_nested_changes_are_changes_of_the_property() -> None:
    old = dataclasses.replace(THING, inputs={"map": {}, "list": [1], '"a.b"': 1})
    new = dataclasses.replace(THING, inputs={"map": {"k": 1}, "list": [], "new": 2})
    paths = {
        "map.k": PropertyDiff("add", True),
        "list[0]": PropertyDiff("delete", True),
        "new": PropertyDiff("add", True),
        "__provider": PropertyDiff("update", True),
    }
    assert short_diff(step("update", old, new, diff=Diff(None, detailed=paths))) == "[diff: +new~list,map]"


def test_counts_are_in_the_clis_order() -> None:
    changes = {"delete": 1, "same": 2, "replace": 1, "update": 0, "create": 3, "read": 4}
    assert list(counts(changes, 0, planning=True)) == [
        "+ 3 to create", "+-1 to replace", "- 1 to delete", "5 changes. 2 unchanged",
    ]  # fmt: skip
    assert list(counts({"import": 2, "discard": 1}, 1, planning=False)) == [
        "< 1 discarded", "= 2 imported", "3 changes", "1 errored",
    ]  # fmt: skip


def test_values_on_one_line() -> None:
    values = dict(enumerate(["ü\n", 1.5, None, True, Secret({"a": 1}), UNKNOWN, {}, [Secret(1), UNKNOWN]]))
    found = {str(key): value for key, value in values.items()}
    assert [line[5:] for line in lines(dict.fromkeys(found, ""), {}, found)] == [
        '"ü\\n"', "1.5", "null", "true", "[secret]", "[unknown]", "{}", '["[secret]", "[unknown]"]',
    ]  # fmt: skip
