"""A stack, AWS around it, and what somebody else does there: it takes the steps of a history, and raises Broken where a rule does not hold.

The engine is the local one as a library, the provider's host is the real one, in a process of its own; AWS is the local one. The program
registers its resources directly, with the properties that the constructors send (a test compares them).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Any

from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.aws import wire
from pulumi_connect_domains.model.resource_type import PACKAGE
from pulumi_connect_domains.testing import environment_of_this_process
from pulumi_local_engine.deploy.options import ImportedResource, Options, Stack
from pulumi_local_engine.model.events import Diagnostic, Event, Result
from pulumi_local_engine.model.goal import Alias, Goal
from pulumi_local_engine.model.resource import Deployment, deployment_from_json, deployment_json
from pulumi_local_engine.program.engine import run
from pulumi_local_engine.program.monitor import Session
from pulumi_local_engine.program.programs import RunningProgram
from pulumi_local_engine.provider.hosts import Hosts
from pulumi_local_engine.provider.protocol import Provider, ProviderError
from pulumi_local_engine.provider.sources import HostedProviders

from ..unit.local_engine.worlds import Broken, decrypt, encrypt, unprotected, within_time
from . import rules
from .declared import CP, IGNORED_PREFIX, VID, Domain, Foreign, Import, Json, Kill, Outside, Program, Run, Step
from .hosts import PROVIDERS, HostName, of_provider, other_token, properties, token
from .observed import SERVICES, Entry, Key, Live, Observation, Seen, entries_in, live_in, pending_in, writes_in
from .stage import Stage

ROOT = "pulumi:pulumi:Stack"


class World:
    """One stack's history so far, on one of the hosts."""

    def __init__(self, stage: Stage, host: HostName = "dynamic") -> None:
        self._stage, self.aws, self._host = stage, stage.aws, host
        self.aws.reset()
        self.text = json.dumps(deployment_json(Deployment(), encrypt, {}))
        self.program = Program()
        self.foreign: set[tuple[Key, datetime]] = set()
        self.unseen: set[tuple[Key, datetime]] = set()
        """What the stack has made without learning of it: the answer to the creation never came."""
        self.is_disturbed = False
        """Whether state may differ from AWS: nobody has looked since something happened."""
        self.shown: list[Diagnostic] = []
        """What the last command showed under its resources."""
        self.unmet: list[str] = []
        """The operations of its faults that no call has met."""

    # -- steps ---------------------------------------------------------------------------------------------------------

    def take(self, step: Step) -> None:
        """The step has happened. Raises Broken."""
        if isinstance(step, Run):
            self.run(step)
        elif isinstance(step, Foreign):
            self._make({**step.settings, "region": step.region})
        elif isinstance(step, Import):
            self._import(step)
        else:
            self._meddle(step)

    def run(self, command: Run) -> Observation:
        """What a command did. Raises Broken."""
        seen = self.observe(command)
        self.hold([*rules.broken(seen), *self._orphans(seen)], seen)
        self._note(seen)
        return seen

    def hold(self, found: list[str], seen: Observation) -> None:
        """Raises Broken where something was found wrong with a command."""
        if found:
            said = [f"  it said: {text}" for text in seen.messages]
            raise Broken("\n".join([f"after {seen.command}", *found, *said]))

    def observe(self, command: Run) -> Observation:
        """What a command did, by no rule yet."""
        self.program = command.program
        before = self.seen()
        self.aws.forget_calls()
        failed, messages = self._carried_out(command)
        after = self.seen()
        return Observation(
            command, failed, messages, before, after, writes_in(self.aws.calls()), frozenset(self.foreign), self.is_disturbed,
        )  # fmt: skip

    def seen(self) -> Seen:
        return Seen(live_in(self.aws), entries_in(self.text), pending_in(self.text))

    def entry(self, name: str) -> Entry | None:
        """The entry of this name that is not waiting for its deletion."""
        return next((each for each in self.entries() if each.name == name and not each.delete), None)

    def entries(self) -> list[Entry]:
        return entries_in(self.text)

    def strays(self) -> list[Live]:
        """What the stack has made unseen, and does not hold."""
        return [live for live in live_in(self.aws).values() if live.who in self.unseen]

    def remove(self, live: Live) -> None:
        """Somebody looked at it and deleted it."""
        self.aws.remove(SERVICES[live.key.type], live.key.id, region=live.key.region)

    def unprotect(self) -> None:
        """What `pulumi state unprotect --all` does."""
        self.text = unprotected(self.text)

    def _note(self, seen: Observation) -> None:
        held = {entry.key for entry in seen.after.entries}
        there = {live.who for live in seen.after.lives.values()}
        self.foreign = {who for who in self.foreign if who[0] not in held and who in there}
        self.unseen = {who for who in self.unseen if who[0] not in held and who in there}
        if seen.command.preview:
            return
        looked = seen.command.kind == "refresh" or (seen.command.kind == "up" and seen.command.refresh)
        if looked and seen.command.is_quiet and not seen.failed and not seen.command.targets:
            found = ((entry, entry.among(seen.after.lives)) for entry in seen.after.entries)
            self.is_disturbed = any(
                live and rules.is_tagged_otherwise(entry, live, self.program) for entry, live in found
            )
        elif seen.failed or not seen.command.is_quiet:
            self.is_disturbed = True

    def _orphans(self, seen: Observation) -> list[str]:
        """What is there, and held by nobody. Notes what an interrupted creation may leave."""
        held = {entry.key for entry in seen.after.entries}
        strays = [
            live
            for live in seen.after.lives.values()
            if live.key not in held and live.who not in self.foreign | self.unseen
        ]
        if seen.command.is_quiet:
            return [f"{live.key} is there, and nobody holds it" for live in strays]
        self.unseen |= {live.who for live in strays}
        tries = sum(write.operation == "CreateDomain" for write in seen.writes)
        return [f"{len(strays)} domains came of {tries} creations"] if len(strays) > tries else []

    # -- what others do --------------------------------------------------------------------------------------------------

    def _meddle(self, step: Outside) -> None:
        entry = self.entry(step.name)
        live = live_in(self.aws).get(entry.key) if entry else None
        if entry is None or live is None:
            return
        self.is_disturbed = True
        key, service = entry.key, SERVICES[entry.key.type]
        client = self.aws.client(service, region=key.region)
        if step.how == "filled":
            if key.type == CP:
                self.aws.change(service, key.id, region=key.region, **{"Stats.ProfileCount": 7, "Stats.ObjectCount": 1})
        elif step.how == "changed":
            fields: Json = dict(step.settings)
            if key.type == VID:
                there = {name: live.members[name] for name in rules.expected.SETTINGS[VID] if name in live.members}
                fields = {**there, **fields}
            named = {"domain_name": key.id} if key.type == CP else {"domain_id": key.id}
            shape = client.meta.service_model.operation_model("UpdateDomain").input_shape
            client.update_domain(**wire.to_api(shape, {**fields, **named}))
        elif step.how == "altered":
            shape = client.meta.service_model.operation_model("UpdateDomain").input_shape
            self.aws.change(service, key.id, region=key.region, **wire.to_api(shape, dict(step.settings)))
        elif step.how == "tagged":
            put = {name: value for name, value in step.settings.items() if value is not None}
            gone = [name for name, value in step.settings.items() if value is None]
            self._tag(client, key, put, gone)
        else:
            self.aws.remove(service, key.id, region=key.region)
            if step.how == "remade" and key.type == CP:
                self._make({**step.settings, "domain_name": key.id, "region": key.region})

    def _tag(self, client: Any, key: Key, put: Json, gone: list[str]) -> None:
        arn = (
            f"arn:aws:profile:{key.region}:{self.aws.account}:domains/{key.id}"
            if key.type == CP
            else f"arn:aws:voiceid:{key.region}:{self.aws.account}:domain/{key.id}"
        )
        if put and key.type == CP:
            client.tag_resource(resourceArn=arn, tags=put)
        elif put:
            client.tag_resource(ResourceArn=arn, Tags=[{"Key": k, "Value": v} for k, v in put.items()])
        if gone and key.type == CP:
            client.untag_resource(resourceArn=arn, tagKeys=gone)
        elif gone:
            client.untag_resource(ResourceArn=arn, TagKeys=gone)

    def _make(self, settings: Json) -> None:
        region = settings["region"]
        if Key(CP, region, settings["domain_name"]) in live_in(self.aws):
            return
        client = self.aws.client(SERVICES[CP], region=region)
        shape = client.meta.service_model.operation_model("CreateDomain").input_shape
        client.create_domain(**wire.to_api(shape, settings))
        self.foreign.add(live_in(self.aws)[Key(CP, region, settings["domain_name"])].who)

    # -- commands ----------------------------------------------------------------------------------------------------------

    def _carried_out(self, command: Run) -> tuple[bool, list[str]]:
        for fault in command.faults:
            fault.arm(self.aws)
        kill, events = command.kill, list[Event]()
        moment = Moment(kill)

        def strike(*at: Any) -> bool:
            """Whether the call goes on: the host is not killed at this one."""
            moment.is_over |= kill is not None and at == (kill.number, kill.before)
            if moment.is_over:
                self._stage.kill_hosts()
            return not moment.is_over

        if kill and kill.at == "aws":
            self._stage.tap.arm(strike)
        stack = self._stack(command.program, moment)
        options = Options(
            command.kind, preview=command.preview, refresh=command.refresh, parallel=1,
            targets=tuple(f"**::{name}" for name in command.targets), clear_pending_creates=command.clear_pending_creates,
        )  # fmt: skip
        results: list[Result] = []

        environment = {name: value for fault in command.faults for name, value in fault.environment.items()}

        def work() -> None:
            with closing(self._hosts(environment)) as hosts:
                results.append(
                    run(
                        options, stack, Declaring(command.program, host=self._host), events.append,
                        MortalProviders(hosts, moment),
                    )
                )  # fmt: skip

        try:
            within_time(work)
        finally:
            self._stage.tap.disarm()
            self.unmet = [*self.aws.unmet(), *([repr(kill)] if kill and not (moment.is_dead or moment.is_over) else [])]
            self.aws.reset_faults()
        if not results:
            raise Broken(f"the engine did not end well: {command}")
        self.shown = [event for event in events if isinstance(event, Diagnostic)]
        return results[0].failed, [each.message for each in self.shown if each.severity == "error"]

    def _hosts(self, further: Mapping[str, str] | None = None) -> Hosts:
        environment = {**self._stage.environment, **(further or {})}
        plugins = {PACKAGE: self._stage.plugin.parent}
        return Hosts(sys.executable, self._stage.folder, environment, spawn=self._stage.spawn, plugins=plugins)

    def _stack(self, program: Program, moment: Moment) -> Stack:
        return Stack(
            "project", "dev", self.deployment(), lambda state: self._save(moment, state), config=_config(program)
        )

    def deployment(self) -> Deployment:
        return deployment_from_json(json.loads(self.text), decrypt)

    def _save(self, moment: Moment, deployment: Deployment) -> None:
        if moment.arrives("save", True):
            self.text = json.dumps(deployment_json(deployment, encrypt, {}))
            moment.arrives("save", False)

    def _import(self, step: Import) -> None:
        """The domain is in the program and in state, by `connect-domains import` and the import file that it wrote."""
        key = Key(CP, step.region, step.domain_name)
        held = {entry.key for entry in self.entries()}
        if key not in live_in(self.aws) or key in held or step.name in self.program:
            return
        folder = self._stage.folder / f"import-{step.domain_name}"
        state = self._stage.folder / "state.json"
        state.write_text(self.text)
        words = [
            "--name",
            step.domain_name,
            "--region",
            step.region,
            "--out",
            str(folder),
            "--overwrite",
            "--no-protect",
        ]
        with environment_of_this_process(self._stage.environment):
            aws.forget_clients()
            if code := cli.run(["import", *words, *(["--state", str(state)] if self.entries() else [])]):
                raise Broken(f"connect-domains import ended with {code}")
        found = json.loads((folder / "import.json").read_text())["resources"][0]
        stack = self._stack(self.program, Moment(None))
        wanted = ImportedResource(found["type"], step.name, found["id"], found["inputs"], found["outputs"])
        with closing(self._hosts()) as hosts:
            options = Options("import", imports=(wanted,), protect_imports=False)
            result = run(options, stack, Declaring(Program()), lambda event: None, HostedProviders(hosts))
        if result.failed:
            raise Broken(f"pulumi import of {step} failed")
        settings = {name: value for name, value in found["inputs"].items() if name not in ("tags_all", "__provider")}
        self.program = replace(self.program, domains=(*self.program.domains, Domain(step.name, CP, settings)))
        self.is_disturbed = True
        self.foreign = {who for who in self.foreign if who[0] != key}


def _config(program: Program) -> dict[str, str]:
    found = dict(program.config)
    if program.default_tags:
        found["aws:defaultTags"] = json.dumps({"tags": dict(program.default_tags)})
    if program.ignores_theirs:
        found["aws:ignoreTags"] = json.dumps({"keyPrefixes": [IGNORED_PREFIX]})
    return found


# -- an engine that may die ---------------------------------------------------------------------------------------------


class Moment:
    """Whether the engine still lives: it ends at a call of a provider, or at a save, if the kill says so.

    `is_over`: the kill was the host's, and has happened.
    """

    def __init__(self, kill: Kill | None) -> None:
        self._kill, self._counts, self.is_dead, self.is_over = kill, {"call": 0, "save": 0}, False, False

    def arrives(self, at: str, before: bool) -> bool:
        """Whether the engine lives on after this moment: before or after the next call or save."""
        self._counts[at] += before
        if self._kill and (self._kill.at, self._kill.number, self._kill.before) == (at, self._counts[at], before):
            self.is_dead = True
        return not self.is_dead


class MortalProviders(HostedProviders):
    """The hosts' providers. Once the engine is dead, none is called, and no answer arrives."""

    def __init__(self, hosts: Hosts, moment: Moment) -> None:
        super().__init__(hosts)
        self._moment = moment

    def load(self, resource: Any, preview: bool) -> Provider:
        made: Any = _Mortal(super().load(resource, preview), self._moment)
        return made  # type: ignore[no-any-return]  # it has the methods of the provider that it stands for

    def unload(self, provider: Any) -> None:
        super().unload(provider.provider)


class _Mortal:
    def __init__(self, provider: Provider, moment: Moment) -> None:
        self.provider, self._moment = provider, moment

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            if not self._moment.arrives("call", True):
                raise ProviderError("the engine is dead")
            answer = getattr(self.provider, method)(*arguments)
            if not self._moment.arrives("call", False):
                raise ProviderError("the engine is dead")
            return answer

        return call


# -- the program ------------------------------------------------------------------------------------------------------------


class Declaring:
    """A program that registers its domains as the constructors would: one after the other, or several at once."""

    def __init__(self, program: Program, at_once: int = 1, host: HostName = "dynamic") -> None:
        self._program, self._at_once, self._host = program, at_once, host

    def start(self, session: Session, ended: Callable[[], None]) -> RunningProgram:
        return RunningProgram(lambda: self._work(session), lambda: None, ended)

    def _work(self, session: Session) -> str | None:
        register = session.registrar.register
        root = register(Goal(ROOT, f"{session.stack.project}-{session.stack.name}", False, {}))
        provider = of_provider(self._host, session.stack.config_of("pulumi-python"))
        default = register(Goal(PROVIDERS[self._host], "default", True, provider))
        if not root or not default:
            return ""

        def is_made(domain: Domain) -> bool:
            goal = Goal(
                token(domain.type, self._host), domain.name, True, properties(domain, self._host),
                root.resource.urn, default.resource.reference,
                protect=domain.protect, ignore_changes=domain.ignores, aliases=_aliases(domain, self._host),
            )  # fmt: skip
            found = register(goal)
            return bool(found and found.result == "success")

        with ThreadPoolExecutor(self._at_once) as pool:
            made = (
                map(is_made, self._program.domains) if self._at_once == 1 else pool.map(is_made, self._program.domains)
            )
            if not all(made):
                return ""
        session.registrar.give_outputs(root.resource.urn, {})
        session.registrar.program_is_done()
        return None


def _aliases(domain: Domain, host: HostName) -> tuple[Alias, ...]:
    """Its former names, and its type for the other host."""
    return *(Alias(name=name) for name in domain.former), Alias(type=other_token(domain.type, host))
