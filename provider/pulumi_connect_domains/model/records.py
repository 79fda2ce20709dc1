"""`record`: a frozen dataclass whose class is made quickly: for the classes that every program loads.

`dataclasses.dataclass` writes and compiles a text for each method of each class, which took half of the time that these classes take to
import. Here all classes share their methods. `fields` and `replace` of `dataclasses` know them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, eq: bool) -> Any:
        """The decorator. `frozen` is there for type checkers, and is always true. `eq`: objects with the same members are equal."""
        assert frozen

        def made(cls: type) -> type:
            cls = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
            own = {each.name: each for each in dataclasses.fields(cls)}
            if methods := [name for name, each in own.items() if hasattr(each.default, "__get__")]:
                raise TypeError(f"the default of {', '.join(methods)} would become a method")
            cls._own_names = tuple(own)
            cls._required_names = frozenset(name for name, each in own.items() if not _has_default(each))
            cls._factories = {
                name: each.default_factory
                for name, each in own.items()
                if each.default_factory is not dataclasses.MISSING
            }
            cls._hidden_names = frozenset(name for name, each in own.items() if not each.repr)
            cls.__init__, cls.__repr__ = _init, _repr
            if eq:
                cls._compared_names = tuple(name for name, each in own.items() if each.compare)
                cls.__eq__, cls.__hash__ = _equals, _hash
            cls.__setattr__ = cls.__delattr__ = _refuse
            return cls

        return made


def _has_default(of: dataclasses.Field[Any]) -> bool:
    return of.default is not dataclasses.MISSING or of.default_factory is not dataclasses.MISSING


def _init(self: Any, *values: Any, **named: Any) -> None:
    """Sets the members that are given. The others are the class's own attributes, or what their factories make. Raises: TypeError."""
    cls = type(self)
    if values:
        if len(values) > len(cls._own_names):
            raise TypeError(f"{cls.__name__} has {len(cls._own_names)} members, and {len(values)} values are given")
        by_place = dict(zip(cls._own_names, values, strict=False))
        if twice := by_place.keys() & named.keys():
            raise TypeError(f"{cls.__name__} is given {', '.join(sorted(twice))} twice")
        named = {**by_place, **named}
    if unknown := named.keys() - set(cls._own_names):
        raise TypeError(f"{cls.__name__} has no member {', '.join(sorted(unknown))}")
    if missing := cls._required_names - named.keys():
        raise TypeError(f"{cls.__name__} needs {', '.join(sorted(missing))}")
    members = vars(self)
    members.update(named)
    for name, make in cls._factories.items():
        if name not in members:
            members[name] = make()


def _repr(self: Any) -> str:
    cls = type(self)
    shown = (f"{name}={getattr(self, name)!r}" for name in cls._own_names if name not in cls._hidden_names)
    return f"{cls.__qualname__}({', '.join(shown)})"


def _compared(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in type(self)._compared_names)


def _equals(self: Any, other: object) -> bool:
    return _compared(self) == _compared(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_compared(self))


def _refuse(self: Any, name: str, value: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change {name!r}: a {type(self).__name__} never changes")
