"""Pulumi's methods for any resource: configure, check, diff, create, read, update, delete.

Each is a few lines over the pure modules and the resource's api. A `Lifecycle` is pickled by the name of its class alone: the
configuration that `configure` keeps lives in the host's process and never travels.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from . import aws, comparison, destination, documents, host, loss, settings, tags
from .call import Call
from .configuration import Configuration, Notice
from .errors import NotFound, Refused, Unfinished
from .naming import AUTO_NAME, name_property
from .spec import ResourceSpec
from .validation import Advice, advice, failures
from .wire import Json, plain


class Lifecycle(ResourceProvider):
    """What the dynamic provider host calls. Subclasses name their resource and nothing else."""

    spec: ClassVar[ResourceSpec]
    serialize_as_secret_always = False  # the pickled text is a class name, and as a secret it only makes states slow

    configuration = Configuration()

    def configure(self, req: ConfigureRequest) -> None:
        """Keeps the stack's configuration for the calls that follow."""
        host.shorten_errors()
        host.log_calls()
        self.configuration = settings.from_config(req.config._props)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """The inputs as state will keep them, and every mistake in them, each with its path in the text.

        No failure names a property to the engine: it would print that property's value, secrets in clear.
        """
        state, inputs = plain(_olds), plain(news)
        name = name_property(self.spec.schema)
        if news.get(AUTO_NAME) and state.get(name):
            inputs[name] = state[name]
        tags.settle(inputs, self.configuration)
        found = [str(failure) for failure in failures(self.spec.schema, inputs)] + destination.settle(
            self.spec, state, inputs, self.configuration
        )
        self._advise(inputs)
        return CheckResult(inputs, [CheckFailure("", text) for text in found])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """False when nothing differs; otherwise None, so that the engine names each property, or True where it would see none.

        Source: with `changes=None` the engine compares the old and new inputs itself and makes a detailed diff of them.
        """
        outputs, inputs = tags.owned(plain(_olds), self.configuration), plain(_news)
        found = comparison.changes(self.spec.schema, inputs, outputs)
        if not found:
            return DiffResult(changes=False)
        call = host.current()
        self._warn_of_what_stays(call, found)
        self._warn_of_what_failed(call, inputs, outputs)
        replaces = comparison.replacing(self.spec.schema, found)
        if replaces:
            call.warn(loss.warning(self.spec.schema, outputs, self.spec.force_input))
        return DiffResult(
            changes=True if call.state_inputs == inputs else None,
            replaces=replaces,
            delete_before_replace=self._deletes_first(outputs, replaces),
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """The new domain's id and outputs. Nothing raises once AWS has made it: the engine would never learn of the domain."""
        inputs = plain(props)
        id, live = self.spec.api.create(self._call(inputs), inputs)
        return CreateResult(id, documents.outputs(self.spec.schema, inputs, live))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """What is live: the outputs, and the inputs in check's shape. An empty id when it is certainly gone.

        Raises: Refused when a `.get()` finds nothing, since the engine would not notice.
        """
        outputs = plain(props)
        call = self._call(outputs)
        is_managed = "arn" in outputs
        live = self.spec.api.read(call, id_, outputs if is_managed else {})
        if live is None and is_managed:
            return ReadResult("", {})
        if live is None:
            raise Refused(
                f"there is no {self.spec.noun} {id_!r} in {call.region}, account {call.service.caller.account}"
            )
        schema = self.spec.schema
        if is_managed:
            echoed = documents.inputs_of(schema, outputs)
            # After a change that AWS failed in part the engine keeps the inputs from before it, while the outputs echo its own.
            is_unfinished = comparison.failed_changes(schema, echoed, outputs)
            declared = echoed if is_unfinished else call.host.state_inputs or echoed
            inputs = documents.read_inputs(schema, declared, live, self.configuration)
        else:
            inputs = {**documents.settable(schema, live), "region": call.region}
        return ReadResult(id_, documents.outputs(schema, inputs, live), dict(inputs))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """The complete outputs, after what changed (and nothing else) was sent.

        Raises: NotFound when the domain vanished; an update never creates. Unfinished when AWS failed the last part of it: the engine
        saves what is done, and calls again next time.
        """
        outputs, inputs = tags.owned(plain(_olds), self.configuration), plain(_news)
        found = comparison.changes(self.spec.schema, inputs, outputs)
        call = self._call({**inputs, "arn": outputs.get("arn")})
        try:
            live = self.spec.api.update(call, _id, outputs, inputs, found)
        except NotFound as error:
            raise self._vanished(_id, call, error) from None
        except Unfinished as error:
            done = documents.outputs(self.spec.schema, inputs, error.live, outputs)
            call.host.fail_partially(_id, done, inputs, [str(error)])
            raise
        return UpdateResult(documents.outputs(self.spec.schema, inputs, live, outputs))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """The domain is gone afterwards, or was before."""
        outputs = plain(_props)
        self.spec.api.delete(self._call(outputs), _id, outputs)

    # -- parts of them -------------------------------------------------------------------------------------------------

    def _call(self, document: Json) -> Call:
        """The call for a resource with these inputs or outputs. Raises: as `destination.service`."""
        service = destination.service(self.spec, document, self.configuration)
        return Call(service, host.current(), self.configuration)

    def _advise(self, inputs: Json) -> None:
        """What is worth a second look has been said: of the configuration once in a process, of the inputs under each resource."""
        notices = [*self.configuration.notices, *tags.notices(inputs, self.configuration)]
        hints: list[Notice | Advice] = [*notices, *advice(self.spec.schema, inputs)]
        self.configuration = replace(self.configuration, notices=())
        for hint in hints:
            if hint.rule not in self.configuration.silenced:
                host.current().warn(f"{hint} [{hint.rule}]")

    def _deletes_first(self, outputs: Json, replaces: list[str]) -> bool | None:
        """Whether a replacement deletes before it creates.

        So it is where a guard may refuse the deletion, which then speaks before anything new is made, and where the engine replaces
        a domain that keeps its name, which two cannot bear. Judged by the old outputs, the answer stays the same every time.
        """
        if not self.spec.force_input:
            return None
        return not (outputs.get(self.spec.force_input) is True and replaces)

    def _warn_of_what_stays(self, call: host.HostCall, found: tuple[comparison.Change, ...]) -> None:
        of = comparison.input_properties(self.spec.schema)
        for change in found:
            removal = of[change.top].get("removal")
            if (
                change.after is comparison.ABSENT
                and len(change.keys) == 1
                and isinstance(removal, dict)
                and "keep" in removal
            ):
                call.warn(f"{change.path}: taken out of the program, but it stays on the domain. {removal['keep']}")

    def _warn_of_what_failed(self, call: host.HostCall, inputs: Json, outputs: Json) -> None:
        for change in comparison.failed_changes(self.spec.schema, inputs, outputs):
            reason = aws.masked(comparison.failure_reason(self.spec.schema, change, outputs), inputs)
            call.warn(
                f"{change.path}: AWS could not carry out the latest change: {reason}. The next `pulumi up` tries it again"
            )

    def _vanished(self, id: str, call: Call, error: NotFound) -> NotFound:
        text = (
            f"cannot update {self.spec.noun} {id!r}: it is not in {call.region} any more, or access to it was denied ({error.code})\n"
            "if it was deleted elsewhere: `pulumi refresh` takes note of that, and the next `pulumi up` makes it again"
        )
        return NotFound(text, code=error.code, request_id=error.request_id)
