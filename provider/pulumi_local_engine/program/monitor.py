"""The protocol's ResourceMonitor: what a program calls, turned into goals; what the local engine does not do is refused by name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NoReturn, Protocol

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from ..model.goal import Goal
from ..model.resource import Resource
from ..model.urn import PROVIDERS, package_of
from ..model.values import Properties, Secret, reveal
from ..provider.hooks import Hooks
from ..provider.mocks import MockInvoke, answer
from ..provider.protocol import ProviderError
from ..provider.registry import DYNAMIC, refusal
from ..provider.wire import pack, unpack
from .requests import Refused, goal_of

FEATURES: Final = [
    number
    for name, number in resource_pb2.ResourceMonitorFeature.items()
    if name.removeprefix("RESOURCE_MONITOR_FEATURE_")
    in (
        "SECRETS", "RESOURCE_REFERENCES", "ALIAS_SPECS", "DELETED_WITH", "REPLACE_WITH", "TRANSFORMS", "INVOKE_TRANSFORMS",
        "RESOURCE_HOOKS", "ERROR_HOOKS", "INVOKE_DEPENDS_ON", "INVOKE_PARENT",
    )
]  # fmt: skip
"""Transforms and hooks are among them, so that a program that uses them gets our refusal and not the SDK's advice to upgrade."""
KNOWN: Final = (
    "secrets", "resourceReferences", "aliasSpecs", "deletedWith", "replaceWith", "transforms", "resourceHooks",
)  # fmt: skip
"""The same, as older programs ask for it."""


@dataclass(frozen=True)
class Registered:
    """What came of a registration. `unknown`: nothing was made, and nothing is known of it."""

    resource: Resource
    result: Literal["success", "failed", "skipped"] = "success"
    unknown: bool = False


RESULTS: Final = {"success": 0, "failed": 1, "skipped": 2}
"""The protocol's numbers."""


class Target(Protocol):
    """The run that registrations go to. None: the run is over."""

    def register(self, goal: Goal) -> Registered | None: ...
    def read(self, goal: Goal) -> Registered | None: ...
    def give_outputs(self, urn: str, outputs: Properties) -> None: ...
    def program_is_done(self) -> None: ...


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Serves one run of one program."""

    def __init__(
        self, run: Target, deployment_info: Mapping[str, Any], config: Properties, mock_invoke: MockInvoke | None,
        hooks: Hooks,
    ) -> None:  # fmt: skip
        self._run, self._mock_invoke, self._hooks = run, mock_invoke, hooks
        self._deployment_info, self._config = deployment_info, config
        self._goals: dict[str, Goal] = {}
        self._component_providers: dict[str, dict[str, str]] = {}
        self._defaults: dict[str, str] = {}
        self._defaults_lock = threading.Lock()

    # -- calls; the names are the protocol's ---------------------------------------------------------------------------

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return resource_pb2.DeploymentInfo(**self._deployment_info, supportedFeatures=FEATURES)

    def SupportsFeature(self, request: Any, context: Any) -> Any:  # noqa: N802
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in KNOWN)

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        found = self._answer(context, lambda: self._register(request))
        resource = found.resource
        if found.result != "success" and not request.supportsResultReporting:
            _abort(context, grpc.StatusCode.INTERNAL, "resource registration failed")
        outputs = resource.outputs if request.custom else {}
        return resource_pb2.RegisterResourceResponse(
            urn=resource.urn, id=resource.id, result=RESULTS[found.result], unknown=found.unknown,  # type: ignore[arg-type]  # numbers
            object=pack(outputs, unknowns=True, secrets=request.acceptSecrets, references=request.acceptResources),
        )  # fmt: skip

    def ReadResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        def read() -> Registered | None:
            goal = Goal(
                request.type, request.name, True, unpack(request.properties), request.parent,
                request.provider or self._default_provider(request.type), request.id,
                dependencies=tuple(request.dependencies), additional_secret_outputs=tuple(request.additionalSecretOutputs),
            )  # fmt: skip
            return self._run.read(goal)

        resource = self._answer(context, read).resource
        outputs = pack(
            resource.outputs, unknowns=True, secrets=request.acceptSecrets, references=request.acceptResources
        )
        return resource_pb2.ReadResourceResponse(urn=resource.urn, properties=outputs)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:  # noqa: N802
        try:
            self._run.give_outputs(request.urn, unpack(request.outputs))
        except (KeyError, ValueError) as error:
            _abort(context, grpc.StatusCode.INVALID_ARGUMENT, f"outputs of {request.urn}: {error}")
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        ask = self._mock_invoke
        if ask is None:
            _abort(
                context, grpc.StatusCode.UNIMPLEMENTED, f"function '{request.tok}': {refusal(package_of(request.tok))}"
            )
        try:
            found = answer(ask, request.tok, reveal(unpack(request.args)), request.provider)
        except ProviderError as error:
            _abort(context, grpc.StatusCode.UNKNOWN, f"function '{request.tok}': {error}")
        fields: dict[str, Any] = {"return": pack(found, unknowns=True)}
        return provider_pb2.InvokeResponse(**fields)

    def RegisterPackage(self, request: Any, context: Any) -> Any:  # noqa: N802
        return resource_pb2.RegisterPackageResponse(ref=request.name)

    def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._run.program_is_done()
        return empty_pb2.Empty()

    def Call(self, request: Any, context: Any) -> Any:  # noqa: N802
        _abort(context, grpc.StatusCode.UNIMPLEMENTED, f"method '{request.tok}': not supported by the local engine")

    def RegisterStackTransform(self, request: Any, context: Any) -> Any:  # noqa: N802
        _abort(context, grpc.StatusCode.UNIMPLEMENTED, "transforms are not supported by the local engine")

    RegisterStackInvokeTransform = RegisterStackTransform

    def RegisterResourceHook(self, request: Any, context: Any) -> Any:  # noqa: N802
        if not self._deployment_info["dryRun"]:
            self.RegisterErrorHook(request, context)
        try:
            self._hooks.register(request)
        except Refused as error:
            _abort(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: Any, context: Any) -> Any:  # noqa: N802
        _abort(context, grpc.StatusCode.UNIMPLEMENTED, "resource hooks are not supported by the local engine")

    # -- goals -------------------------------------------------------------------------------------------------------

    def _answer(self, context: Any, ask: Callable[[], Registered | None]) -> Registered:
        """What the run says; a refusal or the end of the run goes to the program as the call's error."""
        try:
            found = ask()
        except (Refused, ProviderError, ValueError) as error:
            _abort(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        if found is None:
            _abort(context, grpc.StatusCode.UNAVAILABLE, "the run is over")
        return found

    def _register(self, request: Any) -> Registered | None:
        goal = goal_of(request, self._goals.get(request.parent), preview=self._deployment_info["dryRun"])
        providers = dict(request.providers)
        if not goal.custom:
            for package, reference in self._component_providers.get(goal.parent, {}).items():
                providers.setdefault(package, reference)
        if goal.custom and not goal.type.startswith(PROVIDERS) and not goal.provider:
            package = package_of(goal.type)
            given = providers.get(package) or self._component_providers.get(goal.parent, {}).get(package)
            goal = replace(goal, provider=given or self._default_provider(goal.type))
        found = self._run.register(goal)
        if found:
            self._goals[found.resource.urn] = goal
            if not goal.custom:
                self._component_providers[found.resource.urn] = providers
        return found

    def _default_provider(self, type_: str) -> str:
        """The reference of the package's default provider, which is registered when it is first needed."""
        package = package_of(type_)
        with self._defaults_lock:
            if package not in self._defaults:
                goal = Goal(f"{PROVIDERS}{package}", "default", True, self._package_config(package))
                found = self._run.register(goal)
                if found is None:
                    return ""  # the run is over: so will the caller find
                self._defaults[package] = found.resource.reference
            return self._defaults[package]

    def _package_config(self, package: str) -> Properties:
        """All configuration with its namespaces for dynamic providers; for others their own namespace's, without it."""
        if package == DYNAMIC:
            return dict(self._config)
        spaced = [(key.split(":", 1), value) for key, value in self._config.items()]
        return {name: value for (namespace, name), value in spaced if namespace == package}


def package_config(config: Mapping[str, str], secret_keys: frozenset[str]) -> dict[str, Any]:
    """The stack's configuration as property values."""
    return {key: Secret(value) if key in secret_keys else value for key, value in config.items()}


def _abort(context: Any, code: grpc.StatusCode, message: str) -> NoReturn:
    context.abort(code, message)
    raise AssertionError("abort raises")
