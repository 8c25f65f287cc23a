"""The cast: a real ledger on SQLite with invented publishers and people, quick to build for each test.

* **Alice** asks. She is an outside party, a books editor at Fenwick Books, and never signs in.
* **Bob** decides: officer at Harbour Review.
* **Edith** edits: editor at Harbour Review.
* **Ada** administers Harbour Review.
* **Charlie** is outside: officer and administrator at The Lantern, another publisher of the same house.

Use the fixtures by putting this line in a room's conftest.py::

    from tests.cast import *  # noqa: F403
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from ledger.desk.context import Desk, Who
from ledger.desk.house import people, signing_in
from ledger.desk.house.opening import open_desk
from ledger.desk.house.publishers import create_publisher
from ledger.records.migrating import migrate
from ledger.records.publishers import PublisherRow
from ledger.settings import Settings, load_settings

__all__ = ["ALICE", "PASSWORD", "Cast", "Clock", "cast", "cast_template", "cheap_hashing"]

PASSWORD = "gulls over the slack tide"

REAL_HASHER = signing_in.hasher
_CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))


@pytest.fixture(scope="session")
def cheap_hashing() -> Iterator[None]:
    """The same hashing at a thousandth of its cost, which is high on purpose."""
    signing_in.hasher = lambda: _CHEAP  # type: ignore[assignment]
    signing_in._nobodys_hash.cache_clear()
    yield
    signing_in.hasher = REAL_HASHER
    signing_in._nobodys_hash.cache_clear()


@dataclass(frozen=True)
class Outsider:
    """Somebody who asks and has no account."""

    name: str
    email: str
    organisation: str


ALICE = Outsider("Alice Ferro", "alice@fenwick-books.example", "Fenwick Books")

STAFF = {
    "bob": ("Bob Lind", "harbour-review", {"officer"}),
    "edith": ("Edith Amsel", "harbour-review", {"editor"}),
    "ada": ("Ada Quist", "harbour-review", {"admin"}),
    "charlie": ("Charlie Moor", "the-lantern", {"officer", "admin"}),
}


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        """Let time pass, as ``timedelta(**by)``."""
        self.now += timedelta(**by)


@dataclass
class Cast:
    """The house and who is in it. ``posted`` collects the jobs written down: (name, payload)."""

    settings: Settings
    desk: Desk
    clock: Clock
    harbour: PublisherRow
    lantern: PublisherRow
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    alice: Outsider = ALICE

    @property
    def bob(self) -> Who:
        return self.who("bob")

    @property
    def edith(self) -> Who:
        return self.who("edith")

    @property
    def ada(self) -> Who:
        return self.who("ada")

    @property
    def charlie(self) -> Who:
        return self.who("charlie")

    def email(self, name: str) -> str:
        return f"{name}@{STAFF[name][1]}.example"

    def token(self, name: str) -> str:
        """A fresh sign-in of one of the staff."""
        with self.desk.database.writing() as connection:
            person = signing_in.store.person_by_email(connection, self.email(name))
            assert person is not None
            return signing_in.fresh_sign_in(connection, person.id, self.clock())

    def who(self, name: str) -> Who:
        with self.desk.database.reading() as connection:
            person = signing_in.store.person_by_email(connection, self.email(name))
            assert person is not None
            posts = tuple(signing_in.store.posts_of(connection, person.id))
        return signing_in.SignedIn(person.id, person.name, person.email, "en", True, posts).at()

    def enqueue(self, _connection: Any, name: str, payload: dict[str, Any], **_: Any) -> None:
        """Stands in for ``records.tasks.enqueue``: the test looks at what was written down."""
        self.posted.append((name, payload))


@pytest.fixture(scope="session")
def cast_template(tmp_path_factory: pytest.TempPathFactory, cheap_hashing: None) -> Path:
    """A data folder with the cast in it: copied for each test, never written to."""
    folder = tmp_path_factory.mktemp("cast")
    populate(_settings(folder))
    return folder


def populate(settings: Settings) -> None:
    """Both publishers with their staff, in a new database of whatever kind."""
    migrate(settings.database_url)
    desk = open_desk(settings, Clock(datetime(2026, 3, 6, 9, 0, tzinfo=UTC)))
    for slug, name in (("harbour-review", "Harbour Review"), ("the-lantern", "The Lantern")):
        row = create_publisher(desk, slug=slug, name=name, permissions_email=f"rights@{slug}.example")
        for person, (full_name, at, roles) in STAFF.items():
            if at == slug:
                people.add_person(
                    desk,
                    row.id,
                    email=f"{person}@{slug}.example",
                    name=full_name,
                    roles=frozenset(roles),
                    by=None,
                    password=PASSWORD,
                )
    desk.database.close()


@pytest.fixture
def cast(tmp_path: Path, cast_template: Path) -> Iterator[Cast]:
    """A house of one's own with the cast in it."""
    house = open_cast(tmp_path / "house", cast_template)
    yield house
    house.desk.database.close()


def open_cast(folder: Path, template: Path, clock: Clock | None = None, **changes: Any) -> Cast:
    """The cast in a fresh ``folder``; ``changes`` go into the settings (a base URL, a port)."""
    shutil.copytree(template, folder)
    return enter(replace(_settings(folder), **changes), clock)


def enter(settings: Settings, clock: Clock | None = None) -> Cast:
    """The house of ``settings`` with everybody in it, as ``populate`` left it."""
    clock = clock or Clock(datetime(2026, 3, 6, 9, 0, tzinfo=UTC))
    desk = open_desk(settings, clock)
    with desk.database.reading() as connection:
        harbour = people.publishers.publisher_by_slug(connection, "harbour-review")
        lantern = people.publishers.publisher_by_slug(connection, "the-lantern")
    assert harbour is not None
    assert lantern is not None
    return Cast(settings, desk, clock, harbour, lantern)


def _settings(folder: Path) -> Settings:
    return load_settings({}, data=folder)
