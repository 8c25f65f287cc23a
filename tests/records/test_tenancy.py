"""No act can forget whose rows it means: tables are known in ledger/records only, and there through Tenant."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import Table

import ledger
from ledger.records.schema import metadata
from ledger.records.sessions import Database
from ledger.records.tables import piece
from ledger.records.tenant import Tenant
from tests.records.rows import a_piece, put_piece, put_publisher

PACKAGE = Path(ledger.__file__).parent
TENANT_TABLES = {name for name, table in metadata.tables.items() if "publisher_id" in table.c}
# Views that look across publishers, and why they may.
ACROSS = {
    "filed.py": set(),
    "filing.py": set(),
    "granted.py": set(),
    "invoices.py": {"invoice"},  # a list for the worker
    "letters.py": {"letter", "letter_counter", "obligation"},  # by printed number; lists for the worker
    "naming.py": set(),  # whether any row of whichever publisher names a file: yes or no, and nothing of the row
    "lookups.py": {"piece", "piece_url"},  # the public lookup: confirmed pieces
    "offers.py": {"enquiry", "quote"},  # lists for the worker
    "parties.py": set(),
    "pieces.py": {"piece", "assessment"},  # by id, which is the owner's; a subquery tied to its outer row
    "public_pieces.py": {"piece"},  # confirmed pieces by id; every other table is joined on the piece's keys
    "queue.py": {"piece", "request", "request_item"},  # a join on both keys; a list for the worker
    "requests.py": {"request", "request_token"},  # whose a request is, for the operator; a link's request
    "search.py": {"piece", "piece_text", "piece_shingle"},  # the finder: confirmed pieces
    "words.py": set(),
}
# Keyed by publisher in every call (the journal), or about people and the house itself.
APART = {"people_store.py", "publishers.py", "outbox.py", "tasks.py", "task_runner.py", "worker_names.py"}
READERS = {"select", "update", "delete", "insert"}


def _modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if path.parent.name != "records"]


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_only_the_records_know_the_tables() -> None:
    tables = {f"ledger.records.{path.stem}" for path in (PACKAGE / "records").glob("*tables.py")}
    assert len(tables) >= 5
    tables |= {"ledger.records.base.metadata", "ledger.records.schema"}
    offenders = {str(path.relative_to(PACKAGE)): _imports(path) & tables for path in _modules()}
    assert {path: known for path, known in offenders.items() if known} == {}


def test_every_module_of_the_records_is_looked_at() -> None:
    names = {path.name for path in (PACKAGE / "records").glob("*.py")} - APART - set(ACROSS)
    asking = {name for name in names if "sqlalchemy" in (PACKAGE / "records" / name).read_text()}
    settled = {name for name in asking if name.startswith("journal_") or name.endswith("tables.py")}
    settled |= {
        "base.py",
        "failures.py",
        "migrating.py",
        "own_connection.py",
        "paging.py",
        "roles.py",  # PostgreSQL's own catalogue, no table of ours
        "schema.py",
        "sessions.py",
        "tenant.py",
    }
    assert asking - settled <= {"request_rows.py"}, (
        "a new module: say in ACROSS what it may ask across publishers"
    )


@pytest.mark.parametrize("name", ACROSS)
def test_the_records_ask_through_the_tenant(name: str) -> None:
    tree = ast.parse((PACKAGE / "records" / name).read_text())
    bare = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS
    ]
    named = {
        inner.id
        for call in bare
        for argument in call.args
        for inner in ast.walk(argument)
        if isinstance(inner, ast.Name) and inner.id in TENANT_TABLES
    }
    assert named <= ACROSS[name], f"{name}: ask through Tenant, or say here why not"


def test_every_tenant_table_begins_with_its_publisher() -> None:
    loose = {"piece_shingle", "piece_text", "request_token"}  # found by hash, by number, by link
    for name in TENANT_TABLES - loose:
        table: Table = metadata.tables[name]
        assert next(iter(table.primary_key)).name == "publisher_id", name


def test_a_tenant_sees_and_changes_its_own_rows_only(database: Database) -> None:
    with database.writing() as connection:
        mine, other = put_publisher(connection), put_publisher(connection, "meridian-wire")
        put_piece(mine, a_piece())
        foreign = put_piece(other, a_piece())
        assert len(mine.all(mine.select(piece))) == 1
        assert mine.change(mine.update(piece).values(title="mine")) == 1
        assert mine.first(mine.select(piece).where(piece.c.id == foreign.id)) is None
        row = other.all(other.select(piece))[0]
        assert row["title"] == foreign.title
        with pytest.raises(ValueError, match="another publisher"):
            mine.insert(piece, row)


def test_a_tenant_is_one_publisher_on_one_connection(sqlite_database: Database) -> None:
    with sqlite_database.reading() as connection:
        assert Tenant(connection, "pb_none").all(Tenant(connection, "pb_none").select(piece)) == []
