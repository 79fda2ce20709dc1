"""The rules: what must hold after any command, and what must hold after one in which nothing went wrong."""

from __future__ import annotations

from collections.abc import Iterator

from . import expected
from .declared import CP, VID, Domain, Program
from .observed import Entry, Key, Live, Observation, Write

GUARD = "force_destroy"


def broken(seen: Observation) -> list[str]:
    """Every rule that does not hold, in words."""
    found = [
        *_only_reads(seen),
        *_nothing_forgotten(seen),
        *_nothing_lost(seen),
        *_refused_first(seen),
        *_only_its_own(seen),
    ]
    if seen.command.is_quiet and not seen.failed and not seen.command.preview:
        found += [*_state_is_true(seen)]
    if seen.failed and seen.command.is_quiet and not blockers(seen):
        found.append(f"it failed, and nothing stood in its way: {seen.messages}")
    if seen.is_whole:
        if not seen.failed:
            found += [*as_declared(seen)]
        if not seen.command.faults:
            found += [*_no_surplus(seen)]
    return found


def replaced(domain: Domain, entry: Entry) -> bool:
    """Whether the domain of the program is another one than the entry's: such changes cannot be made in place."""
    name = domain.settings.get("domain_name") if domain.type == CP else None
    return domain.region != entry.key.region or name not in (None, entry.key.id)


def blockers(seen: Observation) -> list[str]:
    """Why the command may fail although nothing goes wrong. A refresh never may."""
    found, continued = [], set()
    lives, kind = seen.before.lives, seen.command.kind
    if kind == "up" and not seen.is_whole:
        found.append("it does not know what is there")
    for domain in seen.program.domains if kind == "up" else ():
        entry = seen.before.entry(domain)
        live = lives.get(entry.key) if entry else None
        if entry:
            continued.add(id(entry))
        if entry and live and replaced(domain, entry):
            found += [f"{domain.name} is protected"] if domain.protect and entry.protect else _keeps(entry, live, seen)
        if not (entry and live) or replaced(domain, entry):
            key = Key(domain.type, domain.region, domain.proposed_name)
            if key in lives and not domain.settings.get("adopt_existing"):
                found.append(f"the name of {domain.name} is taken")
    for entry in seen.before.entries if kind != "refresh" else ():
        live = lives.get(entry.key)
        if id(entry) not in continued and live:
            found += [f"{entry.name} is protected"] if entry.protect else _keeps(entry, live, seen)
    return found


def _keeps(entry: Entry, live: Live, seen: Observation) -> list[str]:
    """Why the domain is not deleted."""
    if entry.key.type == CP and live.has_data and entry.outputs.get(GUARD) is not True:
        return [f"{entry.name} holds data"]
    if not entry.is_of(live) and not seen.has_read:
        return [f"{entry.name} is another domain by now"]
    return []


# -- after any command --------------------------------------------------------------------------------------------------


def _only_reads(seen: Observation) -> Iterator[str]:
    command = seen.command
    if (command.preview or command.kind == "refresh") and seen.writes:
        yield f"a {'preview' if command.preview else 'refresh'} wrote: {seen.writes}"
    if command.preview and (seen.before.entries != seen.after.entries or seen.before.pending != seen.after.pending):
        yield "a preview changed the state"


def _nothing_forgotten(seen: Observation) -> Iterator[str]:
    """What state held, and what is still there, is still in state."""
    known = {entry.key for entry in seen.after.entries}
    for entry in seen.before.entries:
        live = seen.after.lives.get(entry.key)
        if live and entry.key not in known and live.who not in seen.foreign:
            yield f"{entry.name} ({entry.key}) is there, and left the state"


def _nothing_lost(seen: Observation) -> Iterator[str]:
    """Whatever is gone was held by the stack, was not protected, held no data that was guarded, and was not wanted any more."""
    wanted = {id(entry): domain for domain in seen.program.domains if (entry := seen.before.entry(domain))}
    for key, live in seen.before.lives.items():
        now = seen.after.lives.get(key)
        if now and now.created == live.created:
            continue
        holders = [entry for entry in seen.before.entries if entry.key == key]
        ours = [entry for entry in holders if entry.is_of(live) or seen.has_read]
        if not ours:
            yield f"{key} was deleted, which the stack does not hold"
        for entry in ours:
            domain = wanted.get(id(entry))
            may_lift = (
                domain is not None and seen.command.kind == "up"
            )  # an `up` may lift the protection and replace at once
            if entry.protect and not (may_lift and domain and not domain.protect):
                yield f"{entry.name} was deleted, which is protected"
            if live.has_data and entry.outputs.get(GUARD) is not True:
                yield f"{entry.name} was deleted with its data"
            if seen.command.kind == "up" and domain and not replaced(domain, entry) and not entry.delete:
                yield f"{entry.name} was deleted, and the program declares it as it was"


def _refused_first(seen: Observation) -> Iterator[str]:
    """A replacement that may not delete the domain has made none in its place either."""
    for domain in seen.program.domains if seen.command.kind == "up" else ():
        entry = seen.before.entry(domain)
        live = entry and seen.before.lives.get(entry.key)
        if (
            entry
            and live
            and replaced(domain, entry)
            and not entry.is_pending_replacement
            and _keeps(entry, live, seen)
        ):
            made = Key(domain.type, domain.region, domain.proposed_name)
            if made in seen.after.lives and made not in seen.before.lives:
                yield f"{made} was made in the place of {entry.key}, which stays"


def _only_its_own(seen: Observation) -> Iterator[str]:
    """Every write was about a domain of the stack, or one that the program creates or adopts; with targets, about one of those."""
    targets = seen.command.targets
    domains = {domain.name: domain for domain in seen.program.domains if not targets or domain.name in targets}
    keys = {entry.key for entry in (*seen.before.entries, *seen.after.entries) if not targets or entry.name in targets}
    keys |= {Key(each.type, each.region, each.proposed_name) for each in domains.values()}
    keys |= {live.key for live in seen.after.lives.values() if live.key not in seen.before.lives}
    held = {entry.key for entry in seen.before.entries}
    adopting = {
        Key(CP, each.region, each.proposed_name) for each in domains.values() if each.settings.get("adopt_existing")
    }
    foreign = {key for key, _ in seen.foreign} - held - adopting
    for entry in seen.after.entries:
        if entry.key in foreign:
            yield f"{entry.name} took over {entry.key}, which somebody else made"
    for write in seen.writes:
        is_creation = write.operation == "CreateDomain"
        if write.key not in keys and not (is_creation and write.key.type == VID):
            yield f"{write.operation} of {write.key}, which nobody asked for"
        if write.key in foreign and not is_creation:
            yield f"{write.operation} of {write.key}, which somebody else made"


# -- after a command that succeeded ---------------------------------------------------------------------------------------


def _state_is_true(seen: Observation) -> Iterator[str]:
    """State holds each domain once; after a look at AWS, it is there, and is as state says."""
    after, command = seen.after, seen.command
    keys = [entry.key for entry in after.entries]
    if len(keys) != len(set(keys)):
        yield f"state holds a domain twice: {keys}"
    if command.kind == "destroy" and not command.targets and after.entries:
        yield f"the destroy left {[entry.name for entry in after.entries]}"
    if not seen.has_read or command.targets or command.kind == "destroy":
        return
    for entry in after.entries:
        live = entry.among(after.lives)
        if live is None and entry.is_pending_replacement:
            continue  # deleted, and the next `up` makes the one in its place: a refresh leaves the entry alone
        if live is None:
            yield f"{entry.name} is in state as made at {entry.outputs.get('created_at')}, there is {after.lives.get(entry.key)}"
            continue
        for name in expected.SETTINGS[entry.key.type]:
            declared = expected.said(entry.inputs.get(name))
            there = live.members.get(name)
            if declared not in (None, {}, "") and not expected.holds(declared, there):
                yield f"{entry.name}: state says that {name} is {declared}, it is {there}"
            echo = expected.said(entry.outputs.get(name))
            if echo != declared and not (
                declared is None and expected.is_off(echo)
            ):  # what is off already is not written again
                yield f"{entry.name}: {name} is {declared} among the inputs, {entry.outputs.get(name)} among the outputs"
        if is_tagged_otherwise(entry, live, seen.program) and not _begins_to_own(seen, entry):
            yield f"{entry.name}: state says that the tags are {entry.inputs['tags_all']}, they are {live.tags}"
        if entry.inputs.get("tags_all") != entry.outputs.get("tags_all"):
            yield f"{entry.name}: tags_all is not the same among inputs and outputs"


def is_tagged_otherwise(entry: Entry, live: Live, program: Program) -> bool:
    """Whether the domain has other tags than state says, as far as it says anything of them."""
    owned = {key: value for key, value in live.tags.items() if program.owns(key)}
    return "tags_all" in entry.inputs and entry.inputs["tags_all"] != owned


def _begins_to_own(seen: Observation, entry: Entry) -> bool:
    """Whether the program speaks of the tags for the first time. What others set goes with the next look, and a preview shows it first."""
    before = next((each for each in seen.before.entries if each.key == entry.key), None)
    return before is not None and "tags_all" not in before.inputs and seen.before.lives.get(entry.key) is not None


def as_declared(seen: Observation) -> Iterator[str]:
    """AWS holds what the program declares, once, and nothing else of the stack's."""
    names = sorted(domain.name for domain in seen.program.domains)
    if sorted(entry.name for entry in seen.after.entries) != names:
        yield f"state holds {[entry.name for entry in seen.after.entries]}, the program declares {names}"
        return
    for domain in seen.program.domains:
        entry = seen.after.entry(domain)
        live = entry and entry.among(seen.after.lives)
        if not entry or not live:
            yield f"{domain.name} is not there: {entry}"
            continue
        if replaced(domain, entry):
            yield f"{domain.name} is {entry.key}"
        yield from (f"{domain.name}: {mistake}" for mistake in _mistakes(seen, domain, live))


def _mistakes(seen: Observation, domain: Domain, live: Live) -> Iterator[str]:
    held, there = seen.before.entry(domain), seen.before.lives.get(live.key)
    stays = held is not None and there is not None and held.key == live.key
    declared, inputs = dict(domain.settings), dict(held.inputs) if held and stays else {}
    before = there.members if there else {}
    for name in domain.ignores if stays else ():  # of a replacement, the engine ignores no change
        declared.pop(name, None)
        inputs.pop(name, None)
    if domain.type == VID and not domain.settings.get("name"):
        declared["name"] = live.members["name"]
    yield from expected.mistakes(domain.type, declared, inputs, before, live.members)
    if "tags" not in domain.ignores:
        yield from _tag_mistakes(seen, domain, inputs, there, live)


def _tag_mistakes(
    seen: Observation, domain: Domain, inputs: dict[str, object], there: Live | None, live: Live
) -> Iterator[str]:
    owns, wanted = seen.program.owns, seen.program.tags(domain)
    before = there.tags if there else {}
    now = {key: value for key, value in live.tags.items() if owns(key)}
    if wanted and there and inputs and "tags_all" not in inputs:  # what others set before goes with the next look
        if now != {**{key: value for key, value in before.items() if owns(key)}, **wanted}:
            yield f"the tags are {now}, declared are {wanted}, they were {before}, and nobody declared any"
    elif wanted or "tags_all" in inputs:
        if now != wanted:
            yield f"the tags are {now}, declared are {wanted} (they were {before}, and {inputs.get('tags_all')} in state)"
    elif live.tags != before:
        yield f"the tags are {live.tags}, they were {before}, and nobody declares any"
    theirs = [{k: v for k, v in tags.items() if not owns(k)} for tags in (before, live.tags)]
    if theirs[0] != theirs[1]:
        yield f"the tags of others are {theirs[1]}, they were {theirs[0]}"


# -- the journal of calls ---------------------------------------------------------------------------------------------------


def _no_surplus(seen: Observation) -> Iterator[str]:
    """Every write was needed: AWS did not hold already what it sent, as far as the stack could know."""
    by_key = {entry.key: entry for entry in seen.before.entries}
    domains = {entry.key: domain for domain in seen.program.domains if (entry := seen.before.entry(domain))}
    once: set[tuple[str, Key]] = set()
    for write in seen.writes:
        entry, live, domain = by_key.get(write.key), seen.before.lives.get(write.key), domains.get(write.key)
        if (write.operation, write.key) in once and write.key.id:
            yield f"{write.operation} of {write.key} twice"
        once.add((write.operation, write.key))
        if entry and live and domain:
            yield from _surplus(write, entry, live, domain, seen)


def _surplus(write: Write, entry: Entry, live: Live, domain: Domain, seen: Observation) -> Iterator[str]:
    if write.operation == "UpdateDomain":
        sent = expected.spoken(dict(write.parameters))
        names = [name for name in expected.SETTINGS[domain.type] if name in sent or domain.type == VID]
        idle = [name for name in names if _is_there(name, entry, live, domain)]
        if idle if domain.type == CP else idle == names:
            yield f"UpdateDomain of {entry.name} sent {idle} of {sent}, which AWS held: {live.members}"
    known = "tags_all" in entry.inputs
    if write.operation == "TagResource" and known:
        sent = write.parameters.get("tags") or {each["Key"]: each["Value"] for each in write.parameters.get("Tags", ())}
        idle = [key for key in sent if live.tags.get(key) == sent[key]]
        if idle:
            yield f"TagResource of {entry.name} sent {idle}, which were so already"
    if write.operation == "UntagResource" and known:
        keys = write.parameters.get("tagKeys") or write.parameters.get("TagKeys") or ()
        if idle := [key for key in keys if key not in live.tags]:
            yield f"UntagResource of {entry.name} took away {idle}, which were not there"


def _is_there(name: str, entry: Entry, live: Live, domain: Domain) -> bool:
    """Whether the setting was as declared, and the program had said as much of it before."""
    wanted, state, there = (
        expected.said(domain.settings.get(name)),
        expected.said(entry.inputs.get(name)),
        live.members.get(name),
    )
    if name in domain.ignores or (name == "name" and wanted is None):
        return True
    if wanted in (None, {}, ""):
        return (
            there in (None, "", {})
            or state in (None, {}, "")
            or (name in expected.SWITCHED and there == {"enabled": False})
        )
    return (
        set(expected.places(wanted)) == set(expected.places(state))
        and state is not None
        and expected.holds(wanted, there)
    )
