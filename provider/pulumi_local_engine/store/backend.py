"""A folder of stacks, laid out as the CLI lays out `file://` backends: either engine can open what the other left.

**Shape** below `FOLDER/.pulumi/`:
`meta.yaml` (`version: 1`) · `stacks/PROJECT/STACK.json` (and `.bak`, the state before; `.pulumi-tags`) ·
`history/PROJECT/STACK/STACK-NANOSECONDS.history.json` (and `.checkpoint.json`) ·
`locks/organization/PROJECT/STACK/UUID.json` of the CLI, `local-engine.json` of this engine.
Compressed states and the layout from before projects are refused. Source: the folders that CLI 3.260.0 leaves behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..version import VERSION
from . import locks
from .names import ORGANIZATION, BackendError, StackName, StackNotFoundError

__all__ = ["BackendError", "FileBackend", "StackName", "StackNotFoundError"]


class FileBackend:
    """The stacks below one folder. Every write replaces the whole file at once, so a reader never sees half of one."""

    def __init__(self, url: str, base: Path | None = None) -> None:
        """A relative URL, `file://./state`, is relative to `base` (default: the working directory)."""
        self.url = url
        path, _, query = url.removeprefix("file://").partition("?")
        if not url.startswith("file://") or "gzip" in query:
            raise BackendError(
                f"backend '{url}': the local engine keeps state in folders only (PULUMI_BACKEND_URL=file://FOLDER)"
            )
        self.root = (base or Path.cwd()) / Path(path).expanduser() / ".pulumi"
        meta = self.root / "meta.yaml"
        if meta.exists() and meta.read_text("utf-8").split() != ["version:", "1"]:
            raise BackendError(f"{meta}: only version 1 of the layout of stacks is supported")

    # -- stacks ------------------------------------------------------------------------------------------------------

    def stacks(self, project: str | None = None) -> list[StackName]:
        """Every stack, or those of one project, sorted."""
        found = (StackName.at(path) for path in self.root.glob("stacks/*/*.json"))
        return sorted(stack for stack in found if stack and project in (None, stack.project))

    def exists(self, stack: StackName) -> bool:
        return self._path(stack).exists()

    def create(self, stack: StackName, deployment: Mapping[str, Any]) -> None:
        """A new stack with this first deployment. Raises BackendError when there is one of the name."""
        with self.lock(stack):
            if self.exists(stack):
                raise BackendError(f"stack '{stack.full}' already exists")
            meta = self.root / "meta.yaml"
            if not meta.exists():
                _write(meta, "version: 1\n")
            self.save(stack, deployment)

    def load(self, stack: StackName) -> dict[str, Any]:
        """`{"version": 3, "deployment": {…}}`, secrets still encrypted. Raises StackNotFoundError."""
        path = self._path(stack)
        try:
            checkpoint = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            for compressed in (".gz", ".zst"):
                if path.with_suffix(f".json{compressed}").exists():
                    raise BackendError(f"{path}{compressed}: compressed state is not supported") from None
            raise StackNotFoundError(f"no stack named '{stack.name}' found") from None
        if checkpoint["version"] != 3 or checkpoint.get("features"):
            raise BackendError(
                f"{path}: state of version {checkpoint['version']} is not supported, only 3 without features"
            )
        return {"version": 3, "deployment": checkpoint["checkpoint"].get("latest")}

    def save(self, stack: StackName, deployment: Mapping[str, Any]) -> None:
        """The stack's state is the deployment (the part below that key), with a manifest of this moment.

        **Raises** OSError when it could not be written; the state before is then still there.
        """
        path = self._path(stack)
        magic = hashlib.sha256(VERSION.encode()).hexdigest()
        manifest = {"time": _now(), "magic": magic, "version": VERSION}
        body = {"manifest": manifest, **{k: v for k, v in deployment.items() if k != "manifest" and v != []}}
        if path.exists():
            shutil.copyfile(path, path.with_name(f"{path.name}.bak"))
        _write(path, _compact({"version": 3, "checkpoint": {"stack": stack.full, "latest": body}}))

    def remove(self, stack: StackName, keep_copy: bool = True) -> None:
        """The stack is gone but for one copy of its last state, `.bak`, if that is kept."""
        path = self._path(stack)
        os.replace(path, path.with_name(f"{path.name}.bak"))
        if not keep_copy:
            path.with_name(f"{path.name}.bak").unlink()
        shutil.rmtree(self._folder("history", stack), ignore_errors=True)
        for suffix in (".pulumi-tags", ".pulumi-tags.attrs", ".json.attrs"):
            path.with_suffix(suffix).unlink(missing_ok=True)

    def rename(self, stack: StackName, renamed: StackName) -> None:
        """The stack, its URNs, history and tags go by the new name. Raises BackendError when the name is taken."""
        if self.exists(renamed):
            raise BackendError(f"stack '{renamed.full}' already exists")
        deployment = _renamed(self.load(stack)["deployment"], stack, renamed)
        tags = self.tags(stack)
        self.save(renamed, deployment)
        self.save_tags(renamed, tags)
        history = self._folder("history", stack)
        for path in history.glob(f"{stack.name}-*.json"):
            target = self._folder("history", renamed) / path.name.replace(stack.name, renamed.name, 1)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
        self.remove(stack)

    # -- tags, history -----------------------------------------------------------------------------------------------

    def tags(self, stack: StackName) -> dict[str, str]:
        path = self._path(stack).with_suffix(".pulumi-tags")
        return dict(json.loads(path.read_text("utf-8"))["tags"]) if path.exists() else {}

    def save_tags(self, stack: StackName, tags: Mapping[str, str]) -> None:
        path = self._path(stack).with_suffix(".pulumi-tags")
        if tags:
            _write(path, _compact({"version": 1, "tags": dict(sorted(tags.items()))}))
        else:
            path.unlink(missing_ok=True)

    def add_history(self, stack: StackName, update: Mapping[str, Any]) -> None:
        """The record of one update joins the history, with a copy of the state after it."""
        start = self._folder("history", stack) / f"{stack.name}-{time.time_ns()}"
        _write(start.with_name(f"{start.name}.history.json"), _compact(update))
        shutil.copyfile(self._path(stack), start.with_name(f"{start.name}.checkpoint.json"))

    def history(self, stack: StackName) -> list[dict[str, Any]]:
        """The records of past updates, latest first."""
        found = sorted(self._folder("history", stack).glob("*.history.json"), reverse=True)
        return [json.loads(path.read_text("utf-8")) for path in found]

    # -- locks -------------------------------------------------------------------------------------------------------

    @contextmanager
    def lock(self, stack: StackName) -> Iterator[None]:
        """Nobody else changes the stack meanwhile: what is to be changed is read only now. Raises LockedError when somebody does."""
        with locks.hold(self._folder("locks", stack)):
            yield

    def unlock(self, stack: StackName) -> None:
        """Nobody holds the stack any more, whoever did."""
        shutil.rmtree(self._folder("locks", stack), ignore_errors=True)

    # -- places ------------------------------------------------------------------------------------------------------

    def _path(self, stack: StackName) -> Path:
        return self._inside("stacks", stack.project, f"{stack.name}.json")

    def _folder(self, kind: str, stack: StackName) -> Path:
        middle = [ORGANIZATION] if kind == "locks" else []
        return self._inside(kind, *middle, stack.project, stack.name)

    def _inside(self, *parts: str) -> Path:
        """The place below the root. Raises BackendError when it is elsewhere, by its name or by a link on the way."""
        path = self.root.joinpath(*parts)
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise BackendError(f"{path} is outside of the backend's folder {self.root}")
        return path


def _renamed(value: Any, stack: StackName, renamed: StackName) -> Any:
    """The deployment with every URN of the stack moved to its new name; inputs and outputs are left alone."""
    if isinstance(value, list):
        return [_renamed(item, stack, renamed) for item in value]
    if isinstance(value, dict):
        return {k: v if k in ("inputs", "outputs") else _renamed(v, stack, renamed) for k, v in value.items()}
    if isinstance(value, str) and value.startswith(f"urn:pulumi:{stack.name}::{stack.project}::"):
        value = f"urn:pulumi:{renamed.name}::{renamed.project}::" + value.split("::", 2)[2]
        if value.endswith(f"::pulumi:pulumi:Stack::{stack.project}-{stack.name}"):
            value = value.rpartition("::")[0] + f"::{renamed.project}-{renamed.name}"
    return value


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}.new")
    try:
        fresh.write_text(text, "utf-8")
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    # What the CLI noted about the file's former content (its checksum) is no longer true.
    path.with_name(f"{path.name}.attrs").unlink(missing_ok=True)
