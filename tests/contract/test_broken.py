"""The suite fails on a resource that breaks a promise, and by the test of that promise: so each of its tests proves something.

Each case spoils one thing about the bare template, or about a registered type where the bare one lacks what the promise is about, and
calls a test function of `test_lifecycle` with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import partial
from inspect import signature
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.comparison import Change
from pulumi_connect_domains.model.errors import AwsError, NotFound
from pulumi_connect_domains.model.records import record
from pulumi_connect_domains.model.resource_type import Call, Functions, ResourceType
from pulumi_connect_domains.model.schema import Expected, Schema
from pulumi_connect_domains.model.values import Json, is_unknown
from pulumi_connect_domains.operations.lifecycle import Operations

from . import test_lifecycle as suite
from .hosts import HELD, Checked, Difference, Found, Held
from .resources import TYPES, Resource, resource_in

BARE = TYPES["cases-template"]
GOOD = BARE.functions
SCHEMA = BARE.schema
IDENTIFIED = next(type for type in TYPES.values() if "arn" in type.schema.identified_by)
NAMED = next(type for type in TYPES.values() if type.schema.name_input)


@record(frozen=True, eq=True)
class Broken(ResourceType):
    """A resource type with other functions, or by another schema."""

    functions: Functions = GOOD
    schema: Schema = SCHEMA


class Spoiled:
    """A provider that is held, with some other methods."""

    def __init__(self, whole: Held, methods: dict[str, Any]) -> None:
        self._whole, self._methods = whole, methods

    def __getattr__(self, name: str) -> Any:
        return partial(self._methods[name], self._whole) if name in self._methods else getattr(self._whole, name)


@dataclass(frozen=True)
class Case:
    """What is broken, and the test that must fail: its function, and what it is given beside the resource."""

    test: Callable[..., None]
    given: dict[str, Any] = field(default_factory=dict)
    functions: dict[str, Any] = field(default_factory=dict)
    schema: dict[str, Any] = field(default_factory=dict)
    methods: dict[str, Any] = field(default_factory=dict)
    """Of the provider as a host holds it: each gets the one that is whole, and what it is called with."""
    type: ResourceType = BARE


# -- broken functions -------------------------------------------------------------------------------------------------


def creates_without_a_setting(call: Call, inputs: Json) -> tuple[str, Json]:
    return GOOD.create(call, {name: value for name, value in inputs.items() if name != "description"})


def creates_again_after_a_lost_answer(call: Call, inputs: Json) -> tuple[str, Json]:
    members = {name: value for name, value in inputs.items() if name != "region"}
    try:
        answer = call.aws("CreateTemplate", "a template", **members)
    except AwsError:
        answer = call.aws("CreateTemplate", "a template", **{**members, "name": f"{inputs['name']}-2"})
    return f"{inputs['domain_id']}/{answer['template_id']}", answer


def creates_with_an_output_that_is_no_json(call: Call, inputs: Json) -> tuple[str, Json]:
    id, live = GOOD.create(call, inputs)
    return id, {**live, "template_id": datetime.now(timezone.utc)}


def reads_without_a_setting(call: Call, id: str) -> Json | None:
    live = GOOD.read(call, id)
    return live and {name: value for name, value in live.items() if name != "description"}


def reads_without_a_setting_of_what_nobody_declares(call: Call, id: str) -> Json | None:
    live = GOOD.read(call, id)
    is_declared = any("description" in document for document in getattr(call, "known", tuple)())
    return live and {name: value for name, value in live.items() if is_declared or name != "description"}


def reads_without_an_output(call: Call, id: str) -> Json | None:
    live = GOOD.read(call, id)
    return live and {name: value for name, value in live.items() if name != "template_id"}


def reads_twice(call: Call, id: str) -> Json | None:
    return GOOD.read(call, id) and GOOD.read(call, id)


def reads_what_is_not_there(call: Call, id: str) -> Json | None:
    return GOOD.read(call, id) or {"template_id": id, "name": "contract", "status": "Active"}


def takes_every_error_for_gone(call: Call, id: str) -> Json | None:
    try:
        return GOOD.read(call, id)
    except AwsError:
        return None


def updates_nothing(call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]) -> Json:
    return {}


def updates_after_a_look(call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]) -> Json:
    GOOD.read(call, id)
    return GOOD.update(call, id, outputs, inputs, changes)


def updates_without_what_was_taken_out(
    call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]
) -> Json:
    return GOOD.update(call, id, outputs, inputs, tuple(each for each in changes if each.top in inputs))


def updates_by_making_another(call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]) -> Json:
    GOOD.delete(call, id, outputs)
    return GOOD.create(call, inputs)[1]


def updates_with_another_id(call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]) -> Json:
    return {**GOOD.update(call, id, outputs, inputs, changes), "template_id": "another"}


def deletes_nothing(call: Call, id: str, outputs: Json) -> None:
    return


def fails_to_delete_what_is_gone(call: Call, id: str, outputs: Json) -> None:
    if GOOD.read(call, id) is None:
        raise NotFound("it is not there")
    GOOD.delete(call, id, outputs)


def lists_nothing(call: Call, parent: str) -> Iterator[Json]:
    return iter(())


# -- broken schemas and providers --------------------------------------------------------------------------------------


def with_inputs(**changed: dict[str, Any]) -> dict[str, Any]:
    """The schema's members, of which some properties say something else."""
    members = {name: replace(of, **changed.get(name, {})) for name, of in SCHEMA.members.items()}
    return {"members": members}


def believing(operation: str) -> dict[str, Any]:
    """Every answer of the operation counts, whatever it holds."""
    return {"answers": {**SCHEMA.answers, operation: Expected()}}


def creates_outputs_without_an_input(held: Held, inputs: Json) -> tuple[str, Json]:
    id, outputs = held.create(inputs)
    return id, {name: value for name, value in outputs.items() if name != "status"}


def updates_and_keeps_old_outputs(held: Held, id: str, outputs: Json, inputs: Json) -> Json:
    return {**outputs, **held.update(id, outputs, inputs)}


def checks_unknowns_as_mistakes(held: Held, state: Json, inputs: Json, proposed: str) -> Checked:
    if any(map(is_unknown, inputs.values())):
        return Checked(inputs, ["is no text"])
    return held.check(state, inputs, proposed)


def foresees_what_does_not_come(held: Held, inputs: Json, *state: Any) -> Json | None:
    seen = held.foresee(inputs, *state)
    return seen and {**seen, "template_id": "foreseen"}


def diffs_everything(held: Held, id: str, outputs: Json, inputs: Json) -> Difference:
    return replace(held.diff(id, outputs, inputs), is_different=True)


def deletes_in_any_run(held: Held, id: str, outputs: Json) -> None:
    GOOD.delete(Operations(BARE).call({"region": "us-east-1"}), id, {})


def makes_another_that_deletes_in_any_run(held: Held) -> Any:
    return Spoiled(held.another(), {"delete": deletes_in_any_run})


def creates_without_an_arn(call: Call, inputs: Json) -> tuple[str, Json]:
    id, live = IDENTIFIED.functions.create(call, inputs)
    return id, {name: value for name, value in live.items() if name != "arn"}


def reads_no_identity(held: Held, id: str, outputs: Json, inputs: Json) -> Found:
    found = held.read(id, outputs, inputs)
    kept = {
        name: value for name, value in found.outputs.items() if name in outputs or name not in ("arn", "created_at")
    }
    return replace(found, outputs=kept)


def deletes_whatever_has_the_id(held: Held, id: str, outputs: Json) -> None:
    held.type.functions.delete(Operations(held.type).call({"region": "us-east-1"}), id, outputs)


def checks_a_proposed_name_as_a_given_one(held: Held, state: Json, inputs: Json, proposed: str) -> Checked:
    name = {held.type.schema.name_input: proposed} if proposed else {}
    return held.check(state, {**inputs, **name})


# -- the cases --------------------------------------------------------------------------------------------------------

CASES = {
    "a creation forgets a setting": Case(
        suite.test_what_was_created_reads_back_as_the_inputs,
        {"which": "full"},
        {"create": creates_without_a_setting},
    ),
    "a creation whose answer was lost is made a second time": Case(
        suite.test_a_creation_whose_answer_was_spoiled_is_found_again,
        {"how": "empty"},
        {"create": creates_again_after_a_lost_answer},
    ),
    "an output cannot be written as JSON": Case(
        suite.test_outputs_echo_every_input_and_survive_json,
        {"which": "minimal"},
        {"create": creates_with_an_output_that_is_no_json},
    ),
    "the outputs lose an input": Case(
        suite.test_outputs_echo_every_input_and_survive_json,
        {"which": "full"},
        methods={"create": creates_outputs_without_an_input},
    ),
    "a read forgets a setting": Case(
        suite.test_what_was_created_reads_back_as_the_inputs,
        {"which": "full"},
        {"read": reads_without_a_setting},
    ),
    "a read forgets a setting that was set later": Case(
        suite.test_every_setting_can_be_set_later, {"name": "description"}, {"read": reads_without_a_setting}
    ),
    "a read forgets an output": Case(
        suite.test_every_output_that_the_schema_promises_is_known_after_a_refresh,
        functions={"read": reads_without_an_output},
    ),
    "a read asks more than it has to": Case(suite.test_calls_are_as_few_as_can_be, functions={"read": reads_twice}),
    "a read sees what is not there": Case(
        suite.test_a_read_of_what_vanished_is_an_empty_id, functions={"read": reads_what_is_not_there}
    ),
    "a get finds what is not there": Case(
        suite.test_a_get_reads_whatever_is_set_and_is_refused_where_nothing_is,
        functions={"read": reads_what_is_not_there},
    ),
    "a get finds not all that is set": Case(
        suite.test_a_get_reads_whatever_is_set_and_is_refused_where_nothing_is,
        functions={"read": reads_without_a_setting_of_what_nobody_declares},
    ),
    "a read takes every error for gone": Case(
        suite.test_no_error_is_taken_for_gone,
        {"code": "AccessDeniedException"},
        {"read": takes_every_error_for_gone},
    ),
    "a read believes an empty answer": Case(
        suite.test_a_spoiled_answer_is_never_a_document, {"how": "empty object"}, schema=believing("GetTemplate")
    ),
    "a read believes an answer about another": Case(
        suite.test_a_spoiled_answer_is_never_a_document, {"how": "another domain"}, schema=believing("GetTemplate")
    ),
    "the same inputs are a change": Case(
        suite.test_the_same_inputs_again_change_nothing_and_ask_nothing,
        {"which": "full"},
        methods={"diff": diffs_everything},
    ),
    "an update sends nothing": Case(
        suite.test_every_setting_can_be_changed, {"name": "description"}, {"update": updates_nothing}
    ),
    "a preview knows what does not come": Case(
        suite.test_what_a_preview_knows_comes_true, methods={"foresee": foresees_what_does_not_come}
    ),
    "the outputs keep what was taken out": Case(
        suite.test_every_optional_setting_can_be_taken_out,
        {"name": "description"},
        methods={"update": updates_and_keeps_old_outputs},
    ),
    "what was taken out stays on": Case(
        suite.test_what_is_taken_out_is_off_in_the_cloud,
        {"name": "required_fields"},
        {"update": updates_without_what_was_taken_out},
    ),
    "an update asks although nothing differs": Case(
        suite.test_an_update_sends_nothing_when_nothing_differs, functions={"update": updates_after_a_look}
    ),
    "an update makes another one of what vanished": Case(
        suite.test_an_update_of_what_vanished_says_so_and_creates_nothing,
        functions={"update": updates_by_making_another},
    ),
    "an update changes what is called stable": Case(
        suite.test_what_the_schema_calls_stable_survives_every_change,
        {"name": "description"},
        {"update": updates_with_another_id},
    ),
    "a deletion leaves it": Case(suite.test_what_was_deleted_is_gone, functions={"delete": deletes_nothing}),
    "a deletion fails on what is gone": Case(
        suite.test_a_delete_of_what_vanished_is_done, functions={"delete": fails_to_delete_what_is_gone}
    ),
    "a run deletes what it has made": Case(
        suite.test_a_run_never_deletes_what_it_has_made, methods={"delete": deletes_in_any_run}
    ),
    "another provider object of the run deletes what the first has made": Case(
        suite.test_a_run_is_one_for_all_provider_objects_of_a_process,
        methods={"another": makes_another_that_deletes_in_any_run},
    ),
    "a list leaves it out": Case(suite.test_a_list_finds_what_was_created, functions={"list": lists_nothing}),
    "createOnly is not declared": Case(
        suite.test_what_cannot_change_in_place_replaces,
        {"name": "domain_id"},
        schema=with_inputs(domain_id={"create_only": False}),
    ),
    "createOnly is declared of what can change": Case(
        suite.test_every_setting_can_be_changed,
        {"name": "name"},
        schema=with_inputs(name={"create_only": True}),
    ),
    "check refuses what is unknown": Case(
        suite.test_unknown_inputs_pass_check_and_count_as_a_change,
        {"name": "description"},
        methods={"check": checks_unknowns_as_mistakes},
    ),
    "check refuses unknowns deep within": Case(
        suite.test_unknowns_deep_within_pass_check, methods={"check": checks_unknowns_as_mistakes}
    ),
    "the outputs do not say when it was created": Case(
        suite.test_what_is_missing_within_a_minute_of_its_creation_is_asked_for_again,
        schema={"created_output": "template_id"},
    ),
    "an input has no sample": Case(
        suite.test_the_samples_have_a_value_for_every_input,
        schema={"members": {**SCHEMA.members, "colour": SCHEMA.members["description"]}},
    ),
    "state without what identifies a resource is believed": Case(
        suite.test_state_that_does_not_say_which_resource_it_means_changes_and_deletes_nothing,
        {"name": "arn"},
        schema={"identified_by": ()},
        type=IDENTIFIED,
    ),
    "state with a damaged ARN is believed": Case(
        suite.test_a_damaged_arn_is_no_identity, methods={"delete": deletes_whatever_has_the_id}, type=IDENTIFIED
    ),
    "a refresh leaves state without what identifies the resource": Case(
        suite.test_a_refresh_gives_a_damaged_state_its_identity_back,
        {"name": "created_at"},
        methods={"read": reads_no_identity},
        type=IDENTIFIED,
    ),
    "a creation tells no account": Case(
        suite.test_another_accounts_credentials_touch_nothing,
        functions={"create": creates_without_an_arn},
        schema={"identified_by": ("created_at",)},
        type=IDENTIFIED,
    ),
    "a name that was left out changes": Case(
        suite.test_a_name_left_out_is_kept_once_it_is_in_state,
        methods={"check": checks_a_proposed_name_as_a_given_one},
        type=NAMED,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_suite_fails_where(case: Case, cloud: LocalAws, host: str) -> None:
    put_through(case, resource_in(cloud, HELD[host](case.type)))  # what is whole passes
    cloud.reset()
    schema, functions = replace(case.type.schema, **case.schema), replace(case.type.functions, **case.functions)
    spoiled: Any = Spoiled(HELD[host](Broken(case.type.package, functions, schema)), case.methods)
    with pytest.raises((AssertionError, pytest.fail.Exception, AwsError)):
        put_through(case, resource_in(cloud, spoiled))


def put_through(case: Case, resource: Resource) -> None:
    """Runs the case's test with the resource. What it changes in the environment is as before afterwards."""
    if "monkeypatch" not in signature(case.test).parameters:
        case.test(resource, **case.given)
        return
    try:
        with pytest.MonkeyPatch.context() as patch:
            case.test(resource, **case.given, monkeypatch=patch)
    finally:
        aws.forget_clients()


def test_every_promise_of_the_suite_is_broken_by_a_case() -> None:
    promises = {name for name in vars(suite) if name.startswith("test_")}
    assert promises == {case.test.__name__ for case in CASES.values()}
