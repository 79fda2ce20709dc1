"""A folder of stacks, laid out as the CLI lays out `file://` backends: either engine can open what the other left.

**Shape** below `FOLDER/.pulumi/`:
`meta.yaml` (`version: 1`) · `stacks/PROJECT/STACK.json` (and `.bak`, the state before; `.pulumi-tags`) ·
`history/PROJECT/STACK/STACK-NANOSECONDS.history.json` (and `.checkpoint.json`) ·
`locks/organization/PROJECT/STACK/UUID.json`.
Compressed states and the layout from before projects are refused. Source: the folders that CLI 3.260.0 leaves behind.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
import shutil
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .version import VERSION

ORGANIZATION = "organization"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")


class BackendError(Exception):
    """Something about stacks or their folder that the user can mend; the text says what."""


class StackNotFoundError(BackendError):
    """No stack has the name."""

    exit_code = 6


@dataclass(frozen=True, order=True)
class StackName:
    """A stack's place: its project and its name within it."""

    project: str
    name: str

    @property
    def full(self) -> str:
        return f"{ORGANIZATION}/{self.project}/{self.name}"

    @classmethod
    def parse(cls, text: str, project: str | None) -> StackName:
        """The stack called `name`, `organization/name` or `organization/project/name`; `project` is the current one."""
        organization, _, rest = text.rpartition("/")[0].partition("/") if "/" in text else (ORGANIZATION, "", "")
        project, name = rest or project, text.rpartition("/")[2]
        if organization != ORGANIZATION:
            raise BackendError("organization name must be 'organization' in a file backend")
        if not project:
            raise BackendError(
                "no Pulumi.yaml project file found: name the stack organization/PROJECT/STACK, or change folder"
            )
        for part in (project, name):
            if not _NAME.match(part):
                raise BackendError(f"'{part}' is not a valid name: letters, digits, '_', '.' and '-', at most 100")
        return cls(project, name)


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
        found = self.root.glob(f"stacks/{project or '*'}/*.json")
        return sorted(StackName(path.parent.name, path.stem) for path in found)

    def exists(self, stack: StackName) -> bool:
        return self._path(stack).exists()

    def create(self, stack: StackName, deployment: Mapping[str, Any]) -> None:
        """A new stack with this first deployment. Raises BackendError when there is one of the name."""
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
        """The stack's state is the deployment (the part below that key), with a manifest of this moment."""
        path = self._path(stack)
        if path.exists():
            shutil.copyfile(path, path.with_name(f"{path.name}.bak"))
        magic = hashlib.sha256(VERSION.encode()).hexdigest()
        manifest = {"time": _now(), "magic": magic, "version": VERSION}
        body = {"manifest": manifest, **{k: v for k, v in deployment.items() if k != "manifest" and v != []}}
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
        """Nobody else changes the stack meanwhile. Raises BackendError when somebody does."""
        path = self._folder("locks", stack) / f"{uuid.uuid4()}.json"
        self._refuse_when_locked(stack)
        content = {
            "pid": os.getpid(),
            "username": getpass.getuser(),
            "hostname": socket.gethostname(),
            "timestamp": _now(),
        }
        _write(path, _compact(content))
        try:
            self._refuse_when_locked(stack, but=path)
            yield
        finally:
            path.unlink(missing_ok=True)

    def unlock(self, stack: StackName) -> None:
        """Nobody holds the stack any more, whoever did."""
        shutil.rmtree(self._folder("locks", stack), ignore_errors=True)

    def _refuse_when_locked(self, stack: StackName, but: Path | None = None) -> None:
        others = [path for path in self._folder("locks", stack).glob("*.json") if path != but]
        if others:
            holders = [json.loads(path.read_text("utf-8")) for path in others]
            lines = "".join(
                f"\n  {path}: {lock['username']}@{lock['hostname']}, process {lock['pid']}, since {lock['timestamp']}"
                for path, lock in zip(others, holders, strict=True)
            )
            # Pulumi's Automation API knows a concurrent update by the first words.
            raise BackendError(
                f"the stack is currently locked by {len(others)} lock(s); `pulumi cancel` removes them:{lines}"
            )

    # -- places ------------------------------------------------------------------------------------------------------

    def _path(self, stack: StackName) -> Path:
        return self.root / "stacks" / stack.project / f"{stack.name}.json"

    def _folder(self, kind: str, stack: StackName) -> Path:
        middle = [ORGANIZATION] if kind == "locks" else []
        return self.root.joinpath(kind, *middle, stack.project, stack.name)


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
    fresh.write_text(text, "utf-8")
    os.replace(fresh, path)
    # What the CLI noted about the file's former content (its checksum) is no longer true.
    path.with_name(f"{path.name}.attrs").unlink(missing_ok=True)
