"""The modules of a package, read from their text: whom each imports, and what goes in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Module:
    """One module: its name within the package (`model.path`; "" for the package itself), and its parsed text."""

    package: Package
    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        parts = self.path.relative_to(self.package.folder).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        return self.path.relative_to(self.package.folder).as_posix()

    @property
    def imported(self) -> Iterator[str]:
        """The package's own modules that the module imports anywhere in it, for types alone too, by their names: `model.path`.

        Import statements only: what is loaded by a name that is a text, with `import_module`, is not seen. The command line loads its
        commands so, and a resource type its folder.
        """
        modules, own = self.package.modules, self.package.folder.name
        here = self.path.relative_to(self.package.folder).with_suffix("").parts
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                if node.level:
                    base = [*here[: len(here) - node.level], *(node.module.split(".") if node.module else [])]
                elif (node.module or "").split(".")[0] == own:
                    base = (node.module or "").split(".")[1:]
                else:
                    continue
                for alias in node.names:
                    inner = ".".join([*base, alias.name])
                    yield inner if inner in modules else ".".join(base)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] == own:
                        yield ".".join(alias.name.split(".")[1:])

    @property
    def libraries(self) -> set[str]:
        """What the module imports of others, by whole names: `pulumi.dynamic`, and `pulumi` where that is what it takes names of."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        return found

    def uses(self, *names: str) -> bool:
        """Whether the module imports any of these libraries, or something in one."""
        return any(each == name or each.startswith(f"{name}.") for each in self.libraries for name in names)


@dataclass(frozen=True)
class Package:
    """A package by its folder."""

    folder: Path

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """Every module of the package, by its name."""
        found = [Module(self, path, ast.parse(path.read_text())) for path in sorted(self.folder.rglob("*.py"))]
        return {module.name: module for module in found}

    def forbidden(self, may_import: Mapping[str, set[str]]) -> list[str]:
        """The imports that go where they may not, as sentences. A room is a folder or a module of the package; "" is the package."""
        return [
            f"{module} imports {target or 'the package'}"
            for module in self.modules.values()
            for target in module.imported
            if (room := target.partition(".")[0]) != module.room and room not in may_import[module.room]
            if not (target == "" and "__version__" in module.path.read_text())
        ]

    @property
    def circles(self) -> dict[str, set[str]]:
        """Modules that import each other: by import statements of every kind, for types alone too. A package may import what is in it."""
        arrows = {name: set(module.imported) for name, module in self.modules.items()}
        for name, module in self.modules.items():
            inside = f"{name}." if name else ""
            if module.path.name == "__init__.py":
                arrows[name] = {target for target in arrows[name] if not target.startswith(inside)}
            arrows[name] -= {name, ""}
        return circling(arrows)


def circling(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    """The modules that lie on a circle, or between two: neither what leads to none, nor what none leads to."""
    while True:
        led_to = {target for targets in arrows.values() for target in targets}
        kept = {name: targets & arrows.keys() for name, targets in arrows.items() if targets & arrows.keys()}
        kept = {name: targets for name, targets in kept.items() if name in led_to}
        if kept == arrows:
            return arrows
        arrows = kept
