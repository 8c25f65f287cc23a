"""Performs the jobs of ``tasks``: takes them up, retries them, adopts those of a worker that died."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ledger.records import tasks
from ledger.records.failures import RecordsUnavailable
from ledger.records.worker_names import Names

log = logging.getLogger("ledger.worker")

MOST_ATTEMPTS = 34
LONGEST_WAIT = timedelta(hours=4)


class GiveUp(Exception):
    """Raised by a handler when trying again cannot help."""


@dataclass(frozen=True)
class Task:
    """One attempt at a job. ``now``: the worker's clock (UTC, aware). ``last``: no attempt follows."""

    name: str
    payload: dict[str, Any]
    key: str
    attempt: int
    now: datetime
    last: bool = False


Perform = Callable[[Task], None]
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def pause_after(attempt: int) -> timedelta:
    """How long to wait after the n-th failed attempt: 1, 2, 4 ... minutes, at most four hours.

    34 attempts span four and a half days, the four to five days of RFC 5321, section 4.5.4.1.
    """
    return min(timedelta(minutes=2 ** min(attempt - 1, 10)), LONGEST_WAIT)


class Runner:
    """The running engine of one process; use ``running`` to get one."""

    def __init__(self, engine: Engine, names: Names, name: str) -> None:
        self.name = name
        self._names = names
        self._jobs = tasks.client(engine)

    def promote(self, now: datetime) -> int:
        """Let the jobs that are due by ``now`` start, whatever the machine's clock says. Returns how many."""
        limit = now.timestamp() * 1000
        waiting = self._jobs.list_workflows(status="DELAYED", load_input=False, load_output=False)
        due = [job for job in waiting if (job.delay_until_epoch_ms or 0) <= limit]
        for job in due:
            self._jobs.set_workflow_delay(job.workflow_id, delay_seconds=0)
        if due:
            self._jobs._sys_db.transition_delayed_workflows()  # the engine itself looks once a second
        return len(due)

    def busy(self) -> bool:
        """Whether a job is waiting to start now, or running anywhere."""
        states = ["ENQUEUED", "PENDING"]
        return bool(self._jobs.list_workflows(status=states, load_input=False, load_output=False, limit=1))

    def settle(self, now: datetime, limit_seconds: float) -> None:
        """Wait until nothing due by ``now`` is left. Raises ``TimeoutError`` after ``limit_seconds``."""
        deadline = time.monotonic() + limit_seconds
        while self.promote(now) or self.busy():
            if time.monotonic() > deadline:
                raise TimeoutError(f"Jobs were still running after {limit_seconds:.0f} s.")
            time.sleep(0.02)

    def adopt(self) -> list[str]:
        """Take over what dead workers left half done. Returns their names."""
        from dbos import DBOS

        pending = self._jobs.list_workflows(status="PENDING", load_input=False, load_output=False)
        adopted = []
        for name in sorted({job.executor_id for job in pending if job.executor_id} - {self.name}):
            with self._names.held(name) as free:
                if free:
                    DBOS._recover_pending_workflows([name])
                    adopted.append(name)
        return adopted


@dataclass
class _Duty:
    """What the one engine of this process does at the moment."""

    engine: Engine
    perform: Perform
    clock: Clock


_duty: _Duty | None = None
_one_at_a_time = threading.Lock()


@contextmanager
def running(
    url: str,
    folder: Path,
    perform: Perform,
    *,
    clock: Clock = utc_now,
    polling_seconds: float = 1.0,
    patience_seconds: int = 0,
) -> Iterator[Runner]:
    """Run the engine for the block. ``folder`` keeps the names of the workers on this machine.

    One at a time in a process (``RuntimeError`` otherwise): the engine is a singleton. Jobs that are still
    running ``patience_seconds`` after the block has ended are carried on by the next worker.
    """
    from dbos import DBOS

    global _duty
    if not _one_at_a_time.acquire(blocking=False):
        raise RuntimeError("A worker is running in this process already.")
    try:
        with tasks.job_engine(url) as engine:
            tasks.prepare(url)
            names = Names(engine, folder)
            with names.one() as name:
                _duty = _Duty(engine, perform, clock)
                _launch(engine, name, polling_seconds)
                try:
                    runner = Runner(engine, names, name)
                    runner.adopt()
                    yield runner
                finally:
                    DBOS.destroy(workflow_completion_timeout_sec=patience_seconds)
    finally:
        _duty = None
        _one_at_a_time.release()


def _launch(engine: Engine, name: str, polling_seconds: float) -> None:
    from dbos import DBOS, DBOSPortableJSONSerializer

    _workflow()
    DBOS(
        config={
            "name": tasks.APPLICATION,
            "system_database_engine": engine,
            "executor_id": name,
            # Fixed, so that a new version of the program carries on what an older one left.
            "application_version": "1",
            "serializer": DBOSPortableJSONSerializer(),
            "run_migrations": False,
            "use_listen_notify": False,
            "max_executor_threads": 8,
            "notification_listener_polling_interval_sec": min(polling_seconds, 1.0),
            "log_level": "ERROR",
            "enable_otlp": False,
        }
    )
    DBOS.listen_queues([tasks.QUEUE])
    _poll_every(engine, polling_seconds)
    DBOS.launch()


def _poll_every(engine: Engine, seconds: float) -> None:
    jobs = tasks.client(engine)
    jobs.register_queue(tasks.QUEUE, worker_concurrency=4, polling_interval_sec=seconds)
    jobs.destroy()


@cache
def _workflow() -> None:
    """Register the one workflow: an attempt as a step; if it fails, the next attempt as a job of its own."""
    from dbos import DBOS

    @DBOS.step(name="ledger.attempt")
    def attempt(name: str, payload: dict[str, Any], key: str, number: int) -> dict[str, Any]:
        return _attempt(Task(name, payload, key, number, _on_duty().clock()))

    @DBOS.workflow(name=tasks.WORKFLOW)
    def job(name: str, payload: dict[str, Any], key: str, number: int) -> str:
        outcome = attempt(name, payload, key, number)
        if outcome["done"]:
            return "done"
        if outcome["again"] is None:
            raise RuntimeError(f"{name} {key}: {outcome['problem']}")
        _again(name, payload, key, number + 1, datetime.fromisoformat(outcome["again"]))
        return "again"


def _again(name: str, payload: dict[str, Any], key: str, number: int, due: datetime) -> None:
    """Write the next attempt down, however long that takes: raising here would end the job for good."""
    while True:
        try:
            with _on_duty().engine.begin() as connection:
                tasks.enqueue_attempt(connection, name, payload, key=key, attempt=number, not_before=due)
            return
        except (DBAPIError, RecordsUnavailable) as error:
            log.warning("%s %s: the next attempt could not be written down yet: %s", name, key, error)
            time.sleep(1)


def _on_duty() -> _Duty:
    if _duty is None:
        raise RuntimeError("No worker is running in this process.")
    return _duty


def _attempt(task: Task) -> dict[str, Any]:
    """Perform a task. A failure is a value: the engine keeps it, so that a crash does not repeat the step."""
    task = replace(task, last=task.attempt >= MOST_ATTEMPTS)
    try:
        _on_duty().perform(task)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"[:500]
        hopeless = task.last or isinstance(error, GiveUp)
        again = None if hopeless else (task.now + pause_after(task.attempt)).isoformat()
        log.warning("%s %s, attempt %d: %s", task.name, task.key, task.attempt, problem)
        return {"done": False, "again": again, "problem": problem}
    return {"done": True, "again": None, "problem": None}
