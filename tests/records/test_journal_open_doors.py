"""A trigger is dropped or made hollow, and the door it left open is used: found at twenty random places.

With an older checkpoint in hand; also where the trigger was put back afterwards. On both databases.
"""

import random
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from ledger.journal.tree import leaf_hash
from ledger.records.journal_tables import (
    install,
    journal_entry,
    journal_tile,
    personal_datum,
    triggers_ddl,
    wanted_triggers,
)
from ledger.records.journal_verify import Report, verify_journal
from tests.postgres import postgres_server, postgres_url  # noqa: F401
from tests.records.journal_cast import HARBOUR, Ledger, quick_path  # noqa: F401
from tests.records.journal_intruder import another
from tests.records.test_journal_store import ledger  # noqa: F401

PLACES = 20
SIZE = 263  # a full tile and a ragged edge
PERSONAL = range(200, 210)

Misuse = Callable[[Connection, random.Random], None]


def edit_an_entry(connection: Connection, chance: random.Random) -> None:
    at = journal_entry.c.seq == chance.randrange(SIZE)
    forged = another(bytes(connection.execute(select(journal_entry.c.leaf).where(at)).scalar_one()))
    connection.execute(journal_entry.update().where(at).values(leaf=forged, leaf_hash=leaf_hash(forged)))


def delete_an_entry(connection: Connection, chance: random.Random) -> None:
    connection.execute(journal_entry.delete().where(journal_entry.c.seq == chance.randrange(SIZE)))


def number_an_entry_at_will(connection: Connection, chance: random.Random) -> None:
    row = connection.execute(select(journal_entry).where(journal_entry.c.seq == chance.randrange(SIZE))).one()
    far = SIZE + 1 + chance.randrange(SIZE)
    connection.execute(journal_entry.insert().values({**row._mapping, "seq": far}))


def replace_an_entry(connection: Connection, chance: random.Random) -> None:
    """SQLite's INSERT OR REPLACE deletes a row and asks no other trigger."""
    row = connection.execute(select(journal_entry).where(journal_entry.c.seq == chance.randrange(SIZE))).one()
    forged = another(row.leaf)
    connection.execute(
        journal_entry.insert()
        .prefix_with("OR REPLACE")
        .values({**row._mapping, "leaf": forged, "leaf_hash": leaf_hash(forged)})
    )


def edit_a_tile(connection: Connection, chance: random.Random) -> None:
    column = chance.choice([journal_tile.c.hashes, journal_tile.c.root])
    value = bytearray(connection.execute(select(column)).scalar_one())
    value[chance.randrange(len(value))] ^= 1 << chance.randrange(8)
    connection.execute(journal_tile.update().values({column: bytes(value)}))


def delete_a_tile(connection: Connection, chance: random.Random) -> None:
    connection.execute(journal_tile.delete())


def number_a_tile_at_will(connection: Connection, chance: random.Random) -> None:
    row = connection.execute(select(journal_tile)).one()
    connection.execute(journal_tile.insert().values({**row._mapping, "number": 2 + chance.randrange(99)}))


def _some_datum(connection: Connection, chance: random.Random) -> dict[str, object]:
    table = personal_datum.c
    at = (table.seq == chance.choice(PERSONAL)) & (table.field == chance.choice(["name", "email"]))
    return dict(connection.execute(select(personal_datum).where(at)).one()._mapping)


def edit_personal_data(connection: Connection, chance: random.Random) -> None:
    row, table = _some_datum(connection, chance), personal_datum.c
    at = (table.seq == row["seq"]) & (table.field == row["field"])
    connection.execute(personal_datum.update().where(at).values(value="Mallory"))


def replace_personal_data(connection: Connection, chance: random.Random) -> None:
    row = _some_datum(connection, chance)
    connection.execute(personal_datum.insert().prefix_with("OR REPLACE").values({**row, "value": "Mallory"}))


def truncate(table: str) -> Misuse:
    return lambda connection, _: connection.exec_driver_sql(f"TRUNCATE {table}") and None


DOORS: dict[str, dict[str, list[Misuse]]] = {
    "sqlite": {
        "journal_entry_no_update": [edit_an_entry],
        "journal_entry_no_delete": [delete_an_entry],
        "journal_entry_next_seq": [number_an_entry_at_will, replace_an_entry],
        "journal_tile_no_update": [edit_a_tile],
        "journal_tile_no_delete": [delete_a_tile],
        "journal_tile_next_number": [number_a_tile_at_will],
        "personal_datum_no_update": [edit_personal_data],
        "personal_datum_new_entry": [replace_personal_data],
    },
    "postgresql": {
        "journal_entry_no_change": [edit_an_entry, delete_an_entry],
        "journal_entry_no_truncate": [truncate("journal_entry")],
        "journal_entry_next_seq": [number_an_entry_at_will],
        "journal_tile_no_change": [edit_a_tile, delete_a_tile],
        "journal_tile_no_truncate": [truncate("journal_tile")],
        "journal_tile_next_number": [number_a_tile_at_will],
        "personal_datum_no_update": [edit_personal_data],
    },
}


@pytest.fixture
def outside(ledger: Ledger) -> bytes:
    """The checkpoint as an outsider holds it; the data folder keeps none."""
    ledger.grow(PERSONAL.start)
    ledger.grow(len(PERSONAL), personal=True)
    ledger.grow(SIZE - PERSONAL.stop)
    checkpoint = ledger.checkpoint()
    (ledger.keeper.place(HARBOUR) / "checkpoint").unlink()
    ledger.keeper.agreed.clear()  # as another process would see it
    return checkpoint


@contextmanager
def undone(ledger: Ledger):  # type: ignore[no-untyped-def]
    """A connection whose every change, the triggers' too, is taken back in the end."""
    with ledger.writing() as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize("how", ["dropped", "hollow"])
def test_a_door_without_its_trigger_is_found_and_so_is_its_use(
    ledger: Ledger,
    outside: bytes,
    how: str,
) -> None:
    chance = random.Random(how)
    dialect = ledger.database.write_engine.dialect.name
    doors = [(name, misuse) for name, uses in DOORS[dialect].items() for misuse in uses]
    chance.shuffle(doors)
    ways = [*doors, *chance.choices(doors, k=PLACES)][:PLACES]  # every door, at places of its own
    for name, misuse in ways:
        place = random.Random(chance.random())
        with undone(ledger) as connection:
            open_the_door(connection, name, how)
            misuse(connection, place)
            said = texts(verify_journal(connection, HARBOUR, checkpoints=[outside]))
            assert f"The trigger {name} is {'gone' if how == 'dropped' else 'not ours'}" in said[0]
            assert len(said) > 1, f"{name} was {how}, and {misuse.__name__} was not seen"
            install(connection)
            mended = texts(verify_journal(connection, HARBOUR, checkpoints=[outside]))
            assert mended[: len(said) - 1] == said[1:]  # at most fifty are told
    with ledger.reading() as connection:
        assert verify_journal(connection, HARBOUR, checkpoints=[outside]).holds


def test_each_trigger_is_what_keeps_its_door_shut(ledger: Ledger, outside: bytes) -> None:
    """Else the test above would use doors that another trigger had left open."""
    dialect = ledger.database.write_engine.dialect.name
    assert DOORS[dialect].keys() == wanted_triggers(dialect).keys()
    for uses in DOORS[dialect].values():
        for misuse in uses:
            with undone(ledger) as connection, pytest.raises(DBAPIError), connection.begin_nested():
                misuse(connection, random.Random(1))


def texts(report: Report) -> list[str]:
    return [problem.text for problem in report.problems]


def open_the_door(connection: Connection, name: str, how: str) -> None:
    dialect = connection.dialect.name
    table = next(
        each for each in ("journal_entry", "journal_tile", "personal_datum") if name.startswith(each)
    )
    connection.exec_driver_sql(f"DROP TRIGGER {name}" + (f" ON {table}" if dialect == "postgresql" else ""))
    if how == "dropped":
        return
    [sql] = [each for each in triggers_ddl(dialect) if f"CREATE TRIGGER {name} " in each]
    if dialect == "sqlite":
        head = sql[: sql.index(f" ON {table}")]
        connection.exec_driver_sql(f"{head} ON {table} BEGIN SELECT 1; END")
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION hollow() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN IF TG_OP IN ('DELETE', 'TRUNCATE') THEN RETURN OLD; END IF; RETURN NEW; END$$"
    )
    connection.exec_driver_sql(f"{sql[: sql.rindex(' ')]} hollow()")
