"""The throw-away server serves fresh, separate databases to every room."""

import pytest
from sqlalchemy import create_engine, text

from tests.postgres import PostgresServer, postgres_server, postgres_url  # noqa: F401  (fixtures)


@pytest.mark.postgres
def test_databases_are_fresh_and_apart(postgres_server: PostgresServer, postgres_url: str) -> None:
    first = create_engine(postgres_url)
    other_url = postgres_server.fresh_database()
    second = create_engine(other_url)
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE shelf (n integer)"))
    with second.begin() as connection:
        found = connection.execute(
            text("SELECT count(*) FROM pg_tables WHERE tablename = 'shelf'")
        ).scalar_one()
    assert found == 0
    first.dispose()
    postgres_server.drop(other_url)  # while second still holds a connection
    second.dispose()
