"""Runs what the engine starts, a program or the dynamic provider host, in a process that ends with the engine.

    python runner.py program SETTINGS PROGRAM      `{"monitor": …}`, JSON of pulumi.runtime.Settings. Ends with 0, with 32 when the
                                                   program failed and the engine was told why, with 130 when it was interrupted
    python runner.py host ENGINE_ADDRESS           as `python -m pulumi.dynamic ENGINE_ADDRESS`

The engine holds the other end of standard input, which the system closes however the engine ends, on every platform. A program then
ends at once. A host finishes the calls that are under way, takes no new ones, and ends; alone it would live on for good.

It is started by path, with the program's own Python, in which this package need not be installed: it imports nothing of it.
"""

import asyncio
import io
import json
import logging
import os
import runpy
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

FAILURE_TOLD = 32
INTERRUPTED = 130
LAST_CALLS_SECONDS = 60.0
"""How long a host's calls may go on after the engine's end: nobody is there any more to note what comes of them."""


def main() -> int:
    # The folder of this file is no place to import from: its modules would hide others of the same name.
    is_first = sys.path[:1] == [os.path.dirname(os.path.abspath(__file__))]
    if is_first:
        del sys.path[0]
    if is_first and sys.argv[1] == "host":
        sys.path.insert(0, os.getcwd())  # as `python -m` does
    try:
        return run_host() if sys.argv[1] == "host" else run_program(json.loads(sys.argv[2]), sys.argv[3])
    except KeyboardInterrupt:  # at any time, also while things are imported
        return INTERRUPTED


def when_the_engine_ends(do: Callable[[], Any]) -> None:
    """The function is called when standard input ends; for everybody else in this process that is empty from now on."""
    life = io.FileIO(os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def wait() -> None:
        while life.read(1024):
            pass
        do()

    threading.Thread(target=wait, daemon=True, name="life of the engine").start()


def run_host() -> int:
    """The exit code, after the dynamic provider host has served until it was interrupted. Never comes back if the engine ends."""
    import grpc

    make_server = grpc.server
    pools: list[ThreadPoolExecutor] = []

    def server(thread_pool: ThreadPoolExecutor, *arguments: Any, **options: Any) -> Any:
        pools.append(thread_pool)
        return make_server(thread_pool, *arguments, **options)

    def finish() -> None:
        threading.Timer(LAST_CALLS_SECONDS, os._exit, [1]).start()
        for pool in pools:
            pool.shutdown(wait=True)
        os._exit(0)

    grpc.server = server
    when_the_engine_ends(finish)
    runpy.run_module("pulumi.dynamic", run_name="__main__", alter_sys=True)
    return 0


def run_program(settings: dict[str, Any], program: str) -> int:
    """The exit code, after the program has run as if it had been started directly."""
    when_the_engine_ends(lambda: os._exit(INTERRUPTED))
    import pulumi
    import pulumi.runtime

    def run() -> None:
        if os.path.isdir(program) and not os.path.isfile(os.path.join(program, "__main__.py")):
            raise pulumi.RunError(f"unable to find main python program `__main__.py` in `{program}`")
        runpy.run_path(program, run_name="__main__")

    sys.argv = [program]
    pulumi.runtime.set_all_config(pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env())
    pulumi.runtime.configure(pulumi.runtime.Settings(**settings))
    # Outputs that nobody awaited when the program fails are no news to its user.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # One thread per call under way: each blocks until its resource is there.
    loop.set_default_executor(ThreadPoolExecutor(max(settings["parallel"], 1) * 4))
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(run))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except Exception:  # noqa: BLE001  whatever a program raises is its failure
        pulumi.log.error("Program failed with an unhandled exception:\n" + own_traceback(program))
        return FAILURE_TOLD
    return 0


def own_traceback(program: str) -> str:
    """The traceback of the exception being handled, from the program's first line on."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    folder = os.path.abspath(program)
    for index, frame in enumerate(frames):
        if os.path.abspath(frame.filename) in (folder, os.path.join(folder, "__main__.py")):
            return traceback.format_exc(limit=index - len(frames))
    return traceback.format_exc()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    if code:
        # Threads still wait for answers, which come only when this process has ended.
        os._exit(code)
