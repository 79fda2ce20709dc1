"""One command line in real processes, each of which can be struck at a counted moment; it ends when all of them have ended."""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pulumi_local_engine.provider.hosts import follow

from ...unit.local_engine.worlds import Broken
from ..stage import Stage
from .blows import Blow, Counted, Moment, Victim
from .preloaded import killable

SECONDS = 120.0
"""How long anything may take: far longer than it does."""
END_SECONDS = 30.0
"""How long a process may live after its command, or after what is sure to end it."""
HEED_SECONDS = 0.05
"""How long a process has to take note of a signal that does not end it, before anything goes on."""


class Scene:
    """The processes of one command. `counted` are its moments, `code` is its exit code: None if it was killed."""

    def __init__(self, stage: Stage, folder: Path, environment: Mapping[str, str], blow: Blow) -> None:
        self._stage, self._folder, self._environment, self._blow = stage, folder, environment, blow
        self._lives: dict[Victim, int] = {}
        self._pids: dict[Victim, int] = {}
        self._started: list[Victim] = ["engine"]
        self._writes = self._calls_under_way = 0
        self._calls = threading.Condition()
        self.counted: list[Counted] = []
        self.code: int | None = None
        self.is_struck = False
        self.said: list[str] = []

    def play(self, arguments: Sequence[str]) -> None:
        """The command was run, and nothing of it lives any more. Raises Broken if something does."""
        name = f"kills-{uuid.uuid4().hex}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind("\0" + name)
            listener.listen()
            listener.settimeout(SECONDS)
            command = [sys.executable, "-u", killable.__file__, name, *arguments]
            engine = self._stage.spawn(command, self._folder, self._environment)
            readers = [follow(stream, self.said.append) for stream in (engine.stdout, engine.stderr)]
            self._watch("engine", engine.pid)
            self._stage.tap.arm(self._called)
            try:
                with listener.accept()[0] as connection:
                    connection.settimeout(SECONDS)
                    while self._heard(connection):
                        pass
            except TimeoutError:
                raise Broken(f"the command hangs: {self.said}") from None
            finally:
                self._await_ends()
                self._stage.tap.disarm()
                engine.stdin.close()
        for reader in readers:
            reader.join(SECONDS)

    def _heard(self, connection: socket.socket) -> bool:
        """False when nothing more will be told."""
        try:
            text = connection.recv(1 << 16)
        except ConnectionResetError:
            return False
        if not text:
            return False
        said: dict[str, Any] = json.loads(text)
        if "began" in said:
            for victim, pid in said["began"].items():
                self._watch(victim, pid)
        elif "started" in said:
            self._started.append(said["started"])
        elif "ended" in said:
            self.code = said["ended"]
        else:
            before = said["when"] == "before"
            self._writes += before
            what = "the state" if said["write"] == "dev.json" else "the history"
            self._at(Moment("write", self._writes, before, what))
        try:
            connection.send(b"1")
        except BrokenPipeError:
            return False
        return True

    def _called(self, number: int, before: bool) -> bool:
        """Whether the call goes on: not if whoever made it has ended before it was sent."""
        moment, blow = Moment("aws", number, before), self._blow
        with self._calls:
            self._calls_under_way += before
        self._at(moment)
        is_sent = not (before and blow.moment == moment and blow.victim == "host" and blow.is_fatal)
        if not (before and is_sent):
            with self._calls:
                self._calls_under_way -= 1
                self._calls.notify_all()
        return is_sent

    def _at(self, moment: Moment) -> None:
        self.counted.append(Counted(moment, tuple(victim for victim in self._started if self._is_alive(victim))))
        if self._blow.moment == moment:
            self._strike()

    def _strike(self) -> None:
        victim = self._blow.victim
        if victim not in self._started or not self._is_alive(victim):
            raise Broken(f"there is no {victim} to strike")
        os.kill(self._pids[victim], self._blow.signal)
        self.is_struck = True
        if self._blow.is_fatal and not self._is_over(victim, END_SECONDS):
            raise Broken(f"the {victim} does not end")
        if not self._blow.is_fatal:
            time.sleep(HEED_SECONDS)

    def _watch(self, victim: Victim, pid: int) -> None:
        self._pids[victim], self._lives[victim] = pid, os.pidfd_open(pid)

    def _is_alive(self, victim: Victim) -> bool:
        return not self._is_over(victim, 0)

    def _is_over(self, victim: Victim, seconds: float) -> bool:
        return bool(select.select([self._lives[victim]], [], [], seconds)[0])

    def _await_ends(self) -> None:
        left = [victim for victim in self._lives if not self._is_over(victim, END_SECONDS)]
        with self._calls:  # whoever made a call may have ended, and AWS goes on with it
            self._calls.wait_for(lambda: self._calls_under_way == 0, SECONDS)
        for victim in left:
            os.kill(self._pids[victim], 9)
        for life in self._lives.values():
            os.close(life)
        if left:
            raise Broken(f"{left} live on")
