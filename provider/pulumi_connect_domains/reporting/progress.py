"""Progress of what takes longer than a second: one line on standard error, erased at the end. Reports never hold it.

    with progress.shown() as show:
        show("reading domains", 12, 300)

Nothing is drawn where nobody looks: see `terminal.shows_progress`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from . import terminal

AFTER_SECONDS = 1.0
"""How long a command runs before the line appears."""

Show = Callable[[str, int, int], None]
"""Takes what is being done, how many are done, and of how many; 0 for a number that is not known yet. Threads may call it."""


@contextmanager
def shown() -> Iterator[Show]:
    """Within the block, what the given function was last told is on standard error. Afterwards the line is gone, also after an error.

    Nothing else may be written to standard error within the block.
    """
    if not terminal.shows_progress(sys.stderr):
        yield lambda what, done, of: None
        return
    line = _Line(sys.stderr)
    try:
        yield line.show
    finally:
        line.end()


def pace(per_second: float | None, seconds_left: float | None) -> str:
    """The rate and the time left, as far as they are known: "4.9/s, 1 min 2 s left"."""
    parts = [f"{per_second:,.1f}/s"] if per_second else []
    parts += [f"{duration(seconds_left)} left"] if per_second and seconds_left is not None else []
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """`58 s`, `1 min 2 s`, `2 h 5 min`."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes_left} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class _Line:
    """The line. A timer draws it first, so that a command that is over at once never shows it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._said = ("", 0, 0)
        self._drawn: Any = None
        self._task: Any = None
        self._is_over = False
        self._timer = threading.Timer(AFTER_SECONDS, self._begin)
        self._timer.daemon = True
        self._timer.start()

    def show(self, what: str, done: int, of: int) -> None:
        with self._lock:
            is_new = what != self._said[0]
            self._said = (what, done, of)
            if self._drawn is not None:
                self._draw(is_new)

    def end(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._is_over = True
            if self._drawn is not None:
                self._drawn.stop()

    def _begin(self) -> None:
        drawn = _bar(self._stream)
        with self._lock:
            if not self._is_over:
                self._drawn = drawn
                self._draw(is_new=True)
                drawn.start()

    def _draw(self, is_new: bool) -> None:
        what, done, of = self._said
        if is_new:  # a task of its own, whose rate and total are its own
            if self._task is not None:
                self._drawn.remove_task(self._task)
            self._task = self._drawn.add_task(what or "working", total=of or None, completed=done)
        else:
            self._drawn.update(self._task, total=of or None, completed=done)


def _bar(stream: TextIO) -> Any:
    """A rich Progress on the stream. rich is imported here, since most runs never show the line."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
    from rich.text import Text

    class Pace(ProgressColumn):
        def render(self, task: Any) -> Text:
            return Text(pace(task.speed, task.time_remaining))

    class Counted(MofNCompleteColumn):
        def render(self, task: Any) -> Text:
            return super().render(task) if task.total or task.completed else Text()

    class Steady(Console):
        def show_cursor(self, show: bool = True) -> bool:
            return False  # it is never hidden, so a process that is killed leaves a terminal with a cursor

    has_colour = terminal.has_colour(stream)
    console = Steady(
        file=stream,
        force_terminal=True,
        color_system="standard" if has_colour else None,
        no_color=not has_colour,
        legacy_windows=False,
    )
    columns = (TextColumn("{task.description}"), BarColumn(), Counted(), Pace())
    return Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
