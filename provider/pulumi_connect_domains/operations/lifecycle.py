"""The operations of a resource type: check, diff, create, read, update, delete.

Each takes a request and returns an answer (`requests`). The work is done by `model` and by the resource type's functions. Only the
provider's process loads this module; a program that declares resources does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .. import aws
from ..model import comparison, deletion, documents, state_format, tags
from ..model.comparison import Change
from ..model.errors import AwsError, NotFound, Refused, Unfinished, told
from ..model.resource_type import ResourceType
from ..model.schema import Schema
from ..model.validation import advice, failures
from ..model.values import ABSENT, Json
from ..model.warning import CHANGE_FAILED, DELETION_SKIPPED, SETTING_STAYS, TAG_IGNORED, Notice, unsilenced
from . import destination, reading
from .call import Call, Host, Run
from .configuration import Configuration
from .requests import (
    CheckAnswer,
    CheckRequest,
    CreateAnswer,
    CreateRequest,
    DeleteRequest,
    DiffAnswer,
    DiffRequest,
    ReadAnswer,
    ReadRequest,
    UpdateAnswer,
    UpdateRequest,
)

_REST = "what came before it is done and in state, and `pulumi up` does the rest"


@dataclass(frozen=True)
class Operations:
    """The operations of one resource type under one configuration."""

    type: ResourceType
    configuration: Configuration = field(default_factory=Configuration)
    host: Host = field(default_factory=Host)

    @property
    def schema(self) -> Schema:
        """The resource type's contract."""
        return self.type.schema

    def check(self, request: CheckRequest) -> CheckAnswer:
        """The inputs as state will keep them, every mistake in them, and warnings."""
        Run.checks(request.urn, bool(request.state))
        marks = documents.secrecy_marks(self.schema, request.inputs)
        inputs = {**request.inputs}
        for key in marks:
            del inputs[key]
        name = self.schema.name_input
        if request.is_auto_named and request.state.get(name):
            inputs[name] = request.state[name]
        inputs = tags.settled(self.schema, inputs, self.configuration.tags)
        given = documents.given(self.schema, inputs, says_all=request.says_all)
        failing = failures(self.schema, given, is_given=True)
        found = [str(failure) for failure in failing]
        region, mistakes = "", list[str]()
        if not any(failure.path == "region" for failure in failing):
            region, mistakes = destination.settled_region(self.type, request.state, inputs, self.configuration)
        if region:
            inputs["region"] = region
            given = {**given, "region": region} if isinstance(given, dict) else given
        newer = state_format.unknown_names(request.state, self.schema.members)
        told = advice(self.schema, given, creating=not request.state, is_spelt=not found, is_given=True)
        warnings = [*newer, *self._ignored_tags(inputs), *told]
        return CheckAnswer(
            {**inputs, **marks},
            (*found, *mistakes),
            tuple(unsilenced(warnings, self.configuration.silenced)),
        )

    def diff(self, request: DiffRequest) -> DiffAnswer:
        """The changes that make the outputs in state into what the inputs say, and what follows from them."""
        outputs = self._owned(request.outputs)
        inputs = request.inputs
        destination.require_identity("compare", self.type, request.id, outputs)
        found = comparison.changes(self.schema, self._owned(inputs), outputs)
        replaces = comparison.replacing(self.schema, found)
        Run.compares(request.urn, self._identity(request.id, outputs), bool(replaces))
        if not found:  # outputs that have become secret must be stored again: an unchanged resource keeps them in clear
            exposed = documents.is_exposed(self.schema, inputs, request.state_inputs, outputs)
            return DiffAnswer(is_different=exposed)
        failed = comparison.failed_changes(self.schema, inputs, outputs)
        warnings = [*self._kept_settings(found), *self._failed_changes(failed, inputs, outputs)]
        if replaces and (losing := deletion.warning(self.schema, outputs)):
            warnings.append(losing)
        return DiffAnswer(
            changes=found,
            is_different=True,
            replaces=tuple(replaces),
            deletes_first=self._deletes_first(request.id, outputs, inputs, bool(replaces)),
            has_failed=bool(failed),
            warnings=tuple(unsilenced(warnings, self.configuration.silenced)),
        )

    def create(self, request: CreateRequest) -> CreateAnswer:
        """The new resource's id and outputs.

        After AWS has created the resource nothing may raise: the engine would not learn that the resource exists.
        """
        inputs = request.inputs
        if request.is_replacement:
            Run.in_state(request.urn)
        with destination.used_to("create", self.type, self._shown_name(inputs)):
            call = self.call(inputs, urn=request.urn, timeout_seconds=request.timeout_seconds)
            id, live = self.type.functions.create(call, inputs)
        Run.held.add(self._identity(id, {**inputs, **live}))
        return CreateAnswer(id, documents.outputs(self.schema, inputs, live))

    def read(self, request: ReadRequest) -> ReadAnswer:
        """What is live. Raises: Refused if state does not know the resource and there is none, since the engine would not notice."""
        schema, outputs = self.schema, request.outputs
        is_managed = destination.is_known(schema, outputs)
        echoed = documents.inputs_of(schema, outputs)
        declared = {} if request.is_get else request.state_inputs or echoed
        with destination.used_to("read", self.type, request.id):
            call = self.call(outputs, declared, urn=request.urn)
            # After a change that AWS failed in part, the engine keeps the inputs from before it. The outputs repeat the newer ones.
            if is_managed and declared and comparison.changes(schema, self._owned(declared), self._owned(outputs)):
                # What counts for the provider alone is as the last whole update has applied it.
                of_provider = {name for name, of in schema.inputs.items() if of.provider_only}
                declared = {**{name: declared[name] for name in declared if name not in of_provider}, **echoed}
            live = reading.live(call, request.id, outputs if is_managed else {}, declared)
        if live is None and is_managed:
            return ReadAnswer(is_gone=True)
        if live is None:
            raise Refused(f"there is no {self.type.noun} {request.id!r} in {call.region}, account {call.account}")
        policy = self.configuration.tags
        if request.is_import:
            own = {**tags.imported(schema, live, policy), "region": call.region}
            settings = documents.settings(schema, live)
            inputs = {**documents.worth_declaring(schema, settings), **own}
            # The outputs say what is off, too, so that a program that declares it is no change either.
            said = {**settings, **own}
        elif request.is_get:
            found_tags = tags.found(schema, live, policy)
            inputs = said = {**documents.settable(schema, live), **found_tags, "region": call.region}
        else:
            inputs = said = documents.read_inputs(schema, declared, live, policy)
        found = documents.outputs(schema, said, live)
        if not (is_managed or request.is_get):
            # State that lost what identifies the resource gets it back. The values of inputs are left for the next update to write.
            found = {name: value for name, value in found.items() if name in outputs or name not in inputs}
        marks = documents.secrecy_marks(schema, request.state_inputs or {})
        return ReadAnswer(documents.without_exposed(found, marks, outputs), {**inputs, **marks})

    def update(self, request: UpdateRequest) -> UpdateAnswer:
        """The complete outputs, after the changes were sent to AWS, and nothing else was.

        Raises: NotFound if the resource is gone; an update never creates one.
        """
        outputs = self._owned(request.outputs)
        inputs = request.inputs
        destination.require_identity("update", self.type, request.id, outputs)
        found = comparison.changes(self.schema, self._owned(inputs), outputs)
        with destination.used_to("update", self.type, request.id):
            known = {**inputs, **({"arn": outputs["arn"]} if "arn" in outputs else {})}
            call = self.call(known, outputs, urn=request.urn, timeout_seconds=request.timeout_seconds)
        unfinished: tuple[str, ...] = ()
        try:
            live = self.type.functions.update(call, request.id, outputs, inputs, found)
        except Unfinished as error:
            live, unfinished = error.live, (str(error),)
        except Exception as error:
            if call.parts:  # whatever it is: they are in AWS, so they have to be in state
                inputs, live = documents.after_parts(self.schema, outputs, call.parts)
                unfinished = (str(error.advise(_REST)) if isinstance(error, AwsError) else f"{told(error)}\n{_REST}",)
            elif isinstance(error, NotFound):
                raise self._vanished(request.id, call, error) from None
            else:
                raise
        return UpdateAnswer(documents.outputs(self.schema, inputs, live, outputs), unfinished)

    def delete(self, request: DeleteRequest) -> None:
        """Deletes the resource, if it is there; but keeps one that another entry of this run's program holds, with a warning.

        The engine asks for such a deletion after a replacement that kept the name, or after another entry has adopted the resource, in this
        run or in an earlier one that did not end. Then both entries are the same resource. Raises: Refused if state does not say which
        resource it means.
        """
        id, outputs = request.id, request.outputs
        destination.require_identity("delete", self.type, id, outputs)
        identity = self._identity(id, outputs)
        Run.in_state(request.urn, identity)
        if Run.is_kept(identity):
            how = "this run has created or adopted it" if identity in Run.held else "the program declares it"
            text = f"the {self.type.noun} {id} is kept: {how}, so a newer entry of the stack holds it; only the old entry leaves the state"
            for notice in unsilenced([Notice(DELETION_SKIPPED, "", text)], self.configuration.silenced):
                self.host.warn(request.urn, notice)
            return
        if identity in Run.claimed:
            raise Refused(
                f"the {self.type.noun} {id} is not deleted: another resource of this run was to adopt it, and that failed\n"
                "mend what it says there, then run again"
            )
        with destination.used_to("delete", self.type, id):
            call = self.call(outputs, urn=request.urn, timeout_seconds=request.timeout_seconds)
            self.type.functions.delete(call, id, outputs)

    # -- parts of the operations ---------------------------------------------------------------------------------------

    def call(self, document: Json, *others: Json, urn: str = "", timeout_seconds: float | None = None) -> Call:
        """The call for a resource with these inputs or outputs; `others` are more of them, whose texts are masked too.

        Raises: as `destination.service`.
        """
        service = destination.service(self.type, document, self.configuration)
        return Call(
            service,
            self.type,
            self.host,
            self.configuration,
            known=lambda: [documents.declared_values(self.schema, each) for each in (document, *others)],
            urn=urn,
            timeout_seconds=timeout_seconds,
        )

    def _owned(self, document: Json) -> Json:
        """The inputs or outputs, without the tags that are not ours."""
        return tags.owned(self.schema, document, self.configuration.tags)

    def _shown_name(self, inputs: Json) -> str:
        """The name of a resource that is about to be created, for messages; "" if it has none, or the name must not be shown."""
        name = self.schema.name_input
        return str(inputs.get(name, "")) if name and not self.schema.members[name].sensitive else ""

    def _identity(self, id: str, document: Json) -> str:
        """A text that no other resource has: the ARN, or for a type without ARNs the type, Region and id."""
        return str(document.get("arn") or f"{self.type.type_token} {document.get('region') or ''} {id}")

    def _deletes_first(self, id: str, outputs: Json, inputs: Json, replaces: bool) -> bool | None:
        """Whether a replacement deletes the old resource before it creates the new one. None where no guard can refuse the deletion.

        True while the guard is on: a refused deletion then stops the replacement before anything is created. True also if the new one has
        the name and Region of the old one, since two resources cannot share them. True also without a change that replaces: the engine may
        replace the resource all the same.
        """
        schema = self.schema
        if schema.deletion is None or not schema.deletion.guard:
            return None
        takes_the_place = inputs.get(schema.name_input) == id and inputs.get("region") == outputs.get("region")
        return takes_the_place or not (deletion.is_let_through(schema, outputs) and replaces)

    def _ignored_tags(self, inputs: Json) -> Iterator[Notice]:
        """A warning if the program declares tags that the configuration ignores. It shows no keys, since some are sensitive."""
        if ignored := tags.ignored(self.schema, inputs, self.configuration.tags):
            text = f"{ignored} of them will never be set, since {self.configuration.named('ignore_tags')} ignores them"
            yield Notice(TAG_IGNORED, self.schema.tags_input, text)

    def _kept_settings(self, found: tuple[Change, ...]) -> Iterator[Notice]:
        """A warning for each setting that was taken out of the program and that AWS keeps."""
        for change in found:
            removal = self.schema.at(change.path).removal if len(change.path) == 1 else None
            if change.desired is ABSENT and removal and removal.keep:
                text = f"taken out of the program, but it stays on the {self.schema.short_noun}. {removal.keep}"
                yield Notice(SETTING_STAYS, str(change.path), text)

    def _failed_changes(self, failed: tuple[Change, ...], inputs: Json, outputs: Json) -> Iterator[Notice]:
        """A warning for each change that AWS accepted and then failed to make."""
        for change in failed:
            texts = (documents.declared_values(self.schema, each) for each in (inputs, outputs))
            reason = aws.masked(comparison.failure_reason(self.schema, change, outputs), *texts).rstrip(".")
            text = f"AWS could not carry out the latest change: {reason}. The next `pulumi up` tries it again"
            yield Notice(CHANGE_FAILED, str(change.path), text)

    def _vanished(self, id: str, call: Call, error: NotFound) -> NotFound:
        text = (
            f"cannot update {self.type.noun} {id!r}: it is not in {call.region} any more, or access to it was denied ({error.code})\n"
            "if it was deleted elsewhere: `pulumi refresh` takes note of that, and the next `pulumi up` makes it again"
        )
        return NotFound(text, code=error.code, request_id=error.request_id)
