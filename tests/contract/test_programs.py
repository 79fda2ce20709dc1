"""The bare types in a whole program, on the local engine and on each host: a package of somebody else's works as the services' own do."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import PulumiStack

from .resources import BARE, token_of

pytestmark = pytest.mark.parametrize("pulumi_engine", ["local"], indirect=True)


def test_the_bare_types_are_made_changed_replaced_and_deleted_by_a_program(
    cloud: LocalAws, host: str, cases: ModuleType, bare_stack: Callable[[Callable[[], None]], PulumiStack]
) -> None:
    def program(description: str | None, name: str = "support") -> Callable[[], None]:
        def declare() -> None:
            domain = cases.Domain("domain", name=name)
            cases.Template("template", domain_id=domain.domain_id, name="complaint", description=description)

        return declare

    stack = bare_stack(program("A complaint"))
    assert stack.up().summary.resource_changes == {"create": 3}
    assert stack.preview().change_summary == {"same": 3}
    assert {each["type"] for each in stack.state().values()} >= {token_of(each, host) for each in BARE.values()}
    assert stack.run(program(None)).up().summary.resource_changes == {"same": 2, "update": 1}
    stack.refresh(expect_no_changes=True)
    assert stack.run(program(None, "sales")).up().summary.resource_changes == {"same": 1, "replace": 2}
    assert sorted(str(each["name"]) for each in cloud.domains("connectcases").values()) == ["complaint", "sales"]
    stack.destroy()
    assert cloud.domains("connectcases") == {}
