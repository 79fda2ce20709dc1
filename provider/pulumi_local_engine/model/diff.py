"""What a diff says, and the engine's own diff of inputs for providers that leave the question open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from . import paths
from .values import Properties, equal, reveal

INVERSE: Final = {"add": "delete", "delete": "add", "update": "update"}
INIT_ERROR: Final = "#initerror"


@dataclass(frozen=True)
class PropertyDiff:
    """One entry of a detailed diff; `kind` is add, delete or update, with `-replace` when it is why a replacement happens."""

    kind: str
    input_diff: bool


@dataclass(frozen=True)
class Diff:
    """What differs. `changes` None: the provider does not say."""

    changes: bool | None
    replace_keys: tuple[str, ...] = ()
    changed_keys: tuple[str, ...] = ()
    detailed: Mapping[str, PropertyDiff] | None = None
    delete_before_replace: bool = False

    @property
    def replaces(self) -> bool:
        in_detail = any(found.kind.endswith("-replace") for found in (self.detailed or {}).values())
        return bool(self.replace_keys) or in_detail

    @property
    def inverted(self) -> Diff:
        """The same, seen from the other side: a refresh shows state => live."""
        if self.detailed is None:
            return self
        return replace(self, detailed={path: replace(d, kind=_inverse(d.kind)) for path, d in self.detailed.items()})


def decided(diff: Diff, olds: Properties, news: Properties) -> Diff:
    """The diff with the question of `changes` settled: by comparing the inputs, if the provider left it to the engine."""
    if diff.changes is not None:
        return diff
    detailed = {paths.text_of(path): PropertyDiff(kind, True) for path, kind in compare(reveal(olds), reveal(news))}
    if not detailed:
        return replace(diff, changes=False)
    keys = tuple(
        sorted(key for key in olds.keys() | news.keys() if not equal(reveal(olds.get(key)), reveal(news.get(key))))
    )
    return replace(diff, changes=True, changed_keys=keys, detailed=detailed)


def compare(old: Any, new: Any, path: paths.Path = ()) -> Iterator[tuple[paths.Path, str]]:
    """Every path at which the values differ, with add, delete or update; lists by position, null as good as absent."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from compare(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            if index >= len(new):
                yield (*path, index), "delete"
            elif index >= len(old):
                yield (*path, index), "add"
            else:
                yield from compare(old[index], new[index], (*path, index))
    elif not equal(old, new):
        yield path, "add" if old is None else "delete" if new is None else "update"


def with_replace_on_changes(diff: Diff, replace_on_changes: Sequence[str], init_errors: bool) -> Diff:
    """The diff with those changes turned into reasons to replace that the resource's option names."""
    if not diff.changes and not init_errors:
        return diff
    wanted = [paths.parse(text) for text in replace_on_changes]

    def forces(text: str) -> bool:
        return any(paths.covers(path, paths.parse(text)) for path in wanted)

    detailed = diff.detailed and {
        path: replace(d, kind=f"{d.kind.removesuffix('-replace')}-replace") if forces(path) else d
        for path, d in diff.detailed.items()
    }
    keys = set(diff.replace_keys) | {key for key in diff.changed_keys if forces(paths.text_of((key,)))}
    if init_errors and forces(INIT_ERROR):
        keys.add(INIT_ERROR)
        diff = replace(diff, changes=True)
    return replace(diff, replace_keys=tuple(sorted(keys)), detailed=detailed)


def _inverse(kind: str) -> str:
    plain, _, suffix = kind.partition("-")
    return INVERSE[plain] + (f"-{suffix}" if suffix else "")
