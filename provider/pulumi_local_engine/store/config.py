"""Stack configuration: keys with namespaces, values with secrets inside, paths into values, the project's declarations.

**Shape** as in Pulumi.STACK.yaml: a value is a text, number, boolean, list or map, and `{"secure": CIPHERTEXT}` wherever
it is secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from .settings import Project, SettingsError

Path: TypeAlias = list[str | int]
_SEGMENT = re.compile(r"""\.?([^.\[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]""")


def full_key(key: str, project: str) -> str:
    """The key with its namespace; without one it is the project's. Raises SettingsError when it is no key."""
    namespace, colon, name = key.replace(":config:", ":", 1).partition(":")
    full = f"{namespace}:{name}" if colon else f"{project}:{key}"
    if full.count(":") != 1 or not all(full.split(":")):
        raise SettingsError(f"could not parse {key} as a configuration key: NAME or NAMESPACE:NAME was expected")
    return full


def key_path(key: str, project: str) -> tuple[str, Path]:
    """The top-level key and the way from it to the value: `list[1].b` is `("demo:list", [1, "b"])`."""
    end = re.search(r"[.\[]", key)
    top, rest = (key[: end.start()], key[end.start() :]) if end else (key, "")
    path: Path = []
    position = 0
    while position < len(rest):
        found = _SEGMENT.match(rest, position)
        if not found:
            raise SettingsError(f"could not parse {key} as a path")
        plain, index, quoted = found.groups()
        path.append(int(index) if index else plain or json.loads(f'"{quoted}"'))
        position = found.end()
    return full_key(top, project), path


def get_at(value: Any, path: Path) -> Any:
    """What stands there; raises KeyError when nothing does."""
    for part in path:
        in_list = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if not in_list and not (isinstance(value, dict) and part in value):
            raise KeyError(part)
        value = value[part]
    return value


def set_at(value: Any, path: Path, inner: Any) -> Any:
    """The value with the inner one at the path, lists and maps made on the way.

    **Raises** SettingsError when the path does not fit what is there.
    """
    if not path:
        return inner
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        items = list(value) if isinstance(value, list) else []
        if part > len(items):
            raise SettingsError(f"[{part}]: array index out of range")
        old = items[part] if part < len(items) else None
        return [*items[:part], set_at(old, rest, inner), *items[part + 1 :]]
    if isinstance(value, list):
        raise SettingsError(f"{part}: the value is an array, and has no such key")
    entries = value if isinstance(value, dict) and not is_secret_leaf(value) else {}
    return {**entries, part: set_at(entries.get(part), rest, inner)}


def remove_at(value: Any, path: Path) -> Any:
    """The value without what stands at the path, if anything does."""
    try:
        holder = get_at(value, path[:-1])
        get_at(holder, path[-1:])
    except KeyError:
        return value
    if isinstance(holder, list):
        left: Any = [item for index, item in enumerate(holder) if index != path[-1]]
    else:
        left = {key: item for key, item in holder.items() if key != path[-1]}
    return set_at(value, path[:-1], left)


def coerced(text: str) -> str | int | bool:
    """The boolean or whole number that the text spells, else the text: so values below a path are kept."""
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"0|-?[1-9]\d{0,17}", text) else text


# -- secrets ---------------------------------------------------------------------------------------------------------


def is_secret_leaf(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == ["secure"] and isinstance(value["secure"], str)


def is_secret(value: Any) -> bool:
    """True when a secret is inside, at any depth."""
    return any(True for _ in ciphertexts(value))


def opened(value: Any, open_secret: Callable[[str], str]) -> Any:
    """The value with every ciphertext replaced by what the function makes of it."""
    if isinstance(value, list):
        return [opened(item, open_secret) for item in value]
    if isinstance(value, dict):
        if is_secret_leaf(value):
            return open_secret(value["secure"])
        return {key: opened(item, open_secret) for key, item in value.items()}
    return value


def ciphertexts(value: Any) -> Iterator[str]:
    """Every ciphertext inside, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from ciphertexts(item)
    elif is_secret_leaf(value):
        yield value["secure"]
    elif isinstance(value, dict):
        for item in value.values():
            yield from ciphertexts(item)


def text_of(value: Any) -> str:
    """The value as programs get it: a text; booleans, lists and maps as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def entry_json(value: Any, decrypt: Callable[[str], str] | None) -> dict[str, Any]:
    """One value as `--json` shows it; without `decrypt` a secret one is not shown."""
    secret = is_secret(value)
    if secret and decrypt is None:
        return {"secret": True}
    clear = opened(value, decrypt) if decrypt else value
    shown: dict[str, Any] = {"value": text_of(clear)}
    if isinstance(clear, list | dict):
        shown["objectValue"] = clear
    return {**shown, "secret": secret}


# -- the project's part ----------------------------------------------------------------------------------------------

_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(coerced(text_of(value)), int) and text_of(value) not in ("true", "false"),
    "boolean": lambda value: text_of(value) in ("true", "false"),
    "array": lambda value: isinstance(value, list),
}


def merged(project: Project, stack: str, config: Mapping[str, Any], *, validate: bool) -> dict[str, Any]:
    """The stack's configuration and, below it, the project's values and defaults.

    **Raises** SettingsError, if validating, for a declared value that is missing, of another type, or not encrypted.
    """
    found = {full_key(key, project.name): value for key, value in config.items()}
    missing = []
    for key, declared in sorted(project.config.items()):
        declaration = declared if isinstance(declared, dict) else {"value": declared}
        full = full_key(key, project.name)
        value = declaration.get("default", declaration.get("value"))
        if full not in found and value is not None:
            found[full] = value if isinstance(value, list | dict) else text_of(value)
        elif full not in found and ":" not in key:
            missing.append(f"'{key}'")
        elif full in found and validate:
            _check(stack, key, declaration, found[full])
    if missing and validate:
        raise SettingsError(
            f"Stack '{stack}' is missing configuration of {', '.join(missing)}: `pulumi config set KEY VALUE` sets it"
        )
    return found


def _check(stack: str, key: str, declaration: Mapping[str, Any], value: Any) -> None:
    if declaration.get("secret") and not is_secret(value):
        raise SettingsError(
            f"Stack '{stack}': configuration '{key}' is declared secret, so it must be set with --secret"
        )
    check = _CHECKS.get(declaration.get("type", ""))
    if check and not is_secret(value) and not check(value):
        raise SettingsError(f"Stack '{stack}': configuration '{key}' must be of type '{declaration['type']}'")
