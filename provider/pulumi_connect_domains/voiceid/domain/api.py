"""Voice ID domains in AWS: create, read, update, delete, list. The only file that names these operations.

Source of what is said of AWS here: the API reference and the administrator guide of Voice ID, boto3's model 2021-09-27, and what
CloudFormation's resource for these domains was seen to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...model import comparison, documents, tags
from ...model.comparison import Change
from ...model.errors import AccessDenied, AwsError, Cancelled, Conflict, NoAnswer, NotFound, Refused, Unfinished
from ...model.resource_type import Call, Functions
from ...model.values import Json, members
from ...model.visible import in_shell
from ...model.warning import DOMAIN_ADOPTED, DOMAIN_LEFT, NOT_READY, OUTCOME_UNKNOWN, Notice
from ...operations import creating, reading

ENCRYPTION = "server_side_encryption_configuration"
KEY_CHANGE = "server_side_encryption_update_details"
SUSPENDED = "SUSPENDED"  # deleted, waiting to be erased
SETTINGS = ("name", "description", ENCRYPTION)  # all that UpdateDomain replaces
RETRY_AFTER_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
TOKENS = 20  # of one creation; each but the first comes after a domain that cannot be this one
LEFT = 3  # live domains of earlier runs; more than these would be a sign that AWS's times are not what we take them for
ENDED = "AWS ended support for Voice ID on 2026-05-20"


def create(call: Call, inputs: Json) -> tuple[str, Json]:
    """Creates a domain; returns its DomainId and the live document: ACTIVE, or still PENDING when the wait ends.

    This call, all of its retries and later runs send the same client token, so that a lost answer never leads to a second domain. AWS may
    answer with a domain of an earlier run. That one is taken over, unless it is suspended, or state holds it and this creation replaces it:
    then the next token asks for another one.
    """
    members = {**_settings(inputs), "tags": _tag_list(inputs.get("tags_all"))}
    answered: list[str] = []
    left: list[str] = []
    for number in range(TOKENS):
        urn = (
            call.urn if number < TOKENS - 1 else ""
        )  # the last token is random, so that no row of deleted domains is too long
        try:
            domain = _requested(call, members, urn, answered)
        except Conflict as error:
            answered += _suspended_alike(call, members["name"], answered, error)
            continue
        id = str(domain["domain_id"])
        answered.append(id)
        if domain["domain_status"] == SUSPENDED:
            continue
        if creating.is_replaced(call, domain):
            left.append(id)
            _refuse_more(call, left)
        elif creating.is_of_this_call(call, domain):
            return id, _made(call, domain)
        elif live := _taken_over(call, domain, inputs):
            return id, live
    raise Refused(
        f"cannot create a {call.type.noun}: AWS answers only with earlier domains, the last time with {answered[-1]}\nrun again"
    )


def read(call: Call, id: str) -> Json | None:
    """The live document, or None when AWS says that the domain does not exist, or is suspended: then AWS will erase it."""
    live = look(call, id)
    return None if live is None or live["domain_status"] == SUSPENDED else live


def look(call: Call, id: str) -> Json | None:
    """As `read`, but of a suspended domain too, without its tags. None when AWS says that there is no such domain."""
    domain = _seen(call, id)
    if domain is None or domain["domain_status"] == SUSPENDED:
        return domain
    try:
        answer = _ask(call, "ListTagsForResource", _subject(call, id), resource_arn=domain["arn"])
    except NotFound:
        return None
    return {**domain, "tags": {tag["key"]: tag["value"] for tag in answer.get("tags", ())}}


def update(call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]) -> Json:
    """Makes the changes; returns the live document, `{}` when no setting at AWS had to change.

    Tags come first: they are set, and then removed. So a change of the key comes last, and all else is done while it is waited for.
    UpdateDomain replaces every setting, so all are sent; a description that is left out is removed. One that no program has declared is
    somebody else's, and stays: it is read, and sent again.
    """
    schema = call.type.schema
    put, removed = tags.updates(schema, inputs, outputs)
    if put:
        _change(call, "TagResource", id, resource_arn=outputs["arn"], tags=_tag_list(put))
        call.did(tags.changed(schema, outputs, put))
    if removed:
        _change(call, "UntagResource", id, resource_arn=outputs["arn"], tag_keys=removed)
        call.did(tags.changed(schema, outputs, put, removed))
    changed = {change.top for change in changes}.intersection(SETTINGS)
    if not changed:
        return {}
    settings = {**_undeclared(call, id, outputs, inputs), **_settings(inputs)}
    domain = _change(call, "UpdateDomain", id, domain_id=id, **settings)["domain"]
    return _encrypted(call, id, inputs, domain) if ENCRYPTION in changed else domain


def delete(call: Call, id: str, outputs: Json) -> None:
    """Makes AWS suspend the domain, which AWS erases 30 days later. Does nothing if it is suspended or gone already."""
    try:
        _change(call, "DeleteDomain", id, domain_id=id)
    except NotFound:
        return


def list_all(call: Call, parent: str = "") -> Iterator[Json]:
    """Every domain of the account and region that is not suspended: its id, and the summary in ListDomains.

    Source: the text allows pages of 100, the model of 10, so the page's size is left to AWS.
    """
    for summary in _summaries(call):
        if summary["domain_status"] != SUSPENDED:
            yield {"id": summary["domain_id"], **summary}


# -- requests ---------------------------------------------------------------------------------------------------------


def _summaries(call: Call) -> Iterator[Json]:
    """What ListDomains says of each domain of the account and region, suspended ones too."""
    token: dict[str, object] = {}
    while True:
        page = _ask(call, "ListDomains", f"the {call.type.noun}s of {call.region}", **token)
        yield from page.get("domain_summaries", ())
        if not page.get("next_token"):
            return
        token = {"next_token": page["next_token"]}


def _ask(call: Call, operation: str, subject: str, **members: object) -> dict[str, Any]:
    """AWS's answer. If another request changes the domain at the same moment, the call is repeated a few times."""
    lost, pauses = False, iter(RETRY_AFTER_SECONDS)
    while True:
        try:
            return call.aws(operation, subject, **members)
        except AwsError as error:
            lost = error.lost = lost or error.lost
            pause = next(pauses, None) if _conflict(error) == "CONCURRENT_CHANGES" else None
            if pause is None:
                raise _explained(call, operation, error) from None
            refused = error
        if not _has_paused(call, pause):
            raise _explained(call, operation, refused) from None


def _has_paused(call: Call, seconds: float) -> bool:
    """Waits; False if the run was cancelled meanwhile."""
    try:
        call.clock.sleep(seconds)
    except Cancelled:
        return False
    return True


def _change(call: Call, operation: str, id: str, **members: object) -> dict[str, Any]:
    """AWS's answer to a change. Raises: NotFound for a suspended domain as for a missing one."""
    try:
        return _ask(call, operation, _subject(call, id), **members)
    except Conflict as error:
        if _conflict(error) == "DOMAIN_NOT_ACTIVE" and _describe(call, id) is None:
            raise NotFound(str(error), code=error.code, request_id=error.request_id) from None
        raise


def _describe(call: Call, id: str) -> dict[str, Any] | None:
    """The live document without its tags; None when the domain does not exist, or is suspended."""
    domain = _seen(call, id)
    return None if domain is None or domain["domain_status"] == SUSPENDED else domain


def _still_there(call: Call, id: str) -> dict[str, Any]:
    """The live document without its tags. Raises: NotFound when the domain does not exist, or is suspended."""
    live = _describe(call, id)
    if live is None:
        raise NotFound(f"{_subject(call, id)} was deleted meanwhile")
    return live


def _seen(call: Call, id: str) -> dict[str, Any] | None:
    """The live document without its tags, whatever its status; None when the domain does not exist."""
    try:
        domain: dict[str, Any] = _ask(call, "DescribeDomain", _subject(call, id), domain_id=id)["domain"]
    except NotFound:
        return None
    return domain


def _settings(document: Json, names: Sequence[str] = SETTINGS) -> Json:
    return {name: document[name] for name in names if name in document}


def _undeclared(call: Call, id: str, outputs: Json, inputs: Json) -> Json:
    """The live settings that neither the program declares nor state knows."""
    unknown = [name for name in SETTINGS if name not in inputs and name not in outputs]
    return _settings(_still_there(call, id), unknown) if unknown else {}


def _tag_list(owned: object) -> Sequence[Json]:
    """Tags in the form in which Voice ID takes them: `[{"key": "team", "value": "crm"}]`. By key: equal tags are an equal request."""
    return [{"key": key, "value": owned[key]} for key in sorted(owned)] if isinstance(owned, dict) else []


def _subject(call: Call, id: str) -> str:
    return f"{call.type.noun} {id}"  # never the name, which AWS calls sensitive


# -- a token that was used before -------------------------------------------------------------------------------------


def _requested(call: Call, members: Json, urn: str, answered: Sequence[str]) -> Json:
    """The domain that AWS answers to the token for these: a new one, or the one that it answered to this token before.

    Raises: NoAnswer for one with another name, unless that is suspended: somebody has renamed it, or it is the answer to another request.
    """

    token = creating.client_token(urn, members, answered)

    def asked() -> Json:
        try:
            domain: Json = _ask(call, "CreateDomain", f"a {call.type.noun}", **members, client_token=token)["domain"]
        except AwsError as error:
            raise _may_exist(call, error, bool(urn)) if error.lost else error from None
        return domain

    domain = asked()
    if domain["name"] == members["name"]:
        return domain
    id = str(domain["domain_id"])
    seen = _seen(call, id)
    if seen and seen["domain_status"] == SUSPENDED and asked()["domain_id"] == id:
        return seen
    raise NoAnswer(
        f"cannot create a {call.type.noun}: AWS answers with the domain {id}, which has another name\n"
        "if somebody has renamed it, import it (`connect-domains import`), or change a tag in the program to make a new one; otherwise, "
        f"a domain of the name in the program may exist all the same: look with `aws voice-id list-domains --region {call.region}`"
    )


def _refuse_more(call: Call, left: Sequence[str]) -> None:
    """Warns of live domains that a creation leaves alone, if one at most can be what it replaces. Raises: Refused after a few."""
    if len(left) == 1:
        return
    text = f"earlier runs made the domains {', '.join(left)} with the same settings; state holds one of them at most"
    if len(left) > LEFT:
        raise Refused(
            f"cannot create a {call.type.noun}: {text}\ndelete the others, or import them (`connect-domains import`), then run again"
        )
    call.warn(Notice(DOMAIN_LEFT, "", f"{text}; look at the others, and delete what nobody uses"))


def _taken_over(call: Call, domain: Json, inputs: Json) -> Json | None:
    """The live document of a domain of an earlier run, once it is as the program declares; None if it is suspended.

    AWS's answer to the token may show the domain as it was, so it is read. A warning says what was changed on it.
    """
    id = str(domain["domain_id"])
    live = reading.live(call, id, domain, inputs, look)
    if live is None:
        raise Refused(
            f"cannot create a {call.type.noun}: AWS answers with the domain {id} of an earlier run, and says that there is no such domain\n"
            "run again in a few minutes"
        )
    if live["domain_status"] == SUSPENDED:
        return None
    call.claim(str(live["arn"]))  # from now on this run does not delete the domain for an older entry
    live = {**live, **_made(call, live)}
    there = documents.read_inputs(call.type.schema, inputs, live, call.tags)
    found = comparison.changes(call.type.schema, inputs, there)
    live = {**live, **update(call, id, {**there, "arn": live["arn"]}, inputs, found)}
    changed = ", ".join(dict.fromkeys(change.top for change in found)) or "nothing"
    text = (
        f"the domain {id} of an earlier run, created at {live['created_at']}, was taken over, since AWS answered with it; changed on it: "
        f"{changed}. If you wanted it replaced, delete_before_replace=True makes a new one. If a stack of the same name elsewhere holds it "
        "too, let go of one of the entries (`pulumi state delete`) before a destroy deletes the domain for both"
    )
    call.warn(Notice(DOMAIN_ADOPTED, "", text))
    return live


def _suspended_alike(call: Call, name: object, answered: Sequence[str], error: Conflict) -> list[str]:
    """The ids of the suspended domains of the name, if no other has it: then another token makes no second domain.

    Raises: the error, where another domain of the name is there, or none is. Source: what AWS answers to a used token that it does not
    repeat is written nowhere.
    """
    if error.lost or _conflict(error) == "CONCURRENT_CHANGES":
        raise error
    alike = {str(each["domain_id"]): each["domain_status"] for each in _summaries(call) if each.get("name") == name}
    there = sorted(id for id, status in alike.items() if status != SUSPENDED)
    suspended = sorted(set(alike).difference(there, answered))
    if not there and suspended:
        return suspended
    names = (
        f"domains of that name in {call.region}: {', '.join(there)}"
        if there
        else f"{call.region} has no domain of that name"
    )
    raise error.advise(
        f"an earlier creation may have used the same client token; {names}; import the one you mean (`connect-domains import`), or change "
        "the description or a tag to make it a new creation"
    )


# -- what AWS does in the background ----------------------------------------------------------------------------------


def _made(call: Call, domain: dict[str, Any]) -> Json:
    """The live document once the domain is ACTIVE. If it is not in time, a warning says so: after an error the domain would be lost."""
    id = str(domain["domain_id"])

    def pending(live: Json) -> str:
        return "PENDING" if live["domain_status"] == "PENDING" else ""

    limit = reading.bound(call, "create")
    waited = reading.wait(call, limit, "the domain", domain, pending, lambda: _describe(call, id) or domain)
    if waited.problem:
        call.warn(
            Notice(NOT_READY, "", f"the domain {id} is created, but not ready yet: {waited.problem}. {_LOOK_LATER}")
        )
    return waited.live


def _encrypted(call: Call, id: str, inputs: Json, domain: dict[str, Any]) -> Json:
    """The live document once the change of the key has ended. If it still runs when the wait ends, a warning says so.

    Raises: Unfinished if AWS fails the change.
    """

    def pending(live: Json) -> str:
        return "IN_PROGRESS" if members(live.get(KEY_CHANGE)).get("update_status") == "IN_PROGRESS" else ""

    limit = reading.bound(call, "update")
    waited = reading.wait(call, limit, "the new key", domain, pending, lambda: _still_there(call, id))
    if waited.problem:
        text = f"AWS is still changing the key of {id}, with an outcome not known yet: {waited.problem}. {_LOOK_LATER}"
        call.warn(Notice(OUTCOME_UNKNOWN, "", text))
    change = members(waited.live.get(KEY_CHANGE))
    if change.get("update_status") == "FAILED":
        reason = call.masked(str(change.get("message") or "AWS gave no reason"), inputs).rstrip(".")
        raise Unfinished(
            f"cannot change the key of {_subject(call, id)}: {reason} (FAILED)\nall else that had to change is done; once Voice ID can use "
            "the key (symmetric, customer managed, enabled, with grants allowed), `pulumi up` tries this again, and nothing else",
            waited.live,
        )
    return waited.live


_LOOK_LATER = "`pulumi refresh` reads how it stands"


# -- what errors mean here --------------------------------------------------------------------------------------------

CONFLICTS = {
    "CONCURRENT_CHANGES": "other requests kept changing the domain; run again",
    "DOMAIN_NOT_ACTIVE": "AWS is still making the domain, or it is suspended; run again once `aws voice-id describe-domain` says ACTIVE",
    "DOMAIN_LOCKED_FROM_ENCRYPTION_UPDATES": "an earlier change of the domain's key still runs, for 30 minutes at most; run again after it",
}
CONSENT = (
    "the account has not acknowledged the consent that Voice ID asks for (BIPA), which says nothing of the domain; "
    "it is acknowledged in the Amazon Connect console, as long as AWS offers that"
)


def _conflict(error: AwsError) -> str:
    return error.members.get("ConflictType", "")


def _explained(call: Call, operation: str, error: AwsError) -> AwsError:
    """The error with advice for a Voice ID domain. NotFound stays one for the domain alone: AWS sends it for a missing consent too."""
    missing = error.members.get("ResourceType", "")
    if isinstance(error, NotFound) and missing != "DOMAIN":
        other = AwsError(str(error), code=error.code, request_id=error.request_id, members=error.members)
        other.lost = error.lost
        what = (
            CONSENT
            if missing == "COMPLIANCE_CONSENT"
            else f"what is missing is {missing or 'not said'}, not the domain"
        )
        return other.advise(what)
    if advice := CONFLICTS.get(_conflict(error)):
        return error.advise(advice)
    if isinstance(error, AccessDenied | NoAnswer) or type(error) is AwsError:
        return error.advise(_ended(call, operation))
    return error


def _ended(call: Call, operation: str) -> str:
    """A sentence for a service that refuses or is gone. Source: what its API answers since the end of support is written nowhere."""
    if operation == "CreateDomain":
        return f"{ENDED}: if that is why, take the resource out of the program"
    entry = f" {in_shell(call.urn)}" if call.urn else ""
    return f"{ENDED}: if that is why, `pulumi state delete{entry}` drops the domain from the state without asking AWS"


def _may_exist(call: Call, error: AwsError, repeats: bool) -> AwsError:
    """The error of a creation whose answer was lost, with what to do. `repeats`: the next run sends the same token.

    It does not show the name, which may be secret.
    """
    look = f"look with `aws voice-id list-domains --region {call.region}`"
    then = f"{look}; if it is there, delete it or import it (`connect-domains import`), and only then run again"
    if repeats:
        then = f"the next `pulumi up` takes it over, if settings and tags are the same; if they are to change, first {look}, and delete it"
    exists = f"a domain of the name in the program may exist all the same: {then}"
    return error.advise(f"{exists}. {_ended(call, 'CreateDomain')}", alone=True)


FUNCTIONS = Functions(create, read, update, delete, list=list_all, look=look)
