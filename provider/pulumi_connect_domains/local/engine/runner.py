"""Runs a Pulumi program in a process of its own: `python runner.py --monitor … --engine … PROGRAM`.

It is started by path, with the program's own Python, in which this package need not be installed: it imports nothing of it. It ends
with 0, with 32 when the program failed and the engine was told why, and with 130 when it was interrupted.
"""

import sys

# The folder of this file is no place to import from: its modules would hide others of the same name.
if sys.path and sys.path[0] and __file__.startswith(sys.path[0]):
    del sys.path[0]

import argparse
import asyncio
import logging
import os
import runpy
import traceback
from concurrent.futures import ThreadPoolExecutor

import pulumi
import pulumi.runtime

FAILURE_TOLD = 32
INTERRUPTED = 130


def main() -> int:
    parser = argparse.ArgumentParser()
    for option in ("monitor", "engine", "project", "stack", "organization", "parallel", "dry_run", "root_directory"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("program")
    arguments = parser.parse_args()
    sys.argv = [arguments.program]
    parallel = int(arguments.parallel)
    pulumi.runtime.set_all_config(pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env())
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            monitor=arguments.monitor, engine=arguments.engine, project=arguments.project, stack=arguments.stack,
            organization=arguments.organization, root_directory=arguments.root_directory, parallel=parallel,
            dry_run=arguments.dry_run == "true",
        )
    )  # fmt: skip
    # Outputs that nobody awaited when the program fails are no news to its user.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # One thread per call under way: each blocks until its resource is there.
    loop.set_default_executor(ThreadPoolExecutor(max(parallel, 1) * 4))
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: run(arguments.program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001  whatever a program raises is its failure
        pulumi.log.error("Program failed with an unhandled exception:\n" + own_traceback(arguments.program))
        return FAILURE_TOLD
    return 0


def run(program: str) -> None:
    """The program has run, as if it had been started directly."""
    if os.path.isdir(program) and not os.path.isfile(os.path.join(program, "__main__.py")):
        raise pulumi.RunError(f"unable to find main python program `__main__.py` in `{program}`")
    runpy.run_path(program, run_name="__main__")


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
