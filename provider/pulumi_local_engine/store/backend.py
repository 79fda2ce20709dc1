"""A folder of stacks, laid out as the CLI lays out `file://` backends: either engine can open what the other left.

**Shape** below `FOLDER/.pulumi/`:
`meta.yaml` (`version: 1`) · `stacks/PROJECT/STACK.json` (and `.bak`, the state before) ·
`history/PROJECT/STACK/STACK-NANOSECONDS.history.json` (and `.checkpoint.json`) ·
`locks/organization/PROJECT/STACK/UUID.json` of the CLI, `local-engine.json` of this engine.
Compressed states and the layout from before projects are refused. Source: the folders that CLI 3.260.0 leaves behind.
"""

import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..model.reading import json_of, reading
from ..model.resource import DEPLOYMENT, now, refuse_unreadable_secrets
from ..version import VERSION
from . import locks

ORGANIZATION = "organization"
_CHECKPOINT = {"version": int, "checkpoint": {"latest?": DEPLOYMENT}}
_UPDATE = {"startTime": int, "endTime": int, "config?": dict}
_NAME = re.compile(r"(?!\.+\Z)[A-Za-z0-9_.-]{1,100}\Z")
"""A stack's or project's name. A name of dots alone, which the CLI lets pass, would be a folder above."""


class BackendError(Exception):
    """Something about stacks or their folder that the user can mend; the text says what."""


class StackNotFoundError(BackendError):
    """No stack has the name."""

    exit_code = 6


@dataclass(frozen=True, order=True)
class StackName:
    """A stack's place: its project and its name within it. Raises BackendError for names that cannot be."""

    project: str
    name: str

    def __post_init__(self) -> None:
        for part in (self.project, self.name):
            if not _NAME.match(part):
                allowed = "letters, digits, '_', '.' and '-', at most 100, and not dots alone"
                raise BackendError(f"'{part}' is not a valid name: {allowed}")

    @property
    def full(self) -> str:
        return f"{ORGANIZATION}/{self.project}/{self.name}"

    @classmethod
    def parse(cls, text: str, project: str | None) -> "StackName":
        """The stack called `name`, `organization/name` or `organization/project/name`; `project` is the current one."""
        organization, _, rest = text.rpartition("/")[0].partition("/") if "/" in text else (ORGANIZATION, "", "")
        project, name = rest or project, text.rpartition("/")[2]
        if organization != ORGANIZATION:
            raise BackendError("organization name must be 'organization' in a file backend")
        if not project:
            raise BackendError("no Pulumi.yaml project file found: name the stack organization/PROJECT/STACK")
        return cls(project, name)


class FileBackend:
    """The stacks below one folder. Every write replaces the whole file at once, so a reader never sees half of one."""

    def __init__(self, url: str, base: Path | None = None) -> None:
        """A relative URL, `file://./state`, is relative to `base` (default: the working directory)."""
        self.url = url
        path, _, query = url.removeprefix("file://").partition("?")
        if not url.startswith("file://") or "gzip" in query:
            raise BackendError(f"backend '{url}': the local engine keeps state in folders only (file://FOLDER)")
        self.root = (base or Path.cwd()) / Path(path).expanduser() / ".pulumi"
        self._meta = self.root / "meta.yaml"
        if self._meta.exists() and self._meta.read_bytes().split() != [b"version:", b"1"]:
            raise BackendError(f"{self._meta}: only version 1 of the layout of stacks is supported")

    def stacks(self, project: str | None = None) -> list[StackName]:
        """Every stack, or those of one project, sorted."""
        found = []
        for path in self.root.glob("stacks/*/*.json"):
            with suppress(BackendError):  # another file: no stack can be called so
                found.append(StackName(path.parent.name, path.stem))
        return sorted(stack for stack in found if project in (None, stack.project))

    def exists(self, stack: StackName) -> bool:
        return self._path(stack).exists()

    def create(self, stack: StackName, deployment: Mapping[str, Any]) -> None:
        """A new stack with this first deployment. Raises BackendError when there is one of the name."""
        with self.lock(stack):
            if self.exists(stack):
                raise BackendError(f"stack '{stack.full}' already exists")
            if not self._meta.exists():
                _write(self._meta, "version: 1\n")
            self.save(stack, deployment)

    def load(self, stack: StackName) -> dict[str, Any]:
        """`{"version": 3, "deployment": {…}}`, secrets still encrypted. Raises StackNotFoundError, and DamagedError for a damaged file."""
        path = self._path(stack)
        try:
            with reading(f"failed to load checkpoint: {path}", "a state"):
                checkpoint = json_of(path, _CHECKPOINT)
                refuse_unreadable_secrets(checkpoint)
        except FileNotFoundError:
            for compressed in [*path.parent.glob(f"{path.name}.gz"), *path.parent.glob(f"{path.name}.zst")]:
                raise BackendError(f"{compressed}: compressed state is not supported") from None
            raise StackNotFoundError(f"no stack named '{stack.name}' found") from None
        if (version := checkpoint["version"]) != 3 or checkpoint.get("features"):
            raise BackendError(f"{path}: state of version {version} is not supported, only 3 without features")
        return {"version": 3, "deployment": checkpoint["checkpoint"].get("latest") or {}}

    def save(self, stack: StackName, deployment: Mapping[str, Any]) -> None:
        """The stack's state is the deployment (the part below that key), with a manifest of this moment.

        **Raises** OSError when it could not be written; the state before is then still there.
        """
        path = self._path(stack)
        magic = hashlib.sha256(VERSION.encode()).hexdigest()
        manifest = {"time": now(), "magic": magic, "version": VERSION}
        body = {"manifest": manifest, **{k: v for k, v in deployment.items() if k != "manifest" and v != []}}
        if path.exists():
            shutil.copyfile(path, path.with_name(f"{path.name}.bak"))
        _write(path, {"version": 3, "checkpoint": {"stack": stack.full, "latest": body}})

    def remove(self, stack: StackName) -> None:
        """The stack is gone but for one copy of its last state, `.bak`."""
        path = self._path(stack)
        os.replace(path, path.with_name(f"{path.name}.bak"))
        shutil.rmtree(self._folder("history", stack), ignore_errors=True)
        # The CLI keeps a stack's tags beside its state, and what it noted about both files.
        for suffix in (".pulumi-tags", ".pulumi-tags.attrs", ".json.attrs"):
            path.with_suffix(suffix).unlink(missing_ok=True)

    def add_history(self, stack: StackName, update: Mapping[str, Any]) -> None:
        """The record of one update joins the history, with a copy of the state after it."""
        start = self._folder("history", stack) / f"{stack.name}-{time.time_ns()}"
        _write(start.with_name(f"{start.name}.history.json"), update)
        shutil.copyfile(self._path(stack), start.with_name(f"{start.name}.checkpoint.json"))

    def history(self, stack: StackName) -> list[dict[str, Any]]:
        """The records of past updates, latest first, their times as texts. Raises DamagedError."""
        found = []
        for path in sorted(self._folder("history", stack).glob("*.history.json"), reverse=True):
            with reading(path, "an update"):
                update = json_of(path, _UPDATE)
                times = {key: datetime.fromtimestamp(update[key], timezone.utc) for key in ("startTime", "endTime")}
                found.append({**update, **{key: f"{time:%Y-%m-%dT%H:%M:%S}.000Z" for key, time in times.items()}})
        return found

    def lock(self, stack: StackName) -> AbstractContextManager[None]:
        """Nobody else changes the stack meanwhile: what is to be changed is read only now. Raises LockedError when somebody does."""
        return locks.hold(self._folder("locks", stack))

    def unlock(self, stack: StackName) -> None:
        """Nobody holds the stack any more, whoever did."""
        shutil.rmtree(self._folder("locks", stack), ignore_errors=True)

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


def _write(path: Path, content: Any) -> None:
    """The file holds the content: a text, or else its JSON."""
    text = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}.new")
    try:
        fresh.write_text(text, "utf-8")
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    # What the CLI noted about the file's former content (its checksum) is no longer true.
    path.with_name(f"{path.name}.attrs").unlink(missing_ok=True)
