"""The native host: Pulumi's provider protocol over the operations. The only importer of the protocol's service.

The engine starts one for each command and each version of the package. It holds one configuration for each provider resource it serves:
the stack's, or an explicit Provider's. A method that is not here is one that the protocol allows a provider to lack.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import resources
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from .. import aws
from ..host import engine_log, protocol
from ..host.command_line import asks_to_replace, may_show_log
from ..model import documents, state_format
from ..model.comparison import Change
from ..model.errors import ConfigurationError, Refused
from ..model.marks import UNKNOWN_TEXTS
from ..model.path import Path, PathPattern
from ..model.resource_type import PACKAGE, Clock, ResourceType
from ..model.schema import UNDECLARED, Schema
from ..model.spelling import Spelling
from ..model.values import Json, Unknown, holds_unknown, is_unknown
from ..model.warning import Notice, written
from ..model.wording import camel_case, snake_case
from ..operations.call import Host
from ..operations.configuration import Configuration, Unshown
from ..operations.lifecycle import Operations
from ..operations.requests import (
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    ReadRequest,
    UpdateRequest,
)
from ..operations.settings import from_native_inputs
from ..operations.vocabulary import SECRET
from ..registry import by_token
from ..stacks.urn import Urn
from . import call, messages, naming, values
from .values import NO_SECRETS, Received, Secrets
from .version import plugin_version

DEFAULT_TAGS = "default_tags"


@dataclass(frozen=True)
class Provider:
    """One provider resource: its configuration, and which of its default tags are secret.

    `is_known`: all of its inputs are. Where some are not, in a preview, AWS is not asked at all: it might be another Region or account.
    """

    configuration: Configuration
    secret_tags: Secrets = NO_SECRETS
    is_known: bool = True


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """The methods of the protocol, which call the operations. Each gets a request and returns a response of the same name.

    It serves the resource types of the registry, or these `types`, by their tokens.
    """

    def __init__(self, types: Mapping[str, ResourceType] | None = None) -> None:
        self._types = by_token() if types is None else types
        self._provider = Provider(Configuration(namespace=PACKAGE))
        self._unshown = Unshown(self._provider.configuration)
        self._is_explicit = False

    # -- the provider itself -------------------------------------------------------------------------------------------

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802 - all names here are the protocol's
        """What this provider can do; the engine's address comes with it."""
        aws.begin()
        engine_log.connect(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def Attach(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Connects a provider that somebody else has started, for a debugger, with the engine."""
        aws.begin()
        engine_log.connect(request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        """The version."""
        return plugin_pb2.PluginInfo(version=plugin_version())

    def GetSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        """The package schema, which SDKs and YAML programs are made by."""
        return provider_pb2.GetSchemaResponse(schema=json.dumps(package_schema()))

    def GetMapping(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing: no Terraform provider stands behind this one."""
        return provider_pb2.GetMappingResponse()

    def GetMappings(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing, as above."""
        return provider_pb2.GetMappingsResponse()

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Ends all waits. Requests that AWS is carrying out are still waited for, so that state says what came of them."""
        aws.cancel()
        return empty_pb2.Empty()

    # A thread of its own, however many calls wait. Source: `_select_thread_pool_for_behavior` of grpcio 1.85.1, grpc/_server.py.
    Cancel.experimental_thread_pool = ThreadPoolExecutor(1)  # type: ignore[attr-defined]

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """The provider's inputs, secret settings marked as such, and every mistake in them."""
        return call.answered(context, "", lambda: self._check_config(request))

    def _check_config(self, request: Any) -> Any:
        self._is_explicit = is_explicit_provider(request.urn)
        given = values.received(UNDECLARED, request.news)
        inputs = provider_pb2.CheckResponse(inputs=with_secrets(request.news))
        try:
            configured(given, self._is_explicit)
        except ConfigurationError as error:
            lines = map(engine_log.shown, str(error).splitlines())
            inputs.failures.extend(provider_pb2.CheckFailure(reason=line) for line in lines)
        return inputs

    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Whether a setting differs. None replaces the provider: a resource that has to be replaced says so itself.

        A value that stays and only becomes secret, or ceases to be one, is no difference, for it cannot be told: the engine sends all
        settings in clear here and to CheckConfig, the old ones and the new ones. It stores the new inputs as secrets all the same. What
        state repeats of them among the provider's outputs stays as it is until a value changes.

        Source: requests and states of CLI 3.260.0.
        """
        return call.answered(context, "", lambda: self._diff_config(request))

    def _diff_config(self, request: Any) -> Any:
        olds, news = (values.received(UNDECLARED, each) for each in (request.old_inputs, request.news))
        before, now = olds.document, news.document
        differing = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if differing else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=differing,
        )

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Keeps the configuration for the calls that follow."""
        self._provider = call.answered(context, "", lambda: self._configured(request))
        self._unshown = Unshown(self._provider.configuration)
        engine_log.log_calls(call.current_urn, may_show_log())
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    def _configured(self, request: Any) -> Provider:
        given = values.received(UNDECLARED, request.args)
        is_explicit = is_explicit_provider(request.urn) if request.HasField("urn") else self._is_explicit
        return Provider(configured(given, is_explicit), secret_tags(given), not holds_unknown(given.document))

    # -- resources -----------------------------------------------------------------------------------------------------

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        """The inputs as state will keep them, and every mistake in them."""
        return call.answered_for(context, self._types, request.urn, lambda type: self._check(type, request))

    def _check(self, type: ResourceType, request: Any) -> Any:
        schema = type.schema
        olds, news = received(schema, request.olds), received(schema, request.news)
        if refusal := state_format.CURRENT.refusal(marks(request.olds), type.noun):
            reason = messages.spelled(schema, refusal)
            return provider_pb2.CheckResponse(failures=[provider_pb2.CheckFailure(reason=reason)])
        if not self._provider.is_known:  # as the engine itself answers then
            return provider_pb2.CheckResponse(inputs=request.news)
        if olds.is_dynamic:
            kept = documents.kept_by_a_move(schema, news.document, olds.document)
            news.secrets |= values.taken_over(kept, news.document, olds.secrets)
            news.document = kept
        inputs, mistakes = news.document, []
        is_auto_named = bool(schema.name_input) and inputs.get(schema.name_input) is None
        if is_auto_named:
            options = request.autonaming if request.HasField("autonaming") else None
            name = naming.proposed(schema, request.urn, options) or olds.document.get(schema.name_input)
            if name:
                inputs = {**inputs, schema.name_input: name}
            else:
                mistakes.append(f"{schema.name_input}: {naming.DISABLED}")
            if values.covers(olds.secrets, (schema.name_input,)):  # the name that state keeps
                news.secrets |= {(schema.name_input,)}
        operations = self._operations(type)
        answer = operations.check(CheckRequest(request.urn, olds.document, inputs, is_auto_named))
        for notice in (*self._unshown.take(), *answer.warnings):
            text = messages.without_secrets(written(notice), news)
            engine_log.warn(request.urn, messages.spelled(schema, text, news.unknown_names | olds.unknown_names))
        mistakes += [
            f"{messages.path(schema, steps)}: is {what}, not a plain value" for steps, what in news.refused.items()
        ]
        mistakes += [messages.without_secrets(text, news) for text in answer.failures]
        reasons = [messages.spelled(schema, text, news.unknown_names) for text in mistakes]
        reasons += sorted(messages.given_twice(schema, steps) for steps in news.twice)
        return provider_pb2.CheckResponse(
            inputs=stored(schema, answer.inputs, self._input_secrets(schema, news)),
            failures=[provider_pb2.CheckFailure(reason=reason) for reason in reasons],
        )

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        """What differs, in detail, and whether that replaces the resource."""
        return call.answered_for(context, self._types, request.urn, lambda type: self._diff(type, request))

    def _diff(self, type: ResourceType, request: Any) -> Any:
        schema, kinds = type.schema, provider_pb2.PropertyDiff.Kind
        if not self._provider.is_known:
            return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_UNKNOWN)
        olds, news = readable(type, request.olds), received(schema, request.news)
        answer = self._operations(type).diff(DiffRequest(request.urn, request.id, olds.document, news.document))
        for notice in answer.warnings:
            engine_log.warn(request.urn, messages.spelled(schema, written(notice)))
        secrets = values.repeated(schema, self._input_secrets(schema, news))
        changes = _counted(schema, answer.changes, request.ignoreChanges)
        replaces = [name for name in answer.replaces if any(change.top == name for change in changes)]
        is_different = bool(changes) or olds.is_dynamic or values.exposes(secrets, olds)
        detail = {
            str(Spelling.CAMEL.path(schema, Path.parse(path))): provider_pb2.PropertyDiff(
                kind=kinds.Value(kind), inputDiff=True
            )
            for path, kind in protocol.change_kinds(changes, tuple(replaces)).items()
        }
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if is_different else provider_pb2.DiffResponse.DIFF_NONE,
            replaces=[camel_case(name) for name in replaces],
            deleteBeforeReplace=bool(answer.deletes_first),
            diffs=sorted({camel_case(change.top) for change in changes}),
            detailedDiff=detail,
            hasDetailedDiff=True,
        )

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        """The new resource's id and outputs; in a preview, what is known of them."""
        return call.answered_for(context, self._types, request.urn, lambda type: self._create(type, request))

    def _create(self, type: ResourceType, request: Any) -> Any:
        schema, given = type.schema, received(type.schema, request.properties)
        secrets = values.repeated(schema, self._input_secrets(schema, given))
        if request.preview:
            outputs = documents.outputs(schema, given.document, {})
            return provider_pb2.CreateResponse(properties=values.sent(schema, _with_unknowns(schema, outputs), secrets))
        create = CreateRequest(request.urn, given.document, request.timeout or None, asks_to_replace(request.urn))
        answer = self._operations(type).create(create)
        return provider_pb2.CreateResponse(id=answer.id, properties=stored(schema, answer.outputs, secrets))

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        """What is live; an empty id when it is surely gone. For `get` all that a program could declare, for an import what it would."""
        return call.answered_for(context, self._types, request.urn, lambda type: self._read(type, request))

    def _read(self, type: ResourceType, request: Any) -> Any:
        schema = type.schema
        outputs, inputs = readable(type, request.properties), received(schema, request.inputs)
        is_get = {*outputs.document, *inputs.document} <= {"region"}
        where = [request.id in UNKNOWN_TEXTS, *(is_unknown(each.document.get("region")) for each in (outputs, inputs))]
        if any(where) or not self._provider.is_known:  # in a preview
            found = values.sent(schema, _with_unknowns(schema, outputs.document), outputs.secrets)
            return provider_pb2.ReadResponse(id=request.id, properties=found, inputs=request.inputs)
        # Of an import the engine sends neither, of `get` both. Source: recordings of CLI 3.260.0.
        is_import = not (request.HasField("properties") or request.HasField("inputs"))
        declared = None if is_get else inputs.document
        answer = self._operations(type).read(
            ReadRequest(request.urn, request.id, outputs.document, declared, is_get, is_import)
        )
        if answer.is_gone:
            return provider_pb2.ReadResponse()
        of_inputs = values.as_read(self._input_secrets(schema, inputs))
        if is_get:  # the resource's own tags may hold default tags then
            of_inputs |= {(schema.tags_input, *each) for each in self._provider.secret_tags}
        # After a change that AWS failed in part, values come from the outputs that state's inputs lack.
        of_inputs |= values.as_read(
            frozenset(
                each
                for each in outputs.secrets
                if each[0] in answer.inputs and answer.inputs[each[0]] != inputs.document.get(each[0])
            )
        )
        of_outputs = values.repeated(schema, of_inputs) | values.as_read(outputs.secrets)
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=stored(schema, answer.outputs, of_outputs),
            inputs=stored(schema, answer.inputs, of_inputs),
        )

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        """The complete outputs after the change; in a preview, what is known of them."""
        return call.answered_for(context, self._types, request.urn, lambda type: self._update(type, request, context))

    def _update(self, type: ResourceType, request: Any, context: Any) -> Any:
        schema = type.schema
        olds, news = readable(type, request.olds), received(schema, request.news)
        of_inputs = self._input_secrets(schema, news)
        secrets = values.repeated(schema, of_inputs) | values.still_secret(schema, olds)
        if request.preview:
            outputs = documents.outputs(schema, news.document, {})
            kept = {
                name: olds.document[name] for name, of in schema.outputs.items() if of.stable and name in olds.document
            }
            found = _with_unknowns(schema, {**outputs, **kept})
            return provider_pb2.UpdateResponse(properties=values.sent(schema, found, secrets))
        update = UpdateRequest(request.urn, request.id, olds.document, news.document, request.timeout or None)
        answer = self._operations(type).update(update)
        if answer.unfinished:  # what is not done yet is as it was, and as secret
            secrets |= olds.secrets
        properties = stored(schema, answer.outputs, secrets)
        if answer.unfinished:
            reasons = [messages.spelled(schema, each) for each in answer.unfinished]
            inputs = stored(schema, news.document, of_inputs)
            context.set_trailing_metadata(protocol.partial_failure(request.id, properties, inputs, reasons))
            raise Refused("\n".join(answer.unfinished))
        return provider_pb2.UpdateResponse(properties=properties)

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        """The resource is gone afterwards."""
        return call.answered_for(context, self._types, request.urn, lambda type: self._delete(type, request))

    def _delete(self, type: ResourceType, request: Any) -> Any:
        state = readable(type, request.properties)
        delete = DeleteRequest(request.urn, request.id, state.document, request.timeout or None)
        self._operations(type).delete(delete)
        return empty_pb2.Empty()

    # -- parts of them -------------------------------------------------------------------------------------------------

    def _operations(self, type: ResourceType) -> Operations:
        def warn(urn: str, notice: Notice) -> None:
            engine_log.warn(urn, messages.spelled(type.schema, written(notice)))

        if not self._provider.is_known:
            raise ConfigurationError("the provider's configuration is not known yet, so AWS was not asked")
        host = Host(clock=Clock(sleep=aws.pause), warn=warn, progress=engine_log.progress)
        return Operations(type, self._provider.configuration, host)

    def _input_secrets(self, schema: Schema, inputs: Received) -> Secrets:
        """The secrets of inputs, and of the tags that are merged from them."""
        own = inputs.document.get(schema.tags_input)
        return values.merged(schema, inputs.secrets, self._provider.secret_tags, own)


# -- documents --------------------------------------------------------------------------------------------------------


def received(schema: Schema, struct: Any) -> Received:
    """The inputs or outputs; without what the dynamic host kept among the inputs, so that its engine knew what is secret."""
    found = values.received(schema, struct)
    if found.is_dynamic and not any(each in found.document for each in schema.identified_by):  # they are inputs
        for name in documents.secrecy_marks(schema, found.document):
            del found.document[name]
    return found


def readable(type: ResourceType, struct: Any) -> Received:
    """The outputs in state. Raises: Refused if a newer version has written them in a form that this one does not know."""
    if refusal := state_format.CURRENT.refusal(marks(struct), type.noun):
        raise Refused(refusal)
    return received(type.schema, struct)


def marks(struct: Any) -> Json:
    """The mark of the state's form, if there is one."""
    if state_format.MARK not in struct.fields:
        return {}
    mark = struct.fields[state_format.MARK]
    holder = type(struct)()
    holder.fields["mark"].CopyFrom(mark)
    return {state_format.MARK: values.received(UNDECLARED, holder).document.get("mark")}


def _counted(schema: Schema, changes: tuple[Change, ...], ignored: Iterable[str]) -> tuple[Change, ...]:
    """The changes that the program does not ignore.

    Before an update the engine has left out what is ignored. After a refresh it leaves that to the provider. Source: `diffResource` of CLI
    3.260.0, pkg/resource/deploy/step_generator.go.
    """
    patterns = [PathPattern.of_engine(Spelling.SNAKE.pattern_text(schema, text)) for text in ignored]
    return tuple(each for each in changes if not any(pattern.covers(each.path) for pattern in patterns))


def stored(schema: Schema, document: Json, secrets: Secrets) -> Any:
    """The inputs or outputs for the engine to store."""
    return values.sent(schema, state_format.CURRENT.marked(document), secrets)


def _with_unknowns(schema: Schema, outputs: Json) -> Json:
    """The outputs of a preview: what is not known yet is marked so."""
    return {**{name: Unknown() for name in schema.outputs if name not in outputs}, **outputs}


# -- the provider's inputs --------------------------------------------------------------------------------------------


def is_explicit_provider(urn: str) -> bool:
    """Whether a program declares the provider. Source: the engine calls its own `default`, or `default_1_4_0` with a version."""
    name = Urn.parse(urn).name if Urn.is_one(urn) else ""
    return not (name == "default" or name.startswith("default_"))


def configured(given: Received, is_explicit: bool) -> Configuration:
    """The configuration that the inputs say. Raises: as `from_native_inputs`."""
    refused = {str(steps[0]): what for steps, what in given.refused.items()}
    return from_native_inputs(given.document, is_explicit=is_explicit, spelling=messages.spelling(), refused=refused)


def secret_tags(given: Received) -> Secrets:
    """Which of the default tags are secret, as paths within them; `{()}` for all of them."""
    found = {steps[1:] for steps in given.secrets if snake_case(str(steps[0])) == DEFAULT_TAGS}
    # pulumi-aws's form holds the tags in a member of its own.
    return frozenset(steps[1:] if steps[:1] == ("tags",) else steps for steps in found)


def with_secrets(struct: Any) -> Any:
    """The provider's inputs; a setting that is secret by its nature is marked as secret, if the program has not done so."""
    given = values.received(UNDECLARED, struct)
    secrets = {(name,) for name, value in given.document.items() if snake_case(name) in SECRET or _holds_secret(value)}
    return values.sent(UNDECLARED, given.document, given.secrets | secrets) if secrets - given.secrets else struct


def _holds_secret(value: object) -> bool:
    """Whether a member at any depth, also within a JSON text, is secret by its nature."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return False
    if isinstance(value, Mapping):
        return any(snake_case(str(key)) in SECRET or _holds_secret(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_holds_secret, value))


def package_schema() -> Json:
    """The package schema, with the version of the installed package."""
    text = resources.files(__package__.rpartition(".")[0]).joinpath("package-schema.json").read_text(encoding="utf-8")
    document: Json = json.loads(text)
    return {**document, "version": plugin_version()}
