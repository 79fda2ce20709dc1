"""Between the dynamic provider host and the operations: the host's values become requests, our answers become the host's results.

The engine's unknown values become our mark on the way in, and the engine's mark again on the way out. Secrets come in clear and cannot be
marked; `secrecy` says what is done about that.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from ..model import documents, state_format
from ..model.errors import Refused, Unfinished
from ..model.marks import SECRET_MARK, SIGNATURE
from ..model.resource_type import ResourceType
from ..model.spelling import snake_case
from ..model.values import HOST_KEY, Json, carried
from ..model.warning import written
from ..operations.call import Host
from ..operations.configuration import UNCONFIGURED, Configuration, Unshown
from ..operations.lifecycle import Operations
from ..operations.requests import (
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    ReadRequest,
    UpdateRequest,
)
from . import context, engine_log, protocol
from .command_line import asks_to_replace
from .values import AUTO_NAME, GET, from_engine, looked_at_from_engine, to_engine, top_from_engine


class Bridge:
    """The operations of one resource type under one configuration, as the host calls them. It lives as long as the host."""

    def __init__(self, type: ResourceType, configuration: Configuration = UNCONFIGURED) -> None:
        host = Host(warn=lambda urn, notice: engine_log.warn(urn, written(notice)), progress=engine_log.progress)
        self.operations = Operations(type, configuration, host)
        self._unshown = Unshown(configuration)

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """The inputs as state will keep them, and every mistake in them, each with its path in the text.

        No failure names its property to the engine, which would print the property's value, secrets in clear.
        """
        call = context.current()
        if refusal := state_format.CURRENT.refusal(olds, self._noun):
            return CheckResult(news, [CheckFailure("", refusal)])
        is_auto_named = bool(news.get(AUTO_NAME))
        inputs, says_all = looked_at_from_engine(news)
        state = top_from_engine(olds)
        if is_of_the_native_host(olds):
            state = self._outputs(olds)
            inputs = documents.kept_by_a_move(self.operations.schema, inputs, state)
        request = CheckRequest(call.urn, state, inputs, is_auto_named, says_all)
        answer = self.operations.check(request)
        for notice in (*self._unshown.take(), *answer.warnings):
            engine_log.warn(call.urn, written(notice))
        return CheckResult(
            state_format.CURRENT.marked(answer.inputs if says_all and not is_auto_named else to_engine(answer.inputs)),
            [CheckFailure("", engine_log.shown(text)) for text in answer.failures],
        )

    def diff(self, id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Whether anything differs: False, or None, so that the engine finds the properties itself, or True where it would find none.

        Source: with `changes=None` the engine compares the old and new inputs itself and makes a detailed diff of them.
        """
        self._refuse_newer(olds)
        call, inputs = context.current(), from_engine(news)
        # Read only where they count, since the host has not read them yet.
        in_state = call.state_inputs if documents.marks_outputs(self.operations.schema, inputs) else None
        is_moved = is_of_the_native_host(olds)
        request = DiffRequest(call.urn, id, self._outputs(olds), inputs, in_state)
        answer = self.operations.diff(request)
        for notice in answer.warnings:
            engine_log.warn(call.urn, written(notice))
        if not answer.changes:
            return DiffResult(changes=answer.is_different or is_moved)
        # The engine would list too much: every property after a move, and after a change that AWS failed in part what is done again, since
        # state's inputs are then those from before it.
        has_detail = (is_moved or answer.has_failed) and context.detail_diff(
            protocol.change_kinds(answer.changes, answer.replaces)
        )
        return DiffResult(
            changes=True if has_detail or is_moved or call.state_inputs == inputs else None,
            replaces=list(answer.replaces),
            delete_before_replace=answer.deletes_first,
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """The new resource's id and outputs."""
        call = context.current()
        is_replacement = asks_to_replace(call.urn)
        answer = self.operations.create(
            CreateRequest(call.urn, from_engine(props), call.timeout_seconds, is_replacement)
        )
        return CreateResult(answer.id, stored(answer.outputs))

    def read(self, id: str, props: dict[str, Any]) -> ReadResult:
        """What is live: outputs and inputs; an empty id when it is certainly gone."""
        self._refuse_newer(props)
        call = context.current()
        request = ReadRequest(call.urn, id, self._outputs(props), call.state_inputs, bool(props.get(GET)))
        answer = self.operations.read(request)
        if answer.is_gone:
            return ReadResult("", {})
        inputs = stored(answer.inputs)
        if request.state_inputs is not None:
            inputs = _hidden(inputs, self._told_by_outputs(request.outputs, request.state_inputs, inputs))
        return ReadResult(id, stored(answer.outputs), inputs)

    def update(self, id: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """The complete outputs. Raises: Unfinished if AWS failed a part; the engine stores what was done, and tries again next time."""
        self._refuse_newer(olds)
        call, inputs = context.current(), from_engine(news)
        answer = self.operations.update(UpdateRequest(call.urn, id, self._outputs(olds), inputs, call.timeout_seconds))
        outputs = stored(answer.outputs)
        if answer.unfinished:
            echoed = documents.inputs_of(self.operations.schema, outputs)
            # Those that are not as the inputs say may have been secret before.
            kept = _hidden(outputs, {name for name, value in echoed.items() if value != inputs.get(name)})
            call.fail_partially(id, kept, state_format.CURRENT.marked(inputs), answer.unfinished)
            raise Unfinished("\n".join(answer.unfinished), outputs)
        return UpdateResult(outputs)

    def delete(self, id: str, props: dict[str, Any]) -> None:
        """The resource is gone afterwards."""
        self._refuse_newer(props)
        call = context.current()
        self.operations.delete(DeleteRequest(call.urn, id, self._outputs(props), call.timeout_seconds))

    def _told_by_outputs(self, outputs: Json, state_inputs: Json, inputs: Json) -> set[str]:
        """The names of inputs whose values are those of the outputs and not of state's inputs: AWS has failed a change in part. Such an
        output may be secret.
        """
        echoed = documents.inputs_of(self.operations.schema, outputs)
        return {
            name
            for name, value in echoed.items()
            if name in inputs and value != state_inputs.get(name) and inputs[name] != state_inputs.get(name)
        }

    def _outputs(self, state: dict[str, Any]) -> Json:
        """The outputs, or inputs, in state, which the native host may have written."""
        found: Any = from_engine(state)
        if is_of_the_native_host(state):
            found = snake_case(self.operations.schema, found)
        document: Json = found
        return document

    @property
    def _noun(self) -> str:
        return self.operations.type.noun

    def _refuse_newer(self, state: dict[str, Any]) -> None:
        """Does nothing if this version can read the state. Raises: Refused."""
        if refusal := state_format.CURRENT.refusal(state, self._noun):
            raise Refused(refusal)


def stored(document: Json) -> Json:
    """The inputs or outputs for the engine to store: of what AWS has answered, too."""
    return state_format.CURRENT.marked(carried(document))


def _hidden(document: Json, names: Collection[str]) -> Json:
    """The document, in which these values are marked as secret."""
    return {
        name: {SIGNATURE: SECRET_MARK, "value": value} if name in names else value for name, value in document.items()
    }


def is_of_the_native_host(state: dict[str, Any]) -> bool:
    """Whether the native host has written these inputs or outputs: they name no provider class, and their names are in camelCase."""
    return bool(state) and HOST_KEY not in state
