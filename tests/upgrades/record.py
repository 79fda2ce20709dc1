"""Records golden states: `make golden-state` runs this, and it runs with any older version of the package on PYTHONPATH.

For each program of `PROGRAMS` it writes into `tests/upgrades/states/NAME/`: the program, the state as `pulumi stack export` writes it, and
the domains as they then stood in AWS. A recorded state is never written again: what people have in their stacks does not change either.
"""

from __future__ import annotations

import copy
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

if __package__:
    from .programs import PASSPHRASE, Json, running
else:
    sys.path.insert(0, str(Path(__file__).parent))
    from programs import PASSPHRASE, Json, running  # type: ignore[import-not-found,no-redef]

FOLDER = Path(__file__).parent / "states"
SAMPLES = Path(__file__).parents[1] / "contract" / "samples"
PROJECT, STACK = "upgrades", "golden"
OTHER_ACCOUNT = "222222222222"
PLACES = [(account, region) for account in ("123456789012", OTHER_ACCOUNT) for region in ("us-east-1", "eu-west-2")]
SERVICES = ("customer-profiles", "voice-id")
TIME = "2026-01-02T03:04:05.678000Z"
KEY = "arn:aws:kms:us-east-1:123456789012:key/"


def sample(key: str, which: str, **more: Any) -> Json:
    settings = json.loads((SAMPLES / f"{key}.json").read_text())[which]
    return {**settings, **more}


def everything() -> Json:
    """All resource types, all properties, what is secret, what is named by the provider, and providers with all that they take."""
    provider = {
        "region": "eu-west-2", "default_tags": {"from": "provider"}, "ignore_tags": {"keys": ["theirs"]},
        "assume_roles": [{"role_arn": f"arn:aws:iam::{OTHER_ACCOUNT}:role/deploy", "external_id": "outside"}],
    }  # fmt: skip
    profiles, voice = "customerprofiles.Domain", "voiceid.Domain"
    elsewhere = {"provider": "elsewhere"}
    full = sample("customerprofiles", "full")
    hidden = [name for name in full if name not in ("domain_name", "default_expiration_days")]
    minimal = sample("customerprofiles", "minimal")
    del minimal["domain_name"]
    voice_minimal = sample("voiceid", "minimal")
    del voice_minimal["name"]
    return {
        "config": {
            "aws:region": {"value": "us-east-1"},
            "aws:defaultTags": {"value": '{"tags": {"cost": "1"}}', "secret": True},
        },
        "resources": [
            {"type": "Provider", "name": "elsewhere", "settings": provider, "secret": ["assume_roles"]},
            {"type": profiles, "name": "full", "settings": full},
            {"type": profiles, "name": "hidden", "settings": {**full, "domain_name": "hidden"}, "secret": hidden},
            {"type": profiles, "name": "named", "settings": {**minimal, "force_destroy": True}},
            {"type": profiles, "name": "kept", "settings": sample("customerprofiles", "minimal", domain_name="kept"),
             "options": {"protect": True, "ignore_changes": ["default_encryption_key"]}},
            {"type": profiles, "name": "far", "settings": sample("customerprofiles", "minimal", domain_name="far")} | elsewhere,
            {"type": voice, "name": "calls", "settings": sample("voiceid", "full")},
            {"type": voice, "name": "quiet", "settings": sample("voiceid", "full", name="quiet"), "secret": [*sample("voiceid", "full")]},
            {"type": voice, "name": "named-calls", "settings": voice_minimal},
            {"type": voice, "name": "far-calls", "settings": sample("voiceid", "minimal")} | elsewhere,
        ],
    }  # fmt: skip


def moved() -> Json:
    """What the state of interrupted runs is of: a domain that moves, one whose key changes, one that is made when the engine ends."""
    return {
        "config": {"aws:region": {"value": "us-east-1"}},
        "resources": [
            {"type": "voiceid.Domain", "name": "moves", "settings": sample("voiceid", "minimal", name="moves")},
            {"type": "voiceid.Domain", "name": "rekeyed", "settings": sample("voiceid", "full", name="rekeyed")},
            {
                "type": "customerprofiles.Domain",
                "name": "steady",
                "settings": sample("customerprofiles", "minimal", domain_name="steady"),
            },
        ],
    }


# -- how each state comes about ----------------------------------------------------------------------------------------


class Recorder:
    """A stack of this version of the package, on the local engine and a local AWS of this version."""

    def __init__(self, aws: Any, folder: Path, document: Json) -> None:
        from pulumi import automation
        from pulumi_connect_domains.testing.engine import local_engine

        self.aws, self.document = aws, document
        for name in ("home", "backend", "program"):
            (folder / name).mkdir(parents=True)
        environment = {
            **aws.environment(), "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE, "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}", "PULUMI_PYTHON_CMD": sys.executable,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }  # fmt: skip
        options = automation.LocalWorkspaceOptions(
            work_dir=str(folder / "program"),
            env_vars=environment,
            pulumi_command=local_engine(folder / "bin").command(),
        )
        self.stack = automation.create_or_select_stack(
            STACK, project_name=PROJECT, program=running(document), opts=options
        )
        for key, value in document["config"].items():
            self.stack.set_config(key, automation.ConfigValue(value["value"], value.get("secret", False)))

    def up(self, document: Json | None = None, *, fails: bool = False) -> None:
        from pulumi.automation import CommandError

        self.document = document or self.document
        self.stack.workspace.program = running(self.document)
        try:
            self.stack.up()
        except CommandError:
            if fails:
                return
            raise
        if fails:
            raise SystemExit("a run was expected to fail, and did not")

    def exported(self) -> Json:
        workspace = self.stack.workspace
        text = workspace.pulumi_command.run(
            ["stack", "export", "--stack", STACK], workspace.work_dir, workspace.env_vars
        ).stdout
        found: Json = json.loads(text)
        return found

    def world(self) -> list[Json]:
        """The domains in AWS, one by one: where each is, and its members, times as seconds since 1970."""
        found = []
        for service in SERVICES:
            for account, region in PLACES:
                for name, members in self.aws.domains(service, account, region).items():
                    plain = {
                        key: value.timestamp() if isinstance(value, datetime) else value
                        for key, value in members.items()
                    }
                    found.append(
                        {"service": service, "account": account, "region": region, "name": name, "members": plain}
                    )
        return found


def _everything(recorder: Recorder) -> Json:
    recorder.up()
    recorder.stack.refresh()  # which adds what the answer to a creation does not tell
    return recorder.exported()


def _interrupted(recorder: Recorder) -> Json:
    """An old domain waits for its deletion, a change of a key has failed, and a creation was never heard of again."""
    recorder.up()
    document = copy.deepcopy(recorder.document)
    moves, rekeyed, _ = document["resources"]
    moves["settings"]["region"] = "eu-west-2"
    rekeyed["settings"]["server_side_encryption_configuration"] = {"kms_key_id": f"{KEY}2"}
    recorder.aws.fault("DeleteDomain", code="ConflictException", message="out of order", times=None)
    recorder.aws.voiceid(encryption_failure="the key is disabled")
    recorder.up(document, fails=True)
    found = recorder.exported()
    resources = found["deployment"]["resources"]
    assert [each for each in resources if each.get("delete")], "nothing waits for its deletion"
    assert [each for each in resources if each.get("initErrors")], "no change has failed"
    begun = copy.deepcopy(next(each for each in resources if each["urn"].endswith("::steady")))
    begun = {key: value for key, value in begun.items() if key not in ("id", "outputs")}
    begun["urn"] = begun["urn"].replace("::steady", "::begun")
    found["deployment"]["pending_operations"] = [{"resource": begun, "type": "creating"}]
    return found


PROGRAMS: dict[str, tuple[Callable[[], Json], Callable[[Recorder], Json]]] = {
    "everything": (everything, _everything),
    "interrupted": (moved, _interrupted),
}


def settled(found: Json) -> Json:
    """The state without what tells of the machine and the hour. Times of AWS stay: they say which domain is meant."""
    found = copy.deepcopy(found)
    found["deployment"]["manifest"] = {"time": TIME, "magic": "", "version": ""}
    for each in found["deployment"]["resources"]:
        for name in ("created", "modified"):
            if name in each:
                each[name] = TIME
        for name in ("sourcePosition", "stackTrace"):
            each.pop(name, None)
    return found


def record(name: str) -> None:
    """The golden states of that name, by the version of the package that is imported."""
    from pulumi_connect_domains.local.aws import LocalAws

    folder = FOLDER / name
    if folder.exists():
        raise SystemExit(f"{folder} is there already: a recorded state is never written again")
    with tempfile.TemporaryDirectory() as temporary, LocalAws.start() as aws:
        for title, (program, happens) in PROGRAMS.items():
            aws.reset()
            recorder = Recorder(aws, Path(temporary) / title, program())
            state = settled(happens(recorder))
            text = json.dumps(
                {"program": recorder.document, "state": state, "world": recorder.world()}, indent=1, sort_keys=True
            )
            if machine := re.search(
                rf"{re.escape(temporary)}|{re.escape(str(Path.home()))}|{re.escape(aws.endpoint)}", text
            ):
                raise SystemExit(f"{title}: the state names this machine: {machine[0]}")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{title}.json").write_text(f"{text}\n")
        (folder / "shape.json").write_text(f"{json.dumps(shape(), indent=1, sort_keys=True)}\n")
    print(f"recorded {folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder}")


def shape() -> Json:
    """What a state of this version holds: the types, each with its pickled provider and its properties, and the keys of a provider."""
    import inspect

    from pulumi_connect_domains import Provider, registry
    from pulumi_connect_domains.host.lifecycle import pickled

    types = {
        type.type_token: {"provider": pickled(type.provider_class()), "properties": sorted(type.schema.members)}
        for type in registry.resource_types().values()
    }
    arguments = [
        name
        for name in inspect.signature(Provider.__init__).parameters
        if name not in ("self", "resource_name", "opts")
    ]
    return {"types": types, "Provider": sorted(arguments)}


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    if len(sys.argv) != 2:
        raise SystemExit("usage: record.py NAME, such as 2026-11-27")
    record(sys.argv[1])
