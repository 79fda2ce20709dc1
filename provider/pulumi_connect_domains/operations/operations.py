"""What Pulumi's methods do, for any resource: check, diff, create, read, update, delete.

Each is a few lines over the pure modules and the resource's api. Loaded in the provider's process only: a program that declares
resources needs none of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from .. import aws
from ..host import context as host
from ..host.marks import AUTO_NAME, GET
from ..model import comparison, documents, loss, tags
from ..model.errors import NotFound, Refused, Unfinished
from ..model.naming import name_property
from ..model.resource_type import ResourceSpec
from ..model.validation import Advice, advice, failures
from ..model.values import Json, plain
from ..model.warning import Notice
from . import destination, reading, run
from .call import Call
from .configuration import Configuration


class Operations:
    """The operations of one resource under one configuration, which live as long as the host does."""

    def __init__(self, spec: ResourceSpec, configuration: Configuration | None = None) -> None:
        self.spec = spec
        self.configuration = configuration or Configuration()

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """The inputs as state will keep them, and every mistake in them, each with its path in the text.

        No failure names a property to the engine: it would print that property's value, secrets in clear.
        """
        state, inputs = plain(olds), plain(news)
        marks = documents.secrecy_marks(self.spec.schema, inputs)
        inputs = {key: value for key, value in inputs.items() if key not in marks}
        name = name_property(self.spec.schema)
        if news.get(AUTO_NAME) and state.get(name):
            inputs[name] = state[name]
        tags.settle(inputs, self.configuration)
        found = [str(failure) for failure in failures(self.spec.schema, inputs)] + destination.settle(
            self.spec, state, inputs, self.configuration
        )
        self._advise(inputs, creating=not state)
        return CheckResult({**inputs, **marks}, [CheckFailure("", text) for text in found])

    def diff(self, id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """False when nothing differs; otherwise None, so that the engine names each property, or True where it would see none.

        Source: with `changes=None` the engine compares the old and new inputs itself and makes a detailed diff of them.
        """
        outputs, inputs = tags.owned(plain(olds), self.configuration), plain(news)
        destination.identified("compare", self.spec, id, outputs)
        found = comparison.changes(self.spec.schema, tags.owned(inputs, self.configuration), outputs)
        call = host.current()
        if not found:  # outputs that have become secret are written anew, for an unchanged resource keeps them in clear
            return DiffResult(changes=documents.is_exposed(self.spec.schema, inputs, call.state_inputs, outputs))
        self._warn_of_what_stays(call, found)
        failed = self._warn_of_what_failed(call, inputs, outputs)
        replaces = comparison.replacing(self.spec.schema, found)
        if replaces:
            call.warn(loss.warning(self.spec.schema, outputs, self.spec.force_input))
        # After a change that AWS failed in part, state's inputs are those from before it: what is done would be listed again.
        is_told = bool(failed) and call.detail(comparison.kinds(found, replaces))
        return DiffResult(
            changes=True if is_told or call.state_inputs == inputs else None,
            replaces=replaces,
            delete_before_replace=self._deletes_first(id, outputs, inputs, replaces),
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """The new domain's id and outputs. Nothing raises once AWS has made it: the engine would never learn of the domain."""
        inputs = plain(props)
        of_name = comparison.input_properties(self.spec.schema)[name_property(self.spec.schema)]
        name = "" if of_name.get("sensitive") else str(inputs.get(name_property(self.spec.schema), ""))
        with destination.used_to("create", self.spec, name):
            id, live = self.spec.api.create(self.call(inputs), inputs)
        run.current().hold(str(live["arn"]))
        return CreateResult(id, documents.outputs(self.spec.schema, inputs, live))

    def read(self, id: str, props: dict[str, Any]) -> ReadResult:
        """What is live: the outputs, and the inputs in check's shape. An empty id when it is certainly gone.

        Raises: Refused when a `.get()` finds nothing, since the engine would not notice.
        """
        schema, outputs = self.spec.schema, plain(props)
        is_managed, is_get = "arn" in outputs, bool(props.get(GET))
        echoed = documents.inputs_of(schema, outputs)
        declared = {} if is_get else host.current().state_inputs or echoed
        with destination.used_to("read", self.spec, id):
            call = self.call(outputs, declared)
            # After a change that AWS failed in part the engine keeps the inputs from before it, while the outputs echo its own.
            if is_managed and comparison.failed_changes(schema, echoed, outputs):
                declared = echoed
            live = reading.live(call, id, outputs if is_managed else {}, declared)
        if live is None and is_managed:
            return ReadResult("", {})
        if live is None:
            raise Refused(
                f"there is no {self.spec.noun} {id!r} in {call.region}, account {call.service.caller.account}"
            )
        if is_get:
            inputs = {**documents.settable(schema, live), "region": call.region}
        else:
            inputs = documents.read_inputs(schema, declared, live, self.configuration)
        outs = documents.outputs(schema, inputs, live)
        if not (
            is_managed or is_get
        ):  # state that lost its identity gets that back; the values are the next update's to write
            outs = {name: value for name, value in outs.items() if name in outputs or name not in inputs}
        marks = documents.secrecy_marks(schema, call.host.state_inputs or {})
        return ReadResult(id, documents.without_exposed(outs, marks, outputs), {**inputs, **marks})

    def update(self, id: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """The complete outputs, after what changed (and nothing else) was sent.

        Raises: NotFound when the domain vanished; an update never creates. Unfinished when AWS failed the last part of it: the engine
        saves what is done, and calls again next time.
        """
        outputs, inputs = tags.owned(plain(olds), self.configuration), plain(news)
        destination.identified("update", self.spec, id, outputs)
        found = comparison.changes(self.spec.schema, tags.owned(inputs, self.configuration), outputs)
        with destination.used_to("update", self.spec, id):
            call = self.call({**inputs, "arn": outputs["arn"]}, outputs)
        try:
            live = self.spec.api.update(call, id, outputs, inputs, found)
        except NotFound as error:
            raise self._vanished(id, call, error) from None
        except Unfinished as error:
            done = documents.outputs(self.spec.schema, inputs, error.live, outputs)
            call.host.fail_partially(id, done, inputs, [str(error)])
            raise
        return UpdateResult(documents.outputs(self.spec.schema, inputs, live, outputs))

    def delete(self, id: str, props: dict[str, Any]) -> None:
        """The domain is gone afterwards, or was before; but one that this same run has created or adopted stays.

        Such a deletion comes after a replacement under an unchanged name, or after another resource has adopted the domain: the entry
        to delete and the new one are one domain. Raises: Refused for state that does not say which domain it means.
        """
        outputs = plain(props)
        arn = destination.identified("delete", self.spec, id, outputs)
        if run.current().holds(arn):
            host.current().warn(
                f"the {self.spec.noun} {id} is kept: this run has created or adopted it, so a newer entry of the stack holds it; "
                "only the old entry leaves the state"
            )
            return
        if run.current().claims(arn):
            raise Refused(
                f"the {self.spec.noun} {id} is not deleted: another resource of this run was to adopt it, and that failed\n"
                "mend what it says there, then run again"
            )
        with destination.used_to("delete", self.spec, id):
            self.spec.api.delete(self.call(outputs), id, outputs)

    # -- parts of them -------------------------------------------------------------------------------------------------

    def call(self, document: Json, *others: Json) -> Call:
        """The call for a resource with these inputs or outputs; `others` are further ones of it. Raises: as `destination.service`."""
        service = destination.service(self.spec, document, self.configuration)
        texts = tuple(documents.declared_values(self.spec.schema, each) for each in (document, *others))
        return Call(service, self.spec, host.current(), self.configuration, known=texts, run=run.current())

    def _advise(self, inputs: Json, *, creating: bool) -> None:
        """What is worth a second look has been said: of the configuration once in a process, of the inputs under each resource."""
        notices = [*self.configuration.notices, *tags.notices(inputs, self.configuration)]
        hints: list[Notice | Advice] = [*notices, *advice(self.spec.schema, inputs, creating=creating)]
        self.configuration = replace(self.configuration, notices=())
        for hint in hints:
            if hint.rule not in self.configuration.silenced:
                host.current().warn(f"{hint} [{hint.rule}]")

    def _deletes_first(self, id: str, outputs: Json, inputs: Json, replaces: list[str]) -> bool | None:
        """Whether a replacement deletes before it creates.

        So it is where a guard may refuse the deletion, which then speaks before anything new is made, and where the new domain would
        have the place of the old one (its name and Region), which two cannot have: also where the engine replaces on its own account.
        """
        if not self.spec.force_input:
            return None
        takes_the_place = inputs.get(name_property(self.spec.schema)) == id and inputs.get("region") == outputs.get(
            "region"
        )
        return takes_the_place or not (outputs.get(self.spec.force_input) is True and replaces)

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

    def _warn_of_what_failed(self, call: host.HostCall, inputs: Json, outputs: Json) -> tuple[comparison.Change, ...]:
        """The changes that AWS failed; each is a warning."""
        failed = comparison.failed_changes(self.spec.schema, inputs, outputs)
        for change in failed:
            texts = (documents.declared_values(self.spec.schema, each) for each in (inputs, outputs))
            reason = aws.masked(comparison.failure_reason(self.spec.schema, change, outputs), *texts).rstrip(".")
            call.warn(
                f"{change.path}: AWS could not carry out the latest change: {reason}. The next `pulumi up` tries it again"
            )
        return failed

    def _vanished(self, id: str, call: Call, error: NotFound) -> NotFound:
        text = (
            f"cannot update {self.spec.noun} {id!r}: it is not in {call.region} any more, or access to it was denied ({error.code})\n"
            "if it was deleted elsewhere: `pulumi refresh` takes note of that, and the next `pulumi up` makes it again"
        )
        return NotFound(text, code=error.code, request_id=error.request_id)
