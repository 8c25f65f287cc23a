"""Up, down and up again; and the migrated schema is the one the code speaks of."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select

from ledger.records import migrating
from ledger.records.failures import RecordsUnavailable
from ledger.records.schema import include_object, metadata
from ledger.records.search import search
from ledger.records.sessions import Database
from ledger.records.tables import publisher
from tests.records.rows import a_piece, put_piece, put_publisher


def test_the_migrated_schema_is_that_of_the_tables(database: Database) -> None:
    with database.reading() as connection:
        options = {"include_object": include_object, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_up_down_up_on_populated_data(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        put_piece(tenant, a_piece())
    url = database.url.render_as_string(hide_password=False)
    database.close()
    assert migrating.downgrade(url) is None
    with database.reading() as connection:
        left = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        assert left == []
    database.close()
    assert migrating.migrate(url) == migrating.newest() == migrating.current(url)
    with database.writing() as connection:
        assert connection.execute(select(func.count()).select_from(publisher)).scalar_one() == 0
        put_piece(put_publisher(connection), a_piece())
        assert search(connection, "harbour").count == 1


def test_a_ledger_of_the_first_revision_is_brought_up_with_all_it_holds(database: Database) -> None:
    with database.writing() as connection:
        put_piece(put_publisher(connection), a_piece())
    url = database.url.render_as_string(hide_password=False)
    database.close()
    assert migrating.downgrade(url, "0001") == "0001"
    with database.reading() as connection:
        assert "payment_days" not in {each["name"] for each in inspect(connection).get_columns("publisher")}
    database.close()
    migrating.migrate(url)
    with database.reading() as connection:
        kept = connection.execute(select(publisher.c.payment_first, publisher.c.payment_days)).one()
        assert tuple(kept) == (False, 30)
        assert search(connection, "harbour").count == 1


def test_a_second_migration_changes_nothing(database: Database) -> None:
    with database.writing() as connection:
        put_publisher(connection)
    url = database.url.render_as_string(hide_password=False)
    assert migrating.migrate(url) == migrating.newest()
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(publisher)).scalar_one() == 1


def test_a_migration_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: object) -> str:
        raise RuntimeError("power gone")

    url = f"sqlite:///{tmp_path}/ledger.db"
    monkeypatch.setattr(migrating, "_revision", broken)
    with pytest.raises(RuntimeError):
        migrating.migrate(url)
    monkeypatch.undo()
    assert migrating.current(url) is None
    with Database(url).reading() as connection:
        assert inspect(connection).get_table_names() == []


def test_no_database_has_no_revision(tmp_path: Path) -> None:
    assert migrating.current(f"sqlite:///{tmp_path}/none.db") is None
    assert not (tmp_path / "none.db").exists()


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    migrating.migrate(f"sqlite:///{tmp_path}/new/ledger.db")
    assert (tmp_path / "new" / "ledger.db").stat().st_mode & 0o077 == 0


def test_a_database_of_a_newer_ledger_is_refused(sqlite_database: Database) -> None:
    with sqlite_database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RecordsUnavailable, match="newer ledger"):
        migrating.migrate(str(sqlite_database.url))
