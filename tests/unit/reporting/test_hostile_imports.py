"""The commands that an import gives people to paste: a name in them is one word of a shell, whatever it holds."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from pulumi_connect_domains import cli
from pulumi_connect_domains.adopt.model import Former
from pulumi_connect_domains.adopt.sequence import Takeover
from pulumi_connect_domains.adopt.stack import Stack
from pulumi_connect_domains.adopt.state import declared_elsewhere
from pulumi_connect_domains.model.errors import Stopped
from pulumi_connect_domains.stacks.cli import Pulumi
from pulumi_connect_domains.stacks.sources import Export
from pulumi_connect_domains.stacks.urn import Urn

from .places import PROFILES, adopted

ROOT = Path(cli.__file__).parent
QUOTE = "x'; touch owned; '"


@pytest.mark.parametrize(
    "urn",
    [f"urn:pulumi:dev::shop::aws:customerprofiles/domain:Domain::{QUOTE}", "urn:pulumi:dev::shop::a:b:C$d:e:F::$x"],
)
def test_every_command_to_paste_has_its_urn_as_one_word(urn: str) -> None:
    """In the messages of an import: of protected old entries, and of other stacks."""
    (taken,) = adopted(lambda place: "crm")
    taken = replace(taken, found=replace(taken.found, former=Former(Urn.parse(urn), {}, is_protected=True)))
    takeover = Takeover(Stack("dev", Pulumi("pulumi", ".")), [taken], Path("x"), Path("y"), protect=True)
    with pytest.raises(Stopped) as stopped:
        takeover.run(lambda _step: None)
    ours = Urn.parse(
        urn.replace("aws:customerprofiles/domain:Domain", PROFILES.type_token).replace("d:e:F", PROFILES.type_token)
    )
    entry = {"urn": str(ours), "type": PROFILES.type_token, "id": taken.found.id, "inputs": {}}
    entry["outputs"] = {"arn": f"arn:aws:profile:{taken.found.region}:{taken.found.account}:domains/{taken.found.id}"}
    export = json.dumps({"version": 3, "deployment": {"resources": [entry]}}).encode()
    (warning,) = declared_elsewhere([taken], [Export("other", export)]).warnings
    for said, named in ((str(stopped.value), urn), (warning, str(ours))):
        command = said[said.index("pulumi state ") :].split("`")[0]
        assert shlex.split(command) == ["pulumi", "state", command.split()[2], named]


def test_no_message_puts_a_name_between_quotes_of_its_own() -> None:
    """A quote in the name would end them; `in_shell` knows how to write it."""
    own = re.compile(r"pulumi [a-z]+ [^`\n]*'\{")
    sources = {each: each.read_text(encoding="utf-8") for each in ROOT.rglob("*.py")}
    assert [each.name for each, source in sources.items() if own.search(source)] == []
