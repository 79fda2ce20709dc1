"""Every error that AWS may answer with has a class and a text of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import refusals
from pulumi_connect_domains.aws.access import Access
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model import errors
from pulumi_connect_domains.model.errors import CLASS_OF_CODE, AwsError, ConnectDomainsError
from pulumi_connect_domains.registry import resource_types

ONCE = Access(max_attempts=1)
STS = ("AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity")


def operations() -> Iterator[tuple[str, str, Any]]:
    """Every operation that is ever called, with its model."""
    session = botocore.session.get_session()
    for type in resource_types().values():
        model = session.get_service_model(type.service)
        used = {action.partition(":")[2] for use in type.schema.permissions.values() for action in use}
        for name in sorted(used):
            yield type.service, name, model.operation_model(name)
    model = session.get_service_model("sts")
    for name in STS:
        yield "sts", name, model.operation_model(name)


OPERATIONS = list(operations())


@pytest.fixture(autouse=True)
def fresh(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


def members(shape: Any) -> dict[str, Any]:
    """The least that botocore takes for a structure, in snake_case."""
    return {botocore.xform_name(name): _least(shape.members[name]) for name in shape.required_members}


def _least(shape: Any) -> Any:
    if shape.type_name == "structure":
        return members(shape)
    if shape.type_name == "list":
        return [_least(shape.member)]
    if shape.type_name == "map":
        return {"key": "value"}
    return 30 if shape.type_name == "integer" else "x" * max(3, shape.metadata.get("min", 0))


@pytest.mark.parametrize(
    ("service", "operation", "model"), OPERATIONS, ids=[f"{one} {two}" for one, two, _ in OPERATIONS]
)
def test_every_error_of_an_operation_has_a_class_and_a_text(
    local_aws: LocalAws, service: str, operation: str, model: Any
) -> None:
    called = aws.service(service, "us-east-1", ONCE)
    asked = members(model.input_shape)
    codes = [shape.metadata.get("error", {}).get("code", shape.name) for shape in model.error_shapes]
    for code in [*codes, "AccessDeniedException", "ThrottlingException", "ExpiredTokenException"]:
        local_aws.fault(operation, service=service, code=code, status=400, message="What AWS says of it.")
        with pytest.raises(AwsError) as error:
            called.call(operation, "the thing", asked)
        assert type(error.value) is CLASS_OF_CODE[code] is not AwsError
        first, *others = str(error.value).split("\n")
        assert re.fullmatch(rf"cannot \w+ the thing: .+ \({code}\)", first)
        assert others[-1] == f"request id {error.value.request_id}"
        assert len(others) <= 2
        assert error.value.code == code


def test_a_missing_permission_names_the_iam_action(local_aws: LocalAws) -> None:
    local_aws.fault("GetDomain", code="AccessDeniedException", status=403, message="no")
    with pytest.raises(errors.AccessDenied, match="allow the IAM action profile:GetDomain to the caller"):
        aws.service("customer-profiles", "us-east-1", ONCE).call("GetDomain", "x", {"domain_name": "crm"})
    reason = "because no identity-based policy allows the kms:CreateGrant action"
    said = (
        f"User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: kms:CreateGrant on resource: k {reason}"
    )
    local_aws.fault("GetDomain", code="AccessDeniedException", status=403, message=said)
    with pytest.raises(errors.AccessDenied) as error:
        aws.service("customer-profiles", "us-east-1", ONCE).call("GetDomain", "x", {"domain_name": "crm"})
    first, second, _ = str(error.value).split("\n")
    assert first == f"cannot read x: access denied, {reason} (AccessDeniedException)"
    assert second == "allow the IAM action kms:CreateGrant to the caller"


@pytest.mark.parametrize("code", ["404", "501", "NotImplemented"])
def test_an_endpoint_without_the_service(local_aws: LocalAws, code: str) -> None:
    local_aws.fault("GetDomain", code=code, status=404, message="Not yet implemented")
    with pytest.raises(AwsError) as error:
        aws.service("customer-profiles", "us-east-1", ONCE).call("GetDomain", "x", {"domain_name": "crm"})
    assert type(error.value) is AwsError
    assert f"does {local_aws.endpoint} offer this service? check aws:endpoints and AWS_ENDPOINT_URL" in str(error.value)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"^    [ │├└─]*(\w+)", errors.__doc__ or "", re.MULTILINE)
    for name in (
        "stacks.deployment",
        "local.aws.client",
        "host.probe",
    ):  # which bring the classes that stand in those packages
        import_module(f"pulumi_connect_domains.{name}")
    classes = [ConnectDomainsError]
    for each in classes:
        classes.extend(each.__subclasses__())
    ours = {each.__name__ for each in classes if each.__module__.startswith("pulumi_connect_domains.")}
    assert set(drawn) == ours


def test_every_class_of_the_table_is_reached_and_every_cause_is_one_of_botocores() -> None:
    import botocore.exceptions

    assert {issubclass(kind, AwsError) for kind in CLASS_OF_CODE.values()} == {True}
    for name in refusals.CAUSES:
        found = getattr(botocore.exceptions, name)
        assert issubclass(found, BotoCoreError)
        assert not issubclass(found, ClientError)


def test_throttling_codes_are_botocores() -> None:
    from botocore.retries.standard import ThrottledRetryableChecker

    known = {code for code, kind in CLASS_OF_CODE.items() if kind is errors.Throttled}
    of_other_services = {
        "EC2ThrottledException", "LimitExceededException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
    }  # fmt: skip
    assert set(ThrottledRetryableChecker._THROTTLED_ERROR_CODES) - known <= of_other_services


def test_an_error_keeps_its_class_within_another_doing() -> None:
    error = errors.AccessDenied("cannot assume role r: access denied (AccessDenied)\nrequest id 1", code="AccessDenied")
    assert error.within("read the thing") is error
    assert str(error) == "cannot read the thing: cannot assume role r: access denied (AccessDenied)\nrequest id 1"
