"""The connections that threads keep to themselves: they can only read, and they stay small."""

import threading

import pytest

from ledger.records.failures import RecordsUnavailable
from ledger.records.own_connection import CACHE_KIB, ThreadsOwn
from ledger.records.sessions import Database


def test_it_can_only_read_and_keeps_little(sqlite_database: Database) -> None:
    own = ThreadsOwn(sqlite_database)
    assert own.rows("PRAGMA cache_size", ()) == [(-CACHE_KIB,)]
    assert own.rows("PRAGMA query_only", ()) == [(1,)]
    with pytest.raises(RecordsUnavailable, match="may not be written"):
        own.rows("DELETE FROM piece", ())


def test_each_thread_has_one_and_the_pool_keeps_all_of_its_own(sqlite_database: Database) -> None:
    own = ThreadsOwn(sqlite_database)
    kept: dict[int, set[int]] = {}

    def ask() -> None:
        mine = kept.setdefault(threading.get_ident(), set())
        for _ in range(3):
            own.rows("SELECT 1", ())
            mine.add(id(own._connection()))
        barrier.wait()

    barrier = threading.Barrier(12)  # more than the pool would give
    threads = [threading.Thread(target=ask) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [len(each) for each in kept.values()] == [1] * 12
    assert len(set.union(*kept.values())) == 12
    assert sqlite_database.read_engine.pool.checkedout() == 0


def test_after_trouble_the_file_is_opened_anew(sqlite_database: Database) -> None:
    own = ThreadsOwn(sqlite_database)
    first = own._connection()
    with pytest.raises(sqlite_database.driver_error):
        own.rows("SELECT nothing FROM nowhere_at_all WHERE", ())
    assert own.rows("SELECT 1", ()) == [(1,)]
    assert own._connection() is not first
