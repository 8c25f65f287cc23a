"""Takes jobs up and performs them, for as long as it is let or until nothing is due."""

import threading
from datetime import datetime
from typing import Any

from ledger.records import tasks
from ledger.records.sessions import Database
from ledger.records.task_runner import Clock, Runner, running, utc_now
from ledger.settings import Settings
from ledger.worker.registry import DAILY, HANDLERS, Job

LOOK_ROUND_SECONDS = 10.0
PATIENCE_SECONDS = 5
"""How long a worker that is told to stop waits for what it is doing, a mail say."""


def run_worker(settings: Settings, stop: threading.Event, *, clock: Clock = utc_now) -> None:
    """Perform jobs until ``stop`` is set. What is half done then is carried on by the next worker."""
    with _worker(settings, clock, patience_seconds=PATIENCE_SECONDS) as (runner, database):
        written: set[tuple[str, str]] = set()
        while not stop.is_set():
            _write_down_daily(database, clock(), written)
            runner.adopt()
            stop.wait(LOOK_ROUND_SECONDS)


def drain(settings: Settings, *, now: datetime | None = None, limit_seconds: float = 60.0) -> None:
    """Perform everything that is due by ``now`` and what follows from it, then return.

    With ``now`` in the future, jobs for later run today: tests and the demonstration live through weeks so.
    Raises ``TimeoutError`` when the jobs take longer than the limit.
    """
    clock: Clock = utc_now if now is None else lambda: now
    with _worker(settings, clock, polling_seconds=0.02) as (runner, database):
        _write_down_daily(database, clock(), set())
        runner.settle(clock(), limit_seconds)


class _worker:
    """The engine and a database for the block."""

    def __init__(
        self, settings: Settings, clock: Clock, *, polling_seconds: float = 1.0, patience_seconds: int = 0
    ) -> None:
        self._database = Database(settings.database_url)
        self._running = running(
            settings.database_url,
            settings.data / "workers",
            lambda task: _perform(Job(settings, self._database, task)),
            clock=clock,
            polling_seconds=polling_seconds,
            patience_seconds=patience_seconds,
        )

    def __enter__(self) -> tuple[Runner, Database]:
        return self._running.__enter__(), self._database

    def __exit__(self, *error: Any) -> None:
        try:
            self._running.__exit__(*error)
        finally:
            self._database.close()


def _perform(job: Job) -> None:
    known = HANDLERS.get(job.task.name)
    if known is None:
        # An older worker beside a newer web process: not lost, tried again when this one has been renewed.
        raise LookupError(f"no handler called {job.task.name!r}")
    known(job)


def _write_down_daily(database: Database, now: datetime, written: set[tuple[str, str]]) -> None:
    """Write today's daily jobs down, those whose hour has come. ``written`` spares a look at the database."""
    day = now.date().isoformat()
    due = [name for name, hour in DAILY.items() if now.hour >= hour and (name, day) not in written]
    if not due:
        return
    with database.writing() as connection:
        for name in due:
            tasks.enqueue(connection, name, {"day": day}, key=day)
    written.update((name, day) for name in due)
