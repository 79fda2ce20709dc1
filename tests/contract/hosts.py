"""The two hosts as the suite calls them: one port in the core's words, and what stands behind it on each host.

Documents are as programs in Python write them: plain JSON in snake_case, with `Unknown` in place of what is not known. An error is the
core's own, with the text that people are shown; what a host spells in camelCase is in snake_case again. So a test says nothing of hosts.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from unittest import mock

from google.protobuf.json_format import MessageToDict
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime.proto import provider_pb2
from pulumi_connect_domains.host import protocol
from pulumi_connect_domains.host.lifecycle import Lifecycle
from pulumi_connect_domains.host.values import AUTO_NAME, GET, to_engine, with_our_marks
from pulumi_connect_domains.model import documents
from pulumi_connect_domains.model.errors import ConnectDomainsError
from pulumi_connect_domains.model.marks import SECRET_MARK, SIGNATURE, UNKNOWN_TEXT
from pulumi_connect_domains.model.path import Path
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property, Steps, walk
from pulumi_connect_domains.model.spelling import Spelling
from pulumi_connect_domains.model.values import ABSENT, HOST_KEY, Unknown, is_unknown, whole
from pulumi_connect_domains.model.wording import camel_case
from pulumi_connect_domains.native import messages
from pulumi_connect_domains.native.servicer import Servicer
from pulumi_connect_domains.stacks.urn import NATIVE_PROVIDER_TYPE

from ..natives import names_in, snake_words

Json = dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """The inputs as state will keep them, and what is wrong with them."""

    inputs: Json
    failures: list[str]


@dataclass(frozen=True)
class Difference:
    """What the engine makes of an answer to Diff: whether it updates, and the inputs that it names as changed, and as replacing."""

    is_different: bool
    changes: list[str]
    replaces: list[str]


@dataclass(frozen=True)
class Found:
    """What a read finds; an empty id when the resource is gone."""

    id: str
    outputs: Json
    inputs: Json


class Held(Protocol):
    """A provider of one resource type, as a host holds it."""

    host: str
    type: ResourceType

    def configure(self, settings: Mapping[str, str]) -> None:
        """Begins a run with these settings of the stack's config: `{"max_retries": "1"}`."""

    def check(self, state: Json, inputs: Json, proposed: str = "") -> Checked:
        """Where the program leaves the name out, one is `proposed`."""

    def diff(self, id: str, outputs: Json, inputs: Json) -> Difference:
        """How the inputs differ from the outputs in state."""

    def create(self, inputs: Json) -> tuple[str, Json]:
        """The new resource's id and outputs."""

    def read(self, id: str, outputs: Json, inputs: Json) -> Found:
        """What a refresh finds of the outputs and inputs in state."""

    def get(self, id: str, region: str) -> Found:
        """What a program finds that declares nothing of it."""

    def update(self, id: str, outputs: Json, inputs: Json) -> Json:
        """The outputs afterwards."""

    def delete(self, id: str, outputs: Json) -> None:
        """It is gone afterwards."""

    def foresee(self, inputs: Json, id: str = "", outputs: Json | None = None) -> Json | None:
        """The outputs that a preview of the creation shows, or of the update; None where the engine does not ask the host for them."""

    def another(self) -> Held:
        """Another provider of the same process, which is not configured yet."""


# -- the dynamic host -------------------------------------------------------------------------------------------------

PICKLED = "gASV"


class Dynamic:
    """The provider object that the dynamic host makes from the pickled text.

    It is called without the engine's request, which the host reads where it finds it: all has to be right without it.
    """

    host = "dynamic"

    def __init__(self, type: ResourceType) -> None:
        self.type = type
        known = type.provider_class
        provider_class = known if known.type == type else builtins.type(known.__name__, (known,), {"type": type})
        self.provider: Lifecycle = provider_class()

    def configure(self, settings: Mapping[str, str]) -> None:
        config = Config({f"aws:{camel_case(name)}": value for name, value in settings.items()}, "contract")
        self.provider.configure(ConfigureRequest(config))

    def check(self, state: Json, inputs: Json, proposed: str = "") -> Checked:
        name = {self.type.schema.name_input: proposed, AUTO_NAME: True} if proposed else {}
        answer = self.provider.check(as_engine(state), as_engine({**inputs, **name}))
        assert AUTO_NAME not in answer.inputs
        return Checked(with_our_marks(answer.inputs), [failure.reason for failure in answer.failures])

    def diff(self, id: str, outputs: Json, inputs: Json) -> Difference:
        """Where the provider leaves it to the engine to find what changed, the engine compares old and new inputs."""
        answer = self.provider.diff(id, as_engine(outputs), as_engine(inputs))
        before = documents.inputs_of(self.type.schema, outputs) if answer.changes is None else inputs
        changes = sorted(name for name in {*before, *inputs} if before.get(name, ABSENT) != inputs.get(name, ABSENT))
        return Difference(bool(changes or answer.changes), changes, list(answer.replaces or ()))

    def create(self, inputs: Json) -> tuple[str, Json]:
        answer = self.provider.create(as_engine(inputs))
        return answer.id, dict(answer.outs or {})

    def read(self, id: str, outputs: Json, inputs: Json) -> Found:
        """Without the engine's request it knows no inputs but those that the outputs repeat."""
        return self._found(id, outputs)

    def get(self, id: str, region: str) -> Found:
        return self._found(id, {"region": region, GET: True})

    def update(self, id: str, outputs: Json, inputs: Json) -> Json:
        return dict(self.provider.update(id, as_engine(outputs), as_engine(inputs)).outs or {})

    def delete(self, id: str, outputs: Json) -> None:
        self.provider.delete(id, as_engine(outputs))

    def foresee(self, inputs: Json, id: str = "", outputs: Json | None = None) -> Json | None:
        return None

    def another(self) -> Held:
        return Dynamic(self.type)

    def _found(self, id: str, outputs: Json) -> Found:
        answer = self.provider.read(id, as_engine(outputs))
        return Found(str(answer.id), dict(answer.outs or {}), dict(answer.inputs or {}))


def as_engine(document: Json) -> Json:
    """The document as the engine hands it over: numbers as floats, no nulls in maps, the pickled provider beside the properties."""

    def travel(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: travel(each) for key, each in item.items() if each is not None}
        if isinstance(item, list):
            return [travel(each) for each in item]
        return float(item) if isinstance(item, int) and not isinstance(item, bool) else item

    return {**to_engine(travel(document)), HOST_KEY: PICKLED}


# -- the native host --------------------------------------------------------------------------------------------------

STACK = "urn:pulumi:contract::contract"
PROVIDER = f"{STACK}::{NATIVE_PROVIDER_TYPE}::default"
"""The URN of the provider that the engine makes from the stack's config."""


class Native:
    """The servicer of the native host in this process, for a program in TypeScript whose texts are all secret, but for what is an id.

    State keeps secret what the answers mark so, and what was secret in a request has to be secret in its answer.
    """

    host = "native"

    def __init__(self, type: ResourceType) -> None:
        self.type = type
        self.urn = f"{STACK}::{type.native_token}::one"
        self.servicer = Servicer({type.native_token: type})
        self._of_inputs: frozenset[Steps] = frozenset()
        self._of_outputs: frozenset[Steps] = frozenset()
        """The secrets of the checked inputs, and of the outputs in state."""

    def configure(self, settings: Mapping[str, str]) -> None:
        self.servicer = Servicer({self.type.native_token: self.type})
        given = protocol.struct({camel_case(name): value for name, value in settings.items()})
        self._ask(self.servicer.Handshake, provider_pb2.ProviderHandshakeRequest())
        checked = self._ask(self.servicer.CheckConfig, provider_pb2.CheckRequest(urn=PROVIDER, news=given))
        assert list(checked.failures) == []
        self._ask(self.servicer.Configure, provider_pb2.ConfigureRequest(urn=PROVIDER, args=checked.inputs))

    def check(self, state: Json, inputs: Json, proposed: str = "") -> Checked:
        request = self.check_request(state, inputs)
        if proposed:
            request.autonaming.proposed_name = proposed
        answer = self._ask(self.servicer.Check, request)
        checked, self._of_inputs = self._received(answer.inputs)
        of_program = {name: value for name, value in checked.items() if name in inputs or not proposed}
        _assert_hidden(self._to_be_secret(of_program), self._of_inputs)
        return Checked(checked, [self._in_our_words(failure.reason) for failure in answer.failures])

    def diff(self, id: str, outputs: Json, inputs: Json) -> Difference:
        request = self.diff_request(id, outputs, inputs)
        answer = self._ask(self.servicer.Diff, request)
        is_different = answer.changes == provider_pb2.DiffResponse.DIFF_SOME
        changes, replaces = (self._names(each) for each in (answer.diffs, answer.replaces))
        kinds = {name: provider_pb2.PropertyDiff.Kind.Name(each.kind) for name, each in answer.detailedDiff.items()}
        assert self._names(kinds) == changes
        assert self._names(name for name, kind in kinds.items() if kind.endswith("_REPLACE")) == replaces
        assert is_different or not changes
        return Difference(is_different, changes, replaces)

    def create(self, inputs: Json) -> tuple[str, Json]:
        given = self._sent(inputs, self._of_inputs)
        answer = self._ask(self.servicer.Create, provider_pb2.CreateRequest(urn=self.urn, properties=given))
        return answer.id, self._stored(answer.properties)

    def read(self, id: str, outputs: Json, inputs: Json) -> Found:
        return self._found(id, self._sent(outputs, self._of_outputs), self._sent(inputs, self._to_be_secret(inputs)))

    def get(self, id: str, region: str) -> Found:
        return self._found(id, self._sent({"region": region}))

    def update(self, id: str, outputs: Json, inputs: Json) -> Json:
        olds, news = self._sent(outputs, self._of_outputs), self._sent(inputs, self._of_inputs)
        answer = self._ask(self.servicer.Update, provider_pb2.UpdateRequest(urn=self.urn, id=id, olds=olds, news=news))
        return self._stored(answer.properties)

    def delete(self, id: str, outputs: Json) -> None:
        state = self._sent(outputs, self._of_outputs)
        self._ask(self.servicer.Delete, provider_pb2.DeleteRequest(urn=self.urn, id=id, properties=state))

    def foresee(self, inputs: Json, id: str = "", outputs: Json | None = None) -> Json | None:
        given = self._sent(inputs, self._of_inputs)
        if outputs is None:
            creation = provider_pb2.CreateRequest(urn=self.urn, properties=given, preview=True)
            found, secrets = self._received(self._ask(self.servicer.Create, creation).properties)
        else:
            olds = self._sent(outputs, self._of_outputs)
            update = provider_pb2.UpdateRequest(urn=self.urn, id=id, olds=olds, news=given, preview=True)
            found, secrets = self._received(self._ask(self.servicer.Update, update).properties)
        _assert_hidden(self._to_be_secret(inputs), secrets)
        return found

    def another(self) -> Held:
        return Native(self.type)

    # -- parts of them -------------------------------------------------------------------------------------------------

    def check_request(self, state: Json, inputs: Json) -> Any:
        """What the engine sends."""
        olds, news = self._sent(state, self._of_outputs), self._sent(inputs, self._to_be_secret(inputs))
        return provider_pb2.CheckRequest(urn=self.urn, olds=olds, news=news)

    def diff_request(self, id: str, outputs: Json, inputs: Json) -> Any:
        """What the engine sends."""
        old_inputs = documents.inputs_of(self.type.schema, outputs)
        olds, before = (self._sent(each, self._of_outputs) for each in (outputs, old_inputs))
        news = self._sent(inputs, self._of_inputs)
        return provider_pb2.DiffRequest(urn=self.urn, id=id, olds=olds, old_inputs=before, news=news)

    def _ask(self, method: Callable[[Any, Any], Any], request: Any) -> Any:
        """The answer. Raises the error with which the call ended: one of ours with the text that was told, or AssertionError for a bug."""
        with mock.patch.object(messages, "spelling", return_value=Spelling.CAMEL):
            try:
                return method(request, _Context())
            except _AbortedError as aborted:
                error, told = aborted.__context__, str(aborted)
        assert isinstance(error, ConnectDomainsError), told
        error.args = (self._in_our_words(told),)
        raise error

    def _found(self, id: str, outputs: Any, inputs: Any = None) -> Found:
        request = provider_pb2.ReadRequest(urn=self.urn, id=id, properties=outputs, inputs=inputs)
        answer = self._ask(self.servicer.Read, request)
        found, secrets = self._received(answer.inputs)
        if inputs is not None:
            _assert_hidden(self._to_be_secret(found), secrets)
        return Found(answer.id, self._stored(answer.properties), found)

    def _stored(self, properties: Any) -> Json:
        """The outputs as state keeps them from now on."""
        outputs, self._of_outputs = self._received(properties)
        return outputs

    def _to_be_secret(self, inputs: Json) -> frozenset[Steps]:
        """The texts of the inputs, but for those that cannot change: they name the resource, and ids are never secret."""
        return frozenset(
            steps
            for steps, _, value in walk(self.type.schema, inputs)
            if isinstance(value, str) and not self.type.schema.inputs[str(steps[0])].create_only
        )

    def _sent(self, document: Json, secrets: Collection[Steps] = ()) -> Any:
        return protocol.struct(_wrapped(self.type.schema, document, secrets))

    def _received(self, struct: Any) -> tuple[Json, frozenset[Steps]]:
        """What the message says, and the places of its secrets."""
        places = set[Steps]()
        found = _opened(self.type.schema, whole(MessageToDict(struct)), places)
        return found, frozenset(places)

    def _names(self, paths: Iterable[str]) -> list[str]:
        """The inputs that the paths begin with."""
        found = [Spelling.SNAKE.path(self.type.schema, Path.parse(each)) for each in paths]
        return sorted({str(each[0]) for each in found})

    def _in_our_words(self, text: str) -> str:
        schema = self.type.schema
        assert [name for name in names_in(schema) if "_" in name and name in text] == [], text
        return snake_words(text, [schema])


class _AbortedError(Exception):
    """Ends a call, as gRPC's own context does."""


class _Context:
    """What gRPC hands to a method beside the request."""

    def abort(self, code: object, text: str) -> None:
        raise _AbortedError(text)


def _assert_hidden(places: Collection[Steps], secrets: Collection[Steps]) -> None:
    """Each of the places is a secret, or lies within one."""
    clear = [each for each in places if not any(each[:length] in secrets for length in range(len(each) + 1))]
    assert clear == [], "what is secret in the program is answered in clear"


def _wrapped(of: Property, value: Any, secrets: Collection[Steps], steps: Steps = ()) -> Any:
    """The value as the engine writes it: names in camelCase, no nulls in maps. What is not known is written as such, secret or not."""
    if is_unknown(value):
        return UNKNOWN_TEXT
    if isinstance(value, dict):
        value = {
            of.camel_names.get(key, key): _wrapped(of.step(key), item, secrets, (*steps, key))
            for key, item in value.items()
            if item is not None
        }
    elif isinstance(value, list):
        value = [_wrapped(of.step(place), item, secrets, (*steps, place)) for place, item in enumerate(value)]
    return {SIGNATURE: SECRET_MARK, "value": value} if steps in secrets else value


def _opened(of: Property, value: Any, secrets: set[Steps], steps: Steps = ()) -> Any:
    """The value with its own names, and without its wrapping; `secrets` get the places where there was one."""
    if isinstance(value, dict) and SIGNATURE in value:
        assert value[SIGNATURE] == SECRET_MARK
        secrets.add(steps)
        return _opened(of, value["value"], secrets, steps)
    if isinstance(value, dict):
        assert [key for key in value if key in of.members and key not in of.snake_names] == [], "names are in camelCase"
        named = {of.snake_names.get(key, key): item for key, item in value.items()}
        return {key: _opened(of.step(key), item, secrets, (*steps, key)) for key, item in named.items()}
    if isinstance(value, list):
        return [_opened(of.step(place), item, secrets, (*steps, place)) for place, item in enumerate(value)]
    return Unknown() if value == UNKNOWN_TEXT else value


HELD: Mapping[str, Callable[[ResourceType], Held]] = {each.host: each for each in (Dynamic, Native)}
"""The hosts by their names."""
