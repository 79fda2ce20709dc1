"""Customer Profiles domains in AWS: create, read, update, delete, list. The only file that names these operations.

Source of what is said of AWS here: the API reference of Customer Profiles, boto3's model 2020-08-15, and what other tools observed
(Terraform's and CloudFormation's resources for these domains).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone

from ...model import comparison, deletion, documents, tags
from ...model.comparison import Change
from ...model.errors import AwsError, InvalidRequest, NotFound, Refused
from ...model.resource_type import Call, Functions
from ...model.values import ABSENT, Json, is_same_moment, moment
from ...model.visible import in_shell
from ...model.warning import DOMAIN_ADOPTED, Notice
from ...operations import reading
from ...operations.creating import CLOCK_TOLERANCE


def create(call: Call, inputs: Json) -> tuple[str, Json]:
    """Creates a domain; returns its name and the live document.

    CreateDomain has no idempotency token. So if an answer was lost, an existing domain counts as ours only if it was created after this
    call began and is as the inputs say. If the name was taken before, that domain is adopted if the program says so, or else the creation
    is refused.
    """
    name = str(inputs["domain_name"])
    arn = _arn(call, name)  # asks AWS for the account now: after the creation nothing may fail
    if inputs.get("adopt_existing") is True:
        call.claim(arn)  # from now on this run does not delete the domain for an older entry
    began = call.clock.now()
    try:
        answer = call.aws(
            "CreateDomain", _subject(call, name), **_members(call, inputs, inputs), tags=inputs.get("tags_all", {})
        )
    except AwsError as error:
        is_taken = isinstance(error, InvalidRequest) and error.says_it_exists
        if not is_taken and not error.lost:
            raise
        ours = _made_by_this_call(call, name, inputs, error, began) if error.lost else None
        if ours is not None:
            return name, {**ours, "arn": arn}
        if not is_taken:
            raise _may_exist(call, name, error) from None
        if inputs.get("adopt_existing") is not True:
            raise _name_taken(call, name, error) from None
        return name, {**_adopt(call, name, inputs), "arn": arn}
    return name, {**answer, "arn": arn}


def read(call: Call, id: str) -> Json | None:
    """The live document, or None when AWS says that the domain does not exist."""
    live = _get(call, id)
    return None if live is None else {**live, "arn": _arn(call, id)}


def update(call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]) -> Json:
    """Makes the changes; returns AWS's answer to the change of settings, `{}` when no setting at AWS had to change.

    UpdateDomain is partial: only the settings that changed are sent, each as a whole. Then tags are set, and then removed.
    """
    schema, arn = call.type.schema, _arn(call, id)
    members = _members(call, {change.top: None for change in changes}, inputs)
    put, removed = tags.updates(schema, inputs, outputs)
    answer: Json = {}
    if members:
        answer = {**call.aws("UpdateDomain", _subject(call, id), **{**members, "domain_name": id}), "arn": arn}
        call.did({name: inputs.get(name, ABSENT) for name in members}, answer)
    if put:
        call.aws("TagResource", _subject(call, id), resource_arn=arn, tags=put)
        call.did(tags.changed(schema, outputs, put))
    if removed:
        call.aws("UntagResource", _subject(call, id), resource_arn=arn, tag_keys=removed)
    return answer


def delete(call: Call, id: str, outputs: Json) -> None:
    """Deletes the domain with all of its customer data; does nothing if it is gone already.

    Raises: Refused if it holds data, or AWS does not say, unless `force_destroy=True` was applied before. Also for another domain of the
    same name than the one in state.
    """
    live = reading.live(call, id, outputs, {}, _get)
    if live is None:
        return
    known, there = moment(outputs.get("created_at")), moment(live.get("created_at"))
    if known is None or there is None or not is_same_moment(known, there):
        raise Refused(
            f"cannot delete {_subject(call, id)}: the one in {call.region} was created at {there}, the one in state at {known}, "
            "so it is another domain of that name\n"
            "`pulumi state delete` lets go of the entry and leaves the domain as it is; `pulumi refresh` takes the other one into state"
        )
    if not deletion.is_let_through(call.type.schema, outputs):
        _refuse_to_lose_data(call, id, live)
    try:
        call.aws("DeleteDomain", _subject(call, id), domain_name=id)
    except NotFound:
        return


def list_all(call: Call, parent: str = "") -> Iterator[Json]:
    """Every domain of the account and region: `{"id", "domain_name", "created_at", "last_updated_at", "tags"}`.

    Source: botocore has no paginator for ListDomains, so the token is followed by hand.
    """
    token: dict[str, object] = {}
    while True:
        page = call.aws("ListDomains", f"the Customer Profiles domains of {call.region}", max_results=100, **token)
        items = page.get("items")
        for item in items if isinstance(items, Sequence) else ():
            yield {"id": item["domain_name"], **item}
        if not page.get("next_token"):
            return
        token = {"next_token": page["next_token"]}


# -- requests ---------------------------------------------------------------------------------------------------------


def _members(call: Call, names: Iterable[str], inputs: Json) -> Json:
    """The request's members for the named inputs: each with the program's value, or with what AWS is sent to remove it."""
    members: Json = {}
    for name, of in call.type.schema.inputs.items():
        if name not in names or of.provider_only or name == call.type.schema.tags_input:
            continue
        value = inputs.get(name, of.removal.send if of.removal else ABSENT)
        if value is not ABSENT:
            members[name] = value
    return members


def _get(call: Call, name: str) -> Json | None:
    try:
        return call.aws("GetDomain", _subject(call, name), domain_name=name)
    except NotFound:
        return None


def _arn(call: Call, name: str) -> str:
    """The domain's ARN. No operation returns it, and the tag operations need it. Source: seen in other tools' resources."""
    return f"arn:{call.partition}:profile:{call.region}:{call.account}:domains/{name}"


def _subject(call: Call, name: str) -> str:
    return f"{call.type.noun} {name!r}"


# -- after a lost answer, or a name that is taken ---------------------------------------------------------------------


def _made_by_this_call(call: Call, name: str, inputs: Json, error: AwsError, began: datetime) -> Json | None:
    """The live domain, if it was created since the call began and is as the inputs say; else None."""
    try:
        live = _get(call, name)
    except AwsError:
        return None
    if live is None:
        return None
    if error.began is not None:
        began = datetime.fromtimestamp(error.began, timezone.utc)
    made = datetime.fromisoformat(str(live["created_at"]))
    is_ours = made >= began - CLOCK_TOLERANCE and not _compared(call, inputs, live)[1]
    return live if is_ours else None


def _compared(call: Call, inputs: Json, live: Json) -> tuple[Json, tuple[Change, ...]]:
    """The live domain as inputs, and the changes that make it what the inputs say."""
    there = documents.read_inputs(call.type.schema, inputs, live, call.tags)
    return there, comparison.changes(call.type.schema, inputs, there)


def _adopt(call: Call, name: str, inputs: Json) -> Json:
    """Makes the existing domain what the program declares; returns the live document. A warning says what was changed."""
    just_seen: Json = {
        call.type.schema.created_output: call.clock.now().isoformat()
    }  # AWS has just said that it is there
    live = reading.live(call, name, just_seen, {}, _get)
    if live is None:
        raise Refused(
            f"cannot adopt {_subject(call, name)}: AWS says that the name is taken, and that there is no such domain\nrun again"
        )
    there, found = _compared(call, inputs, live)
    answer = update(call, name, there, inputs, found)
    changed = ", ".join(str(change.path) for change in found if change.top != "tags") or "nothing"
    text = f"the existing domain {name!r} was adopted; changed on it: {changed}. {_LET_GO}"
    call.warn(Notice(DOMAIN_ADOPTED, "", text))
    return {**live, **answer}


def _name_taken(call: Call, name: str, error: AwsError) -> Refused:
    return Refused(
        f"cannot create {_subject(call, name)}: the name is taken in {call.region}, account {call.account} ({error.code})\n"
        "to manage that domain: adopt_existing=True, or an import file (`connect-domains import`). "
        f"{_LET_GO}\nrequest id {error.request_id}"
    )


_LET_GO = (
    "If another entry holds it too (of another stack, under another Provider, or an aws.customerprofiles.Domain), which cannot be seen "
    "from here, let go of that entry first "
    "(`pulumi state delete`): when it leaves its program, the engine deletes the domain with all data"
)


def _may_exist(call: Call, name: str, error: AwsError) -> AwsError:
    """The error of a creation whose answer was lost, with what to do."""
    look = f"aws customer-profiles get-domain --domain-name {in_shell(name)} --region {call.region}"
    return error.advise(
        f"the domain {name!r} may exist all the same; look with `{look}`. "
        "If it is there: adopt_existing=True takes it over, or delete it and run again",
        alone=True,
    )


# -- deleting ---------------------------------------------------------------------------------------------------------


def _refuse_to_lose_data(call: Call, name: str, live: Json) -> None:
    held = deletion.holding(call.type.schema, live)
    if held.is_empty:
        return
    holds = f"it holds {held}" if held.is_known else "AWS does not say whether it holds data"
    raise Refused(
        f"cannot delete {_subject(call, name)}: {holds}, and deleting it deletes {deletion.loses(call.type.schema)}\n"
        "to delete it all the same: set force_destroy=True, run `pulumi up`, then repeat this change\n"
        "to keep it: undo the change, or let go of it with retain_on_delete=True or `pulumi state delete`"
    )


FUNCTIONS = Functions(create, read, update, delete, list=list_all)
