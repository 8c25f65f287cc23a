"""Durable jobs on both databases: in our transaction, once, retried, and carried on after a kill."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, text

from ledger.records import tasks
from ledger.records.sessions import Database
from ledger.records.task_runner import GiveUp, Task, pause_after, running
from ledger.records.worker_names import Names
from tests.postgres import postgres_server, postgres_url  # noqa: F401
from tests.worker_processes import hanging_worker, started

NOW = datetime(datetime.now(UTC).year + 2, 3, 1, 9, 0, tzinfo=UTC)
"""Well ahead of the machine's own clock, by which the job engine wakes what is to wait: no day may come on which a
test's "not yet" is already due."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    """A database with the job engine's tables and one table of our own."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/ledger.db"
    else:
        url = request.getfixturevalue("postgres_url")
    opened = Database(url)
    opened.address = url
    opened.folder = tmp_path / "workers"
    with opened.writing() as connection:
        connection.execute(text("CREATE TABLE act (name VARCHAR(40))"))
    tasks.prepare(url)
    yield opened
    opened.close()


def done_by_worker(database, perform, *, now=None, limit=30):
    """Run a worker until nothing is due by ``now``."""
    clock = (lambda: now) if now else (lambda: datetime.now(UTC))
    with running(database.address, database.folder, perform, clock=clock, polling_seconds=0.02) as runner:
        runner.settle(clock(), limit)


def names(seen):
    return sorted(task.key for task in seen)


def test_a_committed_act_leaves_its_job_and_a_rolled_back_one_leaves_none(database):
    with database.writing() as connection:
        connection.execute(text("INSERT INTO act VALUES ('kept')"))
        tasks.enqueue(connection, "note", {"act": "kept"}, key="kept")
    with suppress(KeyError), database.writing() as connection:
        connection.execute(text("INSERT INTO act VALUES ('dropped')"))
        tasks.enqueue(connection, "note", {"act": "dropped"}, key="dropped")
        raise KeyError
    seen: list[Task] = []
    done_by_worker(database, seen.append)
    assert [(task.name, task.payload) for task in seen] == [("note", {"act": "kept"})]
    with database.reading() as connection:
        assert connection.execute(text("SELECT name FROM act")).scalars().all() == ["kept"]


def test_the_same_key_is_one_job_even_after_it_was_done(database):
    seen: list[Task] = []
    for _ in range(2):
        with database.writing() as connection:
            tasks.enqueue(connection, "note", {}, key="once")
            tasks.enqueue(connection, "note", {}, key="once")
            tasks.enqueue(connection, "other", {}, key="once")
        done_by_worker(database, seen.append)
    assert sorted(task.name for task in seen) == ["note", "other"]


def test_a_job_for_later_waits_for_its_time(database):
    with database.writing() as connection:
        tasks.enqueue(connection, "chase", {}, key="later", not_before=NOW)
        tasks.enqueue(connection, "chase", {}, key="past", not_before=datetime(2020, 1, 1, tzinfo=UTC))
    seen: list[Task] = []
    done_by_worker(database, seen.append, now=NOW - timedelta(seconds=1))
    assert names(seen) == ["past"]
    done_by_worker(database, seen.append, now=NOW)
    assert names(seen) == ["later", "past"]


def test_a_failed_job_is_tried_again_after_a_growing_pause(database):
    with database.writing() as connection:
        tasks.enqueue(connection, "flaky", {}, key="k")
    tried: list[int] = []

    def fail_twice(task: Task) -> None:
        tried.append(task.attempt)
        if task.attempt < 3:
            raise OSError("down")

    done_by_worker(database, fail_twice, now=NOW)
    assert tried == [1]
    done_by_worker(database, fail_twice, now=NOW + timedelta(seconds=59))
    assert tried == [1]
    done_by_worker(database, fail_twice, now=NOW + timedelta(seconds=60))
    assert tried == [1, 2]
    done_by_worker(database, fail_twice, now=NOW + timedelta(seconds=181))
    assert tried == [1, 2, 3]
    done_by_worker(database, fail_twice, now=NOW + timedelta(days=9))
    assert tried == [1, 2, 3]


def test_a_hopeless_job_is_not_tried_again(database):
    with database.writing() as connection:
        tasks.enqueue(connection, "hopeless", {}, key="k")
    tried = []

    def give_up(task: Task) -> None:
        tried.append(task)
        raise GiveUp("no such thing")

    done_by_worker(database, give_up, now=NOW)
    done_by_worker(database, give_up, now=NOW + timedelta(days=30))
    assert len(tried) == 1
    with tasks.job_engine(database.address) as engine:
        assert tasks.tally(engine) == {"ENQUEUED": 0, "DELAYED": 0, "PENDING": 0, "ERROR": 1}


def test_old_finished_jobs_can_be_forgotten(database):
    with database.writing() as connection:
        tasks.enqueue(connection, "note", {}, key="old")
    seen: list[Task] = []
    done_by_worker(database, seen.append)
    with tasks.job_engine(database.address) as engine:
        assert tasks.forget(engine, datetime.now(UTC) - timedelta(days=1)) == 0
        assert tasks.forget(engine, datetime.now(UTC) + timedelta(seconds=5)) == 1
        assert tasks.forget(engine, datetime.now(UTC) + timedelta(seconds=5)) == 0


def test_the_engines_tables_can_be_removed_and_made_again(database):
    with database.reading() as connection:
        schema = None if connection.dialect.name == "sqlite" else "dbos"
        made = set(inspect(connection).get_table_names(schema=schema)) - {"act"}
        assert made >= set(tasks.TABLES) if schema else made == set(tasks.TABLES)
    tasks.remove(database.address)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["act"]
        assert "dbos" not in inspect(connection).get_schema_names()
    tasks.prepare(database.address)
    with database.writing() as connection:
        tasks.enqueue(connection, "note", {}, key="k")


def test_only_plain_values_can_be_a_payload(database):
    with pytest.raises(TypeError), database.writing() as connection:
        tasks.enqueue(connection, "note", {"what": object()}, key="k")


def test_a_second_worker_in_one_process_is_refused(database):
    with (
        running(database.address, database.folder, print, polling_seconds=0.02),
        pytest.raises(RuntimeError, match="running in this process already"),
        running(database.address, database.folder, print),
    ):
        pass


def killed_in_the_middle(database):
    """Kill -9 a worker while it performs a job; returns the name it had."""
    worker, pipe = started(hanging_worker, database.address, database.folder)
    try:
        assert pipe.poll(60)
        name = pipe.recv()
        assert pipe.poll(60)
        assert pipe.recv() == "started"
    finally:
        worker.kill()
        worker.join()
        pipe.close()
    return name


def test_the_next_worker_carries_on_what_a_killed_one_left(database):
    with database.writing() as connection:
        tasks.enqueue(connection, "note", {}, key="survivor")
    assert killed_in_the_middle(database) == "worker-1"
    seen: list[Task] = []
    done_by_worker(database, seen.append)
    assert names(seen) == ["survivor"]


def test_a_living_worker_adopts_the_work_of_a_dead_one_beside_it(database):
    seen: list[Task] = []
    with running(database.address, database.folder, seen.append, polling_seconds=600) as runner:
        assert runner.name == "worker-1"
        time.sleep(0.3)  # let the queue's first look pass, so that the other one gets the job
        with database.writing() as connection:
            tasks.enqueue(connection, "note", {}, key="orphan")
        assert killed_in_the_middle(database) == "worker-2"
        assert runner.adopt() == ["worker-2"]
        assert runner.adopt() == []
    done_by_worker(database, seen.append)
    assert names(seen) == ["orphan"]


def test_a_name_is_free_only_once_its_holder_is_gone(database):
    with tasks.job_engine(database.address) as engine:
        ours, theirs = Names(engine, database.folder), Names(engine, database.folder)
        with ours.one() as first, theirs.one() as second:
            assert (first, second) == ("worker-1", "worker-2")
            with theirs.held("worker-1") as free:
                assert not free
        with theirs.held("worker-1") as free:
            assert free


def test_the_pauses_span_more_than_four_days_and_never_shrink():
    pauses = [pause_after(attempt) for attempt in range(1, 34)]
    assert pauses == sorted(pauses)
    assert timedelta(days=4) < sum(pauses, timedelta()) < timedelta(days=5)
