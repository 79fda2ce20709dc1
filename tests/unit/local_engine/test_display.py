"""What a run's events look like: as text, as `--diff`, as a preview's JSON, and in the event log."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import EngineEvent
from pulumi_local_engine.cli import values_text
from pulumi_local_engine.cli.diff_text import DiffText
from pulumi_local_engine.cli.event_log import EventLog
from pulumi_local_engine.cli.marks import counts, short_diff
from pulumi_local_engine.cli.preview_json import PreviewJson
from pulumi_local_engine.cli.progress import Progress, TextOptions
from pulumi_local_engine.model.events import (
    Diagnostic,
    Event,
    OutputsRegistered,
    PropertyDiff,
    Result,
    Step,
    StepFailed,
    StepFinished,
    StepStarted,
)
from pulumi_local_engine.model.resource import Resource
from pulumi_local_engine.model.values import UNKNOWN, Secret

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
    return Step(op, shown.urn, shown.type, shown.provider, old, new, more.pop("result_op", op), **more)


SAME_ROOT = step("same", ROOT, ROOT)
UPDATE = step("update", THING, WANTED, diff_reasons=("gone", "note", "size", "tags"))
REFRESHED = dataclasses.replace(THING, inputs={**THING.inputs, "size": 7}, outputs={**THING.outputs, "size": 7})
DETAIL = {"size": PropertyDiff("update", True)}
DRIFT = step("refresh", THING, REFRESHED, result_op="update", detailed_diff=DETAIL)
VANISHED = step("refresh", THING, None, result_op="delete")


def text(kind: type[Progress | DiffText], title: str, events: Sequence[Event], result: Result, **options: Any) -> str:
    out = io.StringIO()
    view = kind(out, title, ROOT.urn, TextOptions(**options), planning=title.startswith("Previewing"))
    view.clock = itertools.count(step=0.25).__next__  # type: ignore[method-assign]  # a quarter of a second each time
    for event in events:
        view(event)
    view.finish(result)
    return out.getvalue()


def test_a_run_line_by_line_with_outputs_and_counts() -> None:
    outputs = {"arn": "arn:a", "hidden": Secret("s3cr3t"), "list": [{"k": 1}]}
    done = dataclasses.replace(ROOT, outputs=outputs)
    events: list[Event] = [
        StepStarted(step("create", None, ROOT), False),
        StepStarted(step("create", None, THING), False),
        Diagnostic("info", "waiting", THING.urn, ephemeral=True),
        StepFinished(step("create", None, THING), False),
        Diagnostic("warning", "mind this\nand that", THING.urn),
        StepFinished(step("create", None, ROOT), False),
        OutputsRegistered(step("create", None, done), False),
    ]
    assert text(Progress, "Updating (dev)", events, Result(False, {"create": 2}, seconds=3.4)) == (
        "Updating (dev):\n"
        "\n"
        " +  pulumi:pulumi:Stack demo-dev creating (0s)\n"
        " +  t:i:Thing a creating (0s)\n"
        " +  t:i:Thing a creating waiting\n"
        " +  t:i:Thing a created (0.25s)\n"
        " +  pulumi:pulumi:Stack demo-dev created\n"
        "Diagnostics:\n"
        "  t:i:Thing (a):\n"
        "    warning: mind this\n"
        "    and that\n"
        "\n"
        "Outputs:\n"
        '    arn   : "arn:a"\n'
        "    hidden: [secret]\n"
        "    list  : [\n"
        "        [0]: {\n"
        "            k: 1\n"
        "        }\n"
        "    ]\n"
        "\n"
        "Resources:\n"
        "    + 2 created\n"
        "\n"
        "Duration: 3s\n"
        "\n"
    )


def test_a_failure_is_marked_where_it_happened_and_counted() -> None:
    failed = [
        StepStarted(SAME_ROOT, False),
        StepStarted(UPDATE, False),
        Diagnostic("error", "access denied", THING.urn),
        StepFailed(UPDATE),
        Diagnostic("error", "update failed"),
    ]
    shown = text(Progress, "Updating (dev)", failed, Result(True, {"same": 1}))
    assert " ~  t:i:Thing a updating (0s) [diff: +tags-gone~note,size]\n" in shown
    assert " ~  t:i:Thing a **updating failed** [diff: +tags-gone~note,size]\n" in shown
    assert "  t:i:Thing (a):\n    error: access denied\n" in shown
    assert "  pulumi:pulumi:Stack (demo-dev):\n    error: update failed\n" in shown
    assert "Resources:\n    1 unchanged\n    2 errored\n" in shown


def test_check_failures_come_one_a_line() -> None:
    failures = [Diagnostic("error", f"resource 'a' has a problem: {n}", THING.urn) for n in ("one", "two")]
    shown = text(
        Progress, "Previewing update (dev)", [StepStarted(SAME_ROOT, True), *failures], Result(True, {"same": 1})
    )
    assert "    t:i:Thing a  error: resource 'a' has a problem: one\n" in shown
    assert "    error: resource 'a' has a problem: one\n    error: resource 'a' has a problem: two\n" in shown
    assert "    1 unchanged\n    1 errored\n" in shown


def test_changed_outputs_are_marked_only_if_the_stack_was_there() -> None:
    before = dataclasses.replace(ROOT, outputs={"left": 1, "same": "s", "changed": {"a": 1, "b": 2}})
    after = dataclasses.replace(ROOT, outputs={"same": "s", "changed": {"a": 1, "b": 3}, "new": UNKNOWN})
    events = [StepStarted(SAME_ROOT, True), OutputsRegistered(step("same", before, after), True)]
    shown = text(Progress, "Previewing update (dev)", events, Result(False, {"same": 1}))
    assert shown.split("Outputs:\n")[1] == (
        "  ~ changed: {\n"
        "      ~ b: 2 => 3\n"
        "    }\n"
        "  - left   : 1\n"
        "  + new    : [unknown]\n"
        '    same   : "s"\n'
        "\n"
        "Resources:\n"
        "    1 unchanged\n"
        "\n"
    )
    assert "Outputs:" not in text(Progress, "Updating (dev)", events, Result(False), suppress_outputs=True)


def test_a_refresh_shows_what_it_found() -> None:
    events = [
        StepStarted(DRIFT, True),
        StepFinished(DRIFT, True),
        StepStarted(VANISHED, True),
        StepFinished(VANISHED, True),
    ]
    shown = text(Progress, "Previewing refresh (dev)", events, Result(False, {"update": 1, "delete": 1, "same": 1}))
    assert " ~  t:i:Thing a refreshing\n" in shown
    assert " ~  t:i:Thing a update [diff: ~size]\n" in shown
    assert " -  t:i:Thing a delete\n" in shown
    assert "    ~ 1 to update\n    - 1 to delete\n    2 changes. 1 unchanged\n" in shown


def test_diff_shows_every_property_that_differs_and_no_secret() -> None:
    shown = text(
        DiffText, "Previewing update (dev)", [StepStarted(SAME_ROOT, True), StepStarted(UPDATE, True)], Result(False)
    )
    assert shown.startswith(
        "Previewing update (dev):\n"
        "  pulumi:pulumi:Stack: (same)\n"
        "    [urn=urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev]\n"
        "    ~ t:i:Thing: (update)\n"
        "        [id=a1]\n"
        "        [urn=urn:pulumi:dev::demo::t:i:Thing::a]\n"
        "      - gone: [\n"
        "          - [0]: 1\n"
        "        ]\n"
        "      ~ note: [secret] => [secret]\n"
        "      ~ size: 1 => 2\n"
        "      + tags: {\n"
        "          + k: [unknown]\n"
        "        }\n"
        "Resources:\n"
    )


@pytest.mark.parametrize(
    ("shown", "lines"),
    [
        pytest.param(step("create", None, THING), ["+ t:i:Thing: (create)", "  size: 1"], id="a create has all inputs"),
        pytest.param(step("delete", THING, None), ["- t:i:Thing: (delete)", "- size: 1"], id="so has a delete"),
        pytest.param(DRIFT, ["~ t:i:Thing: (update)", "~ size: 1 => 7"], id="a refresh is what it found"),
        pytest.param(
            VANISHED, ["- t:i:Thing: (delete)", "--outputs:--", '- arn : "arn:a"'], id="what vanished had outputs"
        ),
        pytest.param(step("replace", THING, WANTED), ["+-t:i:Thing: (replace)"], id="a replacement"),
    ],
)
def test_diff_of_other_steps(shown: Step, lines: list[str]) -> None:
    printed = text(DiffText, "Previewing (dev)", [StepStarted(shown, True), StepFinished(shown, True)], Result(False))
    assert printed.count("t:i:Thing: (") == 1
    for line in lines:
        assert line in printed


def test_halves_of_a_replacement_and_sames_are_listed_on_demand() -> None:
    half = step("delete-replaced", THING, None, logical=False)
    same = step("same", THING, THING)
    events = [StepStarted(half, True), StepStarted(same, True)]
    assert "Thing" not in text(DiffText, "Previewing (dev)", events, Result(False))
    both = text(DiffText, "Previewing (dev)", events, Result(False), show_sames=True, show_replacement_steps=True)
    assert both.count("t:i:Thing: (") == 2


def document(events: Sequence[Event], result: Result, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    view = PreviewJson(out, {"demo:hidden": "[secret]"}, TextOptions(**options))
    for event in events:
        view(event)
    view.finish(result)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_the_json_of_a_preview_has_the_clis_form() -> None:
    detailed = dataclasses.replace(UPDATE, detailed_diff=DETAIL, replace_reasons=("size",))
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


def test_a_refresh_becomes_an_update_in_json_only_with_a_detailed_diff() -> None:
    bare = dataclasses.replace(DRIFT, detailed_diff=None)
    for refreshed, op in ((DRIFT, "update"), (bare, "refresh"), (VANISHED, "delete")):
        found = document([StepStarted(refreshed, True), StepFinished(refreshed, True)], Result(False))
        assert [shown["op"] for shown in found["steps"]] == [op]


def test_the_event_log_is_read_by_the_automation_api(tmp_path: Path) -> None:
    path = tmp_path / "events"
    log = EventLog(str(path))
    log.start({"k": "v"})
    for event in (
        StepStarted(UPDATE, False),
        StepFinished(DRIFT, False),
        StepFailed(UPDATE),
        Diagnostic("warning", "m", THING.urn),
    ):
        log(event)
    log.finish(Result(True, {"update": 1}, seconds=2.6, maybe_corrupt=True), preview=False)
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
    assert after.res_outputs_event.metadata.op == "update", "a refresh's real operation"
    assert list(after.res_outputs_event.metadata.detailed_diff) == ["size"]
    assert failed.res_op_failed_event.metadata.urn == THING.urn
    assert (said.diagnostic_event.urn, said.diagnostic_event.message) == (THING.urn, "m\n")
    assert summary.summary_event.resource_changes == {"update": 1}
    assert (summary.summary_event.duration_seconds, summary.summary_event.maybe_corrupt) == (3, True)
    assert cancelled.cancel_event


def test_a_reader_of_events_that_is_not_there_does_not_matter() -> None:
    log = EventLog("tcp://127.0.0.1:1")
    log.start({})
    log.close()


def test_protection_alone_is_shown() -> None:
    assert short_diff(step("same", THING, dataclasses.replace(THING, protect=True))) == "[diff: ~protect]"


def test_nested_changes_are_changes_of_the_property() -> None:
    paths = {
        "map.k": PropertyDiff("add", True),
        "list[0]": PropertyDiff("delete", True),
        "new": PropertyDiff("add", True),
    }
    assert short_diff(dataclasses.replace(UPDATE, detailed_diff=paths)) == "[diff: +new~list,map]"


def test_counts_are_in_the_clis_order() -> None:
    changes = {"delete": 1, "same": 2, "replace": 1, "update": 0, "create": 3}
    assert list(counts(changes, 0, planning=True)) == [
        "+ 3 to create", "+-1 to replace", "- 1 to delete", "5 changes. 2 unchanged",
    ]  # fmt: skip


def test_values_on_one_line() -> None:
    values = ["ü\n", 1.5, None, True, Secret({"a": 1}), UNKNOWN, {}, []]
    assert [values_text.plain(value) for value in values] == [
        '"ü\\n"', "1.5", "null", "true", "[secret]", "[unknown]", "{}", "[]",
    ]  # fmt: skip
