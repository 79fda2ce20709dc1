"""What one run of the engine is to do, and the stack that it does it to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ..model.resource import Deployment
from ..model.urn import DYNAMIC
from ..model.values import Properties, Secret

Kind: TypeAlias = Literal["up", "refresh", "destroy", "import"]


@dataclass(frozen=True)
class ImportedResource:
    """One entry of an import file. Without inputs and outputs the resource is read (which Python's dynamic host cannot do)."""

    type: str
    name: str
    id: str
    inputs: Properties | None = None
    outputs: Properties | None = None


@dataclass(frozen=True)
class Options:
    """What to do. A preview is any kind with `preview=True`: nothing is changed and nothing saved.

    `targets`, `excludes` and `replace` are URNs, in which `*` stands for anything without a colon and `**` for anything.
    """

    kind: Kind
    preview: bool = False
    refresh: bool = False
    """Read what exists first (`up --refresh`, `preview --refresh`, `destroy --refresh`)."""
    run_program: bool = False
    """Of refresh and destroy: run the program for its config and providers."""
    continue_on_error: bool = False
    targets: tuple[str, ...] = ()
    target_dependents: bool = False
    excludes: tuple[str, ...] = ()
    exclude_dependents: bool = False
    exclude_protected: bool = False
    replace: tuple[str, ...] = ()
    """`--replace URN`: replaced though nothing differs. (`--target-replace` is this and `targets`.)"""
    parallel: int = 16
    """How many operations run at once; 1 is one by one."""
    clear_pending_creates: bool = False
    import_pending_creates: Mapping[str, str] = field(default_factory=dict)
    """URN -> id: pending creates that are cleared, one by one. They are not imported: neither does the CLI (3.260.0) do so."""
    imports: tuple[ImportedResource, ...] = ()
    protect_imports: bool = True

    @property
    def name(self) -> str:
        """What messages call the run."""
        return "preview" if self.preview else "update"

    @property
    def refreshes(self) -> bool:
        """True when what exists is read."""
        return self.refresh or self.kind == "refresh"


@dataclass(frozen=True)
class Stack:
    """A stack: its names, its configuration, its state, and how state is saved.

    `save` is called, never twice at once, after every step; it must write atomically, and raise OSError when it could not.
    """

    project: str
    name: str
    deployment: Deployment
    save: Callable[[Deployment], None]
    organization: str = "organization"
    config: Mapping[str, str] = field(default_factory=dict)
    """Decrypted, every key with its namespace: `{"aws:region": "eu-west-1"}`. Objects are JSON text."""
    secret_keys: frozenset[str] = frozenset()
    """Those keys of `config` whose values are secret."""

    def config_of(self, package: str) -> Properties:
        """What the package's default provider gets: the keys of its own namespace, without it; dynamic providers get all keys."""
        found = {key: Secret(value) if key in self.secret_keys else value for key, value in self.config.items()}
        if package == DYNAMIC:
            return found
        return {key.partition(":")[2]: value for key, value in found.items() if key.partition(":")[0] == package}
