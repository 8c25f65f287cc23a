"""Durable jobs: work written down in the transaction of the act that asks for it, done later by a worker.

The engine is DBOS. Its tables live in our own database (on SQLite beside ours, on PostgreSQL in the schema
``dbos``), which is why one transaction covers both: a rollback leaves no job, a commit cannot lose one.
A job runs at least once; whoever performs it makes a second run harmless.
"""

import contextlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from ledger.records.sessions import sqlite_module
from ledger.records.turns import writers_turn

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

APPLICATION = "ledger"
QUEUE = "ledger"
WORKFLOW = "ledger.job"

TABLES = (
    "workflow_events_history",
    "workflow_events",
    "workflow_schedules",
    "workflow_input",
    "workflow_output",
    "operation_outputs",
    "notifications",
    "streams",
    "queues",
    "application_versions",
    "workflow_status",
    "dbos_migrations",
)
"""The job engine's tables, in an order in which they can be dropped. On PostgreSQL: in the schema dbos."""

WAIT_SECONDS = 600
"""How long the job engine waits for its turn to write. The turn always comes: a dead holder loses it."""


def enqueue(
    connection: Connection,
    name: str,
    payload: dict[str, Any],
    *,
    key: str,
    not_before: datetime | None = None,
) -> None:
    """Write a job down in the caller's transaction; it exists once that commits.

    ``name`` is a handler of ``ledger.worker``; ``payload`` is JSON-able and carries ids, not personal data.
    The same name and key is one job, however often it is asked for. ``not_before`` is an aware time.
    Raises ``TypeError`` for a payload that is not plain JSON.
    """
    enqueue_attempt(connection, name, payload, key=key, attempt=1, not_before=not_before)


def enqueue_attempt(
    connection: Connection,
    name: str,
    payload: dict[str, Any],
    *,
    key: str,
    attempt: int,
    not_before: datetime | None,
) -> None:
    """As ``enqueue``, for the n-th attempt: each attempt is one job too, so a crash cannot double a retry."""
    options: EnqueueOptions = {
        "workflow_name": WORKFLOW,
        "queue_name": QUEUE,
        "workflow_id": f"{name}:{key}:{attempt}",
    }
    if not_before is not None:
        delay = (not_before - datetime.now(UTC)).total_seconds()
        if delay > 0:
            options["delay_seconds"] = delay
    _writer(connection.dialect.name).enqueue_in_transaction(connection, options, name, payload, key, attempt)


def prepare(url: str) -> None:
    """Create or update the job engine's own tables. Run after our migrations; harmless to repeat."""
    with job_engine(url) as engine:
        jobs = client(engine)
        # The one call below the public surface: DBOS.migrate() would open the file with another SQLite
        # library than ours, and two libraries in one process break each other's locks.
        jobs._sys_db.run_migrations()
        jobs.register_queue(QUEUE, worker_concurrency=4, polling_interval_sec=1.0)
        jobs.destroy()


def remove(url: str) -> None:
    """Drop the job engine's tables with every job in them: the way back from ``prepare``."""
    with job_engine(url) as engine, engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for table in TABLES:
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        else:
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS dbos CASCADE")


def tally(engine: Engine) -> dict[str, int]:
    """How many jobs wait, run or have been given up, by the engine's states (ENQUEUED, DELAYED, ...)."""
    jobs = client(engine)
    counts: dict[str, int] = {}
    for state in ("ENQUEUED", "DELAYED", "PENDING", "ERROR"):
        counts[state] = len(jobs.list_workflows(status=state, load_input=False, load_output=False))
    return counts


def forget(engine: Engine, before: datetime) -> int:
    """Delete the rows of jobs that succeeded before then and return how many; their keys are free again."""
    jobs = client(engine)
    gone = 0
    while done := jobs.list_workflows(
        status="SUCCESS",
        completed_before=before.isoformat(),
        load_input=False,
        load_output=False,
        limit=500,
    ):
        jobs.delete_workflows([job.workflow_id for job in done])
        gone += len(done)
    return gone


def client(engine: Engine) -> "DBOSClient":
    """The job engine's client on one of our engines. Values are kept as JSON: never as pickles."""
    # Imported late: it takes a second and a half, which "ledger verify-letter" should not pay.
    from dbos import DBOSClient, DBOSPortableJSONSerializer

    return DBOSClient(
        system_database_engine=engine,
        lazy=True,
        application_name=APPLICATION,
        serializer=DBOSPortableJSONSerializer(),
    )


@cache
def _writer(dialect: str) -> "DBOSClient":
    """Only builds statements; they run on the caller's connection, never on this engine."""
    unused = "sqlite://" if dialect == "sqlite" else "postgresql+psycopg://"
    return client(create_engine(unused))


@contextlib.contextmanager
def job_engine(url: str) -> Iterator[Engine]:
    """An engine for the job engine's own transactions, closed after the block."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        engine = create_engine(
            target.set(drivername="sqlite+pysqlite"),
            module=sqlite_module(),
            pool_size=8,
            max_overflow=8,
            hide_parameters=True,
        )
        _share_sqlite(engine, Path(f"{target.database}-writers"))
    else:
        engine = create_engine(
            target.set(drivername="postgresql+psycopg"),
            pool_size=8,
            max_overflow=8,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    try:
        yield engine
    finally:
        engine.dispose()


def _share_sqlite(engine: Engine, turn: Path) -> None:
    """The house's settings for SQLite, and the house's turn-taking before the first write of a transaction.

    Reads take no turn. The turn ends when the connection goes back to the pool, which is after the commit.
    """

    @event.listens_for(engine, "connect")
    def _settle(raw: Any, _record: Any) -> None:
        raw.isolation_level = "IMMEDIATE"  # the driver begins at the first write, as the job engine expects
        pragmas = (
            "busy_timeout=60000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        )
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "before_cursor_execute")
    def _take(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        held = connection.info
        if "turn" in held or statement.lstrip()[:6].upper() in ("SELECT", "PRAGMA"):
            return
        turns = ExitStack()
        turns.enter_context(writers_turn(turn, WAIT_SECONDS))
        held["turn"] = turns

    @event.listens_for(engine, "checkin")
    def _give_back(_raw: Any, record: Any) -> None:
        turns = record.info.pop("turn", None)
        if turns is not None:
            turns.close()
