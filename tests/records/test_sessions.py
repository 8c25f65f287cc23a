"""Transactions that end whole, readers that cannot write, and trouble in plain words."""

import contextlib
import multiprocessing
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from ledger.records.failures import RecordsUnavailable
from ledger.records.sessions import Database, open_database, sqlite_module
from ledger.records.tables import membership, throttle
from tests.records.rows import NOW


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(throttle)).scalar_one()


def _add(connection: Connection, key: str) -> None:
    connection.execute(insert(throttle).values(key=key, window_start=NOW, count=1))


def _fill(connection: Connection) -> None:
    for number in range(20_000):
        _add(connection, f"{number:0100}")


def test_what_is_written_stays(database: Database) -> None:
    with database.writing() as connection:
        _add(connection, "a")
    with database.reading() as connection:
        assert _count(connection) == 1


def test_an_error_undoes_the_whole_block(database: Database) -> None:
    with contextlib.suppress(RuntimeError), database.writing() as connection:
        _add(connection, "a")
        raise RuntimeError
    with database.reading() as connection:
        assert _count(connection) == 0


def test_a_broken_rule_is_the_callers_own_mistake(database: Database) -> None:
    with database.writing() as connection:
        _add(connection, "a")
    with pytest.raises(IntegrityError), database.writing() as connection:
        _add(connection, "a")


def test_an_error_does_not_repeat_what_was_to_be_written(database: Database) -> None:
    with pytest.raises(StatementError) as caught, database.writing() as connection:
        connection.execute(insert(throttle).values(key="alice@fenwick-books.example", window_start="no day"))
    assert "alice" not in str(caught.value)


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(RecordsUnavailable), database.reading() as connection:
        _add(connection, "a")
    with database.reading() as connection:
        assert _count(connection) == 0


def test_a_reader_sees_what_was_committed_while_another_writes(database: Database) -> None:
    with database.writing() as writer:
        _add(writer, "a")
        with database.reading() as reader:
            assert _count(reader) == 0


def test_times_keep_their_offset(database: Database) -> None:
    with database.writing() as connection:
        _add(connection, "a")
        assert connection.execute(select(throttle.c.window_start)).scalar_one() == NOW


def test_foreign_keys_hold(database: Database) -> None:
    statement = insert(membership).values(publisher_id="pb_none", person_id="pe_none", role="admin")
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(statement)


def test_sqlite_keeps_its_settings(sqlite_database: Database) -> None:
    for engine in (sqlite_database.write_engine, sqlite_database.read_engine):
        with engine.connect() as connection:
            wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}
            assert found == wanted


def test_sqlite_can_search_in_full_text() -> None:
    module = sqlite_module()
    module.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(a)")


def test_many_threads_that_read_and_then_write_lose_nothing(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(throttle).values(key="n", window_start=NOW, count=0))

    def work() -> None:
        for _ in range(25):
            with database.writing() as connection:
                found = connection.execute(
                    select(throttle.c.count).where(throttle.c.key == "n").with_for_update()
                ).scalar_one()
                connection.execute(throttle.update().where(throttle.c.key == "n").values(count=found + 1))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert connection.execute(select(throttle.c.count)).scalar_one() == 200


def _count_up(url: str, times: int) -> None:
    database = open_database(url)
    for _ in range(times):
        with database.writing() as connection:
            connection.execute(throttle.update().values(count=throttle.c.count + 1))
    database.close()


def test_processes_take_turns(sqlite_database: Database) -> None:
    with sqlite_database.writing() as connection:
        _add(connection, "n")
    url = str(sqlite_database.url)
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_count_up, args=(url, 100)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with sqlite_database.reading() as connection:
        assert connection.execute(select(throttle.c.count)).scalar_one() == 201


def test_a_locked_file_is_said_plainly(sqlite_database: Database) -> None:
    other = sqlite_module().connect(str(sqlite_database.url.database), isolation_level=None)
    with sqlite_database.write_engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=20")
        connection.rollback()
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsUnavailable, match="Try again in a moment"), sqlite_database.writing():
        pass
    other.execute("ROLLBACK")
    other.close()
    with sqlite_database.writing() as connection:
        _add(connection, "a")


def test_a_full_disk_is_said_plainly_and_work_goes_on(sqlite_database: Database) -> None:
    with sqlite_database.write_engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
        connection.rollback()
    with pytest.raises(RecordsUnavailable, match="disk is full"), sqlite_database.writing() as connection:
        _fill(connection)
    with sqlite_database.write_engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
        connection.rollback()
    with sqlite_database.writing() as connection:
        assert _count(connection) == 0
        _add(connection, "a")
    with sqlite_database.reading() as connection:
        assert _count(connection) == 1


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("sqlite://", "memory"),
        ("sqlite:///:memory:", "memory"),
        ("mysql://there/ledger", "not supported"),
        ("no url at all", "cannot be read"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused(url: str, problem: str) -> None:
    with pytest.raises(RecordsUnavailable, match=problem) as refusal:
        open_database(url)
    assert "sqlite:////" in refusal.value.remedy


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/none/ledger.db")
    with pytest.raises(RecordsUnavailable, match="folder"), database.writing():
        pass
    with pytest.raises(RecordsUnavailable, match="folder"), database.reading() as connection:
        _count(connection)


def test_a_file_that_is_no_database_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"Dear Sir or Madam, " * 500)
    database = open_database(f"sqlite:///{tmp_path}/ledger.db")
    with pytest.raises(RecordsUnavailable, match="backup"), database.reading() as connection:
        _count(connection)


def test_a_server_that_is_down_is_said_plainly() -> None:
    database = open_database("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(RecordsUnavailable, match="does not answer"), database.reading() as connection:
        _count(connection)


def test_an_empty_database_names_the_command(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/ledger.db")
    with pytest.raises(RecordsUnavailable, match="ledger migrate"), database.reading() as connection:
        _count(connection)


OPEN_AND_CLOSE = """
import sys, threading
from ledger.records.sessions import sqlite_module

def open_and_close():
    for _ in range(2000):
        connection = sqlite_module().connect(sys.argv[1], timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        connection.close()

threads = [threading.Thread(target=open_and_close) for _ in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


def test_threads_that_open_and_close_the_file_do_not_lock_each_other_for_good(tmp_path: Path) -> None:
    """SQLite 3.51.0 and 3.51.1 take two of their own locks in either order, and then hold Python's, too."""
    call = [sys.executable, "-c", OPEN_AND_CLOSE, str(tmp_path / "ledger.db")]
    root = Path(__file__).parents[2]
    subprocess.run(call, check=True, timeout=60, cwd=root)  # killed, and the test red, when nothing moves
