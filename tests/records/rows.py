"""Rows to fill a database with: two invented publishers and what they carry."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ledger.ids import new_id
from ledger.intake.urls import normalise_url, url_key
from ledger.records.filing import Filing, PieceUrl, store_piece
from ledger.records.publishers import PublisherRow, add_publisher
from ledger.records.request_rows import ItemRow, LetterRow, RequestRow
from ledger.records.requests import add_request
from ledger.records.tenant import Tenant
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import (
    Author,
    Basis,
    Claim,
    ClaimRole,
    Component,
    ComponentKind,
    Evidence,
    Piece,
    Source,
)
from ledger.rights.terms import Effect, Rule, Target, TargetKind, Terms, TermsKind
from ledger.rights.uses import Action

NOW = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)
HARBOUR = Party(id="pa_harbour", name="Harbour Review", contacts=(Contact(email="rights@harbour.example"),))
LANTERN = Party(id="pa_lantern", name="The Lantern", contacts=(Contact(email="desk@lantern.example"),))


def put_publisher(connection: Connection, slug: str = "harbour-review") -> Tenant:
    """A publisher, and its share of the records."""
    row = PublisherRow(
        id=new_id("pb"),
        slug=slug,
        name=slug.replace("-", " ").title(),
        legal_name=f"{slug} Ltd",
        permissions_email=f"rights@{slug}.example",
        number_prefix=slug.upper(),
        created_at=NOW,
    )
    add_publisher(connection, row)
    return Tenant(connection, row.id)


def some_terms(kind: TermsKind = TermsKind.STANDING, **changes: Any) -> Terms:
    """Terms of The Lantern that permit an excerpt."""
    made = Terms(
        id=new_id("tm"),
        kind=kind,
        assigner=LANTERN,
        target=Target(kind=TargetKind.PIECE),
        clause="Excerpts of up to 100 words may be reprinted with a link.",
        rules=(Rule(effect=Effect.PERMIT, action=Action.EXCERPT),),
    )
    return replace(made, **({"clause_sha256": ""} | changes))


def a_piece(
    title: str = "Night trains along the harbour",
    url: str = "https://harbour.example/night-trains",
    source: str | None = "The Lantern",
    authors: Sequence[str] = ("Ada Okafor",),
    **changes: Any,
) -> Piece:
    """A piece of the Harbour Review taken over from The Lantern, with one claim and one set of Terms."""
    text = Component(id=new_id("co"), kind=ComponentKind.TEXT, basis=Basis.STANDING_TERMS, words=900)
    claim = Claim(
        id=new_id("cl"),
        party=LANTERN,
        role=ClaimRole.HOLDER,
        component_id=text.id,
        evidence=Evidence(text="© The Lantern 2026"),
    )
    made = Piece(
        id=new_id("pc"),
        publisher=HARBOUR,
        title=title,
        components=(text,),
        urls=(url,),
        authors=tuple(Author(name=name) for name in authors),
        language="en",
        published=date(2026, 3, 1),
        source=Source(name=source, url="https://lantern.example/night-trains"),
        claims=(claim,),
        terms=(some_terms(),),
        notice="© The Lantern 2026",
    )
    return replace(made, **changes)


def address(url: str, kind: str = "own") -> PieceUrl:
    """An address as it is filed."""
    return PieceUrl(normalise_url(url), url_key(url), kind)


def a_filing(*urls: PieceUrl, state: str = "confirmed", **changes: Any) -> Filing:
    """What is filed beside a piece."""
    record = '{"title":"…"}' if state == "confirmed" else None
    return replace(Filing(state=state, by="pe_bob", at=NOW, urls=urls, public_record=record), **changes)


def put_piece(tenant: Tenant, piece: Piece, state: str = "confirmed", **changes: Any) -> Piece:
    """A piece filed under its own addresses and its source's."""
    urls = [address(url) for url in piece.urls]
    if piece.source.url:
        urls.append(address(piece.source.url, "source"))
    store_piece(tenant, piece, a_filing(*urls, state=state, **changes))
    return piece


def a_request(number: int = 0, **changes: Any) -> RequestRow:
    """A submitted request whose turn came ``number`` hours after NOW."""
    made = RequestRow(
        id=new_id("rq"),
        state="submitted",
        turn="staff",
        turn_since=NOW + timedelta(hours=number),
        document={"purpose": "education"},
        language="en",
        created_at=NOW,
        submitted_at=NOW,
        email=f"alice{number}@press.example",
        name="Alice Ñandú",
        organisation="Quayside Press",
    )
    return replace(made, **changes)


def an_item(request: RequestRow, piece: Piece, position: int = 0, **changes: Any) -> ItemRow:
    """One component asked for."""
    made = ItemRow(
        id=new_id("it"),
        request_id=request.id,
        position=position,
        piece_id=piece.id,
        component_id=piece.components[0].id,
        use={"action": "print"},
        answer={"outcome": "ask"},
    )
    return replace(made, **changes)


def put_request(tenant: Tenant, piece: Piece | None = None, number: int = 0, **changes: Any) -> RequestRow:
    """A request on record, for one piece if given."""
    row = a_request(number, **changes)
    add_request(tenant, row, [an_item(row, piece)] if piece else [])
    return row


def a_letter(number: str, **changes: Any) -> LetterRow:
    """An issued letter."""
    made = LetterRow(
        id=new_id("lt"),
        number=number,
        kind="grant",
        state="issued",
        language="en",
        assignee="Quayside Press",
        document={"grants": []},
        issued_by="pe_bob",
        issued_at=NOW,
        sha256="a" * 64,
        issued_seq=1,
    )
    return replace(made, **changes)
