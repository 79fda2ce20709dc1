"""Property paths, `labels.team`, `parts[0]`, `["a.b"]`, `*` for any key or index; what differs there, and putting ignored changes back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from .values import Properties, Secret, equal, reveal

Path: TypeAlias = tuple[str | int, ...]

_PART: Final = re.compile(r"""\.?\["((?:[^"\\]|\\.)*)"\]|\.?\[(\d+|\*)\]|\.?([^.\[]+)""")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_]*\Z")
INVERSE: Final = {"add": "delete", "add-replace": "delete-replace", "delete": "add", "delete-replace": "add-replace"}
INIT_ERROR: Final = "#initerror"


def parse(text: str) -> Path:
    """The path's keys and indexes. Raises ValueError when it is none."""
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        found = _PART.match(text, position)
        if not found or (position == 0 and text.startswith(".")):
            raise ValueError(f"'{text}' is not a property path")
        quoted, index, plain = found.groups()
        if quoted is not None:
            parts.append(quoted.replace('\\"', '"'))
        elif index is not None:
            parts.append(index if index == "*" else int(index))
        else:
            parts.append(plain)
        position = found.end()
    return tuple(parts)


def text_of(path: Path) -> str:
    """The path as detailed diffs spell it."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.match(part):
            text += f".{part}" if text else part
        else:
            text += '["' + part.replace('"', '\\"') + '"]'
    return text


def covers(path: Path, other: Path) -> bool:
    """True when the other path is this one or lies below it."""
    alike = (part in ("*", found) for part, found in zip(path, other, strict=False))
    return len(other) >= len(path) and all(alike)


def put_back(news: Properties, olds: Properties, ignored: Sequence[str]) -> tuple[Properties, list[str]]:
    """The new inputs with the old values wherever changes are ignored, and the paths for which that could not be done.

    It cannot where the place exists on one side only, short of the last part of the path: an element cannot be put into a list that
    has become too short.
    """
    impossible = []
    for text in ignored:
        with suppress(LookupError):
            news = _reset(parse(text), olds, news, False)
            continue
        impossible.append(text)
    return news, impossible


def _reset(path: Path, old: Any, new: Any, secret: bool) -> Any:
    """The new value with the old one at the path; `secret`: the old one lies in a secret. Raises LookupError for an impossible path."""
    if not path:
        return Secret(old) if secret and not isinstance(old, Secret) else old
    if isinstance(old, Secret):
        return _reset(path, old.value, new, not isinstance(new, Secret))
    if isinstance(new, Secret):
        return Secret(_reset(path, old, new.value, False))
    part, rest = path[0], path[1:]
    if part == "*":
        return _reset_all(rest, old, new, secret)
    kind = list if isinstance(part, int) else dict
    both = isinstance(old, kind) and isinstance(new, kind)
    in_old, in_new = (isinstance(v, kind) and part in (range(len(v)) if kind is list else v) for v in (old, new))
    if in_old and in_new:
        inner = _reset(rest, old[part], new[part], secret)
        return {**new, part: inner} if kind is dict else [inner if i == part else item for i, item in enumerate(new)]
    if kind is dict and not rest and isinstance(new, dict):
        back = {part: _reset((), old[part], None, secret)} if in_old else {}
        return {**{key: value for key, value in new.items() if key != part}, **back}
    neither = not isinstance(old, kind) and not isinstance(new, kind)
    if not (in_old or in_new) and (neither or (both and not rest) or (kind is dict and (both or not rest))):
        return new
    raise LookupError(path)


def _reset_all(rest: Path, old: Any, new: Any, secret: bool) -> Any:
    """The same for every key or index of the values."""
    if isinstance(old, dict) and isinstance(new, dict) and (not rest or old.keys() <= new.keys()):
        inner = {key: _reset(rest, value, new.get(key), secret) for key, value in old.items()}
        return {**new, **inner} if rest else inner
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [_reset(rest, a, b, secret) for a, b in zip(old, new, strict=True)]
    if not rest and isinstance(new, dict | list) and not isinstance(old, dict if isinstance(new, dict) else list):
        return new
    raise LookupError(rest)


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
    """Top-level keys (paths, with a detailed diff) that make it a replacement; `keys` in the event log."""
    changed_keys: tuple[str, ...] = ()
    """Top-level keys that differ; `diffs` in the event log."""
    detailed: Mapping[str, PropertyDiff] | None = None
    delete_before_replace: bool = False

    @property
    def replaces(self) -> bool:
        in_detail = any(found.kind.endswith("-replace") for found in (self.detailed or {}).values())
        return bool(self.replace_keys) or in_detail

    @property
    def inverted(self) -> "Diff":
        """The same, seen from the other side: a refresh shows state => live."""
        detailed = self.detailed and {p: replace(d, kind=INVERSE.get(d.kind, d.kind)) for p, d in self.detailed.items()}
        return replace(self, detailed=detailed)


def decided(diff: Diff, olds: Properties, news: Properties) -> Diff:
    """The diff with the question of `changes` settled: by comparing the inputs, if the provider left it to the engine."""
    if diff.changes is not None:
        return diff
    found = dict(compare(reveal(olds), reveal(news)))
    if not found:
        return replace(diff, changes=False)
    keys = tuple(sorted({str(path[0]) for path in found}))
    detailed = {text_of(path): PropertyDiff(kind, True) for path, kind in found.items()}
    return replace(diff, changes=True, changed_keys=keys, detailed=detailed)


def compare(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
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
    wanted = [parse(text) for text in replace_on_changes]

    def forces(text: str) -> bool:
        return any(covers(path, parse(text)) for path in wanted)

    detailed = diff.detailed and {
        path: replace(d, kind=f"{d.kind.removesuffix('-replace')}-replace") if forces(path) else d
        for path, d in diff.detailed.items()
    }
    keys = set(diff.replace_keys) | {key for key in diff.changed_keys if forces(text_of((key,)))}
    if init_errors and forces(INIT_ERROR):
        keys.add(INIT_ERROR)
        diff = replace(diff, changes=True)
    return replace(diff, replace_keys=tuple(sorted(keys)), detailed=detailed)
