"""What a resource's policy says to a service of AWS: let in, refused, or what cannot be told from here. Pure.

The policy of a queue, a bucket or a key alone decides whether a service may use it: a service has no policy of its own in the account.
Source: IAM User Guide, "Policy evaluation logic" and the references of policy elements and global condition keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

ANYTHING = "\0"
"""In a resource or a source: a part that is not known."""

ALWAYS = {"aws:securetransport": ("true",), "aws:principalisawsservice": ("true",)}
"""What is so whenever a service of AWS calls another: it comes by TLS, and it is a service."""


PRINCIPALS = {"AWS", "Service", "Federated", "CanonicalUser"}
"""The kinds of principals. Source: "AWS JSON policy elements: Principal"."""


@dataclass(frozen=True)
class Request:
    """A service's request: its principal (`profile.amazonaws.com`), the IAM action, and the ARN of what it is asked on.

    `sources` are the ARNs on whose behalf the service may come: first the one that is documented, then others that are possible. `account`
    is the account that these are in.
    """

    service: str
    action: str
    resource: str
    account: str
    sources: tuple[str, ...] = ()

    @property
    def context(self) -> Mapping[str, tuple[str, ...]]:
        """What is known of the request, by condition key in small letters. The first value is the one that is documented."""
        found = {**ALWAYS, "aws:sourceaccount": (self.account,), "aws:principalservicename": (self.service,)}
        return {**found, "aws:sourcearn": self.sources} if self.sources else found


@dataclass(frozen=True)
class Ruling:
    """Whether the policy lets the request in: True, False, or None where it cannot be told. `why` is a sentence without a subject.

    Shape: "has no statement that lets profile.amazonaws.com do sqs:SendMessage".
    """

    allows: bool | None
    why: str = ""


def ruling(policy: object, request: Request) -> Ruling:
    """What the policy document says to the request. A statement that refuses wins over any that allows."""
    statements = _statements(policy)
    if statements is None:
        return Ruling(None, "is no policy document that can be read")
    does = f"{request.service} do {request.action}"
    refusing = [_fits(each, request) for each in statements if each.get("Effect") == "Deny"]
    if any(each.is_met for each in refusing):
        return Ruling(False, f"has a statement that forbids to let {does}")
    allowing = [_fits(each, request) for each in statements if each.get("Effect") == "Allow"]
    if any(each.is_met for each in allowing) and (unclear := _first(refusing, None)):
        return Ruling(None, f"may forbid to let {does}: {unclear.why}")
    if any(each.is_met for each in allowing):
        return Ruling(True)
    if unclear := _first(allowing, None):
        return Ruling(None, f"lets {does}, but {unclear.why}")
    if (near := _first(allowing, False)) and near.why:
        return Ruling(False, f"lets {does}, but {near.why}")
    return Ruling(False, f"has no statement that lets {does}")


def refusal(policy: object, request: Request) -> Ruling:
    """What the policy says to the request if something else allows it, as a grant or an IAM policy may: only its refusals count."""
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    return ruling({"Statement": [*(_statements(policy) or ()), everybody]}, request)


def allows_account(policy: object, account: str, actions: Sequence[str]) -> bool:
    """Whether a statement leaves the actions to the account's IAM policies: it allows them to the account itself, without a condition."""
    for each in _statements(policy) or []:
        principal = each.get("Principal")
        named = _texts(principal.get("AWS")) if isinstance(principal, Mapping) else []
        is_account = any(re.fullmatch(rf"({account}|arn:[^:]+:iam::{account}:root)", name) for name in named)
        is_plain = each.get("Effect") == "Allow" and not each.get("Condition")
        if is_account and is_plain and all(_action(each, action).is_met for action in actions):
            return True
    return False


# -- one statement ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fit:
    """Whether a statement is about the request; None where that cannot be told. `why` tells what speaks against it, or is unclear."""

    is_met: bool | None
    why: str = field(default="", compare=False)


def _first(fits: Iterable[_Fit], is_met: bool | None) -> _Fit | None:
    found = [each for each in fits if each.is_met is is_met]
    return next((each for each in found if each.why), next(iter(found), None))


def _statements(policy: object) -> list[Mapping[str, object]] | None:
    given = policy.get("Statement") if isinstance(policy, Mapping) else None
    found = [given] if isinstance(given, Mapping) else given
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        return None
    return found


def _fits(statement: Mapping[str, object], request: Request) -> _Fit:
    concerns = (_principal(statement, request.service), _action(statement, request.action))
    if any(each.is_met is False for each in concerns):
        return _Fit(False)
    parts = [*concerns, _resource(statement, request.resource), *_conditions(statement, request.context)]
    for is_met in (False, None):
        if found := _first(parts, is_met):
            return found
    return _Fit(True)


def _principal(statement: Mapping[str, object], service: str) -> _Fit:
    """Source: "Principal": `"*"` and `{"AWS": "*"}` are everybody, services too."""
    if "NotPrincipal" in statement:
        return _Fit(None, "a statement says whom it does not concern (NotPrincipal)")
    given = statement.get("Principal")
    if given is None or isinstance(given, str):
        return _Fit(given == "*")
    if not isinstance(given, Mapping) or given.keys() - PRINCIPALS or "*" in _texts(given.get("Service")):
        return _Fit(None, "whom a statement concerns cannot be told (Principal)")
    return _Fit("*" in _texts(given.get("AWS")) or service in _texts(given.get("Service")))


def _action(statement: Mapping[str, object], action: str) -> _Fit:
    if "NotAction" in statement:
        return _Fit(not any(_covers(each.lower(), action.lower()) for each in _texts(statement["NotAction"])))
    return _Fit(any(_covers(each.lower(), action.lower()) for each in _texts(statement.get("Action"))))


def _resource(statement: Mapping[str, object], resource: str) -> _Fit:
    name = "NotResource" if "NotResource" in statement else "Resource"
    covered = _any(_covers(each, resource) for each in _texts(statement.get(name)))
    is_met = _not(covered) if name == "NotResource" else covered
    return _Fit(
        is_met, "only for another resource" if is_met is False else "whether for all that is needed cannot be told"
    )


def _conditions(statement: Mapping[str, object], context: Mapping[str, tuple[str, ...]]) -> Iterator[_Fit]:
    given = statement.get("Condition", {})
    if not isinstance(given, Mapping):
        yield _Fit(None, "its condition cannot be read")
        return
    for operator, keys in given.items():
        if not isinstance(keys, Mapping):
            yield _Fit(None, "its condition cannot be read")
            continue
        for key, values in keys.items():
            is_met = _condition(str(operator), str(key), _texts(values), context)
            unclear = f"whether its condition on {key} is met cannot be told"
            yield _Fit(is_met, f"only where its condition on {key} is met" if is_met is False else unclear)


_WILD, _EXACT = ("StringLike", "ArnLike", "ArnEquals"), ("StringEquals", "StringEqualsIgnoreCase", "Bool")


def _condition(operator: str, key: str, values: Sequence[str], context: Mapping[str, tuple[str, ...]]) -> bool | None:
    """Whether the condition is met. Source: "IAM JSON policy elements: Condition operators": ArnEquals and ArnLike are the same."""
    known = context.get(key.lower())
    if known is None:
        return None
    name = operator.removesuffix("IfExists")
    if name == "Null":
        return values == ["false"]  # it is there
    plain = name.replace("Not", "", 1)
    if plain not in (*_WILD, *_EXACT) or any("${" in each for each in values):
        return None
    if plain in ("StringEqualsIgnoreCase", "Bool"):
        values, known = [each.lower() for each in values], tuple(each.lower() for each in known)
    documented, *possible = (_any(_covers(each, text, plain in _WILD) for each in values) for text in known)
    is_met = None if documented is False and any(each is not False for each in possible) else documented
    return _not(is_met) if plain != name else is_met


# -- texts ------------------------------------------------------------------------------------------------------------


def _texts(value: object) -> list[str]:
    """The texts of an element that is one of them or a list; true and false as policies write them."""
    given = value if isinstance(value, list) else [] if value is None else [value]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in given]


def _covers(pattern: str, text: str, has_wildcards: bool = True) -> bool | None:
    """Whether the pattern, with `*` and `?`, covers the text; None where that depends on what is not known of the text."""
    # fnmatch's expressions do not backtrack, however many `*` somebody writes. Brackets mean nothing here.
    if fnmatchcase(text, pattern.replace("[", "[[]")) if has_wildcards else pattern == text:
        return True
    if ANYTHING not in text:
        return False
    certain, start = text.partition(ANYTHING)[0], re.split(r"[*?]", pattern)[0] if has_wildcards else pattern
    return None if certain.startswith(start) or start.startswith(certain) else False


def _any(found: Iterable[bool | None]) -> bool | None:
    all_ = list(found)
    return True if True in all_ else None if None in all_ else False


def _not(found: bool | None) -> bool | None:
    return None if found is None else not found
