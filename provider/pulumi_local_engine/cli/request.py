"""What one command line asks for: the options of `up`, `preview`, `refresh`, `destroy` and `import` together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..deploy.options import ImportedResource, Kind, Options


@dataclass(frozen=True)
class Request:
    """The options of one command line."""

    kind: Kind
    message: str = ""
    parallel: int = 16
    as_json: bool = False
    config_file: str | None = None
    client: str | None = None
    exec_kind: str = "cli"
    exec_agent: str = ""
    event_log: str | None = None
    diff: bool = False
    debug: bool = False
    show_sames: bool = False
    show_replacement_steps: bool = False
    suppress_outputs: bool = False
    suppress_progress: bool = False
    expect_no_changes: bool = False
    target: tuple[str, ...] = ()
    target_dependents: bool = False
    exclude: tuple[str, ...] = ()
    exclude_dependents: bool = False
    exclude_protected: bool = False
    yes: bool = False
    skip_preview: bool = False
    preview_only: bool = False
    continue_on_error: bool = False
    refresh: bool = False
    run_program: bool = False
    config: tuple[str, ...] = ()
    config_path: bool = False
    replace: tuple[str, ...] = ()
    target_replace: tuple[str, ...] = ()
    clear_pending_creates: bool = False
    import_pending_creates: Mapping[str, str] = field(default_factory=dict)
    imports: tuple[ImportedResource, ...] = ()
    protect_imports: bool = True
    remove: bool = False

    def options(self, *, preview: bool) -> Options:
        from ..deploy.options import Options

        return Options(
            self.kind, preview=preview, refresh=self.refresh, run_program=self.run_program,
            continue_on_error=self.continue_on_error, targets=self.target + self.target_replace,
            target_dependents=self.target_dependents, excludes=self.exclude,
            exclude_dependents=self.exclude_dependents, exclude_protected=self.exclude_protected,
            replace=self.replace + self.target_replace, parallel=max(self.parallel, 1),
            clear_pending_creates=self.clear_pending_creates, import_pending_creates=self.import_pending_creates,
            imports=self.imports, protect_imports=self.protect_imports,
        )  # fmt: skip
