"""A program all of whose texts are secret, from its first `up` to its `destroy`: no canary is in any file, message, report or process."""

from __future__ import annotations

import inspect
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pulumi_connect_domains
import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import Provider, aws, cli
from pulumi_connect_domains.aws import wire
from pulumi_connect_domains.drift import formats as drift_formats
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.server import Server
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.wording import camel_case
from pulumi_connect_domains.registry import by_token
from pulumi_connect_domains.review import formats as review_formats
from pulumi_connect_domains.stacks.secret import is_secret
from pulumi_connect_domains.testing import MakeStack, PulumiStack
from pulumi_connect_domains.validate import formats as validate_formats

from ..contract.resources import SAMPLES
from .canaries import Search
from .inputs import PUBLIC, TYPES, document, flat, leaves, marked, secret_places
from .processes import Watcher
from .settings import ACCOUNT, KEYS, SECRETS, in_config
from .settings import PUBLIC as PUBLIC_SETTINGS


@pytest.fixture(scope="module")
def watcher() -> Iterator[tuple[Watcher, str]]:
    """A local AWS in this process, which looks at all processes with each call."""
    server = Server()
    watching = Watcher(server._http.app)
    server._http.app = watching
    yield watching, server.endpoint
    server.stop()


@pytest.fixture(scope="module")
def local_aws_server(watcher: tuple[Watcher, str]) -> LocalAws:
    return LocalAws.connect(watcher[1])


@dataclass
class Trail:
    """What a stack leaves behind: files below `folders`, and texts."""

    folders: tuple[Path, ...]
    watcher: Watcher
    texts: list[str] = field(default_factory=list)

    def is_clean(self, *others: str) -> None:
        """No canary is anywhere, and none of the other secrets."""
        search = Search(*others)
        assert search.in_files(self.folders) == {}
        assert [find for text in self.texts for find in search.found(text)] == []
        assert self.watcher.found == []

    def of(self, run: Callable[..., Any], **options: Any) -> str:
        """All that the command says, at the highest verbosity, whether it succeeds or not. Returns its error, or ""."""
        loud = {"debug": True, "log_to_std_err": True, "log_verbosity": 9}
        stack: PulumiStack = run.__self__  # type: ignore[attr-defined]  # a stack's method
        try:
            run(**loud, on_output=self.texts.append, on_error=self.texts.append, **options)
            return ""
        except CommandError as error:
            self.texts.append(str(error))
            return str(error)
        finally:
            assert stack.events
            self.texts += [json.dumps(event, default=_members) for event in stack.events]


def _members(value: Any) -> Any:
    """The members of an event's part, but for the paths of differences. These name the keys of maps that are secret, in the CLI too
    (3.260.0)."""
    return {
        name: each for name, each in getattr(value, "__dict__", {"": str(value)}).items() if name != "detailed_diff"
    }


@pytest.fixture
def trail(tmp_path: Path, watcher: tuple[Watcher, str], monkeypatch: pytest.MonkeyPatch) -> Trail:
    """The test's own folders, that of temporary files among them."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    watcher[0].found.clear()
    watcher[0].seen = 0
    return Trail((tmp_path,), watcher[0])


Way = Callable[[ResourceType, int], dict[str, Any]]
"""How a program gives its inputs: as secrets, of which generation."""
Options = Callable[[ResourceType], "pulumi.ResourceOptions | None"]


# -- programs ---------------------------------------------------------------------------------------------------------


def each_leaf(type: ResourceType, generation: int) -> dict[str, Any]:
    """Every single value is secret, numbers and words too, but for those that cannot be."""
    given = document(type, generation, keys=False)
    found = marked(given, pulumi.Output.secret)
    assert isinstance(found, dict)
    return {**found, **{name: given[name] for name in PUBLIC if name in given}}


def each_whole(type: ResourceType, generation: int) -> dict[str, Any]:
    """Every input is secret as a whole, and so the keys of its tags."""
    given = document(type, generation)
    return {name: value if name in PUBLIC else pulumi.Output.secret(value) for name, value in given.items()}


def program(way: Way, generation: int = 0, opts: Options = lambda type: None, **more: Any) -> Callable[[], None]:
    """One resource of each type."""

    def run() -> None:
        for type in TYPES.values():
            declared = getattr(getattr(pulumi_connect_domains, type.module), type.name)
            declared(type.key, **{**way(type, generation), **more.get(type.key, {})}, opts=opts(type))

    return run


def export(stack: PulumiStack) -> str:
    return stack.command("stack", "export")


def assert_stored_as_secrets(
    text: str, names: Callable[[ResourceType], set[str]], parts: tuple[str, ...] = ("inputs", "outputs")
) -> None:
    """In the export each of the properties is an envelope, or holds nothing but envelopes. `tags_all` is one of them."""
    entries = [each for each in json.loads(text)["deployment"]["resources"] if each["type"] in by_token()]
    assert len(entries) == len(TYPES)
    for entry in entries:
        type = by_token()[entry["type"]]
        for part in parts:
            held = {name: entry[part][name] for name in names(type) if name in entry[part]}
            assert held
            clear = [f"{entry['type']} {part}.{name}: {value}" for name, value in held.items() if list(_plain(value))]
            assert clear == []


def _plain(value: Any) -> Iterator[Any]:
    """The values outside of every envelope."""
    if is_secret(value):
        assert set(value) - {"ciphertext"} == {"4dabf18193072939515e22adb298388d"}
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _plain(item)
    elif isinstance(value, list):
        for item in value:
            yield from _plain(item)
    else:
        yield value


def declared_names(type: ResourceType) -> set[str]:
    schema = type.schema
    return {name for name, of in schema.inputs.items() if not of.provider_only or of.merged_from} - set(PUBLIC)


# -- the tests --------------------------------------------------------------------------------------------------------


def test_each_input_holds_a_canary() -> None:
    """A new place of free text fails this test until the samples, or the document made of them, have it."""
    for type in TYPES.values():
        for generation in (0, 1):
            assert set(secret_places(type.schema)) <= leaves(type, document(type, generation))
        assert set(PUBLIC) & set(secret_places(type.schema)) == set()


@pytest.mark.parametrize("way", [each_leaf, each_whole], ids=lambda way: way.__name__)
def test_a_stack_keeps_and_shows_no_secret(
    pulumi_stack: MakeStack, local_aws: LocalAws, trail: Trail, tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,    way: Way, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Created, changed, failed, refreshed, previewed, looked at by every command in every format, and destroyed."""
    stack = pulumi_stack(program(way))
    clear = tmp_path_factory.mktemp("clear")  # exports with secrets in clear: nobody searches there
    reviewed(stack, trail, capsys, "creation")
    assert trail.of(stack.up) == ""
    assert_stored_as_secrets(export(stack), declared_names)
    trail.is_clean()

    reviewed(stack.run(program(way, 1)), trail, capsys, "update")
    refuse(local_aws, "UpdateDomain", way, 0, 1)
    assert "ValidationException" in trail.of(stack.up)
    local_aws.reset_faults()
    assert trail.of(stack.up) == ""
    (key_before,) = flat(list(document(TYPES["voiceid"], 1)["server_side_encryption_configuration"].values()))
    local_aws.voiceid(encryption_failure=f"{repeated(TYPES['voiceid'], way, 2)}, only {key_before}")
    assert trail.of(stack.run(program(way, 2)).up)
    local_aws.voiceid(encryption_failure=None)
    assert trail.of(stack.up) == ""
    assert_stored_as_secrets(export(stack), declared_names)
    for options in ({"diff": True}, {"refresh": True}):
        assert trail.of(stack.preview, **options) == ""
    reviewed(
        stack.run(program(way, 2, **{key: {"region": "eu-west-2"} for key in TYPES})), trail, capsys, "replacement"
    )
    stack.run(program(way, 2))
    trail.is_clean()

    changed_elsewhere(local_aws, way)
    for name, text in (("encrypted", export(stack)), ("in-clear", stack.command("stack", "export", "--show-secrets"))):
        (clear / f"{name}.json").write_text(text)
        inspected(clear / f"{name}.json", trail, capsys)
    assert trail.of(stack.preview, refresh=True, diff=True) == ""
    assert trail.of(stack.refresh) == ""
    stack.command("refresh", "--yes", "--event-log", str(tmp_path / "events.json"))
    assert "summaryEvent" in (tmp_path / "events.json").read_text()
    assert_stored_as_secrets(export(stack), declared_names)
    trail.is_clean()

    refuse(local_aws, "DeleteDomain", way, 3)
    assert trail.of(stack.destroy)
    local_aws.reset_faults()
    assert trail.of(stack.destroy) == ""
    trail.texts += [json.dumps(stack.command("stack", "history", "--json"))]
    trail.is_clean()
    assert trail.watcher.seen > 20


def repeated(type: ResourceType, way: Way, *generations: int) -> str:
    """What AWS may repeat of the resource: all texts of what it was and of what it is to be."""
    given = [document(type, generation, keys=way is each_whole) for generation in generations]
    return "cannot use " + " and ".join(dict.fromkeys(flat(given)))


def refuse(local_aws: LocalAws, operation: str, way: Way, *generations: int) -> None:
    """Each service refuses the operation, and repeats all texts of its resource."""
    for type in TYPES.values():
        local_aws.fault(
            operation,
            service=type.service,
            code="ValidationException",
            message=repeated(type, way, *generations),
            times=None,
        )


def changed_elsewhere(local_aws: LocalAws, way: Way) -> None:
    """Somebody has set everything in AWS to other secrets."""
    for type in TYPES.values():
        client = local_aws.client(type.service)
        shape = client.meta.service_model.operation_model("UpdateDomain").input_shape
        (id,) = [
            id for id, members in local_aws.domains(type.service).items() if members.get("DomainStatus") != "SUSPENDED"
        ]
        given = document(type, 3, keys=way is each_whole)
        given = {name: value for name, value in given.items() if name not in ("tags", *PUBLIC)}
        client.update_domain(**wire.to_api(shape, {**given, type.schema.id_property: id}))
        local_aws.change(type.service, id, Tags=document(type, 3, keys=way is each_whole)["tags"])


def reviewed(stack: PulumiStack, trail: Trail, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """The preview, and its review in every format, are among what was said."""
    found = stack.preview_json()
    path = stack.folder / f"{name}.json"
    path.write_text(json.dumps(found))
    for each in review_formats.FORMATS.names:
        _run(trail, capsys, "review", "--format", each, "--live", "--always", str(path))
    for step in found["steps"]:
        # As in the events, its paths name the keys of maps that are secret.
        step.pop("detailedDiff", None)
    path.write_text(json.dumps(found))


def inspected(state: Path, trail: Trail, capsys: pytest.CaptureFixture[str]) -> None:
    """What drift, import, validate and iam-policy make of the export, in every format."""
    for each in drift_formats.FORMATS.names:
        _run(trail, capsys, "drift", "--state", str(state), "--format", each, "--verbose", "--strict")
    out = trail.folders[0] / f"imported-{state.stem}"
    _run(trail, capsys, "import", "--all", "--state", str(state), "--out", str(out))
    for each in validate_formats.FORMATS.names:
        _run(trail, capsys, "validate", "--state", str(state), "--format", each, "--live")


def _run(trail: Trail, capsys: pytest.CaptureFixture[str], *words: str) -> int:
    aws.forget_clients()
    capsys.readouterr()
    code = cli.run([*words])
    said = capsys.readouterr()
    trail.texts += [said.out, said.err]
    assert said.out or said.err, words
    assert "No such option" not in said.err
    return code


# -- the configuration ------------------------------------------------------------------------------------------------


def plain(type: ResourceType, generation: int) -> dict[str, Any]:
    """Nothing that hides."""
    return dict(resource_sample(type)["minimal"])


def resource_sample(type: ResourceType) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{type.key}.json").read_text())
    return found


def hosts_config(stack: PulumiStack, provider: str) -> dict[str, Any]:
    """The inputs of the provider of this name, as the export holds them."""
    resources = json.loads(export(stack))["deployment"]["resources"]
    (found,) = [
        each["inputs"] for each in resources if each["urn"].endswith(f"pulumi:providers:pulumi-python::{provider}")
    ]
    return dict(found)


def lives(stack: PulumiStack, trail: Trail, local_aws: LocalAws) -> None:
    """The stack is made, changed, refused, refreshed and destroyed, and leaves no trace of its configuration."""
    assert trail.of(stack.up) == ""
    assert {id for type in TYPES.values() for id in local_aws.domains(type.service, account=ACCOUNT)}
    for operation, name in (
        ("AssumeRole", "assume_roles"),
        ("AssumeRoleWithWebIdentity", "assume_role_with_web_identity"),
    ):
        sent = " ".join(flat([SECRETS[name]]))  # what AWS is sent, and may repeat
        local_aws.fault(operation, code="ValidationError", message=sent, times=None)
    assert "ValidationError" in trail.of(stack.refresh)
    local_aws.reset_faults()
    assert trail.of(stack.refresh) == ""
    assert trail.of(stack.preview, diff=True) == ""
    assert trail.of(stack.destroy) == ""
    trail.is_clean()


def test_no_secret_key_of_the_config_is_kept_or_shown(
    pulumi_stack: MakeStack, local_aws: LocalAws, trail: Trail
) -> None:
    """Every setting that may be secret, by `config set --secret`, credentials and both kinds of roles among them."""
    stack = pulumi_stack(program(plain))
    given = {**SECRETS, **KEYS}
    for name, value in given.items():
        stack.set_config(f"aws:{camel_case(name)}", in_config(value), secret=True)
    assert trail.of(stack.up) == ""
    kept = hosts_config(stack, "default")
    assert [key for name in given if not is_secret(kept[key := f"aws:{camel_case(name)}"])] == []
    lives(stack, trail, local_aws)


def test_no_secret_argument_of_a_provider_is_kept_or_shown(
    pulumi_stack: MakeStack, local_aws: LocalAws, trail: Trail
) -> None:
    """Every argument of an explicit Provider that may be secret."""
    arguments = set(inspect.signature(Provider.__init__).parameters) - {"self", "resource_name", "opts"}
    given = {name: value for name, value in SECRETS.items() if name in arguments}
    assert arguments - given.keys() <= PUBLIC_SETTINGS.keys()

    def run() -> None:
        hidden = {name: pulumi.Output.secret(value) for name, value in given.items()}
        provider = Provider("p", region="us-east-1", **hidden)
        program(plain, opts=lambda type: pulumi.ResourceOptions(provider=provider))()

    stack = pulumi_stack(run)
    assert trail.of(stack.up) == ""
    kept = hosts_config(stack, "p")
    assert [name for name in given if not is_secret(kept[name])] == []
    lives(stack, trail, local_aws)


def test_outputs_that_the_program_calls_secret_are_kept_as_secrets(
    pulumi_stack: MakeStack, local_aws: LocalAws, trail: Trail
) -> None:
    """`additional_secret_outputs` with every property of each type: after a creation, an update and a refresh."""

    def names(type: ResourceType) -> set[str]:
        return set(type.schema.members)

    def opts(type: ResourceType) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(additional_secret_outputs=sorted(names(type)))

    stack = pulumi_stack(program(plain, opts=opts))
    assert trail.of(stack.up) == ""
    assert_stored_as_secrets(export(stack), names, ("outputs",))
    changed = {type.key: {type.schema.tags_input: {"team": "x"}} for type in TYPES.values()}
    assert trail.of(stack.run(program(plain, opts=opts, **changed)).up) == ""
    assert_stored_as_secrets(export(stack), names, ("outputs",))
    assert trail.of(stack.refresh) == ""
    assert_stored_as_secrets(export(stack), names, ("outputs",))
