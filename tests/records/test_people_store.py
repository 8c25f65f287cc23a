"""People, sign-ins, links and counts, on both databases; what two do at once has one outcome."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ledger.ids import new_id
from ledger.records import people_store as store
from ledger.records.sessions import Database
from tests.records.rows import put_publisher

NOW = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


def put_person(database: Database, email: str = "bob@harbour.example") -> store.PersonRow:
    row = store.PersonRow(new_id("pe"), email, "Bob Lind", None, "en", NOW, None)
    with database.writing() as connection:
        store.insert_person(connection, row)
    return row


def at_once(count: int, act: Callable[[], object]) -> list[object]:
    """The outcomes of ``act`` done by several threads at the same time."""
    start = threading.Barrier(count)
    outcomes: list[object] = []

    def go() -> None:
        start.wait()
        outcomes.append(act())

    threads = [threading.Thread(target=go) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == count
    return outcomes


def test_a_person_comes_back_as_written(database: Database) -> None:
    with database.reading() as connection:
        assert not store.anybody(connection)
    row = put_person(database)
    with database.reading() as connection:
        assert store.anybody(connection)
        assert store.person_by_email(connection, row.email) == row
        assert store.person_by_id(connection, row.id) == row
        assert store.person_by_email(connection, "nobody@harbour.example") is None


def test_roles_are_kept_per_publisher(database: Database) -> None:
    bob = put_person(database)
    with database.writing() as connection:
        harbour = put_publisher(connection).publisher_id
        lantern = put_publisher(connection, "the-lantern").publisher_id
        store.set_roles(connection, harbour, bob.id, frozenset({"officer", "editor"}))
        store.set_roles(connection, lantern, bob.id, frozenset({"admin"}))
        store.set_roles(connection, harbour, bob.id, frozenset({"officer"}))
    with database.reading() as connection:
        posts = {post.publisher_slug: post.roles for post in store.posts_of(connection, bob.id)}
        assert posts == {"harbour-review": {"officer"}, "the-lantern": {"admin"}}
        assert store.staff_of(connection, harbour) == [(bob, frozenset({"officer"}))]
        assert store.admins_of(connection, harbour) == frozenset()
        assert store.admins_of(connection, lantern) == {bob.id}


def test_a_person_disabled_at_every_publisher_is_shut_out_and_nobody_else(database: Database) -> None:
    bob = put_person(database)
    with database.writing() as connection:
        harbour = put_publisher(connection).publisher_id
        lantern = put_publisher(connection, "the-lantern").publisher_id
        store.insert_sign_in(connection, "a" * 64, bob.id, NOW, NOW + WINDOW)

    def settled(**roles: set[str]) -> tuple[bool, set[str], frozenset[str]]:
        with database.writing() as connection:
            for publisher_id, given in ((harbour, roles["harbour"]), (lantern, roles["lantern"])):
                store.set_roles(connection, publisher_id, bob.id, frozenset(given))
            store.settle_disabled(connection, bob.id, NOW)
            may_come_in = store.sign_in_row(connection, "a" * 64, NOW) is not None
            at = {post.publisher_slug for post in store.posts_of(connection, bob.id)}
            return may_come_in, at, store.admins_of(connection, harbour)

    off = {"admin", store.DISABLED}
    assert settled(harbour={"admin"}, lantern=set()) == (True, {"harbour-review"}, {bob.id})
    assert settled(harbour=off, lantern={"editor"}) == (True, {"the-lantern"}, set())
    assert settled(harbour=off, lantern=off) == (False, set(), set())
    assert settled(harbour=off, lantern=set()) == (False, set(), set())
    assert settled(harbour=set(), lantern=set()) == (True, set(), set())
    assert settled(harbour={"admin"}, lantern=off) == (True, {"harbour-review"}, {bob.id})


def test_expired_sign_ins_are_dead_and_swept_away(database: Database) -> None:
    bob = put_person(database)
    with database.writing() as connection:
        store.insert_sign_in(connection, "a" * 64, bob.id, NOW, NOW + WINDOW)
    with database.reading() as connection:
        assert store.sign_in_row(connection, "a" * 64, NOW) == (bob, NOW)
        assert store.sign_in_row(connection, "a" * 64, NOW + WINDOW) is None
    with database.writing() as connection:
        store.insert_sign_in(connection, "b" * 64, bob.id, NOW + WINDOW, NOW + 2 * WINDOW)
        assert store.sign_in_row(connection, "a" * 64, NOW) is None
        store.delete_sign_ins_of(connection, bob.id)
        assert store.sign_in_row(connection, "b" * 64, NOW + WINDOW) is None


def test_of_eight_who_use_a_link_at_once_one_gets_in(database: Database) -> None:
    with database.writing() as connection:
        store.insert_link(connection, "c" * 64, "bob@harbour.example", "/desk", NOW, NOW + WINDOW)

    def use() -> bool:
        with database.writing() as connection:
            return store.use_link(connection, "c" * 64, NOW)

    assert sorted(map(bool, at_once(8, use))) == [False] * 7 + [True]


def test_attempts_at_once_are_all_counted(database: Database) -> None:
    def count() -> int:
        with database.writing() as connection:
            return store.count_attempt(connection, "k", NOW, WINDOW)

    assert sorted(map(str, at_once(8, count))) == [str(number) for number in range(1, 9)]


def test_a_window_that_is_over_starts_anew_and_can_be_swept(database: Database) -> None:
    with database.writing() as connection:
        assert [store.count_attempt(connection, "k", NOW, WINDOW) for _ in range(3)] == [1, 2, 3]
        just_before = NOW + WINDOW - timedelta(seconds=1)
        assert store.count_attempt(connection, "k", just_before, WINDOW) == 4
        assert store.count_attempt(connection, "k", NOW + WINDOW, WINDOW) == 1
        store.forget_attempts(connection, "k")
        assert store.count_attempt(connection, "k", NOW, WINDOW) == 1
        assert store.sweep_attempts(connection, NOW) == 1
        assert store.sweep_attempts(connection, NOW + WINDOW) == 0
