"""A world in memory for the engine: a cloud, providers that fail as told, programs that register directly, and a state file.

A world runs commands and holds the rules of state: at every save, and after every command. Broken rules raise `Broken`.
"""

from __future__ import annotations

import base64
import itertools
import json
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from pulumi_local_engine.deploy.options import Options, Stack
from pulumi_local_engine.model.diff import Diff
from pulumi_local_engine.model.events import Diagnostic, Event, Result
from pulumi_local_engine.model.goal import Alias, Goal
from pulumi_local_engine.model.resource import Deployment, Resource, deployment_from_json, deployment_json
from pulumi_local_engine.model.values import UNKNOWN, Properties, Secret, marked_like, reveal
from pulumi_local_engine.program.engine import run
from pulumi_local_engine.program.monitor import Session
from pulumi_local_engine.program.programs import RunningProgram
from pulumi_local_engine.provider.protocol import Answer, Failure, Name, Provider, ProviderError

from .declared import PROJECT, PROVIDER, ROOT, STACK, TYPES, Command, Fault, Program, Thing

SECONDS = 30.0
"""How long a command may take, which takes milliseconds."""
HUSH = "hush-"
"""What every secret text begins with, and nothing else."""
FOREIGN = "foreign"
"""The id of a thing that the stack only reads."""
CHANGES = ("create", "update", "delete")
NOTHING = {"name": "", "size": 0, "shape": 0, "word": "", "takes": {}, "base": "", "within": ""}
"""What a thing is when its inputs say nothing."""
REPLACING = ("shape", "base")


class Broken(AssertionError):
    """A rule does not hold."""


@dataclass
class Live:
    """A thing that exists. `within`: the id of the thing that takes it along when it is deleted."""

    id: str
    urn: str
    values: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def outputs(self) -> dict[str, Any]:
        secrecy = "open" if self.id == FOREIGN else HUSH
        return {**self.values, "handle": f"handle-{self.id}", "key": f"{secrecy}{self.id}"}


class Cloud:
    """Everything that exists, by id. No id is ever given twice."""

    def __init__(self) -> None:
        self.lives: dict[str, Live] = {}
        self.ever: set[str] = set()
        self._numbers = itertools.count(1)
        self.add(FOREIGN, {**NOTHING, "name": FOREIGN}, FOREIGN)

    def add(self, urn: str, values: dict[str, Any], id_: str = "") -> Live:
        live = Live(id_ or f"id{next(self._numbers)}", urn, values)
        self.lives[live.id] = live
        self.ever.add(live.id)
        return live

    def remove(self, id_: str) -> None:
        """The thing is gone, and with it what is within it."""
        if self.lives.pop(id_, None):
            for live in [live for live in self.lives.values() if live.values["within"] == f"handle-{id_}"]:
                self.remove(live.id)


class Moment:
    """One command's fate: which calls fail, which saves do not arrive, and whether the run is dead already."""

    def __init__(self, command: Command) -> None:
        self.faults = {(fault.method, fault.name): fault for fault in command.faults}
        self.kill, self.full = command.kill, command.full
        self.calls = self.saves = 0
        self.dead = False
        self.hit: list[Fault] = []
        self.changes: list[str] = []
        """Calls of providers that change something."""

    def is_last(self, at: str, number: int, before: bool) -> bool:
        """True when the run dies here."""
        kill = self.kill
        self.dead |= bool(kill and (kill.at, kill.number, kill.before) == (at, number, before))
        return self.dead


class CloudProvider:
    """A provider of the world's cloud."""

    def __init__(self, world: World, moment: Moment) -> None:
        self._world, self._moment = world, moment

    def check(
        self, urn: str, olds: Properties, news: Properties, name: Name | None
    ) -> tuple[Properties, list[Failure]]:
        answer = news, list[Failure]()
        invalid = news, [Failure("word", "is wrong"), Failure("takes", "is wrong")]
        return self._call("check", urn, lambda: answer, lambda: invalid)

    def diff(self, urn: str, old: Resource, news: Properties, ignored: tuple[str, ...]) -> Diff:
        was, wanted = reveal(old.outputs), reveal(news)
        changed = tuple(key for key in NOTHING if was.get(key) != wanted.get(key))
        replaces = tuple(key for key in changed if key in REPLACING)
        changes = None if self._world.vague and not replaces else bool(changed)
        return self._call("diff", urn, lambda: Diff(changes, replaces, changed))

    def create(self, new: Resource, preview: bool) -> Answer:
        if preview:
            return Answer("", new.inputs)

        def create(unfinished: bool = False) -> Answer:
            live = self._world.cloud.add(new.urn, {**NOTHING, **_known(reveal(new.inputs))})
            return self._answer(live, new.inputs, unfinished)

        return self._call("create", new.urn, create, lambda: create(True))

    def update(self, old: Resource, new: Resource, preview: bool) -> Answer:
        if preview:
            return Answer(old.id, new.inputs)

        def update(unfinished: bool = False) -> Answer:
            live = self._world.cloud.lives.get(old.id)
            if not live:
                raise ProviderError(f"{old.id} does not exist")
            live.values = {**NOTHING, **_known(reveal(new.inputs))}
            return self._answer(live, new.inputs, unfinished)

        return self._call("update", new.urn, update, lambda: update(True))

    def read(self, urn: str, id_: str, inputs: Properties | None, state: Properties | None, timeout: float) -> Answer:
        def read(unfinished: bool = False) -> Answer:
            live = self._world.cloud.lives.get(id_)
            if not live:
                return Answer()
            found = {key: live.values[key] for key in inputs or {}} if state else live.values
            reasons = ("it is unwell",) if unfinished else ()
            return Answer(id_, marked_like(live.outputs, state or {}), marked_like(found, inputs or {}), reasons)

        return self._call("read", urn, read, lambda: read(True))

    def delete(self, old: Resource) -> None:
        self._call("delete", old.urn, lambda: self._world.cloud.remove(old.id))

    def _answer(self, live: Live, inputs: Properties, unfinished: bool) -> Answer:
        if unfinished:
            live.values["size"] = -1
        return Answer(live.id, marked_like(live.outputs, inputs), None, ("it is half made",) if unfinished else ())

    def _call(self, method: str, urn: str, effect: Callable[[], Any], partial: Callable[[], Any] | None = None) -> Any:
        return self._world.call(self._moment, method, urn.rpartition("::")[2], effect, partial)


class CloudProviders:
    """All providers of one command; the protocol `Providers`."""

    def __init__(self, world: World, moment: Moment) -> None:
        self._world, self._moment = world, moment

    def listen(self, heard: Callable[[Diagnostic], None]) -> None: ...

    def check(self, resource: Resource, olds: Properties) -> tuple[Properties, list[Failure]]:
        return resource.inputs, []

    def diff(self, old: Resource, new: Resource) -> Diff:
        return Diff(None)

    def cancel(self) -> None: ...

    def load(self, resource: Resource, preview: bool) -> Provider:
        made = CloudProvider(self._world, self._moment)
        loaded: Provider = self._world.call(self._moment, "load", resource.name, lambda: made)
        return loaded

    def unload(self, provider: Provider) -> None: ...

    def invoke(self, token: str, arguments: Properties, provider: str) -> Properties:
        raise ProviderError(f"there is no function {token}")


class RunOver(Exception):
    """The engine answers nothing more."""


class RegisteringProgram:
    """A program that registers things directly, one after the other or side by side, as the SDK does."""

    def __init__(self, program: Program, side_by_side: bool, broken: Callable[[str], None]) -> None:
        self._program, self._side_by_side, self._broken = program, side_by_side, broken
        self._made: dict[str, Future[Resource]] = {thing.name: Future() for thing in program.things}
        self._default: str | None = None
        self._lock = threading.Lock()
        self._count = itertools.count(1)

    def start(self, session: Session, ended: Callable[[], None]) -> RunningProgram:
        return RunningProgram(lambda: self._work(session), lambda: None, ended)

    def _work(self, session: Session) -> str | None:
        try:
            self._register(session, Goal("pulumi:pulumi:Stack", f"{PROJECT}-{STACK}", False, {}))
            self._declare_all(session)
            outputs = {name: self._output(name, "key") for name, made in self._made.items() if _is_thing(made.result())}
            session.registrar.give_outputs(ROOT, outputs)
            session.registrar.program_is_done()
        except RunOver:
            return ""
        except ProviderError as error:
            return str(error)
        except Died:
            return "the program failed"
        except Exception:  # noqa: BLE001  the engine raised what no program expects
            self._broken(traceback.format_exc())
            return "the engine is broken"
        return None

    def _declare_all(self, session: Session) -> None:
        def declare(thing: Thing) -> None:
            made = self._made[thing.name]
            try:
                for name in thing.needs:
                    self._made[name].result(SECONDS)
                made.set_result(self._declare(session, thing))
            except BaseException as error:  # noqa: BLE001  whoever waits for it gets it
                made.set_exception(error)

        if self._side_by_side:
            for thing in self._program.things:
                threading.Thread(target=declare, args=(thing,), daemon=True, name=f"of {thing.name}").start()
        for thing in self._program.things:
            if not self._side_by_side:
                declare(thing)
            self._made[thing.name].result(SECONDS)
        for thing in self._program.things:
            made = self._made[thing.name].result()
            if thing.kind == "group" and not made.taint:
                children = [t.name for t in self._program.things if t.parent == thing.name and t.kind == "thing"]
                session.registrar.give_outputs(made.urn, {name: self._output(name, "handle") for name in children})

    def _declare(self, session: Session, thing: Thing) -> Resource:
        goal = Goal(
            TYPES[thing.kind], thing.name, thing.kind != "group", {}, self._urn(thing.parent) or ROOT,
            protect=thing.protect, retain_on_delete=thing.retain, delete_before_replace=thing.deletes_first,
            dependencies=tuple(map(self._urn, _needed_things(thing))), aliases=tuple(map(Alias, thing.former)),
        )  # fmt: skip
        options: dict[str, Any] = {}
        if thing.kind == "provider":
            options = {"inputs": {"region": thing.size, "password": Secret(f"{HUSH}{thing.word}")}}
        if thing.kind in ("thing", "got"):
            options = {"provider": self._reference(session, thing), "additional_secret_outputs": ("key",)}
        if thing.kind == "got":
            options |= {"id": FOREIGN, "reads": True}
        if thing.kind == "thing":
            takes = {name: self._output(name, "handle") for name in thing.takes}
            takes.update({name: self._output(name, "key") for name in thing.keys})
            options |= {
                "inputs": {
                    "name": thing.name, "size": thing.size, "shape": thing.shape, "word": Secret(f"{HUSH}{thing.word}"),
                    "takes": takes, "base": self._output(thing.base, "handle"), "within": self._output(thing.within, "handle"),
                },
                "property_dependencies": {
                    "name": (), "size": (), "shape": (), "word": (), "takes": tuple(map(self._urn, (*thing.takes, *thing.keys))),
                    "base": (self._urn(thing.base),) if thing.base else (),
                    "within": (self._urn(thing.within),) if thing.within else (),
                },
                "ignore_changes": ("size",) if thing.ignores_size else (),
                "replace_on_changes": ("size",) if thing.size_replaces else (),
                "deleted_with": self._urn(thing.within),
                "replace_with": (self._urn(thing.follows),) if thing.follows else (),
            }  # fmt: skip
        return self._register(session, _with(goal, options))

    def _register(self, session: Session, goal: Goal) -> Resource:
        if next(self._count) - 1 == self._program.dies_after:
            raise Died
        found = session.registrar.register(goal)
        if found is None:
            raise RunOver
        # `taint` marks what was not made, so that nothing is known of it, as the SDK knows from the answer's result.
        return found.resource.copy(taint=found.unknown or found.result != "success")

    def _reference(self, session: Session, thing: Thing) -> str:
        if thing.provider:
            return self._made[thing.provider].result().reference
        with self._lock:
            if self._default is None:
                self._default = self._register(
                    session, Goal(PROVIDER, "default", True, session.stack.config_of("pulumi-python"))
                ).reference
            return self._default

    def _urn(self, name: str) -> str:
        return self._made[name].result().urn if name else ""

    def _output(self, name: str, output: str) -> Any:
        if not name:
            return ""
        made = self._made[name].result()
        return UNKNOWN if made.taint else made.outputs.get(output, UNKNOWN)


class Died(Exception):
    """The program failed."""


def _with(goal: Goal, options: dict[str, Any]) -> Goal:
    return Goal(**{**vars(goal), **options})


def _is_thing(resource: Resource) -> bool:
    return resource.type == TYPES["thing"]


def _needed_things(thing: Thing) -> tuple[str, ...]:
    named = (*thing.takes, *thing.keys, thing.base, thing.within, *thing.after)
    return tuple(dict.fromkeys(name for name in named if name))


def _known(value: Any) -> Any:
    """The value as a provider gets it, in clear: what is not known, because it was left out of the run, is not among it."""
    if isinstance(value, dict):
        return {key: _known(item) for key, item in value.items() if item is not UNKNOWN}
    return value


@dataclass
class Outcome:
    """What came of a command."""

    result: Result
    moment: Moment
    events: list[Event] = field(default_factory=list)

    @property
    def messages(self) -> list[str]:
        return [f"{event.severity}: {event.message}" for event in self.events if isinstance(event, Diagnostic)]


class World:
    """A cloud and a stack. `vague`: the providers leave it to the engine to find updates."""

    def __init__(self, vague: bool = False) -> None:
        self.vague = vague
        self.cloud = Cloud()
        self.text = json.dumps(deployment_json(Deployment(), encrypt, {}))
        """The state's file."""
        self.uncertain = False
        """True when state and cloud may differ without anybody's mistake, until a refresh."""
        self.orphans: set[str] = set()
        """Ids of things that nobody has to know of: their create did not answer, or they are left behind on purpose."""
        self._seen: dict[str, dict[str, Any]] = {}
        self._managed: set[str] = set()
        self._tied: set[str] = set()
        self._lock = threading.RLock()
        self._broken: list[str] = []

    # -- running -----------------------------------------------------------------------------------------------------

    def run(self, program: Program, command: Command) -> Outcome:
        """What came of the command, after which every rule holds. Raises Broken."""
        for drift in command.drift:
            self._drift(drift.name, drift.size)
        if command.clear_pending_creates and command.kind == "refresh" and not command.preview:
            pending = {operation["resource"]["urn"] for operation in self.pending if operation["type"] == "creating"}
            known = {resource.get("id") for resource in self.resources}
            self.orphans |= {
                live.id for live in self.cloud.lives.values() if live.urn in pending and live.id not in known
            }
        before, cloud_before = self.text, repr(self.cloud.lives)
        managed = {
            resource["urn"] for resource in self.resources if resource.get("id") and not resource.get("external")
        }
        moment = Moment(command)
        outcome = Outcome(Result(True), moment)
        stack = Stack(
            PROJECT, STACK, deployment_from_json(json.loads(self.text), decrypt), lambda state: self._save(moment, state),
            config={"project:number": str(program.config), "project:word": f"{HUSH}config"}, secret_keys=frozenset({"project:word"}),
        )  # fmt: skip
        registering = RegisteringProgram(program, command.parallel > 1, self._broken.append)

        def work() -> None:
            try:
                outcome.result = run(
                    _options(command), stack, registering, outcome.events.append, CloudProviders(self, moment)
                )
            except BaseException:  # noqa: BLE001  whatever it is: it should not be
                self._broken.append(traceback.format_exc())

        within_time(work)
        self.uncertain |= moment.dead
        moment.dead = True  # whoever still lives changes nothing
        self._check_events(outcome)
        self._check_tied(outcome)
        self._check_chosen(program, command, moment, managed)
        if command.preview:
            self._check_preview(moment, before == self.text, cloud_before == repr(self.cloud.lives))
        else:
            self._check_state(self.text)
        if not outcome.result.failed and not command.kill:
            self._check_success(command)
        if self._broken:
            raise Broken("\n".join(dict.fromkeys(self._broken)))
        return outcome

    def call(
        self, moment: Moment, method: str, name: str, effect: Callable[[], Any], partial: Callable[[], Any] | None = None
    ) -> Any:  # fmt: skip
        """What a provider's method gives, unless the run dies, or the call is to fail. Raises ProviderError."""
        with self._lock:
            moment.calls += 1
            number = moment.calls
            if moment.is_last("call", number, True):
                raise ProviderError("the run is dead")
            fault = moment.faults.get((method, name))  # type: ignore[call-overload]  # a name of a method
            if fault:
                moment.hit.append(fault)
            if method in CHANGES:
                moment.changes.append(f"{method} {name}")
            how = fault.how if fault else ""
            if how in ("partial", "invalid") and partial:
                answer = partial()
            elif how in ("refused", "invalid", "lost", "partial"):
                raise ProviderError(f"{method} of {name} failed", maybe_done=how == "lost")
            else:
                before = set(self.cloud.lives)
                answer = effect()
                if how == "done" and method in CHANGES:
                    self.uncertain = True
                    if not moment.is_last("call", number, False):
                        self.orphans |= self.cloud.lives.keys() - before
                    raise ProviderError(f"{method} of {name} got no answer", maybe_done=True)
            if moment.is_last("call", number, False):
                raise ProviderError("the run is dead")
            return answer

    def _save(self, moment: Moment, deployment: Deployment) -> None:
        with self._lock:
            moment.saves += 1
            if moment.is_last("save", moment.saves, True):
                return
            if moment.saves in moment.full:
                self.uncertain = True
                raise OSError("no space left on device")
            self.text = json.dumps(deployment_json(deployment, encrypt, {}))
            self._check_state(self.text)
            moment.is_last("save", moment.saves, False)

    def _drift(self, name: str, size: int | None) -> None:
        self.uncertain = True
        for live in [live for live in self.cloud.lives.values() if live.name == name and live.id not in self.orphans]:
            if size is None:
                self.cloud.remove(live.id)
            else:
                live.values["size"] = size

    # -- state -------------------------------------------------------------------------------------------------------

    @property
    def resources(self) -> list[dict[str, Any]]:
        return self.resources_of(self.text)

    @staticmethod
    def resources_of(text: str) -> list[dict[str, Any]]:
        """The resources in the text of a state file."""
        return list(json.loads(text)["deployment"]["resources"])

    @property
    def pending(self) -> list[dict[str, Any]]:
        return list(json.loads(self.text)["deployment"]["pending_operations"])

    def unprotect(self) -> None:
        """Nothing in state is protected any more: what `pulumi state unprotect --all` does."""
        self.text = unprotected(self.text)

    # -- rules -------------------------------------------------------------------------------------------------------

    def _check_state(self, text: str) -> None:
        state = json.loads(text)["deployment"]
        resources, pending = state["resources"], state["pending_operations"]
        self._broken += [*_shape_mistakes(resources), *self._losses(resources, pending)]
        if HUSH in text:
            self._broken.append(f"a secret stands in the state in clear: {_around(text, HUSH)}")

    def _losses(self, resources: list[dict[str, Any]], pending: list[dict[str, Any]]) -> Iterable[str]:
        """What is in the cloud and not in state, and what is in state and never was in the cloud."""
        things = [resource for resource in resources if resource["type"] == TYPES["thing"]]
        for resource in (*things, *(o["resource"] for o in pending if o["resource"]["type"] == TYPES["thing"])):
            id_ = resource.get("id", "")
            if id_ and id_ not in self.cloud.ever:
                yield f"{resource['urn']} has the id {id_}, which never was"
        own = {resource["id"]: resource for resource in things if not resource.get("external")}
        self._seen |= own
        self._managed |= own.keys()
        under_way = {operation["resource"]["urn"] for operation in pending}
        for live in self.cloud.lives.values():
            is_ours = live.id != FOREIGN or live.id in self._managed
            if not is_ours or live.id in own or live.urn in under_way or live.id in self.orphans:
                continue
            last = self._seen.get(live.id, {})
            container = self._container(live.id) if last.get("deletedWith") else ""
            if last.get("retainOnDelete") or container in self.orphans:
                self.orphans.add(live.id)
                continue
            if last.get("urn") in under_way:
                continue
            if container in self.cloud.lives:
                self._tied.add(live.id)  # it need not be deleted, for what it is within goes next
                continue
            yield f"{live.id} ({live.urn}) exists and is not in state"
        if FOREIGN not in self.cloud.lives:
            yield "a thing that is only read was deleted"

    def _check_tied(self, outcome: Outcome) -> None:
        """What was not deleted because what it is within goes is gone, unless something went wrong just then.

        Then it is forgotten, here as with the CLI: a thing is taken from state before the one that takes it along is deleted.
        """
        left = {id_ for id_ in self._tied & self.cloud.lives.keys() if self._container(id_) not in self.orphans}
        if outcome.moment.hit or outcome.moment.kill or outcome.moment.full:
            self.orphans |= left
        elif left:
            self._broken.append(f"{left} stay, and are not in state")
        self.orphans |= self._tied
        self._tied.clear()

    def _container(self, id_: str) -> str:
        """The id of what the thing is within."""
        return str(self.cloud.lives[id_].values["within"]).removeprefix("handle-")

    def _check_chosen(self, program: Program, command: Command, moment: Moment, managed: set[str]) -> None:
        """Nothing new was made that is not among the targets, or is among the excludes."""
        left_out = {thing.name for thing in program.things if command.targets and thing.name not in command.targets}
        for name in () if command.dependents else {*left_out, *command.excludes}:
            is_new = not managed.intersection((program.urn(name), *program[name].former)) if name in program else False
            if is_new and f"create {name}" in moment.changes:
                self._broken.append(f"{name} was made, which was not asked for")

    def _check_events(self, outcome: Outcome) -> None:
        self._broken += [f"a secret was told: {event!r}" for event in outcome.events if HUSH in repr(event)]

    def _check_preview(self, moment: Moment, same_state: bool, same_cloud: bool) -> None:
        if moment.saves or moment.changes or not (same_state and same_cloud):
            self._broken.append(f"a preview made {moment.saves} saves, and called {moment.changes}")

    def _check_success(self, command: Command) -> None:
        if not command.preview:
            known = {resource.get("id") for resource in self.resources} | self.orphans | {FOREIGN}
            strays = [live for live in self.cloud.lives.values() if live.id not in known]
            under_way = {operation["resource"]["urn"] for operation in self.pending}
            self._broken += [f"{live} was left behind" for live in strays if live.urn not in under_way]
        everything = not (command.targets or command.excludes or command.preview)
        if everything and (command.kind == "refresh" or command.refresh):
            self.uncertain = False

    def check_made(self, program: Program) -> None:
        """The cloud and state hold what the program says and nothing more. Raises Broken."""
        lives: dict[str, list[Live]] = {}
        for live in self.cloud.lives.values():
            if live.id not in self.orphans:
                lives.setdefault(live.name, []).append(live)
        lives.pop(FOREIGN, None)
        wanted = {thing.name: thing for thing in program.things if thing.kind == "thing"}
        there = {name: len(found) for name, found in lives.items()}
        if there != dict.fromkeys(wanted, 1):
            raise Broken(f"there is {there}, wanted is {sorted(wanted)}")
        made = {name: found[0] for name, found in lives.items()}
        got = {thing.name: self.cloud.lives[FOREIGN] for thing in program.things if thing.kind == "got"}
        for name, thing in wanted.items():
            is_there, expected = dict(made[name].values), _expected(thing, {**made, **got})
            if thing.ignores_size:
                is_there["size"] = expected["size"]
            if is_there != expected:
                raise Broken(f"{name} is {is_there}, wanted is {expected}")
        state = {r["urn"]: r.get("id", "") for r in self.resources if r["type"] in (TYPES["thing"], TYPES["group"])}
        names = {thing.name: thing.kind for thing in program.things if thing.kind != "provider"}
        ids = {**{name: live.id for name, live in made.items()}, **dict.fromkeys(got, FOREIGN)}
        if state != {program.urn(name): ids.get(name, "") for name in names} or len(state) != len(names):
            raise Broken(f"state holds {state}")
        if any(resource.get("delete") for resource in self.resources) or self.pending:
            raise Broken("something is still to be done")

    def check_empty(self) -> None:
        """Nothing is left. Raises Broken."""
        left = self.cloud.lives.keys() - self.orphans - {FOREIGN}
        if self.resources or left:
            raise Broken(f"{left} and {[resource['urn'] for resource in self.resources]} are left")


def _expected(thing: Thing, made: dict[str, Live]) -> dict[str, Any]:
    """The inputs that the program gives to the thing."""
    takes = {name: made[name].outputs["handle"] for name in thing.takes}
    takes.update({name: made[name].outputs["key"] for name in thing.keys})
    return {
        "name": thing.name, "size": thing.size, "shape": thing.shape, "word": f"{HUSH}{thing.word}", "takes": takes,
        "base": made[thing.base].outputs["handle"] if thing.base else "",
        "within": made[thing.within].outputs["handle"] if thing.within else "",
    }  # fmt: skip


def _shape_mistakes(resources: list[dict[str, Any]]) -> Iterable[str]:
    """Resources that stand in state twice, and those that name one that does not stand before them."""
    urns: set[str] = set()
    kept: set[str] = set()
    ids: set[tuple[str, str]] = set()
    references: set[str] = set()
    for resource in resources:
        urn, id_ = resource["urn"], resource.get("id", "")
        if not resource.get("delete"):
            if urn in kept:
                yield f"{urn} is there twice"
            kept.add(urn)
        if id_ and (urn, id_) in ids:
            yield f"{urn} with the id {id_} is there twice"
        ids.add((urn, id_))
        named = {
            "parent": [resource.get("parent")], "dependencies": resource.get("dependencies", ()),
            "deletedWith": [resource.get("deletedWith")], "replaceWith": resource.get("replaceWith", ()),
            **{f"property {key}": found for key, found in resource.get("propertyDependencies", {}).items()},
        }  # fmt: skip
        for what, needed in named.items():
            for each in needed:
                if each and each not in urns:
                    yield f"{urn} names {each} as {what}, which does not stand before it"
        if (provider := resource.get("provider")) and provider not in references:
            yield f"{urn} has the provider {provider}, which does not stand before it"
        urns.add(urn)
        references.add(f"{urn}::{id_}")


def _options(command: Command) -> Options:
    def patterns(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"**::{name}" for name in names)

    return Options(
        command.kind, preview=command.preview, refresh=command.refresh, run_program=command.run_program,
        continue_on_error=command.continue_on_error, targets=patterns(command.targets), excludes=patterns(command.excludes),
        target_dependents=command.dependents, exclude_dependents=command.dependents, replace=patterns(command.replace),
        parallel=command.parallel, clear_pending_creates=command.clear_pending_creates,
    )  # fmt: skip


def within_time(work: Callable[[], None], seconds: float = SECONDS) -> None:
    """The work is done. Raises Broken, with what every thread is doing, when it takes too long."""
    thread = threading.Thread(target=work, daemon=True, name="the engine")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        names = {each.ident: each.name for each in threading.enumerate()}
        stacks = [
            f"-- {names.get(i)}\n{''.join(traceback.format_stack(f)[-4:])}" for i, f in sys._current_frames().items()
        ]
        raise Broken(f"the command does not end after {seconds} s\n" + "\n".join(stacks))


def _around(text: str, word: str) -> str:
    place = text.index(word)
    return text[max(place - 60, 0) : place + 40]


def unprotected(text: str) -> str:
    """The text of the state file after `pulumi state unprotect --all`."""
    state = json.loads(text)
    for resource in state["deployment"]["resources"]:
        resource.pop("protect", None)
    return json.dumps(state)


def encrypt(text: str) -> str:
    return base64.b16encode(text.encode()).decode()


def decrypt(text: str) -> str:
    return base64.b16decode(text.encode()).decode()
