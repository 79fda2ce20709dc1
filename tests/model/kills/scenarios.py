"""The commands that are struck: a create, an update with tags, a replacement and a destroy of each resource type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..declared import CP, VID, Domain, Run
from ..histories import TAGS, calls, crm, destroy, up

BOTH = "both update"
OTHER_TAGS = {"team": "2", "stage": "1"}
"""From TAGS to these, one tag is changed, one is new and one is gone."""


@dataclass(frozen=True)
class Scenario:
    """The command, after another one has made what it works on."""

    type: str
    name: str
    before: tuple[Run, ...]
    command: Run

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


def _scenarios(
    type: str, declared: Callable[..., Domain], update: dict[str, Any], **replacements: dict[str, Any]
) -> dict[str, Scenario]:
    made = up(declared(tags=TAGS))
    found = [
        Scenario(type, "create", (), made),
        Scenario(type, "update", (made,), up(declared(tags=OTHER_TAGS, **update))),
        *(Scenario(type, how, (made,), up(declared(tags=OTHER_TAGS, **new))) for how, new in replacements.items()),
        Scenario(type, "destroy", (made,), destroy(declared(tags=TAGS))),
    ]
    return {str(scenario): scenario for scenario in found}


SCENARIOS = {
    # The guard of its data has a domain of Customer Profiles deleted before another one takes its place.
    **_scenarios(CP, crm, {"default_expiration_days": 31}, replacement={"domain_name": "d9"}),
    **_scenarios(VID, calls, {"description": "x"}, replacement={"region": "eu-west-2"}),
    BOTH: Scenario(
        "both", "update", (up(crm(), calls()),), up(crm(default_expiration_days=31), calls(description="x"))
    ),
}
"""Each resource type by itself; and both, one after the other."""
