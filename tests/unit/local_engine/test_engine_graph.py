"""URNs and their patterns, aliases, and the order in which resources go."""

from __future__ import annotations

import pytest
from pulumi_local_engine.deploy.journal import Effect, Journal, renamed, settle
from pulumi_local_engine.model import graph
from pulumi_local_engine.model.goal import Alias, Goal, former_urns
from pulumi_local_engine.model.resource import Deployment, Operation, Resource
from pulumi_local_engine.model.urn import Targets, make, name_of, qualified_type, type_of
from pulumi_local_engine.program.requests import seconds

STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"


def urn(name: str) -> str:
    return make("dev", "p", STACK, "t:m:Thing", name)


def thing(name: str, *needs: str, parent: str = STACK, custom: bool = True, **fields: object) -> Resource:
    found = Resource(urn(name), custom, "t:m:Thing", parent=parent, dependencies=tuple(map(urn, needs)))
    return found.copy(**fields)


def test_urns() -> None:
    group = make("dev", "p", STACK, "x:index:Group", "g")
    child = make("dev", "p", group, "t:m:Thing", "a::b")
    assert group == "urn:pulumi:dev::p::x:index:Group::g"
    assert child == "urn:pulumi:dev::p::x:index:Group$t:m:Thing::a::b"
    assert (qualified_type(child), type_of(child), name_of(child)) == ("x:index:Group$t:m:Thing", "t:m:Thing", "a::b")


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("**", True),
        ("**a", True),
        ("**b", False),
        ("urn:*", False),
        ("urn:*:*::p::t:m:Thing::*", True),
        ("**m:*::a", True),
    ],
)
def test_targets(pattern: str, matches: bool) -> None:
    assert (urn("a") in Targets([pattern])) is matches


def test_no_targets_are_all_targets() -> None:
    targets = Targets([])
    targets.add("x")
    assert not targets.constrained
    assert "anything" in targets


def test_dependents_go_first_and_a_components_children_with_it() -> None:
    a = thing("a")
    group = thing("group", custom=False)
    inside = thing("inside", parent=group.urn)
    b = thing("b", "a")
    c = thing("c", "group")
    everything = [a, group, inside, b, c]
    assert graph.depending_on(everything, a) == [b]
    assert graph.depending_on(everything, group, children=True) == [inside, c]
    assert graph.dependencies_of(everything, c) == [group, inside]
    assert graph.antichains(everything, everything) == [[c], [inside, b], [a, group]]
    assert graph.all_dependencies_of(everything, c) == [group, inside]


def test_what_is_gone_is_nobodys_dependency() -> None:
    b = thing("b", "a", "c", property_dependencies={"x": [urn("a")], "y": []}, deleted_with=urn("a"))
    child = thing("child", parent=urn("a"))
    settle([thing("c"), b, child])
    assert (b.dependencies, b.property_dependencies, b.deleted_with, child.parent) == ((urn("c"),), {}, "", "")


def test_a_renamed_resource_is_named_anew_by_its_dependents() -> None:
    a = thing("new", aliases=(urn("old"),))
    b = thing("b", "old", parent=urn("old"), provider=f"{urn('old')}::id")
    found = renamed([a, b])
    assert found[0].aliases == ()
    assert (found[1].dependencies, found[1].parent, found[1].provider) == (
        (urn("new"),),
        urn("new"),
        f"{urn('new')}::id",
    )


def test_aliases_of_a_resource_and_of_its_parent() -> None:
    goal = Goal(
        "t:m:Thing",
        "g-a",
        True,
        {},
        urn("g"),
        aliases=(Alias(name="b"), Alias(urn="urn:pulumi:old::q::t:m:Thing::g-x"), Alias(no_parent=True)),
    )
    inherited = "urn:pulumi:dev::p::t:m:Thing$t:m:Thing::"
    assert former_urns(goal, "dev", "p", {urn("g"): urn("h")}) == [
        f"{inherited}b",
        "urn:pulumi:old::q::t:m:Thing::g-x",
        "urn:pulumi:dev::p::t:m:Thing::g-a",
        f"{inherited}h-a",
        f"{inherited}h-x",
    ]


@pytest.mark.parametrize(("text", "expected"), [("7m", 420), ("1h30m", 5400), ("500ms", 0.5), ("1.5s", 1.5)])
def test_durations(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["7", "m", "7m x", "-1m", "7 m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        seconds(text)


def test_the_journal_is_saved_at_every_step_and_a_kill_leaves_the_operation() -> None:
    saved: list[Deployment] = []
    old, pending = thing("old"), Operation("creating", thing("lost"))
    journal = Journal(Deployment((old,), (pending, Operation("updating", old))), saved.append)
    number = journal.begin("creating", thing("a"))
    assert [(o.type, o.resource.name) for o in saved[-1].pending_operations] == [
        ("creating", "a"),
        ("creating", "lost"),
    ]
    journal.end(number, Effect(thing("a"), remove=old))
    assert [r.name for r in saved[-1].resources] == ["a"]
    assert [o.resource.name for o in saved[-1].pending_operations] == ["lost"], "only pending creates stay"
    count = len(saved)
    journal.end(None, Effect(thing("b")), write=False)
    assert len(saved) == count
    journal.close()
    assert [r.name for r in saved[-1].resources] == ["a", "b"]
