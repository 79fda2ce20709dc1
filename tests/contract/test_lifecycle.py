"""The life cycle that every resource keeps to, on each host."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.local.aws.garbling import WAYS
from pulumi_connect_domains.model.comparison import changes, project
from pulumi_connect_domains.model.errors import AwsError, NoAnswer, NotFound, Refused
from pulumi_connect_domains.model.values import ABSENT, Arn, Unknown, holds_unknown, is_unknown
from pulumi_connect_domains.operations import reading

from .resources import TYPES, Resource, may_be_taken_out, may_change, needs, of_each, of_each_input

LONG_AGO = "2026-01-01T00:00:00+00:00"


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


def made_long_ago(resource: Resource, outputs: dict[str, Any]) -> dict[str, Any]:
    """The outputs of a resource that nobody expects to be still on its way into all of AWS's copies."""
    created = resource.type.schema.created_output
    return {name: LONG_AGO if name == created else value for name, value in outputs.items()}


def known(outputs: dict[str, Any]) -> dict[str, Any]:
    """The outputs that are known."""
    return {name: value for name, value in outputs.items() if not holds_unknown(value)}


def changing(resource: Resource, name: str) -> list[str]:
    """The inputs that change with this one: of tags, those that are merged from them, too."""
    schema = resource.type.schema
    return [name, schema.tags_output] if name == schema.tags_input else [name]


def creation(resource: Resource) -> str:
    """The AWS operation that makes one: `CreateDomain`."""
    return resource.type.schema.permissions["create"][0].partition(":")[2]


def test_the_samples_have_a_value_for_every_input(resource: Resource) -> None:
    """So no input goes untested because nobody gave a value for it."""
    inputs, sample = resource.type.schema.inputs, resource.sample
    assert sample["full"].keys() == {name for name, of in inputs.items() if not of.provider_only}
    assert sample["changed"].keys() == {name for name, of in inputs.items() if may_change(of)}
    assert sample["replacing"].keys() == {name for name, of in inputs.items() if of.create_only}
    assert sample["minimal"].keys() == sample["full"].keys() - {
        name for name, of in inputs.items() if may_be_taken_out(of)
    }


@pytest.mark.parametrize("which", ["minimal", "full"])
def test_what_was_created_reads_back_as_the_inputs(resource: Resource, which: str) -> None:
    inputs = resource.check(resource.sample[which])
    id, outputs = resource.create(resource.sample[which])
    found = resource.read(id, outputs)
    assert found.id == id
    assert found.inputs == inputs
    assert {name: found.outputs[name] for name in inputs} == inputs
    assert changes(resource.type.schema, inputs, found.outputs) == ()


@pytest.mark.parametrize("which", ["minimal", "full"])
def test_outputs_echo_every_input_and_survive_json(resource: Resource, which: str) -> None:
    inputs = resource.check(resource.sample[which])
    _, outputs = resource.make(resource.sample[which])
    assert {name: outputs.get(name, ABSENT) for name in inputs} == inputs
    assert json.loads(json.dumps(outputs, default=repr)) == outputs


def test_every_output_that_the_schema_promises_is_known_after_a_refresh(resource: Resource) -> None:
    schema = resource.type.schema
    id, outputs = resource.create(resource.sample["full"])
    only_after_a_change = {outcome.status.top for outcome in schema.outcomes}
    assert schema.outputs.keys() - resource.read(id, outputs).outputs.keys() <= only_after_a_change


@of_each_input(may_change)
def test_what_the_schema_calls_stable_survives_every_change(resource: Resource, name: str) -> None:
    stable = {name for name, of in resource.type.schema.members.items() if of.stable}
    id, before = resource.create(resource.sample["full"])
    outputs = resource.update(id, before, {**resource.sample["full"], name: resource.sample["changed"][name]})
    found = resource.read(id, outputs).outputs
    assert (
        {key: outputs[key] for key in stable}
        == {key: found[key] for key in stable}
        == {key: before[key] for key in stable}
    )


@pytest.mark.parametrize("which", ["minimal", "full"])
def test_the_same_inputs_again_change_nothing_and_ask_nothing(resource: Resource, which: str) -> None:
    id, outputs = resource.create(resource.sample[which])
    resource.cloud.forget_calls()
    assert not resource.diff(id, outputs, resource.sample[which]).is_different
    assert resource.cloud.calls() == []


@of_each_input(may_be_taken_out)
def test_every_setting_can_be_set_later(resource: Resource, name: str) -> None:
    id, outputs = resource.create(resource.sample["minimal"])
    wanted = {**resource.sample["minimal"], name: resource.sample["full"][name]}
    assert resource.diff(id, outputs, wanted).changes == changing(resource, name)
    assert resource.update(id, outputs, wanted)[name] == resource.sample["full"][name]


@of_each_input(may_change)
def test_every_setting_can_be_changed(resource: Resource, name: str) -> None:
    id, outputs = resource.create(resource.sample["full"])
    wanted = {**resource.sample["full"], name: resource.sample["changed"][name]}
    answer = resource.diff(id, outputs, wanted)
    assert answer.changes == changing(resource, name)
    assert answer.replaces == []
    assert resource.update(id, outputs, wanted)[name] == resource.sample["changed"][name]


@of_each_input(may_be_taken_out)
def test_every_optional_setting_can_be_taken_out(resource: Resource, name: str) -> None:
    id, outputs = resource.create(resource.sample["full"])
    wanted = without(resource.sample["full"], name)
    assert resource.diff(id, outputs, wanted).changes == changing(resource, name)
    assert name not in resource.update(id, outputs, wanted)


@of_each_input(lambda of: may_be_taken_out(of) and not (of.removal and of.removal.keep))
def test_what_is_taken_out_is_off_in_the_cloud(resource: Resource, name: str) -> None:
    schema = resource.type.schema
    id, outputs = resource.create(resource.sample["full"])
    outputs = resource.update(id, outputs, without(resource.sample["full"], name))
    live = resource.type.functions.read(resource.operations.call(outputs), id)
    removal = schema.inputs[name].removal
    assert live is not None
    assert removal is not None
    if removal.send is ABSENT:
        assert not live.get(name)
    else:
        assert project(schema, {name: removal.send}, live) == {name: removal.send}


def test_an_update_sends_nothing_when_nothing_differs(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    resource.cloud.forget_calls()
    again = resource.change(id, outputs, resource.sample["full"])
    assert [call.operation for call in resource.cloud.calls() if call.operation != "GetCallerIdentity"] == []
    assert again == outputs


def test_what_a_preview_knows_comes_true(resource: Resource) -> None:
    """Every output is in it, known or not, and nobody asks AWS. What an update never changes is known."""
    schema = resource.type.schema
    wanted = resource.check(resource.sample["full"])
    resource.cloud.forget_calls()
    seen = resource.held.foresee(wanted)
    assert resource.cloud.calls() == []
    needs(seen, "in a preview the engine does not ask its host")
    assert seen is not None
    id, outputs = resource.make(wanted)
    assert schema.outputs.keys() <= seen.keys()
    assert known(seen) == {name: outputs[name] for name in wanted}
    wanted = resource.check({**resource.sample["full"], **resource.sample["changed"]}, outputs)
    seen = resource.held.foresee(wanted, id, outputs)
    assert seen is not None
    changed = resource.change(id, outputs, wanted)
    assert schema.outputs.keys() <= seen.keys()
    assert known(seen) == {name: changed[name] for name, of in schema.members.items() if name in wanted or of.stable}


@of_each_input(lambda of: of.create_only)
def test_what_cannot_change_in_place_replaces(resource: Resource, name: str) -> None:
    id, outputs = resource.create(resource.sample["full"])
    answer = resource.diff(id, outputs, {**resource.sample["full"], name: resource.sample["replacing"][name]})
    assert answer.replaces == [name]


@of_each_input(lambda of: not of.provider_only)
def test_unknown_inputs_pass_check_and_count_as_a_change(resource: Resource, name: str) -> None:
    id, outputs = resource.create(resource.sample["full"])
    checked = resource.check({**resource.sample["full"], name: Unknown()}, outputs)
    assert is_unknown(checked[name])
    assert resource.held.diff(id, outputs, checked).changes == changing(resource, name)


def test_unknowns_deep_within_pass_check(resource: Resource) -> None:
    def hide(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: hide(item) for key, item in value.items()}
        return [hide(item) for item in value] if isinstance(value, list) else Unknown()

    checked = resource.check(hide(resource.sample["full"]))
    assert [name for name in resource.sample["full"] if not holds_unknown(checked[name])] == []


def test_a_get_reads_whatever_is_set_and_is_refused_where_nothing_is(resource: Resource) -> None:
    """A program that only reads a resource declares nothing of it."""
    id, outputs = resource.create(resource.sample["full"])
    found = resource.get(id)
    assert found.id == id
    assert found.outputs.keys() >= resource.sample["full"].keys()
    assert {name: found.outputs[name] for name in resource.type.schema.identified_by} == {
        name: outputs[name] for name in resource.type.schema.identified_by
    }
    resource.cloud.remove(resource.type.service, id)
    with pytest.raises(Refused, match=f"there is no {resource.type.noun} '{id}' in us-east-1, account 123456789012"):
        resource.get(id)


def test_a_read_of_what_vanished_is_an_empty_id(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["minimal"])
    resource.cloud.remove(resource.type.service, id)
    found = resource.read(id, made_long_ago(resource, outputs))
    assert (found.id, found.outputs) == ("", {})


def test_what_is_missing_within_a_minute_of_its_creation_is_asked_for_again(resource: Resource) -> None:
    """Not all of AWS's copies may know it yet. What was made long ago is gone at the first such answer."""
    needs(resource.type.schema.created_output, "its outputs do not say when it was created")
    id, outputs = resource.create(resource.sample["minimal"])
    known = resource.read(id, outputs).outputs  # the answer to the creation may not say when it was
    resource.cloud.remove(resource.type.service, id)
    asked = []
    for each in (known, made_long_ago(resource, known)):
        resource.cloud.forget_calls()
        assert resource.read(id, each).id == ""
        asked.append(len(resource.cloud.calls(service=resource.type.service)))
    assert asked == [1 + len(reading.AGAIN_AFTER_SECONDS), 1]


def test_an_update_of_what_vanished_says_so_and_creates_nothing(resource: Resource) -> None:
    needs(resource.sample["changed"], "nothing about it can be changed")
    id, outputs = resource.create(resource.sample["minimal"])
    resource.cloud.remove(resource.type.service, id)
    with pytest.raises(NotFound, match="not in us-east-1 any more"):
        resource.change(id, outputs, resource.sample["full"])
    assert resource.there() == {}


def test_a_delete_of_what_vanished_is_done(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["minimal"])
    resource.cloud.remove(resource.type.service, id)
    resource.delete(id, outputs)


def test_what_was_deleted_is_gone(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    resource.delete(id, outputs)
    assert resource.read(id, made_long_ago(resource, outputs)).id == ""


@pytest.fixture
def _of_these_credentials() -> Iterator[None]:
    """The clients of the test's own credentials are forgotten with it."""
    yield
    aws.forget_clients()


@pytest.mark.usefixtures("_of_these_credentials")
def test_another_accounts_credentials_touch_nothing(resource: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("arn" in resource.type.schema.members, "no ARN in its state says which account it belongs to")
    id, outputs = resource.create(resource.sample["full"])
    for name, value in resource.cloud.environment(account="222222222222").items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    resource.cloud.forget_calls()
    doing = [
        lambda: resource.read(id, outputs),
        lambda: resource.change(id, outputs, resource.sample["minimal"]),
        lambda: resource.delete(id, outputs),
    ]
    for each in doing:
        with pytest.raises(
            Refused, match="belongs to account 123456789012, but the credentials are of account 222222222222"
        ):
            each()
    assert {call.operation for call in resource.cloud.calls()} == {"GetCallerIdentity"}


@pytest.mark.parametrize("code", ["AccessDeniedException", "InternalServerException"])
def test_no_error_is_taken_for_gone(resource: Resource, code: str) -> None:
    resource.settings["max_retries"] = "1"
    resource.begin_a_run()
    id, outputs = resource.create(resource.sample["minimal"])
    resource.cloud.fault("*", service=resource.type.service, code=code, times=None)
    with pytest.raises(AwsError, match=code):
        resource.read(id, outputs)


def test_a_name_left_out_is_kept_once_it_is_in_state(resource: Resource) -> None:
    name = resource.type.schema.name_input
    needs(name, "its name cannot be left out")
    inputs = without(resource.sample["minimal"], name)
    first = resource.check(inputs, proposed="proposed-1")
    assert first[name] == "proposed-1"
    again = resource.check(inputs, first, proposed="proposed-2")
    assert again[name] == "proposed-1"
    explicit = resource.check({**inputs, name: "explicit"}, first)
    assert explicit[name] == "explicit"


def test_calls_are_as_few_as_can_be(resource: Resource) -> None:
    counts: dict[str, int] = {}

    def counted(step: str) -> None:
        counts[step] = sum(call.operation != "GetCallerIdentity" for call in resource.cloud.calls())
        counts["identity"] = counts.get("identity", 0) + len(resource.cloud.calls(operation="GetCallerIdentity"))
        resource.cloud.forget_calls()

    aws.forget_clients()
    resource.cloud.forget_calls()
    id, outputs = resource.make(resource.sample["full"])
    counted("create")
    resource.read(id, outputs)
    counted("read")
    resource.change(id, outputs, {**resource.sample["full"], **resource.sample["changed"]})
    counted("update")
    resource.delete(id, outputs)
    counted("delete")
    assert counts == resource.sample["calls"]


def test_a_list_finds_what_was_created(resource: Resource) -> None:
    """Of a type that has a parent, in each of those."""
    needs(resource.type.functions.list, "it cannot be listed")
    id, outputs = resource.create(resource.sample["minimal"])
    call = resource.operations.call(outputs)
    found = reading.listed(resource.type, TYPES, lambda type: replace(call, type=type))
    assert [each["id"] for each in found] == [id]


# -- whom a deletion means ---------------------------------------------------------------------------------------------


@of_each(lambda type: type.schema.identified_by)
def test_state_that_does_not_say_which_resource_it_means_changes_and_deletes_nothing(
    resource: Resource, name: str
) -> None:
    id, outputs = resource.create(resource.sample["full"])
    damaged = resource.unguarded(without(outputs, name))
    resource.cloud.forget_calls()
    doing = [
        lambda: resource.delete(id, damaged),
        lambda: resource.change(id, damaged, resource.sample["minimal"]),
        lambda: resource.diff(id, damaged, resource.sample["minimal"]),
    ]
    for each in doing:
        with pytest.raises(Refused, match=f"its state has no {name}, so it is not certain which"):
            each()
    assert resource.cloud.calls() == []


def test_a_damaged_arn_is_no_identity(resource: Resource) -> None:
    needs("arn" in resource.type.schema.identified_by, "no ARN tells it from others")
    id, outputs = resource.create(resource.sample["full"])
    assert Arn.parse(outputs["arn"]) is not None
    with pytest.raises(Refused, match="no usable arn"):
        resource.delete(id, {**outputs, "arn": "arn:aws"})


@of_each(lambda type: type.schema.identified_by)
def test_a_refresh_gives_a_damaged_state_its_identity_back(resource: Resource, name: str) -> None:
    id, outputs = resource.create(resource.sample["full"])
    damaged = {"region": "us-east-1"}
    healed = resource.read(id, damaged, resource.check(resource.sample["full"], outputs)).outputs
    assert healed.get(name) == outputs[name]


def test_a_run_is_one_for_all_provider_objects_of_a_process(resource: Resource) -> None:
    """The dynamic host makes one for each pickled text, and a state written by another Python holds another text than the program gives."""
    id, outputs = resource.create(resource.sample["full"])
    other = resource.held.another()
    other.configure({})
    resource.cloud.forget_calls()
    other.delete(id, resource.unguarded(outputs))
    assert resource.cloud.calls() == []


def test_a_run_never_deletes_what_it_has_made(resource: Resource) -> None:
    """The engine deletes the old entry of a replacement last; where the new one has the same id, it is the same resource."""
    id, outputs = resource.create(resource.sample["full"])
    resource.cloud.forget_calls()
    resource.held.delete(id, resource.unguarded(outputs))
    assert resource.cloud.calls() == []
    resource.delete(id, resource.unguarded(outputs))
    assert any(call.operation.startswith("Delete") for call in resource.cloud.calls())


# -- answers that nobody can use ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", sorted(WAYS))
def test_a_spoiled_answer_is_never_a_document(resource: Resource, how: str) -> None:
    """Whatever is asked: it is an error, and nothing is taken for gone, empty or done that is not."""
    resource.settings["max_retries"] = "1"
    resource.begin_a_run()
    id, outputs = resource.make(resource.sample["full"])
    resource.cloud.garble("*", how=how, service=resource.type.service, times=None)
    for each in (lambda: resource.read(id, outputs), lambda: resource.get(id)):
        with pytest.raises(NoAnswer):
            each()
    if is_noticed(resource, creation(resource), how):
        with pytest.raises(NoAnswer):
            resource.make({**resource.sample["minimal"], **resource.sample["renamed"]})
    deletion = resource.type.schema.deletion
    if deletion and deletion.guard:  # such a deletion reads the resource first
        with pytest.raises(NoAnswer):
            resource.delete(id, resource.unguarded(outputs))
        assert id in resource.there(), "a deletion that cannot see what it deletes deletes nothing"
    if resource.type.functions.list and how not in ("another domain", "undated", "empty object"):
        call = resource.operations.call(outputs)  # of a list, those three may be all there is to say
        with pytest.raises(NoAnswer):
            list(resource.type.functions.list(call, resource.parent_id))


@pytest.mark.parametrize("how", sorted(WAYS))
def test_a_creation_whose_answer_was_spoiled_is_found_again(resource: Resource, how: str) -> None:
    """There is one afterwards, and the program has it."""
    needs(is_noticed(resource, creation(resource), how), "its creation's answer repeats nothing that was asked for")
    resource.cloud.garble(creation(resource), how=how, service=resource.type.service)
    id, _ = resource.create(resource.sample["full"])
    assert list(resource.there()) == [id]


def is_noticed(resource: Resource, operation: str, how: str) -> bool:
    """Whether anything in the operation's answer shows that it was spoiled: it may have no date, and repeat nothing of the request."""
    expected = resource.type.schema.answers[operation]
    if how == "another domain":
        return bool(expected.names)
    return how != "undated" or any(resource.type.schema.at(place[-1:]).is_time for place in expected.needs)
