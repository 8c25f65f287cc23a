"""Processes that a test may kill, forked from a server that has imported the heavy packages once.

A killed worker must be a process of its own; it need not spend three seconds on imports first.
"""

import multiprocessing
import os
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from ledger.settings import Settings

_forkserver = multiprocessing.get_context("forkserver")
_forkserver.set_forkserver_preload(["ledger.worker", "dbos"])


def started(target: Any, *arguments: Any) -> tuple[BaseProcess, Connection]:
    """A process that runs ``target(pipe, *arguments)``, and our end of the pipe. Kill it and ``join``."""
    ours, theirs = _forkserver.Pipe()
    process = _forkserver.Process(target=target, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def drain_jobs(_pipe: Connection, settings: Settings) -> None:
    """A worker that performs what is due."""
    from ledger.worker import drain

    drain(settings, limit_seconds=600)


def parent_of_worker(pipe: Connection, settings: Settings) -> None:
    """A server with its worker beside it, whose process id it sends."""
    from ledger.worker import start_background

    background = start_background(settings)
    while background.pid is None:
        time.sleep(0.01)
    pipe.send(background.pid)
    time.sleep(600)


def hanging_worker(pipe: Connection, url: str, folder: Path) -> None:
    """A worker that sends its name, then "started" when it takes up a job, which never ends."""
    from ledger.records.task_runner import running

    def hang(_task: object) -> None:
        pipe.send("started")
        time.sleep(600)

    with running(url, folder, hang, polling_seconds=0.02) as runner:
        pipe.send(runner.name)
        runner.settle(datetime.now(UTC), 600)
    os._exit(0)
