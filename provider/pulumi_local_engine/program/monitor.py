"""The protocol's ResourceMonitor: what a program calls, turned into goals; what the local engine does not do is refused by name."""

import re
import threading
from collections.abc import Callable
from concurrent import futures
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, resource_pb2, resource_pb2_grpc

from ..deploy.run import Run
from ..model.events import Diagnostic
from ..model.goal import Goal
from ..model.resource import INTERNAL
from ..model.urn import PROVIDERS, package_of
from ..model.values import Properties, reveal
from ..provider.hosts import GRPC_OPTIONS, EngineService
from ..provider.protocol import ProviderError, Refused
from ..provider.wire import pack, unpack
from .registrar import Registered, Registrar
from .requests import goal_of

CALLS_AT_ONCE: Final = 256
"""How many calls of a program may be under way: each waits for its resource in a thread of its own."""
GRACE_SECONDS: Final = 5.0
"""How long a program may take to end once it has nothing more to do, and its last calls."""
FEATURES: Final = (
    "SECRETS", "RESOURCE_REFERENCES", "ALIAS_SPECS", "DELETED_WITH", "REPLACE_WITH", "TRANSFORMS", "RESOURCE_HOOKS",
    "INVOKE_TRANSFORMS", "ERROR_HOOKS", "INVOKE_DEPENDS_ON", "INVOKE_PARENT",
)  # fmt: skip
"""Transforms and hooks are among them, so that a program that uses them gets our refusal and not the SDK's advice to upgrade."""
NUMBERS: Final = [resource_pb2.ResourceMonitorFeature.Value(f"RESOURCE_MONITOR_FEATURE_{name}") for name in FEATURES]
RESULTS: Final = {"success": 0, "failed": 1, "skipped": 2}
"""The protocol's numbers."""


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Serves one run of one program. The methods' names are the protocol's."""

    def __init__(self, registrar: Registrar, run: Run) -> None:
        self._registrar, self._run = registrar, run
        self._goals: dict[str, Goal] = {}
        self._component_providers: dict[str, dict[str, str]] = {}
        self._defaults: dict[tuple[str, str], str] = {}
        self._defaults_lock = threading.Lock()

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        stack, options = self._run.stack, self._run.options
        return resource_pb2.DeploymentInfo(
            project=stack.project, stack=stack.name, organization=stack.organization, config=stack.config,
            configSecretKeys=sorted(stack.secret_keys), dryRun=options.preview, parallel=options.parallel,
            supportedFeatures=NUMBERS,
        )  # fmt: skip

    def SupportsFeature(self, request: Any, context: Any) -> Any:  # noqa: N802
        name = re.sub("([A-Z])", r"_\1", request.id).upper()  # older programs ask for `aliasSpecs`
        return resource_pb2.SupportsFeatureResponse(hasSupport=name in FEATURES)

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        found = _answer(context, lambda: self._register(request))
        resource = found.resource
        if found.result != "success" and not request.supportsResultReporting:
            _abort(context, grpc.StatusCode.INTERNAL, "resource registration failed")
        return resource_pb2.RegisterResourceResponse(
            urn=resource.urn, id=resource.id, result=RESULTS[found.result], unknown=found.unknown,  # type: ignore[arg-type]  # numbers
            object=_packed(resource.outputs if request.custom else {}, request),
        )  # fmt: skip

    def ReadResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        def read() -> Registered | None:
            goal = Goal(
                request.type, request.name, True, unpack(request.properties), request.parent,
                request.provider or self._default_provider(request.type, request.version), request.id,
                dependencies=tuple(request.dependencies), additional_secret_outputs=tuple(request.additionalSecretOutputs),
                reads=True,
            )  # fmt: skip
            return self._registrar.register(goal)

        resource = _answer(context, read).resource
        return resource_pb2.ReadResourceResponse(urn=resource.urn, properties=_packed(resource.outputs, request))

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:  # noqa: N802
        try:
            self._registrar.give_outputs(request.urn, unpack(request.outputs))
        except (KeyError, ValueError) as error:
            _abort(context, grpc.StatusCode.INVALID_ARGUMENT, f"outputs of {request.urn}: {error}")
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        try:
            found = self._run.providers.invoke(request.tok, reveal(unpack(request.args)), request.provider)
        except ProviderError as error:
            _abort(context, grpc.StatusCode.UNKNOWN, f"function '{request.tok}': {error}")
        fields: dict[str, Any] = {"return": pack(found, unknowns=True)}
        return provider_pb2.InvokeResponse(**fields)

    def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._registrar.program_is_done()
        return empty_pb2.Empty()

    def Call(self, request: Any, context: Any) -> Any:  # noqa: N802
        _refuse(context, f"method '{request.tok}': methods")

    def RegisterStackTransform(self, request: Any, context: Any) -> Any:  # noqa: N802
        _refuse(context, "transforms")

    RegisterStackInvokeTransform = RegisterStackTransform

    def RegisterResourceHook(self, request: Any, context: Any) -> Any:  # noqa: N802
        if not self._run.options.preview:
            _refuse(context, "resource hooks")
        try:
            self._run.hooks.register(request)
        except Refused as error:
            _abort(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: Any, context: Any) -> Any:  # noqa: N802
        _refuse(context, "resource hooks")

    def _register(self, request: Any) -> Registered | None:
        goal = goal_of(request, self._goals.get(request.parent), preview=self._run.options.preview)
        providers = dict(request.providers)
        inherited = self._component_providers.get(goal.parent, {})
        if not goal.custom:
            providers = {**inherited, **providers}
        elif not goal.type.startswith(PROVIDERS) and not goal.provider:
            package = package_of(goal.type)
            given = providers.get(package) or inherited.get(package)
            goal = replace(goal, provider=given or self._default_provider(goal.type, request.version))
        found = self._registrar.register(goal)
        if found:
            self._goals[found.resource.urn] = goal
            if not goal.custom:
                self._component_providers[found.resource.urn] = providers
        return found

    def _default_provider(self, type_: str, version: str) -> str:
        """The reference of the package's default provider of the version, which is registered when it is first needed."""
        package, wanted = package_of(type_), (package_of(type_), version)
        with self._defaults_lock:
            if wanted not in self._defaults:
                inputs = {
                    **self._run.stack.config_of(package),
                    **({"version": version, INTERNAL: {}} if version else {}),
                }
                name = "_".join(["default", *re.findall(r"\w+", version)])
                found = self._registrar.register(Goal(f"{PROVIDERS}{package}", name, True, inputs))
                if found is None:
                    return ""  # the run is over: so will the caller find
                self._defaults[wanted] = found.resource.reference
            return self._defaults[wanted]


def _packed(outputs: Properties, request: Any) -> Any:
    return pack(outputs, unknowns=True, secrets=request.acceptSecrets, references=request.acceptResources)


def _answer(context: Any, ask: Callable[[], Registered | None]) -> Registered:
    """What came of a registration; a refusal or the end of the run goes to the program as the call's error."""
    try:
        found = ask()
    except (Refused, ProviderError, ValueError) as error:
        _abort(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
    if found is None:
        _abort(context, grpc.StatusCode.UNAVAILABLE, "the run is over")
    return found


def _refuse(context: Any, what: str) -> NoReturn:
    _abort(context, grpc.StatusCode.UNIMPLEMENTED, f"{what} are not supported by the local engine")


def _abort(context: Any, code: grpc.StatusCode, message: str) -> NoReturn:
    context.abort(code, message)
    raise AssertionError("abort raises")


class Session:
    """Takes a program's calls: directly, by `registrar`, or from another process, by the servers at `address`."""

    def __init__(self, run: Run) -> None:
        self.stack, self.options, self._run = run.stack, run.options, run
        self.registrar = Registrar(run)
        self._server: Any = None

    @cached_property
    def address(self) -> str:
        """Of the monitor and of the engine, which serve from now on."""
        self._server = grpc.server(futures.ThreadPoolExecutor(CALLS_AT_ONCE), options=GRPC_OPTIONS)
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(self.registrar, self._run), self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(EngineService(self.say), self._server)
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return f"127.0.0.1:{port}"

    def say(self, diagnostic: Diagnostic) -> None:
        """What the program says is told, but for what it says about our ending it."""
        if not (self.registrar.over.is_set() and self._run.executor.cancelled.is_set()):
            self._run.report(diagnostic)

    def close(self) -> None:
        """No call is answered any more."""
        if self._server:
            self._server.stop(GRACE_SECONDS)
