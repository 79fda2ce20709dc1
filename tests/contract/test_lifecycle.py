"""The life cycle that every resource keeps to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.output import Unknown
from pulumi_connect_domains.host.marks import AUTO_NAME
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.garbling import WAYS
from pulumi_connect_domains.model.comparison import changes, input_properties, project
from pulumi_connect_domains.model.errors import AwsError, NoAnswer, NotFound, Refused
from pulumi_connect_domains.model.naming import name_property

from .conftest import Resource, as_engine


def optional_settings(resource: Resource) -> list[str]:
    return [name for name in resource.sample["full"] if name not in resource.sample["minimal"]]


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


@pytest.mark.parametrize("which", ["minimal", "full"])
def test_what_was_created_reads_back_as_the_inputs(resource: Resource, which: str) -> None:
    inputs = resource.check(resource.sample[which])
    id, outputs = resource.create(resource.sample[which])
    found = resource.read(id, outputs)
    assert found.id == id
    assert found.inputs == inputs
    assert {name: found.outs[name] for name in inputs} == inputs
    assert changes(resource.spec.schema, inputs, found.outs) == ()


@pytest.mark.parametrize("which", ["minimal", "full"])
def test_outputs_echo_every_input_and_survive_json(resource: Resource, which: str) -> None:
    inputs = resource.check(resource.sample[which])
    _, outputs = resource.create(resource.sample[which])
    assert {name: outputs[name] for name in inputs} == inputs
    assert json.loads(json.dumps(outputs)) == outputs


def test_every_output_that_the_schema_promises_is_known_after_a_refresh(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    promised = {name for name, each in resource.spec.schema["properties"].items() if each.get("readOnly")}  # type: ignore[attr-defined]  # a schema
    missing = promised - set(resource.read(id, outputs).outs)
    assert missing <= {"server_side_encryption_update_details"}  # known only once a key was changed


def test_what_the_schema_calls_stable_survives_every_change(resource: Resource) -> None:
    stable = {name for name, each in resource.spec.schema["properties"].items() if each.get("stable")}  # type: ignore[attr-defined]  # a schema
    id, before = resource.create(resource.sample["full"])
    outputs = before
    for name, value in resource.sample["changed"].items():
        outputs = resource.update(id, outputs, {**resource.sample["full"], name: value})
        found = resource.read(id, outputs).outs
        assert (
            {key: outputs[key] for key in stable}
            == {key: found[key] for key in stable}
            == {key: before[key] for key in stable}
        )


@pytest.mark.parametrize("which", ["minimal", "full"])
def test_the_same_inputs_again_change_nothing(resource: Resource, which: str) -> None:
    id, outputs = resource.create(resource.sample[which])
    resource.cloud.forget_calls()
    assert resource.diff(id, outputs, resource.sample[which]).changes is False
    assert resource.cloud.calls() == []


def test_every_setting_can_be_set_later(resource: Resource) -> None:
    for name in optional_settings(resource):
        resource.cloud.reset()
        id, outputs = resource.create(resource.sample["minimal"])
        wanted = {**resource.sample["minimal"], name: resource.sample["full"][name]}
        assert resource.diff(id, outputs, wanted).changes is None, name
        outputs = resource.update(id, outputs, wanted)
        found = resource.read(id, outputs)
        assert found.inputs == resource.check(wanted, outputs), name


def test_every_setting_can_be_changed(resource: Resource) -> None:
    for name, value in resource.sample["changed"].items():
        resource.cloud.reset()
        id, outputs = resource.create(resource.sample["full"])
        wanted = {**resource.sample["full"], name: value}
        answer = resource.diff(id, outputs, wanted)
        assert (answer.changes, answer.replaces) == (None, []), name
        outputs = resource.update(id, outputs, wanted)
        found = resource.read(id, outputs)
        assert found.inputs == resource.check(wanted, outputs), name
        assert found.outs["created_at"] == outputs["created_at"], name


def test_every_optional_setting_can_be_taken_out(resource: Resource) -> None:
    for name in optional_settings(resource):
        resource.cloud.reset()
        id, outputs = resource.create(resource.sample["full"])
        wanted = without(resource.sample["full"], name)
        assert resource.diff(id, outputs, wanted).changes is None, name
        outputs = resource.update(id, outputs, wanted)
        assert name not in outputs, name
        assert resource.diff(id, resource.read(id, outputs).outs, wanted).changes is False, name


def test_what_is_taken_out_is_off_in_the_cloud(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    outputs = resource.update(id, outputs, resource.sample["minimal"])
    live = resource.provider.spec.api.read(resource.provider.operations.call(outputs), id)
    assert live is not None
    for name, of_property in input_properties(resource.spec.schema).items():
        removal = of_property.get("removal")
        if not isinstance(removal, dict) or "keep" in removal:
            continue
        off = {name: removal["send"]} if "send" in removal else {}
        assert project(resource.spec.schema, off, live) == off, name
        assert "send" in removal or not live.get(name), name


def test_an_update_sends_nothing_when_nothing_differs(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    resource.cloud.forget_calls()
    again = resource.update(id, outputs, resource.sample["full"])
    assert [call.operation for call in resource.cloud.calls() if call.operation != "GetCallerIdentity"] == []
    assert again == outputs


def test_what_cannot_change_in_place_replaces(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    for name, value in resource.sample["replacing"].items():
        answer = resource.diff(id, outputs, {**resource.sample["full"], name: value})
        assert answer.replaces == [name]


def test_unknown_inputs_pass_check_and_count_as_a_change(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    for name in resource.sample["full"]:
        wanted = {**as_engine(resource.sample["full"]), name: Unknown()}
        checked = resource.provider.check(as_engine(outputs), wanted)
        assert checked.failures == [], name
        assert isinstance(checked.inputs[name], Unknown), name
        assert resource.provider.diff(id, as_engine(outputs), {**checked.inputs, "__provider": "x"}).changes is None, (
            name
        )


def test_unknowns_deep_within_pass_check(resource: Resource) -> None:
    def hide(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: hide(item) for key, item in value.items()}
        return [hide(item) for item in value] if isinstance(value, list) else Unknown()

    checked = resource.provider.check({}, {**hide(resource.sample["full"]), "__provider": "x"})
    assert checked.failures == []


def test_a_read_of_what_vanished_is_an_empty_id(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["minimal"])
    resource.cloud.remove(resource.spec.service, id)
    found = resource.read(id, {**outputs, "created_at": "2026-01-01T00:00:00+00:00"})
    assert (found.id, found.outs) == ("", {})


def test_an_update_of_what_vanished_says_so_and_creates_nothing(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["minimal"])
    resource.cloud.remove(resource.spec.service, id)
    changed = {**resource.sample["full"]}
    with pytest.raises(NotFound, match="not in us-east-1 any more"):
        resource.update(id, outputs, changed)
    assert resource.cloud.domains(resource.spec.service) == {}


def test_a_delete_of_what_vanished_is_done(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["minimal"])
    resource.cloud.remove(resource.spec.service, id)
    resource.delete(id, outputs)


def test_what_was_deleted_is_gone(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    resource.delete(id, outputs)
    assert resource.read(id, {**outputs, "created_at": "2026-01-01T00:00:00+00:00"}).id == ""


def test_another_accounts_credentials_touch_nothing(resource: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
    from pulumi_connect_domains import aws

    id, outputs = resource.create(resource.sample["full"])
    for name, value in resource.cloud.environment(account="222222222222").items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    resource.cloud.forget_calls()
    doing = [
        lambda: resource.read(id, outputs),
        lambda: resource.update(id, outputs, resource.sample["minimal"]),
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
    id, outputs = resource.create(resource.sample["minimal"])
    resource.cloud.fault("*", service=resource.spec.service, code=code, times=None)
    with pytest.raises(Exception, match=code):
        resource.read(id, outputs)


def test_a_name_left_out_is_kept_once_it_is_in_state(resource: Resource) -> None:
    name = name_property(resource.spec.schema)
    inputs = without(resource.sample["minimal"], name)
    first = resource.check({**inputs, name: "proposed-1", AUTO_NAME: True})
    assert first[name] == "proposed-1"
    again = resource.check({**inputs, name: "proposed-2", AUTO_NAME: True}, first)
    assert again[name] == "proposed-1"
    assert AUTO_NAME not in again
    explicit = resource.check({**inputs, name: "explicit"}, first)
    assert explicit[name] == "explicit"


def test_calls_are_as_few_as_can_be(resource: Resource, cloud: LocalAws) -> None:
    from pulumi_connect_domains import aws

    counts: dict[str, int] = {}

    def counted(step: str) -> None:
        counts[step] = sum(call.operation != "GetCallerIdentity" for call in cloud.calls())
        counts["identity"] = counts.get("identity", 0) + len(cloud.calls(operation="GetCallerIdentity"))
        cloud.forget_calls()

    aws.forget_clients()
    id, outputs = resource.create(resource.sample["full"])
    counted("create")
    resource.read(id, outputs)
    counted("read")
    resource.update(id, outputs, {**resource.sample["full"], **resource.sample["changed"]})
    counted("update")
    resource.delete(id, outputs)
    counted("delete")
    assert counts == resource.sample["calls"]


# -- whom a deletion means ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["arn", "created_at"])
def test_state_that_does_not_say_which_domain_it_means_changes_and_deletes_nothing(
    resource: Resource, missing: str
) -> None:
    id, outputs = resource.create(resource.sample["full"])
    damaged = {**without(outputs, missing), "force_destroy": True}
    resource.cloud.forget_calls()
    doing = [
        lambda: resource.delete(id, damaged),
        lambda: resource.update(id, damaged, resource.sample["minimal"]),
        lambda: resource.diff(id, damaged, resource.sample["minimal"]),
    ]
    for each in doing:
        with pytest.raises(Refused, match=f"its state has no {missing}, so it is not certain which domain it means"):
            each()
    assert resource.cloud.calls() == []


def test_a_damaged_arn_is_no_identity(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    with pytest.raises(Refused, match="no usable arn"):
        resource.delete(id, {**outputs, "arn": "arn:aws"})


def test_a_refresh_gives_a_damaged_state_its_identity_back(resource: Resource) -> None:
    id, outputs = resource.create(resource.sample["full"])
    healed = resource.read(id, {"region": "us-east-1"})
    assert (healed.outs["arn"], healed.outs["created_at"]) == (outputs["arn"], outputs["created_at"])


def test_a_run_is_one_for_all_provider_objects_of_a_process(resource: Resource) -> None:
    """The host makes one for each pickled text, and a state written by another Python holds another text than the program gives."""
    id, outputs = resource.create(resource.sample["full"])
    other = type(resource.provider)()
    other.configure(ConfigureRequest(Config({}, "contract")))
    resource.cloud.forget_calls()
    other.delete(id, as_engine({**outputs, "force_destroy": True}))
    assert resource.cloud.calls() == []


def test_a_run_that_fails_to_adopt_does_not_delete_by_the_old_entry(resource: Resource) -> None:
    if not resource.spec.force_input:
        pytest.skip("only a resource whose id is its name is adopted")
    id, outputs = resource.create(resource.sample["full"])
    resource.begin_a_run()
    resource.cloud.fault("UpdateDomain", service=resource.spec.service, code="AccessDeniedException")
    with pytest.raises(AwsError):
        resource.provider.create(as_engine(resource.check({**resource.sample["minimal"], "adopt_existing": True})))
    with pytest.raises(Refused, match="another resource of this run was to adopt it, and that failed"):
        resource.provider.delete(id, as_engine({**outputs, "force_destroy": True}))
    assert resource.live(id)


def test_a_run_never_deletes_what_it_has_made(resource: Resource) -> None:
    """The engine deletes the old entry of a replacement last; where the new one has the same id, it is the same domain."""
    id, outputs = resource.create(resource.sample["full"])
    resource.cloud.forget_calls()
    resource.provider.delete(id, as_engine({**outputs, "force_destroy": True}))
    assert resource.cloud.calls() == []
    resource.delete(id, {**outputs, "force_destroy": True})
    assert "DeleteDomain" in [call.operation for call in resource.cloud.calls()]


# -- answers that nobody can use ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", sorted(WAYS))
def test_a_spoiled_answer_is_never_a_document(resource: Resource, how: str) -> None:
    """Whatever is asked: it is an error, and nothing is taken for gone, empty or done that is not."""
    resource.config["aws:maxRetries"] = "1"
    resource.begin_a_run()
    id, outputs = resource.create(resource.sample["full"])
    resource.cloud.garble("*", how=how, service=resource.spec.service, times=None)
    for each in (lambda: resource.read(id, outputs), lambda: resource.read(id, {"region": "us-east-1"})):
        with pytest.raises(NoAnswer):
            each()
    with pytest.raises(NoAnswer):
        resource.provider.create(
            as_engine(resource.check({**resource.sample["minimal"], **resource.sample["renamed"]}))
        )
    if resource.spec.force_input:  # such a deletion reads the domain first
        with pytest.raises(NoAnswer):
            resource.delete(id, {**outputs, resource.spec.force_input: True})
        assert resource.live(id), "a deletion that cannot see what it deletes deletes nothing"
    if how not in ("another domain", "undated", "empty object"):  # of a list, that may be all there is to say
        call = resource.provider.operations.call(outputs)
        with pytest.raises(NoAnswer):
            list(resource.spec.api.list(call))


@pytest.mark.parametrize("how", sorted(WAYS))
def test_a_creation_whose_answer_was_spoiled_is_found_again(resource: Resource, how: str) -> None:
    """There is one domain afterwards, and the program has it."""
    resource.cloud.garble("CreateDomain", how=how, service=resource.spec.service)
    id, outputs = resource.create(resource.sample["full"])
    assert list(resource.cloud.domains(resource.spec.service)) == [id]
    assert resource.read(id, outputs).inputs == resource.check(resource.sample["full"])
