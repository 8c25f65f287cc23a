"""The journal's tables, and the triggers that keep them insert-only.

Only ``personal_datum`` may lose rows (erasure); a full tile and an entry never change. The triggers are a
fence against mistakes, not against whoever owns the database: those are found out by ``verify_journal`` with
a checkpoint in hand.

The same statements serve migrations and databases made from the metadata: ``triggers_ddl`` and
``drop_triggers_ddl``; ``install`` runs them. On PostgreSQL ``grants_ddl`` leaves the application's role with
SELECT and INSERT on the journal.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from ledger.records.base import Id, UtcDateTime, metadata

# SQLite counts as 64-bit only in a column called INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")

journal_entry = Table(
    "journal_entry",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("seq", _Number, primary_key=True, autoincrement=False),  # from 0, without a gap
    Column("kind", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    Column("leaf", LargeBinary, nullable=False),  # canonical JSON: ledger/journal/entry.py
    sqlite_with_rowid=False,  # one tree to write instead of a table and an index
)

journal_tile = Table(
    "journal_tile",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),  # the hash that stands for it one level above
    Column("hashes", LargeBinary, nullable=False),  # 256 * 32 bytes: only full tiles are kept
)

personal_datum = Table(
    "personal_datum",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("seq", _Number, primary_key=True, autoincrement=False),  # the entry that commits to it
    Column("field", String(120), primary_key=True),
    Column("subject", Id),  # whose data it is: a party or a person
    Column("commitment", LargeBinary(32), nullable=False),
    Column("salt", LargeBinary(32), nullable=False),
    Column("value", Text, nullable=False),
    Index("ix_personal_datum_publisher_id_subject", "publisher_id", "subject"),
)

JOURNAL_TABLES = (journal_entry, journal_tile, personal_datum)
TRIGGER_FUNCTION = "journal_refuse"
NEXT_SEQ_FUNCTION = "journal_next_seq"
NEXT_TILE_FUNCTION = "journal_next_tile"

_SQLITE = {
    "journal_entry_no_update": """CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'journal_entry is insert-only'); END""",
    "journal_entry_no_delete": """CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'journal_entry is insert-only'); END""",
    # Also stops INSERT OR REPLACE, which walks around the two above.
    "journal_entry_next_seq": """CREATE TRIGGER journal_entry_next_seq BEFORE INSERT ON journal_entry
WHEN NEW.seq IS NOT coalesce(
  (SELECT seq + 1 FROM journal_entry WHERE publisher_id = NEW.publisher_id ORDER BY seq DESC LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'journal_entry.seq must be the next number'); END""",
    "journal_tile_no_update": """CREATE TRIGGER journal_tile_no_update BEFORE UPDATE ON journal_tile
BEGIN SELECT RAISE(ABORT, 'journal_tile is insert-only'); END""",
    "journal_tile_no_delete": """CREATE TRIGGER journal_tile_no_delete BEFORE DELETE ON journal_tile
BEGIN SELECT RAISE(ABORT, 'journal_tile is insert-only'); END""",
    "journal_tile_next_number": """CREATE TRIGGER journal_tile_next_number BEFORE INSERT ON journal_tile
WHEN NEW.number IS NOT coalesce((SELECT number + 1 FROM journal_tile
  WHERE publisher_id = NEW.publisher_id AND level = NEW.level ORDER BY number DESC LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'journal_tile.number must be the next number'); END""",
    "personal_datum_no_update": """CREATE TRIGGER personal_datum_no_update BEFORE UPDATE ON personal_datum
BEGIN SELECT RAISE(ABORT, 'personal_datum is never changed, only erased'); END""",
    # Stops INSERT OR REPLACE. A value that comes back after its erasure is found by ``verify_journal``.
    "personal_datum_new_entry": """CREATE TRIGGER personal_datum_new_entry BEFORE INSERT ON personal_datum
WHEN EXISTS (SELECT 1 FROM personal_datum
  WHERE publisher_id = NEW.publisher_id AND seq = NEW.seq AND field = NEW.field)
BEGIN SELECT RAISE(ABORT, 'personal_datum is never changed, only erased'); END""",
}

POSTGRES_FUNCTIONS = {
    TRIGGER_FUNCTION: """
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is insert-only', ERRCODE = 'insufficient_privilege';
END
""",
    NEXT_SEQ_FUNCTION: """
BEGIN
  IF NEW.seq IS DISTINCT FROM coalesce((SELECT seq + 1 FROM journal_entry
      WHERE publisher_id = NEW.publisher_id ORDER BY seq DESC LIMIT 1), 0) THEN
    RAISE EXCEPTION 'journal_entry.seq must be the next number'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
""",
    NEXT_TILE_FUNCTION: """
BEGIN
  IF NEW.number IS DISTINCT FROM coalesce((SELECT number + 1 FROM journal_tile
      WHERE publisher_id = NEW.publisher_id AND level = NEW.level ORDER BY number DESC LIMIT 1), 0) THEN
    RAISE EXCEPTION 'journal_tile.number must be the next number'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
""",
}

_POSTGRES = {
    f"{table}_{name}": f"CREATE TRIGGER {table}_{name} {event} ON {table} "
    f"FOR EACH {each} EXECUTE FUNCTION {function}()"
    for table, name, event, each, function in (
        ("journal_entry", "no_change", "BEFORE UPDATE OR DELETE", "ROW", TRIGGER_FUNCTION),
        ("journal_entry", "no_truncate", "BEFORE TRUNCATE", "STATEMENT", TRIGGER_FUNCTION),
        ("journal_entry", "next_seq", "BEFORE INSERT", "ROW", NEXT_SEQ_FUNCTION),
        ("journal_tile", "no_change", "BEFORE UPDATE OR DELETE", "ROW", TRIGGER_FUNCTION),
        ("journal_tile", "no_truncate", "BEFORE TRUNCATE", "STATEMENT", TRIGGER_FUNCTION),
        ("journal_tile", "next_number", "BEFORE INSERT", "ROW", NEXT_TILE_FUNCTION),
        ("personal_datum", "no_update", "BEFORE UPDATE", "ROW", TRIGGER_FUNCTION),
    )
}


def triggers_ddl(dialect: str) -> list[str]:
    """The statements that put the fence up; ``dialect`` is "sqlite" or "postgresql"."""
    if dialect == "sqlite":
        return list(_SQLITE.values())
    functions = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $journal${body}$journal$"
        for name, body in POSTGRES_FUNCTIONS.items()
    ]
    return functions + list(_POSTGRES.values())


def drop_triggers_ddl(dialect: str) -> list[str]:
    """The statements that take it down again: for the way down of a migration."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in _SQLITE]
    tables = {name: sql.split(" ON ", 1)[1].split(" ", 1)[0] for name, sql in _POSTGRES.items()}
    drops = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in tables.items()]
    return drops + [f"DROP FUNCTION IF EXISTS {name}()" for name in POSTGRES_FUNCTIONS]


def grants_ddl(role: str) -> list[str]:
    """PostgreSQL: what the application's role may do with the journal (the tables belong to another role)."""
    quoted = '"' + role.replace('"', '""') + '"'
    return [
        f"REVOKE ALL ON journal_entry, journal_tile, personal_datum FROM {quoted}",
        f"GRANT SELECT, INSERT ON journal_entry, journal_tile TO {quoted}",
        f"GRANT SELECT, INSERT, DELETE ON personal_datum TO {quoted}",
    ]


def install(connection: Connection) -> None:
    """Put the triggers up in a database whose tables exist; a second call changes nothing."""
    for statement in drop_triggers_ddl(connection.dialect.name) + triggers_ddl(connection.dialect.name):
        connection.exec_driver_sql(statement)


def standing_triggers(connection: Connection) -> dict[str, str]:
    """Every trigger and rule on the journal's tables: name -> definition, ours as in ``wanted_triggers``."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
            "AND lower(tbl_name) IN ('journal_entry', 'journal_tile', 'personal_datum')"
        )
        return {str(name): str(sql) for name, sql in rows}
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, t.tgenabled::text || p.proname || p.prosrc FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relname IN ('journal_entry', 'journal_tile', 'personal_datum') "
        "AND pg_table_is_visible(c.oid) "
        "UNION ALL SELECT r.rulename, pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class "
        "WHERE c.relname IN ('journal_entry', 'journal_tile', 'personal_datum') AND pg_table_is_visible(c.oid)"
    )
    return {str(name): str(definition) for name, definition in rows}


def wanted_triggers(dialect: str) -> dict[str, str]:
    """What ``standing_triggers`` gives when nobody has touched them."""
    if dialect == "sqlite":
        return dict(_SQLITE)
    functions = {name: sql.rsplit(" ", 1)[1].removesuffix("()") for name, sql in _POSTGRES.items()}
    return {name: f"O{function}{POSTGRES_FUNCTIONS[function]}" for name, function in functions.items()}
