"""What everybody sees of a piece is what is on record just then, and what ``load_piece`` reads from it."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import text

from ledger.ids import new_id
from ledger.records import filing
from ledger.records.filing import store_piece, store_terms
from ledger.records.own_connection import ThreadsOwn
from ledger.records.parties import store_party
from ledger.records.pieces import load_piece, load_terms
from ledger.records.public_pieces import PublicPieces
from ledger.records.sessions import Database
from ledger.rights.parties import Contact
from ledger.rights.pieces import Piece
from tests.records.rows import LANTERN, NOW, a_filing, a_piece, put_piece, put_publisher, some_terms
from tests.records.test_pieces import an_assessment

LATER = NOW + timedelta(days=1)
MOVED = replace(LANTERN, contacts=(Contact(email="permissions@lantern.example"),))


def seen(database: Database, piece_id: str) -> Piece | None:
    return PublicPieces(database, ThreadsOwn(database)).find(piece_id)


def test_it_is_the_piece_that_the_desk_loads(database: Database) -> None:
    piece = a_piece()
    assessed = an_assessment(piece.components[0].id)
    again = an_assessment(piece.components[0].id, supersedes=assessed.id)
    with database.writing() as connection:
        tenant, other = put_publisher(connection), put_publisher(connection, "meridian-wire")
        everywhere = some_terms(clause="Anything of ours may be linked to.")
        store_terms(tenant, everywhere, LATER, everywhere=True)
        store_terms(other, some_terms(clause="Ours, and nobody else's."), NOW, everywhere=True)
        store_piece(tenant, replace(piece, assessments=(assessed,)), a_filing())
        filing.store_assessment(tenant, piece.id, again, "pe_bob", LATER)
        filing.store_claim(tenant, piece.id, replace(piece.claims[0], id=new_id("cl")), LATER)
        filing.withdraw_claim(tenant, piece.claims[0].id, LATER)
        filing.revoke_terms(tenant, piece.terms[0].id, date(2026, 5, 1))
        store_party(tenant, MOVED)
        put_piece(other, a_piece())
        loaded = load_piece(connection, piece.id)
    assert loaded is not None
    found = seen(database, piece.id)
    assert found == loaded.piece
    assert [each.id for each in found.terms] == [piece.terms[0].id, everywhere.id]
    assert (found.terms[0].revoked_on, found.terms[1].revoked_on) == (date(2026, 5, 1), None)
    assert (len(found.claims), len(found.assessments)) == (1, 2)
    assert found.claims[0].party == found.terms[0].assigner == MOVED


def test_what_is_not_confirmed_is_not_there(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        draft = put_piece(tenant, a_piece(), state="draft")
        withdrawn = put_piece(tenant, a_piece())
        filing.withdraw_piece(tenant, withdrawn.id, 1)
    assert [seen(database, each) for each in (draft.id, withdrawn.id, "pc_none", "")] == [None] * 4


def test_the_same_party_is_another_to_another_publisher(database: Database) -> None:
    with database.writing() as connection:
        mine, other = put_publisher(connection), put_publisher(connection, "meridian-wire")
        first, second = put_piece(mine, a_piece()), put_piece(other, a_piece())
        store_party(other, MOVED)
    assert [seen(database, each.id).claims[0].party for each in (first, second)] == [LANTERN, MOVED]


def test_terms_linked_to_a_piece_and_site_wide_too_are_there_once(database: Database) -> None:
    everywhere = some_terms(clause="Anything of ours may be linked to.")
    with database.writing() as connection:
        tenant = put_publisher(connection)
        store_terms(tenant, everywhere, NOW, everywhere=True)
        piece = put_piece(tenant, a_piece(terms=(everywhere,)))
    assert seen(database, piece.id).terms == (everywhere,)


def test_each_question_sees_what_was_committed_before_it(database: Database) -> None:
    """One reader for all of it, as a process of the web has: what it read before must not come back."""
    reader = PublicPieces(database, ThreadsOwn(database))
    piece = a_piece()
    with database.writing() as connection:
        put_piece(put_publisher(connection), piece)
    publisher_id = _publisher_of(database, piece.id)

    def change(act: object) -> Piece | None:
        with database.writing() as connection:
            act(filing.Tenant(connection, publisher_id))  # type: ignore[operator]
        return reader.find(piece.id)

    assert reader.find(piece.id) == piece
    assert change(lambda tenant: store_party(tenant, MOVED)).terms[0].assigner == MOVED
    assert change(lambda tenant: store_party(tenant, LANTERN)).terms[0].assigner == LANTERN
    revoked = change(lambda tenant: filing.revoke_terms(tenant, piece.terms[0].id, date(2026, 5, 1)))
    assert revoked.terms[0].revoked_on == date(2026, 5, 1)
    assert change(lambda tenant: filing.withdraw_claim(tenant, piece.claims[0].id, NOW)).claims == ()
    better = replace(piece, title="Night trains along the quay")
    assert change(lambda t: filing.correct_piece(t, better, 1, a_filing())).title == better.title
    assert change(lambda tenant: filing.withdraw_piece(tenant, piece.id, 2)) is None


def test_what_another_process_committed_is_seen(database_url: str, database: Database) -> None:
    reader = PublicPieces(database, ThreadsOwn(database))
    with database.writing() as connection:
        piece = put_piece(put_publisher(connection), a_piece())
    assert reader.find(piece.id).terms[0].revoked_on is None
    given = [database_url, _publisher_of(database, piece.id), piece.terms[0].id]
    subprocess.run([sys.executable, "-c", _REVOKE, *given], check=True)
    assert reader.find(piece.id).terms[0].revoked_on == date(2026, 5, 1)


_REVOKE = """
import sys
from datetime import date
from ledger.records.filing import revoke_terms
from ledger.records.sessions import open_database
from ledger.records.tenant import Tenant
url, publisher, terms = sys.argv[1:]
database = open_database(url)
with database.writing() as connection:
    revoke_terms(Tenant(connection, publisher), terms, date(2026, 5, 1))
"""


def test_site_wide_terms_are_found_by_their_index(sqlite_database: Database) -> None:
    """A publisher has as many Terms as pieces, and a handful of site-wide ones: to read all would be slow."""
    reader = PublicPieces(sqlite_database, ThreadsOwn(sqlite_database))
    with sqlite_database.writing() as connection:
        tenant = put_publisher(connection)
        piece = put_piece(tenant, a_piece())
        asked: list[str] = []
        connection.connection.driver_connection.set_trace_callback(asked.append)
        load_terms(tenant, piece.id)
        connection.connection.driver_connection.set_trace_callback(None)
    statements = [*(each for each in asked if "piece_terms" in each), reader._prepared._sql]
    assert len(statements) == 2
    with sqlite_database.reading() as connection:
        for statement in statements:
            values = tuple([piece.id] * statement.count("?"))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert any("ix_terms_everywhere" in row[3] for row in plan), plan
            assert not [row for row in plan if row[3].startswith("SCAN")], plan


def _publisher_of(database: Database, piece_id: str) -> str:
    with database.reading() as connection:
        found = connection.execute(text("SELECT publisher_id FROM piece WHERE id = :id"), {"id": piece_id})
        return str(found.scalar_one())
