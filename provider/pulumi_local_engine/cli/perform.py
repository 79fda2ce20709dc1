"""What the changing commands have in common: consent, the stack, its configuration, and its lock."""

from __future__ import annotations

from contextlib import nullcontext

import click

from ..store.workspace import Workspace
from ..version import VERSION
from .config import Editor
from .request import Request
from .running import Run
from .shape import CommandError, interactive
from .surroundings import say

NOTICE = f"The local engine {VERSION} does this, in place of the Pulumi CLI."


def perform(context: click.Context, request: Request) -> int:
    """The exit code, after the preview, the run, or both."""
    if request.as_json and not request.preview_only:
        raise CommandError("--json is for previews: `preview --json`, `refresh --preview-only --json`")
    if not (request.preview_only or request.yes or interactive(context)):
        raise CommandError("--yes or --skip-preview must be passed in to proceed when running in non-interactive mode")
    workspace = Workspace.of(context)
    workspace.config_file = request.config_file
    name = workspace.stack
    _set_config(context, request)
    say(NOTICE, err=True)
    with nullcontext() if request.preview_only else workspace.backend.lock(name):
        run = Run(workspace, name, request)  # which reads the state
        try:
            return run.all(context)
        finally:
            run.close()


def _set_config(context: click.Context, request: Request) -> None:
    if request.config:
        editor = Editor(context, request.config_file)
        for pair in request.config:
            key, equals, value = pair.partition("=")
            if not equals:
                raise CommandError(f"--config {key}: KEY=VALUE was expected")
            editor.set(key, value, secret=False, by_path=request.config_path)
        editor.file.save()
