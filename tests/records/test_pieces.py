"""Pieces come back as they were filed, with what was said about them since, and never to another publisher."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ledger.ids import new_id
from ledger.records import filing
from ledger.records.failures import Stale
from ledger.records.filing import correct_piece, store_piece, store_terms
from ledger.records.lookups import Lookup
from ledger.records.paging import BadCursor
from ledger.records.parties import find_party, load_party, store_party
from ledger.records.pieces import (
    assessments_to_review,
    list_pieces,
    load_piece,
    public_piece,
)
from ledger.records.search import search
from ledger.records.sessions import Database
from ledger.rights.exceptions import Assessment, Regime
from ledger.rights.parties import Contact, Identifier, IdentifierScheme, Party
from ledger.rights.terms import TermsKind
from tests.records.rows import (
    LANTERN,
    NOW,
    a_filing,
    a_piece,
    address,
    put_piece,
    put_publisher,
    some_terms,
)

LATER = NOW + timedelta(days=1)


def an_assessment(component_id: str, **changes: object) -> Assessment:
    made = Assessment(
        id=new_id("as"),
        component_id=component_id,
        regime=Regime.US_FAIR_USE,
        provision="17 USC 107",
        jurisdiction="US",
        assessor="Bob Tanaka",
        assessor_role="permissions officer",
        made_on=date(2026, 3, 6),
        work_sha256=None,
        purpose="comment",
        findings=(),
        conclusion="The portion is short and the purpose is comment.",
        review_due=date(2026, 9, 1),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_piece_comes_back_as_it_was_filed(database: Database) -> None:
    piece = a_piece()
    piece = replace(piece, assessments=(an_assessment(piece.components[0].id),))
    with database.writing() as connection:
        tenant = put_publisher(connection)
        store_piece(
            tenant, piece, a_filing(address(piece.urls[0]), draft={"title": "?"}, snapshot_sha256="b" * 64)
        )
    with database.reading() as connection:
        loaded = load_piece(connection, piece.id)
    assert loaded is not None
    assert loaded.piece == piece
    assert (loaded.publisher_id, loaded.state, loaded.version) == (tenant.publisher_id, "confirmed", 1)
    assert loaded.draft == {"title": "?"}
    assert loaded.snapshot_sha256 == "b" * 64
    assert loaded.confirmed_at == loaded.registered_at == NOW


def test_another_publisher_does_not_see_it(database: Database) -> None:
    with database.writing() as connection:
        mine, other = put_publisher(connection), put_publisher(connection, "meridian-wire")
        piece = put_piece(mine, a_piece())
        assert load_piece(connection, piece.id, mine.publisher_id) is not None
        assert load_piece(connection, piece.id, other.publisher_id) is None
        assert list_pieces(other).rows == []
        with pytest.raises(Stale):
            correct_piece(other, piece, 1, a_filing())
        with pytest.raises(Stale):
            filing.withdraw_claim(other, piece.claims[0].id, NOW)
        with pytest.raises(Stale):
            filing.revoke_terms(other, piece.terms[0].id, date(2026, 4, 1))


def test_a_draft_is_nobody_elses_business(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        piece = put_piece(tenant, a_piece(), state="draft")
        assert public_piece(connection, piece.id) is None
        assert search(connection, "harbour").rows == []
        assert search(connection, "harbour", tenant.publisher_id).rows == []
        found = search(connection, "harbour", tenant.publisher_id, drafts=True)
        assert [hit.piece_id for hit in found.rows] == [piece.id]
    own = address(piece.urls[0])
    assert Lookup(database).find(own.url, own.url_key) == []


def test_a_correction_is_a_new_version_and_the_first_one_wins(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        piece = put_piece(tenant, a_piece(), state="draft")
    better = replace(piece, title="Night trains along the quay", claims=(), terms=(some_terms(),))
    with database.writing() as connection:
        assert correct_piece(tenant_of(tenant, connection), better, 1, a_filing(address(piece.urls[0]))) == 2
    with pytest.raises(Stale), database.writing() as connection:
        correct_piece(tenant_of(tenant, connection), piece, 1, a_filing())
    with database.reading() as connection:
        loaded = public_piece(connection, piece.id)
        assert loaded is not None
        assert loaded.piece == better
        assert (loaded.version, loaded.confirmed_by) == (2, "pe_bob")
        assert search(connection, "harbour").rows == []
        assert [hit.piece_id for hit in search(connection, "quay").rows] == [piece.id]
    own = address(piece.urls[0])
    assert [found.piece_id for found in Lookup(database).find(own.url, own.url_key)] == [piece.id]
    source = address("https://lantern.example/night-trains")
    assert Lookup(database).find(source.url, source.url_key) == []


def test_a_withdrawn_piece_leaves_every_public_view(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        piece = put_piece(tenant, a_piece())
        assert filing.withdraw_piece(tenant, piece.id, 1) == 2
        assert public_piece(connection, piece.id) is None
        assert search(connection, "harbour").rows == []
        assert search(connection, "okafor", tenant.publisher_id, drafts=True).count == 1
    own = address(piece.urls[0])
    assert Lookup(database).find(own.url, own.url_key) == []


def test_what_is_claimed_later_is_there_and_what_is_withdrawn_is_not(database: Database) -> None:
    piece = a_piece()
    with database.writing() as connection:
        tenant = put_publisher(connection)
        put_piece(tenant, piece)
        second = replace(piece.claims[0], id=new_id("cl"))
        filing.store_claim(tenant, piece.id, second, LATER)
        filing.withdraw_claim(tenant, piece.claims[0].id, LATER)
        with pytest.raises(Stale):
            filing.withdraw_claim(tenant, piece.claims[0].id, LATER)
        loaded = load_piece(connection, piece.id)
    assert loaded is not None
    assert loaded.piece.claims == (second,)


def test_revoked_terms_say_since_when(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        piece = put_piece(tenant, a_piece())
        filing.revoke_terms(tenant, piece.terms[0].id, date(2026, 5, 1))
        loaded = load_piece(connection, piece.id)
    assert loaded is not None
    (terms,) = loaded.piece.terms
    assert terms == replace(piece.terms[0], revoked_on=date(2026, 5, 1))
    assert not terms.in_force(date(2026, 5, 1))


def test_site_wide_terms_cover_every_piece_of_their_publisher_only(database: Database) -> None:
    everywhere = some_terms(clause="Anything of ours may be linked to.")
    with database.writing() as connection:
        mine, other = put_publisher(connection), put_publisher(connection, "meridian-wire")
        store_terms(mine, everywhere, NOW, everywhere=True)
        first = put_piece(mine, a_piece(terms=()))
        second = put_piece(mine, a_piece())
        foreign = put_piece(other, a_piece(terms=()))
        pieces = {one: load_piece(connection, one) for one in (first.id, second.id, foreign.id)}
    terms = {one: loaded.piece.terms for one, loaded in pieces.items() if loaded}
    assert terms == {first.id: (everywhere,), second.id: (everywhere, *second.terms), foreign.id: ()}


def test_the_same_terms_may_stand_on_several_pieces(database: Database) -> None:
    inbound = some_terms(TermsKind.INBOUND)
    with database.writing() as connection:
        tenant = put_publisher(connection)
        pieces = [put_piece(tenant, a_piece(terms=(inbound,))) for _ in range(2)]
        store_terms(tenant, inbound, LATER, piece_ids=[piece.id for piece in pieces])
        loaded = [load_piece(connection, piece.id) for piece in pieces]
    assert [each.piece.terms for each in loaded if each] == [(inbound,), (inbound,)]


def test_a_corrected_contact_is_used_at_once(database: Database) -> None:
    moved = replace(LANTERN, contacts=(Contact(email="permissions@lantern.example"),))
    with database.writing() as connection:
        tenant = put_publisher(connection)
        piece = put_piece(tenant, a_piece())
        store_party(tenant, moved)
        loaded = load_piece(connection, piece.id)
    assert loaded is not None
    assert loaded.piece.claims[0].party == loaded.piece.terms[0].assigner == moved


def test_parties_are_found_by_name_but_never_guessed(database: Database) -> None:
    domain = Identifier(scheme=IdentifierScheme.DOMAIN, value="lantern.example")
    one = replace(LANTERN, id="pa_1", identifiers=(domain,))
    two = Party(id="pa_2", name="the LÁNTERN")
    with database.writing() as connection:
        tenant = put_publisher(connection)
        store_party(tenant, one)
        assert find_party(tenant, "The  Lantern!") == one
        store_party(tenant, two)
        assert find_party(tenant, "The Lantern") is None
        assert find_party(tenant, "The Lantern", domain="lantern.example") == one
        assert find_party(tenant, "Nobody") is None
        assert load_party(tenant, "pa_2") == two
        assert find_party(put_publisher(connection, "meridian-wire"), "The Lantern") is None


def test_current_assessments_come_up_for_review(database: Database) -> None:
    piece = a_piece()
    component = piece.components[0].id
    old = an_assessment(component)
    new = an_assessment(component, supersedes=old.id, review_due=date(2027, 1, 1))
    with database.writing() as connection:
        tenant = put_publisher(connection)
        put_piece(tenant, replace(piece, assessments=(old,)))
        assert assessments_to_review(tenant, date(2026, 9, 1)) == [(piece.id, old.id, date(2026, 9, 1))]
        filing.store_assessment(tenant, piece.id, new, "pe_bob", LATER)
        assert assessments_to_review(tenant, date(2026, 9, 1)) == []
        loaded = load_piece(connection, piece.id)
    assert loaded is not None
    assert loaded.piece.assessments == (old, new)


def test_pieces_are_listed_page_by_page(database: Database) -> None:
    with database.writing() as connection:
        tenant = put_publisher(connection)
        pieces = [put_piece(tenant, a_piece(), state="draft" if n % 2 else "confirmed") for n in range(7)]
        newest = [piece.id for piece in sorted(pieces, key=lambda one: one.id, reverse=True)]
        seen, mark = [], None
        while True:
            page = list_pieces(tenant, after=mark, limit=3)
            seen += [line.id for line in page.rows]
            assert page.count == 7
            if (mark := page.next) is None:
                break
        assert seen == newest
        assert {line.state for line in list_pieces(tenant, "draft").rows} == {"draft"}
        with pytest.raises(BadCursor):
            list_pieces(tenant, after="nonsense")


def test_one_address_may_lead_to_several_publishers(database: Database) -> None:
    with database.writing() as connection:
        mine, other = put_publisher(connection), put_publisher(connection, "meridian-wire")
        first = put_piece(mine, a_piece(url="https://harbour.example/a"))
        second = put_piece(other, a_piece(url="https://lantern.example/night-trains"))
    lookup = Lookup(database)
    asked = address("http://www.lantern.example/night-trains/?utm_source=mail")
    found = lookup.find(asked.url, asked.url_key)
    assert [(one.piece_id, one.kind) for one in found] == [(second.id, "own"), (first.id, "source")]
    assert found[0].record == '{"title":"…"}'


def test_a_key_that_collides_finds_only_the_address_itself(database: Database) -> None:
    with database.writing() as connection:
        put_piece(put_publisher(connection), a_piece())
    own = address("https://harbour.example/night-trains")
    assert len(Lookup(database).find(own.url, own.url_key)) == 1
    assert Lookup(database).find("https://harbour.example/other", own.url_key) == []


def test_a_lookup_sees_what_was_committed_since(database: Database) -> None:
    lookup = Lookup(database)
    own = address("https://harbour.example/night-trains")
    assert lookup.find(own.url, own.url_key) == []
    with database.writing() as connection:
        put_piece(put_publisher(connection), a_piece())
    assert len(lookup.find(own.url, own.url_key)) == 1


def tenant_of(tenant: object, connection: object) -> object:
    """The same publisher over another connection."""
    return replace(tenant, connection=connection)  # type: ignore[type-var]


def test_times_are_aware(database: Database) -> None:
    with database.writing() as connection:
        piece = put_piece(put_publisher(connection), a_piece())
        loaded = load_piece(connection, piece.id)
    assert loaded is not None
    assert loaded.registered_at == datetime(2026, 3, 6, 9, 30, tzinfo=UTC)
