"""What the journal's tests share: a ledger with nothing but a journal in it, on SQLite or PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Connection

from ledger.records.base import metadata
from ledger.records.journal_keeper import Keeper, attach
from ledger.records.journal_publishing import checkpoint_text
from ledger.records.journal_store import Act, Appended, append_many
from ledger.records.journal_tables import install
from ledger.records.sessions import Database

NOW = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)
HARBOUR = "pb_HARBOUR"
LANTERN = "pb_LANTERN"


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is one: for tests that write much and pull no plug."""
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    with TemporaryDirectory(prefix="ledger-test-", dir=memory if usable else None) as folder:
        yield Path(folder)


@pytest.fixture
def quick_path() -> Iterator[Path]:
    with quick_folder() as folder:
        yield folder


@dataclass
class Ledger:
    """A database with its keeper. ``folder`` is the data folder."""

    database: Database
    keeper: Keeper
    folder: Path

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.database.writing() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.database.reading() as connection:
            yield connection

    def grow(self, count: int, publisher: str = HARBOUR, personal: bool = False) -> list[Appended]:
        """Append ``count`` entries in one transaction."""
        with self.writing() as connection:
            return append_many(connection, publisher, [an_act(at, personal) for at in range(count)], NOW)

    def checkpoint(self, publisher: str = HARBOUR) -> bytes:
        with self.reading() as connection:
            return checkpoint_text(connection, publisher)

    def close(self) -> None:
        self.database.close()


def an_act(number: int, personal: bool = False) -> Act:
    if personal:
        data = {"name": f"Alice {number}", "email": f"alice{number}@example.org"}
        return Act("request.submitted", {"request": f"rq_{number}"}, data, f"pt_{number % 3}")
    return Act("piece.registered", {"piece": f"pc_{number}"})


def open_ledger(url: str, folder: Path) -> Ledger:
    """A ledger over a database that may be empty: tables and triggers are made where they are missing."""
    database = Database(url)
    keeper = Keeper(folder, "ledger.example", lambda _, publisher: publisher.lower().replace("pb_", ""))
    attach(database.write_engine, keeper)
    attach(database.read_engine, keeper)
    return Ledger(database, keeper, folder)


def new_ledger(url: str, folder: Path) -> Ledger:
    ledger = open_ledger(url, folder)
    with ledger.writing() as connection:
        for name in ("publisher", "journal_entry", "journal_tile", "personal_datum"):
            metadata.tables[name].create(connection)
        install(connection)
    return ledger


def sqlite_ledger(folder: Path) -> Ledger:
    return new_ledger(f"sqlite:///{folder}/ledger.db", folder)
