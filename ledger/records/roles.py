"""What the application's own role may do on PostgreSQL, where the tables belong to another that only migrates.

Everything the desk needs in the ordinary tables, and in the journal's no more than appending, reading and erasing
personal data: neither UPDATE nor TRUNCATE, and no right to take a trigger down.
"""

from sqlalchemy import Connection

from ledger.records.failures import RecordsUnavailable
from ledger.records.journal_tables import grants_ddl
from ledger.records.sessions import Database

_SCHEMAS = ("public", "dbos")


def grant_to(url: str, role: str) -> None:
    """Give the role its rights, as the owner of the tables that ``url`` signs in as. Repeat it after a migration.

    Raises ``RecordsUnavailable``: SQLite knows no roles, there is no such role, or it is above such rights.
    """
    database = Database(url)
    try:
        if database.is_sqlite:
            raise RecordsUnavailable("SQLite knows no roles.", "Leave --role out.")
        with database.writing() as connection:
            _must_be_bound_by_rights(connection, role)
            for statement in grants_of(connection, role):
                connection.exec_driver_sql(statement)
    finally:
        database.close()


def grants_of(connection: Connection, role: str) -> list[str]:
    """The statements, in order: the journal's own come last and take back what was given too much."""
    quoted = '"' + role.replace('"', '""') + '"'
    present = connection.exec_driver_sql("SELECT nspname FROM pg_namespace").scalars().all()
    statements = []
    for schema in (each for each in _SCHEMAS if each in present):
        statements += [
            f"GRANT USAGE ON SCHEMA {schema} TO {quoted}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {quoted}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted}",
            f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {quoted}",
        ]
    statements += [
        f"REVOKE CREATE ON SCHEMA public FROM {quoted}, PUBLIC",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {quoted}",
    ]
    return statements + grants_ddl(role)


def _must_be_bound_by_rights(connection: Connection, role: str) -> None:
    """A superuser, and whoever owns the tables or is a member of their owner, is held by no right."""
    found = connection.exec_driver_sql(
        "SELECT rolsuper, pg_has_role(rolname, (SELECT tableowner FROM pg_tables "
        "WHERE schemaname = 'public' AND tablename = 'journal_entry'), 'MEMBER') FROM pg_roles WHERE rolname = %s",
        (role,),
    ).first()
    if found is None:
        raise RecordsUnavailable(f"There is no role {role}.", "Make it with CREATE ROLE ... LOGIN.")
    if any(found):
        raise RecordsUnavailable(
            f"The role {role} owns the tables or stands above rights.", "Give one that does neither."
        )
