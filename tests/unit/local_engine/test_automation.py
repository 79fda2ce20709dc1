"""What Pulumi's Automation API does with a stack, on the engine that the run asks for."""

from __future__ import annotations

import pulumi
import pytest
from pulumi.automation import CommandError, ConfigValue, StackAlreadyExistsError, StackNotFoundError
from pulumi_connect_domains.testing import MakeStack


def program() -> None:
    config = pulumi.Config()
    pulumi.export("size", config.get_int("size") or 1)
    pulumi.export("hidden", config.get_secret("hidden"))


def grouped() -> None:
    pulumi.ComponentResource("test:index:Group", "group")


def test_configuration(pulumi_stack: MakeStack) -> None:
    stack = pulumi_stack(program).automation
    stack.set_config("plain", ConfigValue("v"))
    stack.set_config("hidden", ConfigValue("s", secret=True))
    stack.set_config("aws:region", ConfigValue("-1"))
    stack.set_config("other", ConfigValue("a=b", secret=True))
    assert (stack.get_config("hidden").value, stack.get_config("hidden").secret) == ("s", True)
    assert {key: (found.value, found.secret) for key, found in stack.get_all_config().items()} == {
        "aws:region": ("-1", False), "test:hidden": ("s", True), "test:other": ("a=b", True), "test:plain": ("v", False),
    }  # fmt: skip
    stack.remove_config("other")
    stack.remove_config("plain")
    assert sorted(stack.get_all_config()) == ["aws:region", "test:hidden"]
    with pytest.raises(CommandError, match="not found"):
        stack.get_config("plain")


def test_the_life_of_a_stack(pulumi_stack: MakeStack) -> None:
    made = pulumi_stack(program)
    stack, workspace = made.automation, made.automation.workspace
    made.set_config("size", "5")
    made.set_config("hidden", "s3cr3t", secret=True)
    assert made.preview().change_summary == {"create": 1}
    done = made.up(message="first", parallel=4, diff=True, color="never", suppress_outputs=True)
    assert (done.summary.kind, done.summary.message, done.summary.result) == ("update", "first", "succeeded")
    assert (done.summary.config["test:hidden"].value, done.summary.config["test:hidden"].secret) == ("s3cr3t", True)
    assert {key: (output.value, output.secret) for key, output in done.outputs.items()} == {
        "size": (5, False), "hidden": ("s3cr3t", True),
    }  # fmt: skip
    assert made.messages("error") == []
    assert stack.preview_refresh().change_summary == {"same": 1}
    assert stack.preview_destroy().change_summary == {"delete": 1}
    made.refresh(preview_only=True, expect_no_changes=True)
    made.run(grouped)
    with pytest.raises(CommandError, match="no changes were expected"):
        made.preview(expect_no_changes=True)
    assert [summary.kind for summary in stack.history(page_size=1)] == ["update"]
    exported = stack.export_stack()
    stack.import_stack(exported)
    assert stack.export_stack().deployment["resources"] == exported.deployment["resources"]
    assert [(found.name, found.current, found.resource_count) for found in workspace.list_stacks()] == [
        ("test", True, 1)
    ]


def test_stacks_that_are_missing_taken_or_removed(pulumi_stack: MakeStack) -> None:
    made = pulumi_stack(grouped)
    workspace = made.automation.workspace
    with pytest.raises(StackAlreadyExistsError):
        workspace.create_stack("test")
    with pytest.raises(StackNotFoundError):
        workspace.select_stack("none")
    made.up()
    with pytest.raises(CommandError, match="still has resources"):
        workspace.remove_stack("test")
    made.automation.cancel()
    made.destroy(remove=True)
    assert workspace.list_stacks() == []


def test_what_goes_wrong_comes_back_as_events_and_errors(pulumi_stack: MakeStack) -> None:
    def wrong() -> None:
        pulumi.log.warn("mind this")
        raise RuntimeError("the program is wrong")

    made = pulumi_stack(wrong)
    with pytest.raises(CommandError, match="the program is wrong"):
        made.up()
    assert "mind this" in made.messages("warning")
    assert any("the program is wrong" in message for message in made.messages("error"))
    document = made.preview_json(fails=True)
    assert "the program is wrong" in str(document["diagnostics"])
    assert made.automation.history()[0].result == "failed"
