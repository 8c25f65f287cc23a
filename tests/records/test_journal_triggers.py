"""The fence round the journal's tables: triggers on both databases, rights on PostgreSQL, and no way around them."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from ledger.records.journal_keeper import attach
from ledger.records.journal_store import append, erase
from ledger.records.journal_tables import drop_triggers_ddl, install, standing_triggers, wanted_triggers
from ledger.records.journal_verify import verify_journal
from tests.postgres import postgres_server, postgres_url  # noqa: F401
from tests.records.journal_cast import HARBOUR, NOW, Ledger, new_ledger, quick_path, sqlite_ledger  # noqa: F401
from tests.records.test_journal_store import ledger  # noqa: F401


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET kind = 'x' WHERE seq = 1",
        "DELETE FROM journal_entry WHERE seq = 2",
        "DELETE FROM journal_entry",
        "UPDATE journal_tile SET number = 7",
        "DELETE FROM journal_tile",
        "UPDATE personal_datum SET value = 'x'",
        "INSERT INTO journal_entry SELECT publisher_id, 300, kind, at, leaf_hash, leaf FROM journal_entry LIMIT 1",
        "INSERT INTO journal_entry SELECT publisher_id, 1, kind, at, leaf_hash, leaf FROM journal_entry LIMIT 1",
        "INSERT INTO journal_tile SELECT publisher_id, 0, 5, root, hashes FROM journal_tile",
    ],
)  # fmt: skip
def test_the_tables_are_insert_only(ledger: Ledger, statement: str) -> None:
    ledger.grow(258, personal=True)
    with pytest.raises(DBAPIError), ledger.writing() as connection:
        connection.exec_driver_sql(statement)
    with ledger.reading() as connection:
        report = verify_journal(connection, HARBOUR)
        assert report.holds, report.first


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"])
def test_no_way_around_the_triggers_of_sqlite(tmp_path: Path, verb: str) -> None:
    ledger = sqlite_ledger(tmp_path)
    ledger.grow(258, personal=True)
    for table, columns in (
        ("journal_entry", "publisher_id, 1, kind, at, leaf_hash, leaf FROM journal_entry WHERE seq = 2"),
        ("journal_tile", "publisher_id, level, number, root, hashes FROM journal_tile"),
        ("personal_datum", "publisher_id, 1, field, subject, commitment, salt, value FROM personal_datum"),
    ):
        with pytest.raises(DBAPIError), ledger.writing() as connection:
            connection.exec_driver_sql(f"{verb} INTO {table} SELECT {columns}")
    ledger.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE OR REPLACE journal_entry SET seq = 1 WHERE seq = 2",
        "UPDATE OR IGNORE journal_entry SET kind = 'x'",
        "UPDATE OR FAIL journal_tile SET level = 3",
        "UPDATE OR REPLACE personal_datum SET seq = 1 WHERE seq = 2",
        "INSERT INTO journal_entry SELECT publisher_id, 1, 'x', at, leaf_hash, leaf FROM journal_entry WHERE seq = 2 "
        "ON CONFLICT (publisher_id, seq) DO UPDATE SET kind = 'x'",
        "INSERT INTO personal_datum SELECT * FROM personal_datum WHERE seq = 1 "
        "ON CONFLICT (publisher_id, seq, field) DO UPDATE SET value = 'x'",
    ],
)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_no_conflict_clause_goes_around_the_triggers_of_sqlite(
    tmp_path: Path, statement: str, recursive: str
) -> None:
    ledger = sqlite_ledger(tmp_path)
    ledger.grow(258, personal=True)
    with ledger.writing() as connection:  # there is one writing connection, and it keeps the setting
        connection.exec_driver_sql(f"PRAGMA recursive_triggers = {recursive}")
    refused = pytest.raises(DBAPIError, match=r"insert-only|next number|never changed")
    with refused, ledger.writing() as connection:
        connection.exec_driver_sql(statement)
    with ledger.reading() as connection:
        assert verify_journal(connection, HARBOUR).holds
    ledger.close()


@pytest.mark.postgres
def test_truncating_is_refused_and_the_role_has_few_rights(postgres_url: str, tmp_path: Path) -> None:
    from ledger.records.journal_tables import grants_ddl

    ledger = new_ledger(postgres_url, tmp_path)
    ledger.grow(2, personal=True)
    with pytest.raises(DBAPIError), ledger.writing() as connection:
        connection.exec_driver_sql("TRUNCATE journal_entry")
    with ledger.writing() as connection:
        connection.exec_driver_sql("CREATE ROLE ledger_app LOGIN")
        connection.exec_driver_sql("GRANT SELECT ON publisher TO ledger_app")
        for statement in grants_ddl("ledger_app"):
            connection.exec_driver_sql(statement)
    app = create_engine(postgres_url.replace("ledger_test@", "ledger_app@"), isolation_level="READ COMMITTED")
    attach(app, ledger.keeper)
    with app.begin() as connection:
        append(
            connection, HARBOUR, "piece.registered", {"piece": "p"}, {"author": "Ann"}, NOW, subject="pt_9"
        )
        assert erase(connection, HARBOUR, NOW, subject="pt_9").count == 1
    for statement in (
        "UPDATE journal_entry SET kind = 'x'",
        "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
        "DELETE FROM journal_tile",
        "TRUNCATE personal_datum",
    ):
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), app.begin() as connection:
            connection.exec_driver_sql(statement)
    app.dispose()
    with ledger.writing() as connection:
        connection.exec_driver_sql("DROP OWNED BY ledger_app")
        connection.exec_driver_sql("DROP ROLE ledger_app")
    ledger.close()


def test_the_triggers_can_be_taken_down_and_put_up(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        dialect = connection.dialect.name
        assert standing_triggers(connection) == wanted_triggers(dialect)
        install(connection)
        for statement in drop_triggers_ddl(dialect):
            connection.execute(text(statement))
        assert standing_triggers(connection) == {}
        install(connection)
        assert standing_triggers(connection) == wanted_triggers(dialect)
