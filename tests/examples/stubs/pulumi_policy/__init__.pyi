"""The part of Pulumi's policy SDK that the example uses, for type checkers.

The SDK itself cannot stand beside the other packages of this environment: its version 1.21 wants protobuf 5. test_policy_pack.py runs the
example with the SDK, in an environment of its own, where the Pulumi CLI is.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

ReportViolation = Callable[[str, str | None], None]

class EnforcementLevel(Enum):
    ADVISORY = "advisory"
    MANDATORY = "mandatory"

class PolicyConfigSchema:
    def __init__(self, properties: dict[str, dict[str, Any]], required: list[str] | None = None) -> None: ...

class PolicyResourceOptions:
    protect: bool

class ResourceValidationArgs:
    resource_type: str
    props: Mapping[str, Any]
    urn: str
    name: str
    opts: PolicyResourceOptions
    def get_config(self) -> Mapping[str, Any]: ...

class ResourceValidationPolicy:
    def __init__(
        self,
        name: str,
        description: str,
        validate: Callable[[ResourceValidationArgs, ReportViolation], None],
        enforcement_level: EnforcementLevel | None = None,
        config_schema: PolicyConfigSchema | None = None,
    ) -> None: ...

class PolicyPack:
    def __init__(
        self,
        name: str,
        policies: Sequence[ResourceValidationPolicy],
        enforcement_level: EnforcementLevel | None = None,
    ) -> None: ...
